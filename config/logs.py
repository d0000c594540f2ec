"""Log lines: one event with its fields on one line, for people or for machines, secrets masked.

Code everywhere uses the standard library: `log.info("delivered", extra={"channel": …})`. What
libraries log takes the same way, and nothing below WARNING of theirs is written.
"""

import logging
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from io import StringIO
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from config.masking import masked, masked_fields
from config.settings import LogFormat

QUIET = frozenset(
    {
        "aiohttp",
        "alembic",
        "apscheduler",
        "asyncio",
        "discord",
        "httpcore",
        "httpx",
        "slack_bolt",
        "slack_sdk",
        "sqlalchemy",
    }
)
"""Libraries that are heard from WARNING up. Below, httpx writes whole addresses, Slack's library
the body of any forged request, the scheduler a line for each of its ticks, and Alembic two for each
look at the schema."""

_FIRST = ("at", "level", "logger", "event")
_NO_FIELDS = frozenset({*_FIRST, "message", "asctime"})  # the latter: left by other formatters

# Control characters but tab, line and paragraph separators, marks that turn the writing direction:
# text from outside must not forge a line or paint the operator's terminal.
_CONTROLS = {
    code: f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    for code in (
        *range(9),
        *range(10, 32),
        *range(127, 160),
        *range(0x2028, 0x202F),
        *range(0x2066, 0x206A),
    )
}


def set_up_logs(
    log_format: LogFormat = LogFormat.AUTO,
    *,
    stream: TextIO | None = None,
    secrets: Iterable[str] = (),
    level: int = logging.INFO,
) -> None:
    """Send everything that is logged in this process to `stream` (None: standard error).

    secrets: texts that must never appear, whatever they look like; see `Settings.tokens`.
    """
    out = sys.stderr if stream is None else stream
    for_people = log_format is LogFormat.CONSOLE or (log_format is LogFormat.AUTO and out.isatty())
    handler = logging.StreamHandler(out)
    handler.addFilter(_worth_a_line)
    handler.setFormatter(
        LineFormatter(_for_people(colors=out.isatty()) if for_people else _for_machines(), secrets)
    )
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one.formatter, LineFormatter)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(capture=True)


class LineFormatter(structlog.stdlib.ProcessorFormatter):
    """Formats a record with its extra fields; the last thing it does is masking."""

    def __init__(self, renderers: list[Processor], secrets: Iterable[str]) -> None:
        super().__init__(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder()],
            processors=[_described, _masked_names, *renderers],
        )
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """One line; console lines of an error are followed by its traceback."""
        text = masked(super().format(record), self._secrets)
        # A lone surrogate, as broken text has them, would stop the stream.
        return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _worth_a_line(record: logging.LogRecord) -> bool:
    # At the handler, not by levels: Slack's library sets levels of its own.
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] not in QUIET


def _described(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """When, how grave, who, what; then the fields, as plain values."""
    record: logging.LogRecord = event.pop("_record")
    event.pop("_from_structlog", None)
    at = datetime.fromtimestamp(record.created, UTC)
    head: EventDict = {
        "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": str(event.pop("event")),
    }
    failure = event.pop("exc_info", None)
    tail = {name: _plain(value) for name, value in event.items() if name not in _NO_FIELDS}
    return {**head, **tail, **({"exc_info": failure} if failure else {})}


def _plain(value: object) -> object:
    """A value JSON knows; our own values have a text of their own, such as `slack:T1/C1`."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    return str(value)


def _masked_names(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Fields with a secret's name, such as `token`; secrets in texts are the formatter's part."""
    return masked_fields(event)


def _for_machines() -> list[Processor]:
    return [
        structlog.processors.format_exc_info,
        # In ASCII: then no character of it can break a line or steer a terminal.
        structlog.processors.JSONRenderer(ensure_ascii=True),
    ]


def _for_people(*, colors: bool) -> list[Processor]:
    return [
        _harmless,
        structlog.dev.ConsoleRenderer(
            colors=colors,
            sort_keys=False,
            timestamp_key="at",
            exception_formatter=_traceback,
        ),
    ]


def _harmless(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {
        name: value.translate(_CONTROLS) if isinstance(value, str) else value
        for name, value in event.items()
    }


def _traceback(out: TextIO, failure: structlog.typing.ExcInfo) -> None:
    """A traceback without local variables, which hold tokens, and without escape sequences."""
    text = StringIO()
    structlog.dev.plain_traceback(text, failure)
    out.write("\n".join(line.translate(_CONTROLS) for line in text.getvalue().split("\n")))
