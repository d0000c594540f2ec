"""Configuration as code: export, import-config."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.configuring import ChannelPlan, apply, plan
from bot.commands.described import described, described_settings
from bot.commands.nearby import shown, wanted
from bot.commands.subscribing import free_name
from bot.model.errors import BadOption, CommandError
from bot.model.record import SearchRequest
from bot.model.subscription import Channel, Damaged, Platform, Subscription
from bot.model.topic import Node
from bot.ports import Store
from bot.rules.addresses import parse_channel
from bot.rules.keywords import filters_of
from bot.rules.parse import parse_filter
from bot.rules.text import tidy
from config.cli import output
from config.cli.index import Json
from config.cli.opened import configured, parts
from config.documents import bytes_of, read_yaml, text_of, write_yaml
from config.opml import FEED, feeds_of, opml_of
from config.settings import Settings
from config.word_lists import Topics, json_lines, keywords

MOST_TERMS_COUNTED = 2_000
EVERYTHING = 0.2
"""A term that stands in every fifth paper selects next to nothing."""


def add_to(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command("export")(export)
    app.command("import-config")(import_config)


def export(
    channel: Annotated[str | None, typer.Argument(metavar="[CHANNEL]")] = None,
    opml: Annotated[bool, typer.Option("--opml", help="The feeds followed, as OPML.")] = False,
    as_json_: Json = False,
) -> None:
    """All subscriptions and settings as YAML that a person can read, keep and compare.

    Example: papers export > channels.yaml; papers import-config channels.yaml --dry-run
    """
    settings = configured()
    if opml:
        if channel:
            said = "Feeds are followed by the whole bot, not by a channel: leave the channel out."
            output.fail(BadOption(said), as_json=as_json_)
        feeds = [name[len(FEED) :] for name in settings.sources if name.startswith(FEED)]
        if as_json_:
            output.show_json({"feeds": feeds})
        else:
            output.screen.out(opml_of(feeds))
        return
    found, damaged = output.run(_exported(channel), as_json=as_json_)
    if as_json_:
        output.show_json(found)
    else:
        output.screen.out(write_yaml(found))
    for one in damaged:
        output.errors.out(f"Left out, since it cannot be read: {one.name} of {one.channel}.")


async def _exported(channel: str | None) -> tuple[dict[str, Any], list[Damaged]]:
    where = parse_channel(channel) if channel else None
    async with parts(configured()) as bot:
        found = await bot.store.subscriptions.of(where)
        damaged = await bot.store.subscriptions.damaged(where)
        channels: dict[str, list[dict[str, Any]]] = {}
        settings: dict[str, dict[str, Any]] = {}
        for one in found:
            channels.setdefault(str(one.channel), []).append(described(one))
        for place in [where] if where else await bot.store.policy.settled():
            settled = described_settings(await bot.store.policy.settings(place))
            if settled:
                settings[str(place)] = settled
    return {"channels": channels, **({"settings": settings} if settings else {})}, damaged


def import_config(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML, a word list, or OPML.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    channel: Annotated[
        str | None, typer.Option(help="Where a word list's topics go, such as terminal:lab.")
    ] = None,
    as_json_: Json = False,
) -> None:
    """Make channels what a file says: one diff of what changes, nothing stored if any of it is wrong.

    The file owns the channels it names. A word list (arXiv-daily's `keywords:`, or JSON Lines) adds
    subscriptions to --channel; OPML becomes a PAPERS_SOURCES line.

    Example: papers import-config channels.yaml --dry-run
    """
    found = output.checked(lambda: bytes_of(file), as_json=as_json_)
    brought = output.checked(lambda: _read(found, channel), as_json=as_json_)
    if brought is None:
        _show_feeds(found, as_json_=as_json_)
        return
    document, topics = brought
    work = _import(document, topics, channel, dry_run=dry_run)
    plans, notes = output.run(work, as_json=as_json_)
    lines = [line for one in plans for line in one.lines()]
    if as_json_:
        output.show_json({"applied": not dry_run, "diff": lines, "notes": notes})
        return
    idle = "Everything is like that already." if plans else "The file names no channel."
    for line in lines or [idle]:
        output.screen.out(line)
    for note in notes:
        output.screen.out(f"note: {note}")
    if lines:
        output.screen.out("Nothing was changed (--dry-run)." if dry_run else "Changed.")


def _read(found: bytes, channel: str | None) -> tuple[object, Topics | None] | None:
    """A document or a list of topics; None: it is XML. Raises UnreadableFile, BadOption."""
    if _is_xml(found):
        topics, document = None, None
    else:
        text = text_of(found)
        topics = json_lines(text)
        document = read_yaml(text) if topics is None else None
        topics = keywords(document) if topics is None else topics
    if channel and topics is None:
        raise BadOption("--channel is for word lists; this file says itself what it is about.")
    return None if _is_xml(found) else (document, topics)


def _is_xml(found: bytes) -> bool:
    return found.lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n").startswith(b"<")


async def _import(
    document: object, topics: Topics | None, channel: str | None, *, dry_run: bool
) -> tuple[list[ChannelPlan], list[str]]:
    settings = configured()
    async with parts(settings) as bot:
        now = bot.clock.now()
        notes: list[str] = []
        if topics is not None:
            document, notes = await _listed(bot.store, topics, channel)
        plans = await plan(bot.store, document, now)
        new = [one for made in plans for one in (*made.added, *(one for _, one in made.changed))]
        notes += await _volumes(bot.store, new, now.date())
        notes += _off(settings, [one.channel for one in plans if one.added])
        if not dry_run:
            await apply(bot.store, plans, now)
    return plans, notes


def _off(settings: Settings, channels: Sequence[Channel]) -> Iterator[str]:
    """What to say of channels nothing can be posted to as the bot is set up, once a platform."""
    on = {
        Platform.SLACK: settings.slack_on,
        Platform.DISCORD: settings.discord_on or bool(settings.discord_webhooks),
    }
    silent = dict.fromkeys(one.platform for one in channels if not on.get(one.platform, True))
    for one in silent:
        yield (
            f"{one.value.title()} is not set up here, so its channels get nothing until it is "
            "(see `papers doctor`)"
        )


async def _listed(
    store: Store, topics: Topics, channel: str | None
) -> tuple[dict[str, Any], list[str]]:
    """A word list as a document that keeps what the channel has and adds the list's topics."""
    if channel is None:
        raise BadOption("This is a word list; say where its topics go: --channel terminal:lab")
    place = parse_channel(channel)
    existing = await store.subscriptions.of(place)
    entries = [described(one) for one in existing]
    names = {one.name for one in existing}
    known = {one.filter.key for one in existing}
    notes = []
    for number, topic in enumerate(topics, start=1):
        title = tidy(str(topic.get("name") or topic.get("id") or f"entry {number}"))[:60]
        try:
            filters = filters_of(topic)
        except CommandError as error:
            notes.append(f"{title}: left out, {error}")
            continue
        for text in filters:
            if (key := parse_filter(text).key) in known:
                notes.append(f"{title}: the channel has it already")
                continue
            known.add(key)
            name = free_name(re.sub(r"[^\w -]", " ", title), names)
            names.add(name)
            entries.append({"name": name, "filter": text})
    return {"channels": {channel: entries}}, notes


async def _volumes(store: Store, added: Sequence[Subscription], today: date) -> list[str]:
    """What new subscriptions want that stands in no stored paper, or in nearly all."""
    everything = await _count(store, None, today)
    if not everything:
        return ["No papers are stored yet, so no term could be tried."] if added else []
    notes, left = list[str](), MOST_TERMS_COUNTED
    for one in added:
        terms = list(dict.fromkeys(wanted(one.filter.root)))[:left]
        counts = {shown(term): await _count(store, term, today) for term in terms}
        whole = await _count(store, one.filter.root, today)
        notes += [f"{one.name}: {said}" for said in _told(counts, whole, everything)]
        left -= len(terms)
        if not left:
            return [*notes, f"only the first {MOST_TERMS_COUNTED} terms were tried"]
    return notes


async def _count(store: Store, root: Node | None, today: date) -> int:
    return (await store.papers.search(SearchRequest(root=root, today=today, limit=0))).total


def _told(counts: dict[str, int], whole: int, everything: int) -> Iterator[str]:
    """counts: papers of each term. whole: of all of them as the filter has them."""
    silent = [term for term, count in counts.items() if not count]
    broad = {term: count for term, count in counts.items() if count > EVERYTHING * everything}
    if silent:
        stand = "stands" if len(silent) == 1 else "stand"
        yield f"{', '.join(silent)} {stand} in none of {everything} papers"
    for term, count in broad.items():
        yield f"{term} stands in {count} of {everything} papers"
    if (not whole and not silent) or (whole > EVERYTHING * everything and not broad):
        yield f"the whole filter finds {whole} of {everything} papers"


def _show_feeds(found: bytes, *, as_json_: bool) -> None:
    """Feeds are sources of the whole bot, named in its settings: say which line does it."""
    feeds = output.checked(lambda: feeds_of(found), as_json=as_json_)
    settings = configured()
    new = [one.source for one in feeds if not one.problem and one.source not in settings.sources]
    line = "PAPERS_SOURCES=" + ",".join([*settings.sources, *new])
    if as_json_:
        followed = [one.address for one in feeds if not one.problem]
        left_out = [{"feed": one.address, "reason": one.problem} for one in feeds if one.problem]
        output.show_json({"feeds": followed, "left_out": left_out, "setting": line})
        return
    for one in feeds:
        sign = "!" if one.problem else "+" if one.source in new else " "
        why = f" (left out: {one.problem})" if one.problem else ""
        output.screen.out(f"{sign} {one.title}: {one.address}{why}")
    if new:
        output.screen.out(f"To follow them, set this and start the bot anew:\n{line}")
    else:
        output.screen.out("None of them is new; there is nothing to set.")
