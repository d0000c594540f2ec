"""The answer to `preview`: what a filter would have brought, and what a small change would do."""

from collections.abc import Iterator
from datetime import date

from bot.commands.answers.words import SELDOM, papers_counted, unknown, volume
from bot.commands.previewing import PreviewReport
from bot.model.message import Action, Card, Notice, Tone
from bot.rules.cards import face
from bot.rules.lookalikes import hint
from bot.rules.reading import reading
from bot.rules.slips import notes

MOST_DAYS_LISTED = 14


def previewed(report: PreviewReport) -> Notice:
    """What a filter would have brought, with samples."""
    return Notice(
        heading=f"Preview: {report.topic.canonical}",
        lines=tuple(_lines(report)),
        tone=Tone.WARNING if report.is_firehose or not report.matches else Tone.INFO,
        cards=tuple(Card(face(one.paper, inert=True), one.why) for one in report.samples),
        actions=(Action("Subscribe", f"subscribe {report.typed or report.topic.canonical}"),),
    )


def _lines(report: PreviewReport) -> Iterator[str]:
    yield f"That is: {reading(report.topic)}."
    yield from notes(report.typed or report.topic.canonical, report.topic.root)
    yield volume(report)
    if report.matches:
        yield f"By day: {_by_day(report)}."
        yield _posts(report)
    if report.cause is not None:
        word, part = report.cause
        yield f"{word} causes most: it stands in {part:.0%} of them."
    if report.matches < SELDOM and hint(report.topic.canonical):
        yield hint(report.topic.canonical)
    if report.unknown:
        yield unknown(report.unknown)
    if report.looser is not None:
        near = report.looser
        yield f"A little looser: {near.variant.change} it would match {near.matches}."
    if report.tighter is not None:
        near = report.tighter
        yield f"A little tighter: {near.variant.change} it would match {near.matches}."


def _by_day(report: PreviewReport) -> str:
    if len(report.by_day) <= MOST_DAYS_LISTED:
        return ", ".join(f"{_short(day)}: {count}" for day, count in report.by_day)
    weeks: dict[date, int] = {}
    for day, count in report.by_day:
        monday = date.fromordinal(day.toordinal() - day.weekday())
        weeks[monday] = weeks.get(monday, 0) + count
    return ", ".join(f"week of {_short(day)}: {count}" for day, count in weeks.items())


def _short(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _posts(report: PreviewReport) -> str:
    digests = len(report.issues)
    shown = report.matches - report.left_out
    messages = "1 digest" if digests == 1 else f"{digests} digests"
    if not report.left_out:
        return f"They would have come in {messages}."
    return (
        f"{messages} of the best {report.top} would have shown {shown} of them; "
        f"{papers_counted(report.left_out)} would only have been counted."
    )
