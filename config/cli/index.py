"""Verbs about papers: import, ingest, search, show, preview."""

import gc
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from bot.commands import answers
from bot.commands.nearby import Near
from bot.commands.options import split_options
from bot.commands.previewing import PreviewReport, explained, preview, trial
from bot.commands.searching import find_paper, search
from bot.commands.verbs import read_preview
from bot.model.command import Preview, Search
from bot.model.errors import BadOption
from bot.model.paper import Rejection, Saved
from bot.model.record import IMPORT
from bot.model.subscription import Channel, Platform
from bot.rules.addresses import parse_channel
from bot.rules.digests import Ranked
from bot.rules.parse import parse_filter
from bot.rules.saved import names_in
from config.cli import as_json, output
from config.cli.opened import configured, parts

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Named = Annotated[
    str | None,
    typer.Option("--channel", help="Whose subscriptions `filter:name` takes filters from."),
]
Words = Annotated[list[str], typer.Argument(metavar="FILTER…", help="The topic filter.")]
FILTER_LINE = {"ignore_unknown_options": True}
"""A filter may hold words that begin with a minus, which are no options of ours."""

TERMINAL = Channel(Platform.TERMINAL, "", "preview")

GC_AFTER = 200_000
"""Objects that come before a file import looks for garbage; Python's own figure is 700."""


def add_to(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command("import")(import_files)
    app.command()(ingest)
    app.command("search", context_settings=FILTER_LINE)(search_papers)
    app.command()(show)
    app.command("preview", context_settings=FILTER_LINE)(preview_filter)


def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Files of any known form.")],
    as_json_: Json = False,
) -> None:
    """Read papers from files; the format is told by the content, gzip included.

    Known are Hugging Face daily papers (JSON), arXiv Atom, RSS and OAI, RSS/Atom/JSON Feed, and
    JSON Lines of normalised papers. A running bot counts them as newly announced.

    Example: papers import daily.json papers.jsonl.gz
    """
    saved, rejected = output.run(_import(files, quiet=as_json_), as_json=as_json_)
    if as_json_:
        output.show_json(
            {
                "new": saved.new,
                "merged": saved.merged,
                "unchanged": saved.unchanged,
                "rejected": [{"where": one.where, "reason": one.reason} for one in rejected],
            }
        )
        return
    output.screen.print(
        f"{saved.new} new, {saved.merged} merged, {saved.unchanged} unchanged, "
        f"{len(rejected)} rejected."
    )
    for one in rejected:
        output.screen.print(f"  rejected {one.where}: {one.reason}", markup=False)


async def _import(files: list[Path], *, quiet: bool) -> tuple[Saved, list[Rejection]]:
    from adapters.sources.files import read_papers  # noqa: PLC0415 - only for this verb

    total, rejected = Saved(), list[Rejection]()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    async with parts(configured()) as bot:
        # Thousands of papers in one batch are no garbage; looking for some took a tenth of the time.
        gc.set_threshold(GC_AFTER)
        with Progress(*columns, console=output.errors, disable=quiet, transient=True) as bar:
            for path in files:
                task = bar.add_task(path.name, total=None)

                def advance(done: int, size: int, task: TaskID = task) -> None:
                    bar.update(task, completed=done, total=size)

                for batch in read_papers(path, progress=advance):
                    # Older dates alert too: whoever imports papers wants them noticed.
                    saved = await bot.store.papers.save(
                        IMPORT, batch, now=bot.clock.now(), late_before=None
                    )
                    total = _sum(total, saved)
                    rejected += [
                        replace(one, where=f"{path.name}, {one.where}") for one in batch.rejected
                    ]
    return total, rejected


def _sum(one: Saved, other: Saved) -> Saved:
    return Saved(
        new=one.new + other.new,
        merged=one.merged + other.merged,
        unchanged=one.unchanged + other.unchanged,
    )


def ingest(as_json_: Json = False) -> None:
    """Read every source that is due, once.

    Example: PAPERS_SOURCES=hf_daily papers ingest
    """
    output.run(_ingest(as_json_=as_json_), as_json=as_json_)


async def _ingest(*, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        readings = await bot.engine.ingest()
    if as_json_:
        output.show_json(
            [
                {
                    "source": one.source,
                    "new": one.saved.new,
                    "merged": one.saved.merged,
                    "rejected": len(one.rejected),
                    "problem": one.problem,
                }
                for one in readings
            ]
        )
    elif not readings:
        output.screen.print("No source is due; `papers status` says when each was read last.")
    for one in () if as_json_ else readings:
        said = one.problem or f"{one.saved.new} new, {one.saved.merged} merged"
        output.screen.print(f"{one.source}: {said}", markup=False)
    if any(one.problem for one in readings):
        raise typer.Exit(output.FAILED)


def search_papers(
    words: Words,
    limit: Annotated[int, typer.Option(help="How many papers to show.", min=1, max=1000)] = 10,
    page: Annotated[int, typer.Option(help="Which page, from 1.", min=1)] = 1,
    channel: Named = None,
    as_json_: Json = False,
) -> None:
    """Find papers in the index, best first.

    Example: papers search '"reward model" -survey cat:cs.CL' --limit 5
    """
    line = output.checked(lambda: output.one_line(words), as_json=as_json_)
    query = Search(query=line, limit=limit, page=page)
    where = output.checked(lambda: _named_in(line, channel), as_json=as_json_)
    output.run(_search(query, where, as_json_=as_json_), as_json=as_json_)


def _named_in(line: str, channel: str | None) -> Channel:
    """The channel `filter:name` is looked up in. Raises BadFilter, BadOption."""
    if channel is not None:
        return parse_channel(channel)
    if names_in(parse_filter(split_options(line)[0]).root):
        raise BadOption(
            "filter: takes the filter of a channel's subscription; say of which channel with "
            "--channel, as in --channel terminal:lab"
        )
    return TERMINAL


async def _search(query: Search, where: Channel, *, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        answer = await search(bot.store, query, bot.clock.now().date(), where)
    if not as_json_:
        output.tell(answers.results(query, answer))
        return
    output.show_json(
        {
            "query": answer.topic.canonical,
            "total": answer.total,
            "papers": [as_json.ranked(one) for one in answer.ranked],
        }
    )


def show(
    paper: Annotated[str, typer.Argument(help="An id or address, such as 2403.09472.")],
    as_json_: Json = False,
) -> None:
    """One paper, from the index or else from arXiv.

    Example: papers show 2403.09472
    """
    output.run(_show(paper, as_json_=as_json_), as_json=as_json_)


async def _show(text: str, *, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        found = await find_paper(bot.store, bot.desk.lookup, text)
    if as_json_:
        output.show_json({**as_json.paper(found), "abstract": found.abstract})
    else:
        output.tell(answers.one_paper(found))


def preview_filter(
    words: Words,
    days: Annotated[
        int | None,
        typer.Option(help="How many days to look at; default: 14.", min=1, max=3660),
    ] = None,
    until: Annotated[str | None, typer.Option(help="Last day, as 2026-01-31.")] = None,
    channel: Named = None,
    as_json_: Json = False,
) -> None:
    """What a filter would have brought in the last days; `30d` may stand last, as in a chat.

    Example: papers preview '"reward model" -survey' --days 30
    """
    line = output.checked(lambda: output.one_line(words), as_json=as_json_)
    order = output.checked(lambda: read_preview(line), as_json=as_json_)
    if days is not None:
        order = Preview(filter=line, days=days)
    where = output.checked(lambda: _named_in(order.filter, channel), as_json=as_json_)
    output.run(_preview(order, until, where, as_json_=as_json_), as_json=as_json_)


async def _preview(order: Preview, until: str | None, where: Channel, *, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        tried = trial(order, where, None, await bot.store.subscriptions.of(where))
        today = bot.clock.now().date()
        last = day_of(until) if until else today
        report = await preview(bot.store, tried, order.days, last, everything=as_json_)
        papers = await explained(bot.store, report.topic, report.papers) if as_json_ else ()
    if as_json_:
        output.show_json(_preview_json(report, papers))
    else:
        output.tell(answers.previewed(replace(report, is_past=until is not None)))


def _preview_json(report: PreviewReport, papers: Sequence[Ranked]) -> dict[str, object]:
    return {
        "filter": report.topic.canonical,
        "matches": report.matches,
        "per_day": report.per_day,
        "scanned": report.scanned,
        "papers": [as_json.ranked(one) for one in papers],
        "by_day": {day.isoformat(): count for day, count in report.by_day},
        "digests": [
            {
                "at": as_json.instant(issue.at),
                "shown": [one.paper.key for one in issue.shown],
                "left_out": issue.left_out,
            }
            for issue in report.issues
        ],
        "firehose": report.is_firehose,
        "cause": report.cause and {"word": report.cause[0], "part": round(report.cause[1], 3)},
        "looser": _near_json(report.looser),
        "tighter": _near_json(report.tighter),
        "unknown": list(report.unknown),
    }


def _near_json(near: Near | None) -> dict[str, object] | None:
    if near is None:
        return None
    return {
        "filter": near.variant.topic.canonical,
        "change": near.variant.change,
        "matches": near.matches,
    }


def day_of(text: str) -> date:
    """A date given as 2026-01-31. Raises BadOption."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadOption(f"“{text[:20]}” is no date; write it as 2026-01-31") from None
