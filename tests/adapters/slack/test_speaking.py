"""Mentions in threads, direct messages, reactions, shortcuts and links on Slack."""

from datetime import timedelta

import pytest

from adapters.slack.mentioned import papers_linked, papers_mentioned
from bot.model.answer import Answer
from bot.model.delivery import Posted, Receipt
from bot.model.form import Field, Form
from bot.model.message import Listing, Notice
from bot.model.subscription import Channel, Platform
from tests.adapters.slack.listening import FakeDesk, new_listener, socket_mode
from tests.adapters.store.given import EVERYWHERE, NOON, a_message, announce
from tests.builders import a_paper
from tests.contracts.messages import ORDINARY
from tests.servers.slack import DEFAULT_USER
from tests.stores import open_test_store

FOUND = Listing(heading="arxiv:2611.01234", cards=(ORDINARY,), total=1)
LINK = "https://arxiv.org/abs/2611.01234"


@pytest.fixture
def desk():
    return FakeDesk()


@pytest.fixture
async def store(tmp_path):
    async with open_test_store(tmp_path) as opened:
        yield opened


@pytest.fixture
async def listener(slack, desk, store, clock):
    one = new_listener(slack, desk, store, clock=clock)
    async with socket_mode(slack, one):
        yield one


async def mention(slack, listener, text, **more):
    message = slack.people.say(text, **more)
    event = {
        "type": "app_mention",
        "channel": slack.general.id,
        "user": DEFAULT_USER,
        "text": text,
        "ts": message.ts,
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
    }
    report = await slack.events.send(event, event_id=f"Ev{message.ts}")
    await listener.drain()
    return message, event, report


async def test_a_mention_is_answered_in_its_thread(slack, desk, listener):
    desk.reply = Notice(heading="because")
    asked, _, _ = await mention(
        slack, listener, f"<@{slack.home.bot_user}> why &lt;x&gt; 2611.01234"
    )
    assert desk.lines == ["why <x> 2611.01234"]
    answer = slack.general.messages[-1]
    assert (answer.shown, answer.thread_ts) == ("because", asked.ts)


async def test_a_mention_within_a_thread_is_answered_there(slack, desk, listener):
    root = slack.people.say("what is new?")
    await mention(slack, listener, f"<@{slack.home.bot_user}> rings", thread_ts=root.ts)
    assert slack.general.messages[-1].thread_ts == root.ts


async def test_a_mention_delivered_again_has_one_effect(slack, desk, listener):
    """Bad input 65: a retry of an event."""
    asked, event, _ = await mention(slack, listener, f"<@{slack.home.bot_user}> rings")
    for _ in range(3):
        await slack.events.send(event, event_id=f"Ev{asked.ts}")
        await listener.drain()
    assert desk.lines == ["rings"]


async def test_a_form_asked_for_in_a_thread_comes_as_words_with_a_button(slack, desk, listener):
    form = Form(command="subscribe", title="t", fields=(Field(name="filter", label="What"),))
    desk.reply = Answer(private=Notice(heading="Help: subscribe"), form=form)
    await mention(slack, listener, f"<@{slack.home.bot_user}> subscribe")
    answer = slack.general.messages[-1]
    assert "Help: subscribe" in answer.shown
    await slack.people.click(answer, "Fill in the form", expect=0)
    await listener.drain()
    assert desk.lines == ["subscribe", "subscribe"]
    assert len(slack.home.views) == 1


async def direct(slack, listener, text, **more):
    channel = slack.home.direct_channel(DEFAULT_USER, slack.ids)
    event = {"type": "message", "channel_type": "im", "channel": channel.id, "text": text}
    await slack.events.send({**event, "user": DEFAULT_USER, "ts": "1.000001", **more})
    await listener.drain()
    return channel


async def test_a_direct_message_is_answered_in_the_conversation(slack, desk, listener):
    channel = await direct(slack, listener, "follow author:Noether")
    assert desk.lines == ["follow author:Noether"]
    assert desk.heard[0][0].channel.channel == f"@{DEFAULT_USER}"
    assert [message.shown for message in channel.messages] == ["done"]


@pytest.mark.parametrize("more", [{"bot_id": "B0OTHER001"}, {"subtype": "message_changed"}])
async def test_no_two_bots_talk_to_each_other(slack, desk, listener, more):
    """Bad input 76: messages of bots, and edits, are nobody's question."""
    await direct(slack, listener, "list", **more)
    assert desk.lines == []


async def post(store, slack, *papers, ts="1700000000.000100"):
    """A delivery that stands in the channel under this `ts`."""
    channel = Channel(Platform.SLACK, slack.home.id, slack.general.id)
    await announce(store, *papers)
    await store.outbox.enqueue(a_message(f"d{ts}", *papers, channel=channel), now=NOON)
    (claimed,) = await store.outbox.claim(
        "w", EVERYWHERE, now=NOON, lease=timedelta(minutes=1), limit=1
    )
    await store.outbox.record([Receipt(claimed, Posted(ts))], now=NOON)
    return ts


async def react(slack, listener, ts, reaction, kind="reaction_added", event_id=None):
    item = {"type": "message", "channel": slack.general.id, "ts": ts}
    event = {"type": kind, "user": DEFAULT_USER, "item": item, "reaction": reaction}
    await slack.events.send(event, event_id=event_id)
    await listener.drain()


async def test_a_reaction_under_one_paper_is_a_verdict_shown_to_its_giver(
    slack, desk, listener, store
):
    paper = a_paper()
    ts = await post(store, slack, paper)
    await react(slack, listener, ts, "+1::skin-tone-3")
    await react(slack, listener, ts, "+1", kind="reaction_removed")
    assert desk.lines == [f"like {paper.key}", f"undo {paper.key}"]
    private = slack.general.ephemeral[DEFAULT_USER]
    assert [message.shown for message in private] == ["done", "done"]
    assert slack.general.messages == []


async def test_a_reaction_that_could_mean_several_papers_is_left_alone(
    slack, desk, listener, store
):
    ts = await post(store, slack, a_paper("One"), a_paper("Two"))
    for reaction in ("+1", "eyes"):
        await react(slack, listener, ts, reaction)
    await react(slack, listener, "1700000000.999999", "+1")
    assert desk.lines == []


async def test_the_shortcut_shows_the_papers_of_a_message(slack, desk, listener):
    desk.reply = lambda line: FOUND
    text = f"see <{LINK}|this> and 2611.05678, not 10.1000 or <https://example.org/x>"
    outcome = await slack.people.shortcut(slack.people.say(text), "papers_in_message")
    assert desk.lines == ["arxiv:2611.01234", "arxiv:2611.05678"]
    (shown,) = outcome.shown
    assert "2 papers in this message" in shown
    assert "Aligning small models" in shown


async def test_a_message_without_papers_says_what_is_understood(slack, desk, listener):
    outcome = await slack.people.shortcut(slack.people.say("hello"), "papers_in_message")
    assert "No papers in this message" in outcome.shown[0]


async def share(slack, listener, *urls, **more):
    message = slack.people.say(" ".join(f"<{url}>" for url in urls))
    links = [{"url": url, "domain": url.split("/")[2]} for url in urls]
    event = {
        "type": "link_shared",
        "user": DEFAULT_USER,
        "channel": slack.general.id,
        "message_ts": message.ts,
        "links": links,
        "unfurl_id": "",
        **more,
    }
    await slack.events.send(event)
    await listener.drain()
    return message


async def test_a_link_to_a_paper_gets_its_card(slack, desk, listener):
    desk.reply = FOUND
    message = await share(slack, listener, LINK)
    assert "Aligning small models" in str(message.unfurls[LINK])


async def test_the_same_link_within_half_an_hour_gets_no_second_card(
    slack, desk, listener, store, clock
):
    desk.reply = FOUND
    key = "arxiv:2611.01234"
    await announce(store, a_paper("Aligning", key=key, url=LINK, ids=(key,)))
    assert (await share(slack, listener, LINK)).unfurls
    clock.advance(timedelta(minutes=29))
    assert not (await share(slack, listener, "https://huggingface.co/papers/2611.01234")).unfurls
    clock.advance(timedelta(minutes=31))
    assert (await share(slack, listener, LINK)).unfurls


async def test_three_links_or_more_get_no_cards(slack, desk, listener):
    desk.reply = FOUND
    message = await share(slack, listener, LINK, *(f"{LINK}{number}" for number in range(1, 3)))
    assert not message.unfurls


async def test_a_link_still_being_written_is_shown_to_its_writer(slack, desk, listener):
    desk.reply = FOUND
    message = await share(slack, listener, LINK, source="composer", unfurl_id="Uxyz")
    assert not message.unfurls
    assert slack.composer_unfurls[0]["unfurl_id"] == "Uxyz"
    # What was only shown while writing does not count as shown in the channel.
    assert (await share(slack, listener, LINK)).unfurls


async def test_a_paper_nobody_knows_gets_no_card(slack, desk, listener):
    desk.reply = Notice(heading="No paper is known")
    assert not (await share(slack, listener, LINK)).unfurls


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (f"<{LINK}v2|x> {LINK}", ["arxiv:2611.01234"]),
        ("arXiv:2403.09472v3 at 12:30 on 2024.03.09472", ["arxiv:2403.09472"]),
        ("<https://doi.org/10.1000/xyz123>", ["doi:10.1000/xyz123"]),
        ("<https://openreview.net/forum?id=abc123&amp;noteId=x>", ["openreview:abc123"]),
        ("<https://huggingface.co/meta-llama/Llama-3>", []),
        ("version 2403.09472.1, file/2403.09472.pdf", []),
        ("<!channel> <@U1> 1234.56789", []),
    ],
)
def test_papers_are_found_where_they_are_meant(text, keys):
    assert papers_mentioned(text, most=8) == keys


def test_only_links_to_papers_are_looked_up():
    urls = ["https://arxiv.org/", LINK, "https://huggingface.co/papers", f"{LINK}v3"]
    assert papers_linked(urls) == {LINK: "arxiv:2611.01234"}
