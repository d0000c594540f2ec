"""Looks at the machine: Python, libraries, time zone data, data directory, port."""

import importlib.metadata
import os
import platform
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.finding import Finding, ok, problem, warning

OLDEST_PYTHON = (3, 11)
LIBRARIES = (
    "aiohttp",
    "alembic",
    "apscheduler",
    "discord.py",
    "httpx",
    "pydantic",
    "slack-bolt",
    "slack-sdk",
    "sqlalchemy",
    "sqlmodel",
)
INSTALL = "make demo, or: pip install --require-hashes -r requirements.txt"

SQLITE = "sqlite:///"
LITTLE_SPACE = 500 * 2**20
NO_SPACE = 50 * 2**20
"""Bytes. An index of 100,000 papers takes about 400 MB."""

SLACK_TOLERATES = timedelta(minutes=5)
"""Slack's signatures are refused when clocks differ by more (its page on verifying requests)."""

NOTICEABLE = timedelta(seconds=30)
STALE_ZONES_YEARS = 2

Version = Callable[[str], str]
"""A library's installed version; raises PackageNotFoundError when there is none."""


def python() -> Finding:
    """Whether this Python is new enough."""
    version = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        needed = ".".join(map(str, OLDEST_PYTHON))
        return problem("Python", f"{version} is too old; {needed} is needed", "make clean demo")
    return ok("Python", version)


def libraries(version_of: Version = importlib.metadata.version) -> Finding:
    """Whether all libraries are there, and the scheduler is one that works."""
    found, missing = {}, []
    for name in LIBRARIES:
        try:
            found[name] = version_of(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return problem("Libraries", f"not installed: {', '.join(missing)}", INSTALL)
    scheduler = found["apscheduler"]
    # Before 3.11.2 it could loop for ever when clocks go back; 4 is not meant for production.
    if not (3, 11, 2) <= _numbers(scheduler) < (4,):
        why = f"APScheduler {scheduler} cannot be used; 3.11.2 or newer, below 4, is needed"
        return problem("Libraries", why, INSTALL)
    return ok("Libraries", ", ".join(f"{name} {version}" for name, version in found.items()))


def time_zones(now: datetime, version_of: Version = importlib.metadata.version) -> Finding:
    """Whether wall-clock times can be computed, from data that is not too old."""
    try:
        ZoneInfo("America/New_York")
        version = version_of("tzdata")
    except (ZoneInfoNotFoundError, importlib.metadata.PackageNotFoundError):
        return problem("Time zones", "the tzdata package is missing", INSTALL)
    year = _numbers(version)[0]
    if now.year < year:
        why = f"this machine says it is {now:%Y-%m-%d}, before the data it has (tzdata {version})"
        return problem("Clock", why, "timedatectl set-ntp true")
    if now.year - year >= STALE_ZONES_YEARS:
        why = f"tzdata {version} is old; digests may come an hour off where rules have changed"
        return warning("Time zones", why, "pip install --upgrade tzdata")
    return ok("Time zones", f"tzdata {version}")


def clock(now: datetime, told: Sequence[tuple[str, datetime]]) -> Finding | None:
    """Whether our clock agrees with others' (who, and what time they gave); None: nobody told."""
    if not told:
        return None
    who, theirs = min(told, key=lambda one: abs(one[1] - now))
    off = abs(theirs - now)
    why = f"{round(off.total_seconds())} s off the clock of {who}"
    if off > SLACK_TOLERATES:
        effect = "Slack's requests are refused and digests come at the wrong time"
        return problem("Clock", f"{why}: {effect}", "timedatectl set-ntp true")
    if off > NOTICEABLE:
        return warning("Clock", why, "timedatectl set-ntp true")
    return ok("Clock", f"agrees with {who}")


def sqlite_file(database_url: str) -> Path | None:
    """The file behind a database address, or None when it is no SQLite."""
    if not database_url.startswith(SQLITE):
        return None
    return Path(database_url.removeprefix(SQLITE).partition("?")[0])


def is_there(file: Path) -> bool:
    """Whether there is such a file."""
    return file.exists()


def data_directory(file: Path) -> Finding:
    """Whether the SQLite file can be written where it is, with room to grow."""
    what, folder = "Data directory", file.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent  # the bot makes what is missing below
    where = os.fspath(folder.resolve())
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
        free = shutil.disk_usage(folder).free
    except OSError as error:
        why = f"{where} cannot be written ({error.strerror or type(error).__name__})"
        return problem(what, why, f"chown $(id -u) {where}, or set DATABASE_URL")
    if file.exists() and not os.access(file, os.W_OK):
        return problem(what, f"{file.name} there is read-only", f"chmod u+w {file}")
    space = f"{free // 2**20} MB free in {where}"
    if free < NO_SPACE:
        return problem(what, space, "df -h; then free some space or set DATABASE_URL")
    if free < LITTLE_SPACE:
        return warning(what, space, "df -h")
    return ok(what, space)


def port(number: int) -> Finding:
    """Whether the web server could listen now."""
    what = f"Port {number}" if number else "Port"
    with socket.socket() as probe:
        # As the web server does it: a connection that is just ending does not block the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", number))
            probe.listen()
        except PermissionError:
            why = "this user may not listen there (ports below 1024 are the system's)"
            return problem(what, why, "set PORT to 1024 or more")
        except OSError:
            why = "something listens there already: the bot itself, or another program"
            return warning(what, why, f"curl http://127.0.0.1:{number}/livez")
    return ok(what, "free")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit()) or (0,)
