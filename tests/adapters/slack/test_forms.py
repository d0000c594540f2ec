"""Forms on Slack: a window with fields, errors under them, a look ahead while somebody types."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import forms
from adapters.slack.places import Place
from bot.model.answer import Answer
from bot.model.form import Choice, Field, Form, Kind
from bot.model.message import Notice
from tests.adapters.slack.listening import FakeDesk, new_listener, socket_mode
from tests.servers.slack import DEFAULT_USER, SlackServer
from tests.servers.slack.blocks import faults_of_view
from tests.servers.slack.visible import shown_text
from tests.stores import open_test_store

EVERY = (Choice("daily", "Daily"), Choice("weekly", "Weekly"), Choice("", "As it is"))
FORM = Form(
    command="subscribe",
    title="Subscribe this channel",
    fields=(
        Field(name="filter", label="What", required=True, hint="Words, fields, -exclusions"),
        Field(name="every", label="How often", kind=Kind.CHOICE, choices=EVERY, value="daily"),
        Field(name="tz", label="Time zone", value="Europe/London"),
    ),
    note=("In the last 14 days it would have matched 3 papers.",),
)
FILLED = {
    "field:filter": {"papers:field": {"type": "plain_text_input", "value": "rings ("}},
    "field:every": {
        "papers:field": {"type": "static_select", "selected_option": {"value": "weekly"}}
    },
    "field:tz": {"papers:field": {"type": "plain_text_input", "value": None}},
}
BACK = forms.Return("subscribe", Place(workspace="T1", member="U1", conversation="C1"))


@pytest.fixture
async def slack():
    async with SlackServer(channel_pace=None) as server:
        yield server
        assert server.violations == []


@pytest.fixture
def desk():
    one = FakeDesk()
    one.form = FORM
    one.reply = Answer(form=FORM, private=Notice(heading="Help: subscribe"))
    return one


@pytest.fixture
async def listener(slack, desk, tmp_path):
    async with open_test_store(tmp_path) as store:
        one = new_listener(slack, desk, store)
        async with socket_mode(slack, one):
            yield one


async def opened(slack, listener):
    await slack.people.slash("subscribe", expect=0)
    await listener.drain()
    (view,) = slack.home.views.values()
    return view


async def test_a_command_that_asks_opens_a_window_instead_of_words(slack, desk, listener):
    view = await opened(slack, listener)
    assert faults_of_view(view.content) == []
    words = shown_text("", view.content["blocks"])
    assert "it would have matched 3 papers" in words
    assert view.content["blocks"][2]["element"]["initial_option"]["value"] == "daily"
    assert slack.general.ephemeral == {}


async def test_a_filled_form_reaches_the_desk_and_is_answered_where_it_was_asked(
    slack, desk, listener
):
    view = await opened(slack, listener)
    outcome = await slack.people.submit(view, FILLED)
    await listener.drain()
    assert not outcome.body
    ((asker, command, values),) = desk.forms
    assert (command, values) == ("subscribe", {"filter": "rings (", "every": "weekly", "tz": ""})
    assert (asker.channel.channel, asker.member) == (slack.general.id, DEFAULT_USER)
    (private,) = slack.general.ephemeral[DEFAULT_USER]
    assert private.shown == "saved"


async def test_a_mistake_stands_under_the_field_that_caused_it(slack, desk, listener):
    view = await opened(slack, listener)
    wrong = Field(name="filter", label="What", error="The bracket is not closed (column 7).")
    desk.filled = Answer(form=Form(command="subscribe", title="t", fields=(wrong,)))
    outcome = await slack.people.submit(view, FILLED)
    assert outcome.body == {
        "response_action": "errors",
        "errors": {"field:filter": "The bracket is not closed (column 7)."},
    }


async def test_what_is_typed_is_looked_at_once_the_person_pauses(slack, desk, listener):
    view = await opened(slack, listener)
    wrong = Field(name="filter", label="What", value="rings (", error="Not closed (column 7).")
    desk.form = Form(command="subscribe", title="t", fields=(wrong,))
    async with asyncio.TaskGroup() as tasks:
        for _ in range(4):
            tasks.create_task(slack.people.type_in(view, FILLED, "field:filter"))
    await listener.drain()
    assert [values["filter"] for _, _, values in desk.looked] == ["rings ("]
    assert "Not closed (column 7)." in shown_text("", view.content["blocks"])
    assert faults_of_view(view.content) == []


async def test_a_form_of_another_workspace_is_refused(slack, desk, listener):
    """Bad input 70: a window that says it belongs to another tenant."""
    view = await opened(slack, listener)
    packed = view.content["private_metadata"]
    view.content["private_metadata"] = packed.replace(slack.home.id, "T0LABB0001")
    outcome = await slack.people.submit(view, FILLED)
    assert outcome.body["response_action"] == "errors"
    assert desk.forms == []
    for broken in ("", "{}", "[1]", '"x"', "null", "[" * 500):
        view.content["private_metadata"] = broken
        assert (await slack.people.submit(view, FILLED)).acked
    assert desk.forms == []


async def test_a_slow_desk_closes_the_window_and_answers_later(slack, desk, listener, monkeypatch):
    monkeypatch.setattr("adapters.slack.modals.ANSWER_WITHIN_S", 0.05)
    view = await opened(slack, listener)

    async def slow(asker, command, values, *, event=""):
        await asyncio.sleep(0.2)
        return Answer(private=Notice(heading="at last"))

    desk.submit = slow
    assert not (await slack.people.submit(view, FILLED)).body
    await listener.drain()
    (private,) = slack.general.ephemeral[DEFAULT_USER]
    assert private.shown == "at last"


async def test_a_mistake_of_ours_is_told_in_the_window(slack, desk, listener, caplog):
    view = await opened(slack, listener)

    async def broken(asker, command, values, *, event=""):
        raise ZeroDivisionError

    desk.submit = broken
    outcome = await slack.people.submit(view, FILLED)
    assert "went wrong on our side" in outcome.body["errors"]["field:filter"]
    assert "a mistake of ours" in caplog.text


TEXT = st.text(max_size=200) | st.sampled_from(["&" * 3_000, "<!channel>", "😀" * 99, "\x00"])
FIELDS = st.builds(
    Field,
    name=st.sampled_from(["filter", "every", "tz"]),
    label=TEXT,
    value=TEXT,
    hint=TEXT,
    kind=st.sampled_from(Kind),
    choices=st.lists(
        st.builds(Choice, st.sampled_from(["", "a", "b"]), TEXT),
        min_size=1,
        max_size=3,
        unique_by=lambda one: one.value,
    ).map(tuple),
    error=TEXT,
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(FIELDS, min_size=1, max_size=3, unique_by=lambda one: one.name).map(tuple),
    TEXT,
    st.lists(TEXT, max_size=5).map(tuple),
)
def test_slack_takes_the_window_of_every_form(fields, title, note):
    form = Form(command="subscribe", title=title, fields=fields, note=note)
    assert faults_of_view(forms.view(form, BACK)) == []
