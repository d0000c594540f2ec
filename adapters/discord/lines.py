"""Typed options → the line a person would type, for the one grammar of all surfaces."""

from collections.abc import Mapping

from bot.rules.identity import paper_key

Given = Mapping[str, str | int | None]


def typed(verb: str, given: Given, text: str = "") -> str:
    """A verb, its options as `key:"value"`, and the text; what was not given is left out.

    Options come first, so that columns in `text` stay right.
    """
    options = [
        '{}:"{}"'.format(key, str(value).replace('"', ""))
        for key, value in given.items()
        if value is not None
    ]
    return joined(verb, *options, text)


def joined(*words: str | None) -> str:
    """The words there are, with a blank between."""
    return " ".join(word for word in words if word)


def days(number: int | None) -> str | None:
    """`14d`."""
    return None if number is None else f"{number}d"


def papers(query: str | None, view: str, limits: Given, *, share: bool) -> str:
    """What `/papers` means: a view of a query, of a paper, or of the bot itself.

    limits: `since` and `source`, which are part of the filter language, and `sort`.
    """
    if view == "status":
        return _shared("status", share=share)
    if not query:
        return "trend" if view == "trend" else f"help {view}" if view == "why" else "help"
    if view == "results" and (query == "help" or query.startswith("help ")):
        return query
    if view != "results":
        return _shared(f"{view} {query}", share=share)
    if paper_key(query) is not None:
        return _shared(query, share=share)
    narrowed = joined(
        query,
        *(f"{key}:{limits[key]}" for key in ("since", "source") if limits.get(key)),
        "sort:new" if limits.get("sort") == "new" else None,
    )
    return _shared(f"search {narrowed}", share=share)


def _shared(line: str, *, share: bool) -> str:
    return f"share {line}" if share else line
