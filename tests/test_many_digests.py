"""Many digests composed together are word for word what each would be alone."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import text

from adapters.clock import VirtualClock
from adapters.slack import blocks, parts, render
from adapters.slack import cards as slack_cards
from adapters.slack import wording as wording_of_slack
from adapters.store import migrate, open_store, wording
from adapters.store.engines import database_url, open_engine
from adapters.store.wording import as_text, digest_of
from adapters.store.writing import payload_text
from bot.engine import compose as composing
from bot.engine.plan import Planner
from bot.model.member import Member
from bot.model.message import Action, Digest
from bot.model.paper import Event, Metrics
from bot.model.personal import Verdict
from bot.model.record import Candidate
from bot.model.subscription import Channel, Platform
from bot.rules import cards, document, excerpts, taste, variety
from bot.rules.parse import parse_filter
from bot.rules.studying import Papers, Studies, Study
from bot.rules.taste import NO_TASTE, Taste
from bot.rules.text import cut
from tests.adapters.store.given import NOON, a_subscription, announce
from tests.builders import a_paper
from tests.contracts.messages import MESSAGES, ORDINARY

CHANNELS = [Channel(Platform.SLACK, "T1", f"C{number}") for number in range(4)]
FILTERS = [
    "rings",
    "graph*",
    "rings | graphs",
    'author:"Emmy Noether"',
    "-rings fields",
    "cat:cs.LG",
]
PAPERS = [
    a_paper(
        f"{'Rings' if n % 2 else 'Graphs'} and {('fields', 'groups', 'ideals')[n % 3]} {n}",
        abstract="On rings, graphs and fields." if n % 5 == 0 else "On something else.",
        authors=("Emmy Noether",) if n % 4 == 0 else ("Ada Adams", "Jan Leike"),
        upvotes=n,
    )
    for n in range(14)
]
ADA = Member(Platform.SLACK, "T1", "U1")
REMEMBERED = (
    cards.face,
    cards.usual_actions,
    slack_cards._still,
    parts._shortened,
    wording._face_text,
    wording._action_text,
    document.folded,
    excerpts._owners,
    taste.title_words,
    variety._telling,
)
OWED = (
    "SELECT c.channel, d.seq, d.dedupe_key, d.payload, p.message FROM deliveries d"
    " JOIN channels c ON c.id = d.channel_id JOIN pages p ON p.delivery_id = d.id"
    " ORDER BY c.channel, d.seq"
)


async def composed(folder, monkeypatch, *, at_once):
    """What is owed after a morning, composed so many at once; alone: with nothing remembered."""
    monkeypatch.setattr(composing, "BATCH", at_once)
    url = f"sqlite:///{folder / f'{at_once}.db'}"
    migrate(url)
    clock = VirtualClock(NOON)
    async with open_store(url) as store:
        for number, channel in enumerate(CHANNELS):
            for place, one in enumerate(FILTERS[number:]):
                await store.subscriptions.add(
                    a_subscription(one, channel=channel, name=f"s{place}", top=3)
                )
        await announce(store, *PAPERS)
        await Planner(store, clock).plan()
        await store.feedback.vote(CHANNELS[1], ADA, PAPERS[3].key, Verdict.RELEVANT, now=NOON)
        clock.move_to(NOON + timedelta(hours=1))
        if at_once == 1:
            studies = Studies.of
            monkeypatch.setattr(Studies, "of", lambda _, *of: forgetting(studies, of))
            monkeypatch.setattr(Studies, "papers", lambda _, today: Papers(today))
        await composing.compose(store, {Platform.SLACK: render.render}, clock)
    engine = open_engine(database_url(url), threads=1, writes=False)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(OWED))]
    engine.dispose()
    return rows


def forgetting(studies, of):
    for one in REMEMBERED:
        one.cache_clear()
    return studies(Studies(), *of)


async def test_a_morning_composed_together_is_what_it_is_one_by_one(tmp_path, monkeypatch):
    together = await composed(tmp_path, monkeypatch, at_once=100)
    alone = await composed(tmp_path, monkeypatch, at_once=1)
    assert len(together) > len(CHANNELS)
    assert together == alone


DIGESTS = {name: one for name, one in MESSAGES.items() if isinstance(one, Digest)}


@pytest.mark.parametrize("name", DIGESTS)
def test_words_are_kept_whole(name):
    assert digest_of(as_text(DIGESTS[name])) == DIGESTS[name]


def test_what_can_be_done_with_a_paper_as_with_nearly_every_other_is_kept_in_a_word():
    actions, more = cards.usual_actions(ORDINARY.face.paper)
    stop = Action("Stop this subscription", "unsubscribe rings")
    usual = replace(ORDINARY.saying(actions=actions, more=more), stop=stop)
    other = replace(ORDINARY.saying(actions=actions, more=more[1:]), stop=stop)
    words = Digest(heading="h", cards=(usual, other))
    first, second = json.loads(as_text(words))["cards"]
    assert first["usual"] is True
    assert "Save" not in json.dumps(first)
    assert [one["label"] for one in second["more"]] == [one.label for one in more[1:]]
    assert digest_of(as_text(words)) == words


def test_words_that_an_earlier_version_kept_are_read():
    kept = {
        "heading": "h",
        "cards": [
            {
                "paper": "arxiv:2611.00001",
                "title": "On Rings",
                "url": "https://arxiv.org/abs/2611.00001",
                "why": ["matched “rings” in the title"],
                "actions": [{"label": "Relevant", "command": "like arxiv:2611.00001"}],
                "more": [{"label": "Stop", "command": "unsubscribe rings"}],
            }
        ],
    }
    (card,) = digest_of(json.dumps(kept)).cards
    assert card.why == ("matched “rings” in the title",)
    assert card.face.actions == (Action("Relevant", "like arxiv:2611.00001"),)
    assert card.face.more == (Action("Stop", "unsubscribe rings"),)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_payload_with_shared_parts_is_the_same_json(name):
    for page in render.render(MESSAGES[name]):
        plain = json.dumps(page, ensure_ascii=True, separators=(",", ":"))
        assert payload_text(page) == plain
        assert payload_text(page) == plain, "also when its parts were written before"


@given(st.text(max_size=60))
@example('"\\\n\t\x00')
@example("\ud800 alone")
def test_small_print_is_the_same_json_whatever_it_says(words):
    line = blocks.context(words)
    assert line.written == json.dumps(line, ensure_ascii=True, separators=(",", ":"))


@given(st.text("ab ,…é“&<\U0001f600", max_size=80), st.integers(40, 80))
def test_a_summary_is_shortened_where_counting_every_letter_would_shorten_it(summary, most):
    slowly = wording_of_slack.escaped(cut(summary, most, measure=wording_of_slack.escaped_units))
    assert parts.part([], "", summary).said(most) == slowly


def test_a_paper_that_changed_is_looked_at_again_and_no_other_is():
    papers = Papers(NOON.date())
    kept, changing = (
        Candidate(hit_id=number, paper_id=number, paper=paper, event=Event.NEW)
        for number, paper in enumerate(PAPERS[:2])
    )
    before = papers.of([kept, changing])
    read_again = replace(kept, paper=replace(kept.paper))
    risen = replace(changing, paper=replace(changing.paper, metrics=Metrics(upvotes=99)))
    after = papers.of([read_again, risen])
    assert after[0] is before[0]
    assert after[1].paper.metrics.upvotes == 99


def test_a_filter_ranks_anew_what_it_has_not_ranked_so():
    study, papers = Study(parse_filter("rings | graphs")), Papers(NOON.date())
    some = papers.of(
        [
            Candidate(hit_id=number, paper_id=number, paper=paper, event=Event.NEW)
            for number, paper in enumerate(PAPERS)
        ]
    )
    likes = Taste(weights={"ideal": 3.0})
    for asked in (some, some[3:], some, some[::-1]):
        for told in (NO_TASTE, likes, NO_TASTE):
            fresh = Study(study.topic)
            assert study.best(asked, told, 5) == fresh.best(asked, told, 5)
            assert [study.why(one) for one in asked] == [fresh.why(one) for one in asked]


def test_only_so_many_papers_and_filters_are_kept():
    papers, studies = Papers(NOON.date(), most=3), Studies(most=2)
    for number, paper in enumerate(PAPERS):
        papers.of([Candidate(hit_id=number, paper_id=number, paper=paper, event=Event.NEW)])
    first = studies.of(parse_filter(FILTERS[0]))
    for one in FILTERS:
        studies.of(parse_filter(one))
    assert len(papers) == 3
    assert studies.of(parse_filter(FILTERS[0])) is not first
