"""What to say to a person who writes a field that there is not."""

from difflib import get_close_matches

from bot.rules.lexer import Lexeme, Unparsable

OPTIONS = frozenset({"every", "at", "on", "tz", "top", "mode", "name", "page"})
"""Delivery options: they belong to a command, not to a filter."""

_OTHER_NAMES = {
    "abstract": "abs", "authors": "author", "au": "author", "by": "author", "ti": "title",
    "category": "cat", "categories": "cat", "organization": "org", "organisation": "org",
    "affiliation": "org", "likes": "upvotes", "votes": "upvotes", "language": "lang",
    "date": "since", "from": "source", "event": "version", "github": "code",
}  # fmt: skip
EXAMPLES = {
    "title": 'title:alignment or title:"reward model"',
    "abs": "abs:alignment",
    "author": 'author:leike or author:"Jan Leike"',
    "org": "org:deepmind",
    "cat": "cat:cs.CL, cat:cs.* or cat:(cs.CL|cs.LG)",
    "source": "source:hf_daily",
    "upvotes": "upvotes:>=20 or upvotes:5..20",
    "comments": "comments:>5",
    "stars": "stars:>100",
    "code": "code:yes",
    "version": "version:new or version:(new|replace)",
    "since": "since:7d or since:2025-01-31",
    "lang": "lang:en",
    "filter": "filter:alignment",
}


def nearest_field(name: str) -> str:
    """The field (or option) a person may have meant; empty if none is near."""
    known = {**EXAMPLES, **dict.fromkeys(OPTIONS, ""), "re": "", "regex": ""}
    if name in known:
        return name
    if name in _OTHER_NAMES:
        return _OTHER_NAMES[name]
    near = next(iter(get_close_matches(name, [*EXAMPLES, *_OTHER_NAMES], n=1, cutoff=0.7)), "")
    return _OTHER_NAMES.get(near, near)


def unknown_field(lexeme: Lexeme) -> Unparsable:
    """What to say to `lexeme`, and which field it was perhaps meant to be."""
    name = lexeme.text.lower()
    if name in {"re", "regex"}:
        return Unparsable(
            "Regular expressions are not supported.",
            lexeme.column,
            'Use a prefix (align*), a phrase ("reward model") or alternatives (rlhf | dpo).',
        )
    if name in OPTIONS:
        return Unparsable(
            f"{name}: is a delivery option, not part of a filter.",
            lexeme.column,
            f"Options go after the filter of a subscribe command: subscribe alignment {name}:…",
        )
    near = nearest_field(name)
    if near:
        return Unparsable(
            f"There is no field {lexeme.text}:.",
            lexeme.column,
            f"Did you mean {near}:? For example {EXAMPLES[near]}",
        )
    return Unparsable(
        f"There is no field {lexeme.text}:.",
        lexeme.column,
        f"Fields are {' '.join(f'{one}:' for one in EXAMPLES)}; "
        "to search for text with a colon, put it in quotes.",
    )
