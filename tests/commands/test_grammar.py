"""What a typed line means: verbs only where the rest fits, options only outside quotes."""

from datetime import time

import pytest

from bot.commands.grammar import VERBS, parse_line
from bot.commands.help import help_message
from bot.commands.options import read_options, split_options
from bot.model.command import (
    DigestNow,
    Edit,
    Fill,
    Help,
    ListSubscriptions,
    Pause,
    Period,
    Preview,
    Resume,
    Search,
    Settings,
    Share,
    Show,
    ShowLog,
    ShowStatus,
    Subscribe,
    Undo,
    Unsubscribe,
    Why,
)
from bot.model.errors import BadOption
from bot.model.personal import (
    Bib,
    Follow,
    ForgetMe,
    ListFollows,
    ListSaved,
    Mute,
    Save,
    Similar,
    Trend,
    UndoVote,
    Unfollow,
    Verdict,
    Vote,
)
from bot.model.subscription import Cadence, Every, Mode


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("", Help()),
        ("   ", Help()),
        ("help", Help()),
        ("? subscribe", Help("subscribe")),
        ("alignment", Search(query="alignment")),
        ("search list", Search(query="list")),
        ("alignment page:2", Search(query="alignment", page=2)),
        ("“reward model”", Search(query='"reward model"')),
        ("2403.09472", Show("2403.09472")),
        ("https://arxiv.org/abs/2403.09472v2", Show("https://arxiv.org/abs/2403.09472v2")),
        ("list", ListSubscriptions()),
        ("ls all", ListSubscriptions(everywhere=True)),
        ("unsub alignment", Unsubscribe("alignment")),
        ("preview diffusion -video 30d", Preview(filter="diffusion -video", days=30)),
        ("preview diffusion", Preview(filter="diffusion", days=14)),
        ("why 2403.09472", Why("2403.09472")),
        ("digest", DigestNow()),
        ("digest week robots", DigestNow(name="robots", period=Period.WEEK)),
        ("pause", Pause()),
        ("pause robots 2w", Pause(name="robots", days=14)),
        ("resume robots", Resume(name="robots")),
        ("pause robots until Mon", Pause(name="robots", weekday=0)),
        ("pause until friday", Pause(weekday=4)),
        ("status", ShowStatus()),
        ("alignment sort:new", Search(query="alignment", newest=True)),
        ("alignment –survey", Search(query="alignment -survey")),
        ("edit align", Fill("edit", "align")),
        ("edit align at:8", Edit(name="align", given=(("at", "8"),))),
        ("edit align alignment -survey", Edit(name="align", filter="alignment -survey")),
        ("subscribe", Fill("subscribe")),
        ("settings", Settings()),
        ("settings tz:UTC tally:on", Settings((("tz", "UTC"), ("tally", "on")))),
        ("undo", Undo()),
        ("undo 12", Undo(12)),
        ("undo arxiv:2403.09472", UndoVote("arxiv:2403.09472")),
        ("log", ShowLog()),
        ("digest week share", Share("digest week")),
        ("share search alignment", Share("search alignment")),
        ("like 2403.09472", Vote("2403.09472", Verdict.RELEVANT)),
        ("dislike arxiv:2403.09472", Vote("arxiv:2403.09472", Verdict.NOT_FOR_US)),
        ("save 2403.09472", Save("2403.09472")),
        ("saved page:2", ListSaved(2)),
        ("bib", Bib()),
        ("bib week", Bib("week")),
        ("bib 2403.09472", Bib("2403.09472")),
        ("similar 2403.09472", Similar("2403.09472")),
        ("trend", Trend()),
        ("trend reward model 60d", Trend(term="reward model", days=60)),
        ("mute survey 2w", Mute(term="survey", days=14)),
        ("mute", Fill("mute")),
        ('follow author:"Jan Leike"', Follow('author:"Jan Leike"')),
        ("follow org:DeepMind every:weekly", Follow("org:DeepMind", (("every", "weekly"),))),
        ("follows", ListFollows()),
        ("unfollow 2", Unfollow("2")),
        ("forget-me", ForgetMe()),
    ],
)
def test_a_line_means_the_command_a_person_expects(line, command):
    assert parse_line(line) == command


@pytest.mark.parametrize(
    "line",
    [
        "why transformers work",
        "list decoding of codes",
        "status epilepticus",
        "help seeking behaviour",
        "digest of papers",
        "pause detection in speech",
        '"trend estimation"',
        "follow the leader",
        "like humans do",
        "save energy",
        "similar triangles",
        "settings of cities",
        "share of renewables",
        "log likelihood",
        "undo operations",
        "saved models",
    ],
)
def test_a_verb_whose_rest_does_not_fit_is_a_search(line):
    assert parse_line(line) == Search(query=line)


def test_options_of_a_subscription_are_taken_out_of_its_filter():
    command = parse_line(
        "subscribe alignment -survey every:weekdays at:8:30 tz:Europe/Berlin top:5 "
        "name:align mode:full"
    )
    assert isinstance(command, Subscribe)
    assert command.filter == "alignment -survey"
    assert command.options.cadence == Cadence(Every.WEEKDAYS, time(8, 30))
    assert command.options.zone == "Europe/Berlin"
    assert (command.options.top, command.options.name, command.options.mode) == (
        5,
        "align",
        Mode.FULL,
    )


def test_words_inside_quotes_are_never_options():
    command = parse_line('subscribe "look at:this closely"')
    assert command == Subscribe(filter='"look at:this closely"')


@pytest.mark.parametrize(
    ("text", "cadence"),
    [
        ("every:instant", Cadence(Every.INSTANT, None)),
        ("every:hourly", Cadence(Every.HOURLY, None)),
        ("every:weekly", Cadence(Every.WEEKLY, time(9, 0), 0)),
        ("every:wed at:9am", Cadence(Every.WEEKLY, time(9, 0), 2)),
        ('every:"weekly fri 17:15"', Cadence(Every.WEEKLY, time(17, 15), 4)),
        ("at:7", Cadence(Every.DAILY, time(7, 0))),
        ("at:12am", Cadence(Every.DAILY, time(0, 0))),
        ("at:9:30pm", Cadence(Every.DAILY, time(21, 30))),
    ],
)
def test_cadences_are_written_as_people_write_them(text, cadence):
    assert parse_line(f"subscribe x {text}").options.cadence == cadence


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("at:25:00", "at: takes a time"),
        ("at:09:00:61", "at: takes a time"),
        ("at:13pm", "at: takes a time"),
        ("tz:Mars/Base", "no time zone"),
        ("every:fortnight", "every: takes instant"),
        ("every:instant at:09:00", "does not go with"),
        ("top:0", "top: takes a whole number"),
        ("top:-1", "top: takes a whole number"),
        ("top:1e9", "top: takes a whole number"),
        ("top:NaN", "top: takes a whole number"),
        ("top:١٢", "top: takes a whole number"),
        ("name:", "name: takes one word"),
        ("mode:loud", "mode: takes compact"),
        ("top:3 top:4", "given twice"),
    ],
)
def test_an_option_that_cannot_be_taken_says_what_it_takes(option, said):
    with pytest.raises(BadOption, match=said):
        parse_line(f"subscribe x {option}")


def test_a_line_of_100_000_characters_is_refused_at_once():
    with pytest.raises(BadOption, match="at most 4000"):
        parse_line("a" * 100_000)


def test_a_search_that_begins_like_a_command_offers_the_command():
    assert parse_line("list decoding of codes").verb == "list"
    assert parse_line("decoding of codes").verb == ""


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example_that_is_understood_as_that_verb(verb):
    lines = help_message(verb).lines
    examples = [line.removeprefix("Example: /papers ") for line in lines if "Example:" in line]
    assert examples
    for example in examples:
        command = parse_line(example)
        assert not getattr(command, "verb", "") or isinstance(command, Help | Fill)
        assert not isinstance(command, Search) or verb == "search"


@pytest.mark.parametrize(
    ("line", "cadence"),
    [
        ("at:10:30", Cadence(Every.WEEKLY, time(10, 30), 4)),
        ("on:mon", Cadence(Every.WEEKLY, time(17, 0), 0)),
        ("every:daily", Cadence(Every.DAILY, time(17, 0))),
        ("every:instant", Cadence(Every.INSTANT, None)),
    ],
)
def test_a_change_of_one_part_of_a_cadence_keeps_the_others(line, cadence):
    _, given = split_options(line)
    before = Cadence(Every.WEEKLY, time(17, 0), 4)
    assert read_options(given, before).cadence == cadence
