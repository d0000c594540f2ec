"""Which of the JSON forms a record in a file has, and reading it."""

from datetime import date

from adapters.sources import hf_rows, normalised
from adapters.sources.records import BadRecord, Record, day_of, line
from bot.model.paper import Sighting


def is_known(record: object) -> bool:
    """Whether this looks like a paper in a form we know, however broken it may be inside."""
    return isinstance(record, dict) and (
        _is_recorded(record) or hf_rows.is_row(record) or normalised.is_paper(record)
    )


def sighting_of(record: object, seen_on: date) -> Sighting:
    """What one record says. Raises BadRecord. seen_on: for records without any date."""
    if not isinstance(record, dict):
        msg = "is no object"
        raise BadRecord(msg)
    if _is_recorded(record):
        return hf_rows.sighting_of(record["record"], day_of(record.get("day")) or seen_on)
    if hf_rows.is_row(record):
        return hf_rows.sighting_of(record)
    return normalised.sighting_of(record, seen_on)


def name_of(record: object) -> str:
    """The record's own id, for people who look for it in their file; "" if it shows none."""
    if not isinstance(record, dict):
        return ""
    inner = record.get("record", record)
    inner = inner.get("paper", inner) if isinstance(inner, dict) else record
    return line(inner.get("id"), 80) if isinstance(inner, dict) else ""


def shape_of(record: object) -> str:
    """In a few words what stands there instead of a paper."""
    if not isinstance(record, dict):
        return "something that is no object"
    names = ", ".join(line(name, 40) for name in list(record)[:6])
    return f"an object with the fields {names}" if names else "an empty object"


def _is_recorded(record: Record) -> bool:
    """An archived row of Hugging Face's list: `{"day": …, "fetched_at": …, "record": row}`."""
    return "day" in record and isinstance(record.get("record"), dict)
