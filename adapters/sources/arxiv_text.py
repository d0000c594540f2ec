"""What arXiv writes as free text or codes: author strings, categories, withdrawals, dates."""

import re
from collections.abc import Iterable
from datetime import date
from email.utils import parsedate_to_datetime

from adapters.sources.records import EARLIEST, LATEST, LONGEST_ABSTRACT, line, names_of
from bot.rules.identity import doi
from bot.rules.text import plain_name

_ARCHIVES = (
    "astro-ph|cond-mat|cs|econ|eess|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|nlin|nucl-ex"
    "|nucl-th|physics|q-bio|q-fin|quant-ph|stat|acc-phys|adap-org|alg-geom|ao-sci|atom-ph"
    "|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|dg-ga|funct-an|mtrl-th|patt-sol|plasm-ph|q-alg"
    "|solv-int|supr-con"
)
_CATEGORY = re.compile(rf"(?:{_ARCHIVES})(?:\.[A-Za-z]+(?:-[a-z]+)?)?")
_PARENTHESES = re.compile(r"\([^()]*\)")
_DEEPEST_PARENTHESES = 4
_SEPARATOR = re.compile(r"\s*[,;]\s*(?:and\s+|&\s+)?|\s+(?:and|&)\s+|\s*:\s+")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV", re.IGNORECASE)
_NO_NAME = re.compile(r"et\.? al\.?|others|and", re.IGNORECASE)
_WITHDRAWN = re.compile(
    r"\W*(?:withdrawn\b|(?:this|the|our)?\s*(?:arxiv\s+)?"
    r"(?:paper|article|submission|manuscript|preprint|e-?print|work|note|version)\b"
    r"[^.]{0,60}?\b(?:has|have|had|is|was|been|being)\s+(?:been\s+)?(?:temporarily\s+)?withdrawn\b)",
    re.IGNORECASE,
)


def authors_of(written: str) -> tuple[str, ...]:
    """Names out of one string such as `A. Noether (Göttingen), D. Hilbert and E. Landau`.

    Affiliations in parentheses are dropped; a collaboration before a colon counts as a name.
    """
    text = plain_name(line(written, LONGEST_ABSTRACT))
    for _ in range(_DEEPEST_PARENTHESES):
        text = _PARENTHESES.sub(" ", text)
    names: list[str] = []
    for part in _SEPARATOR.split(text.replace("(", " ").replace(")", " ")):
        name = part.strip(" ,;")
        if names and _SUFFIX.fullmatch(name):
            names[-1] += f" {name}"
        elif name and not _NO_NAME.fullmatch(name):
            names.append(name)
    return names_of(names)


def categories_of(codes: Iterable[str], primary: str = "") -> tuple[str, ...]:
    """The codes of arXiv among `codes`, once each, the primary one first; ACM and MSC classes drop."""
    every = (primary, *codes)
    return tuple(dict.fromkeys(code for code in every if _CATEGORY.fullmatch(code)))


def is_withdrawn(*texts: str) -> bool:
    """Whether a comment or abstract opens by saying that the paper is withdrawn.

    arXiv asks authors to give the reason in the comments; the wording is theirs.
    """
    return any(_WITHDRAWN.match(text[:300]) for text in texts)


def dois_of(written: str) -> tuple[str, ...]:
    """Keys of all DOIs in a field that may hold several, with blanks in between."""
    found = (doi(part) for part in written.split())
    return tuple(dict.fromkeys(f"doi:{name}" for name in found if name))


def mail_day_of(written: str) -> date | None:
    """The date of an RFC 822 time in the zone it is written in, or None."""
    try:
        day = parsedate_to_datetime(written.strip()).date()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return day if EARLIEST <= day <= LATEST else None
