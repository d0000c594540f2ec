"""Small phrases several answers share."""

from collections.abc import Sequence

from bot.commands.previewing import PreviewReport

SELDOM = 2


def papers_counted(count: int) -> str:
    """`1 paper`, `2 papers`."""
    return "1 paper" if count == 1 else f"{count} papers"


def unknown(words: Sequence[str]) -> str:
    """That these words of a filter stand nowhere, which is mostly a matter of spelling."""
    one = len(words) == 1
    said = words[0] if one else f"{', '.join(words[:-1])} and {words[-1]}"
    stands = f"{said} {'stands' if one else 'stand'} in no stored paper"
    if all(word.startswith("cat:") for word in words):
        return f"{stands}; {_NO_CATEGORIES}"
    if one:
        return f"{stands}; is it spelled as papers spell it?"
    return f"{stands}; are they spelled as papers spell them?"


_NO_CATEGORIES = "papers of Hugging Face alone come without categories, those of arXiv have them."


def volume(report: PreviewReport) -> str:
    """How much a filter would have brought, and whether that is too much or too little."""
    if not report.scanned and not report.matches:
        return "No papers of these days are in the index yet, so the volume is unknown."
    days = "day" if report.days == 1 else f"{report.days} days"
    when = (
        f"In the {days} up to {report.until.isoformat()}"
        if report.is_past
        else f"In the last {days}"
    )
    words = f"{when} it would have matched {papers_counted(report.matches)}"
    words += f" of {report.scanned}"
    if not report.matches:
        return f"{words}: expect silence; a looser filter may serve better."
    words += f" (about {report.per_day:g} a day)"
    if report.is_firehose:
        return f"{words}: that is a firehose; digests show the best and count the rest."
    if report.matches < SELDOM:
        return f"{words}: that is seldom."
    return f"{words}."
