"""Configuration as code: export, import-config."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.configuring import ChannelPlan, apply, plan
from bot.commands.described import described, described_settings
from bot.commands.nearby import shown, wanted
from bot.commands.subscribing import free_name
from bot.model.errors import BadOption, CommandError
from bot.model.record import SearchRequest
from bot.model.subscription import Damaged, Subscription
from bot.ports import Store
from bot.rules.addresses import parse_channel
from bot.rules.keywords import filters_of
from bot.rules.parse import parse_filter
from config.cli import output
from config.cli.index import Json
from config.cli.opened import configured, parts
from config.documents import feeds_of, opml_of, read_yaml, text_of, word_lists, write_yaml

FEED = "feed:"
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
    text = output.checked(lambda: text_of(file), as_json=as_json_)
    if text.lstrip().startswith("<"):
        _show_feeds(text, as_json_=as_json_)
        return
    lists = output.checked(lambda: word_lists(text), as_json=as_json_)
    plans, notes = output.run(_import(text, lists, channel, dry_run=dry_run), as_json=as_json_)
    lines = [line for one in plans for line in one.lines()]
    if as_json_:
        output.show_json({"applied": not dry_run, "diff": lines, "notes": notes})
        return
    for line in lines or ["Everything is like that already."]:
        output.screen.out(line)
    for note in notes:
        output.screen.out(f"note: {note}")
    if lines:
        output.screen.out("Nothing was changed (--dry-run)." if dry_run else "Changed.")


async def _import(
    text: str, lists: list[dict[str, Any]] | None, channel: str | None, *, dry_run: bool
) -> tuple[list[ChannelPlan], list[str]]:
    async with parts(configured()) as bot:
        now = bot.clock.now()
        notes: list[str] = []
        if lists is None:
            document = read_yaml(text)
        else:
            document, notes = await _listed(bot.store, lists, channel)
        plans = await plan(bot.store, document, now)
        new = [one for made in plans for one in (*made.added, *(one for _, one in made.changed))]
        notes += await _volumes(bot.store, new, now.date())
        if not dry_run:
            await apply(bot.store, plans, now)
    return plans, notes


async def _listed(
    store: Store, lists: list[dict[str, Any]], channel: str | None
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
    for number, topic in enumerate(lists, start=1):
        title = str(topic.get("name") or topic.get("id") or f"entry {number}")[:60]
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


async def _volumes(store: Store, added: list[Subscription], today: Any) -> list[str]:
    """What new subscriptions want that stands in no stored paper, or in nearly all."""
    asked = SearchRequest(root=None, today=today, limit=0)
    everything = (await store.papers.search(asked)).total
    if not everything:
        return ["No papers are stored yet, so no term could be tried."] if added else []
    terms = dict.fromkeys((one.name, term) for one in added for term in wanted(one.filter.root))
    notes = []
    for name, term in list(terms)[:MOST_TERMS_COUNTED]:
        request = SearchRequest(root=term, today=today, limit=0)
        count = (await store.papers.search(request)).total
        if not count:
            notes.append(f"{name}: {shown(term)} stands in none of {everything} papers")
        elif count > EVERYTHING * everything:
            notes.append(f"{name}: {shown(term)} stands in {count} of {everything} papers")
    if len(terms) > MOST_TERMS_COUNTED:
        notes.append(f"only the first {MOST_TERMS_COUNTED} terms were tried")
    return notes


def _show_feeds(text: str, *, as_json_: bool) -> None:
    """Feeds are sources of the whole bot, named in its settings: say which line does it."""
    feeds = output.checked(lambda: feeds_of(text), as_json=as_json_)
    settings = configured()
    names = [f"{FEED}{address.replace(',', '%2C')}" for _, address in feeds]
    new = [name for name in names if name not in settings.sources]
    line = "PAPERS_SOURCES=" + ",".join([*settings.sources, *new])
    if as_json_:
        output.show_json({"feeds": [address for _, address in feeds], "setting": line})
        return
    for title, address in feeds:
        output.screen.out(f"{'+' if FEED + address in new else ' '} {title}: {address}")
    output.screen.out(f"To follow them, set this and start the bot anew:\n{line}")
