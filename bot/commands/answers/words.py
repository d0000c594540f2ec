"""Small phrases several answers share."""

from bot.commands.searching import PreviewReport

FIREHOSE_PER_DAY = 10


def papers_counted(count: int) -> str:
    """`1 paper`, `2 papers`."""
    return "1 paper" if count == 1 else f"{count} papers"


def volume(report: PreviewReport) -> str:
    """How much a filter would have brought, and whether that is too much or too little."""
    if not report.scanned:
        return "No papers of the last days are in the index yet, so the volume is unknown."
    words = f"In the last {report.days} days it would have matched {papers_counted(report.matches)}"
    if not report.matches:
        return f"{words} of {report.scanned}: a looser filter may serve better."
    words += f" of {report.scanned} (about {report.per_day:g} a day)"
    if report.per_day > FIREHOSE_PER_DAY:
        return f"{words}: that is a lot; digests show the best and count the rest."
    return f"{words}."
