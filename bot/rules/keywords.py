"""Word lists and arXiv queries that people bring along, as filters of ours.

Three shapes: `keywords` (any of these terms, none of those), `boolean` (a query in the language
of arXiv's search: ti: abs: au: cat: all:, AND OR ANDNOT) and plain `query` text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.model.errors import BadOption
from bot.rules.lexer import MOST_CHARACTERS
from bot.rules.parse import MOST_TERMS, parse_filter

MOST_LISTED = 500
_FIELDS = {"ti": "title", "au": "author", "abs": "abs", "cat": "cat"}
_FIELD = re.compile(r"\b(ti|au|abs|cat|all|co|jr|rn|id)\s*:\s*", re.IGNORECASE)


def filters_of(topic: Mapping[str, object]) -> list[str]:
    """The filters one entry of a word list makes: several where one would be too long.

    Raises BadOption or BadFilter for an entry nothing can be made of.
    """
    terms = _words(topic.get("terms") or topic.get("keywords") or topic.get("filters"))
    query = topic.get("query")
    if topic.get("kind") == "boolean" or (not terms and isinstance(query, str)):
        text = query if isinstance(query, str) else " OR ".join(f"({one})" for one in terms)
        return [_arxiv_query(text)]
    if not terms:
        raise BadOption("it lists no terms")
    excluded, categories = _words(topic.get("exclude")), _words(topic.get("categories"))
    rest = "".join(f" -{_term(one)}" for one in excluded)
    if categories:
        rest += " cat:(" + " | ".join(categories) + ")"
    most = MOST_TERMS - len(excluded) - len(categories)
    if most < 1:
        raise BadOption(
            f"it has {len(excluded)} terms to leave out and {len(categories)} categories; "
            f"a filter has at most {MOST_TERMS} terms"
        )
    return list(_split([_term(one) for one in terms], rest, most))


def _words(value: object) -> list[str]:
    if value is None:
        return []
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, Sequence):
        raise BadOption(f"expected a list of terms, not “{str(value)[:20]}”")
    if len(listed) > MOST_LISTED:
        raise BadOption(f"it lists {len(listed)} terms; at most {MOST_LISTED} are read")
    wrong = next((one for one in listed if not isinstance(one, str)), None)
    if wrong is not None:
        raise BadOption(f"a term is text, not “{str(wrong)[:20]}”")
    return list(dict.fromkeys(one.strip() for one in listed if one.strip()))


def _term(text: str) -> str:
    """One term of a list as a phrase."""
    return '"' + " ".join(text.replace('"', " ").split()) + '"'


def _split(terms: list[str], rest: str, most: int) -> Iterator[str]:
    """Filters that together hold all terms, each within the limits. most: terms of one."""
    room = MOST_CHARACTERS - len(rest) - 2
    group: list[str] = []
    for term in terms:
        too_long = len(" | ".join([*group, term])) > room
        if group and (too_long or len(group) >= most):
            yield _joined(group, rest)
            group = []
        group.append(term)
    yield _joined(group, rest)


def _joined(group: list[str], rest: str) -> str:
    text = " | ".join(group)
    whole = f"({text}){rest}" if rest and len(group) > 1 else f"{text}{rest}"
    parse_filter(whole)
    return whole


def _arxiv_query(text: str) -> str:
    """A query of arXiv's search in our language. Raises BadFilter."""
    text = text.strip().replace("%22", '"').replace("+", " ")
    if text.startswith('"') and text.endswith('"') and text.count('"') == 2:
        text = text[1:-1]  # quoted as a whole, as configuration files do
    text = re.sub(r"\bANDNOT\b", "NOT", text)
    text = _FIELD.sub(lambda found: _our_field(found[1].lower()), text)
    parse_filter(text)
    return text


def _our_field(name: str) -> str:
    return f"{_FIELDS[name]}:" if name in _FIELDS else ""
