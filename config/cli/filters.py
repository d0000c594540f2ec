"""Verbs about the filter language itself: explain."""

from typing import Annotated

import typer

from bot.commands.nearby import wanted
from bot.model.topic import FromSource, TopicFilter
from bot.rules.outline import as_values, outline
from bot.rules.parse import parse_filter
from bot.rules.reading import reading
from bot.rules.slips import notes
from bot.rules.source_names import NEVER_FOLLOWED, is_among
from config.cli import output
from config.cli.index import FILTER_LINE, Json
from config.cli.opened import configured

app = typer.Typer(help="What a topic filter means.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Add `papers filter …`."""
    app.command("explain", context_settings=FILTER_LINE)(explain)
    root.add_typer(app, name="filter")


def explain(
    words: Annotated[list[str], typer.Argument(metavar="FILTER…", help="The topic filter.")],
    as_json_: Json = False,
) -> None:
    """A filter's canonical form, what it means in plain language, and its tree.

    Example: papers filter explain '(rlhf | "reward model") -survey cat:cs.CL'
    """
    typed = output.checked(lambda: output.one_line(words), as_json=as_json_)
    topic = output.checked(lambda: parse_filter(typed), as_json=as_json_)
    unread = _not_followed(topic)
    if as_json_:
        output.show_json(
            {
                "typed": typed,
                "canonical": topic.canonical,
                "key": topic.key,
                "reading": reading(topic),
                "tree": as_values(topic.root),
                "not_followed": unread,
            }
        )
        return
    for line in (topic.canonical, "", f"{reading(topic)[:1].upper()}{reading(topic)[1:]}.", ""):
        output.screen.out(line)
    for line in outline(topic.root):
        output.screen.out(line)
    for note in notes(typed, topic.root):
        output.screen.out(f"note: {note}")
    for name in unread:
        output.screen.out(
            f"note: this bot does not follow {name}; PAPERS_SOURCES says what it does"
        )


def _not_followed(topic: TopicFilter) -> list[str]:
    """The sources a filter wants papers from that are none of this installation's."""
    there = (*configured().sources, *NEVER_FOLLOWED)
    names = [one.name for one in wanted(topic.root) if isinstance(one, FromSource)]
    return [name for name in dict.fromkeys(names) if not is_among(name, there)]
