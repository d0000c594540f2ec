"""Bad days on demand: what can go wrong between a client and Discord, switched on per route."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Status:
    """Answer with this status and an HTML page, as a proxy does. `committed`: only afterwards."""

    status: int
    committed: bool = False


@dataclass(frozen=True, slots=True)
class Hang:
    """Say nothing for so long. `committed`: the request was carried out, the answer hangs."""

    seconds: float
    committed: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    """Cut the connection (RST). `committed`: after the request was carried out."""

    committed: bool = False


@dataclass(frozen=True, slots=True)
class Limited:
    """Answer 429. scope: user, shared or global. Without `via` it looks like a banned address."""

    retry_after: float
    scope: str = "user"
    via: bool = True


@dataclass(frozen=True, slots=True)
class Code:
    """Answer with one of Discord's error codes."""

    code: int


@dataclass(frozen=True, slots=True)
class Garbage:
    """Carry the request out and answer 200 with this text instead of JSON."""

    text: str = "<html>ok</html>"


Fault = Status | Hang | Reset | Limited | Code | Garbage


@dataclass(slots=True)
class _Planned:
    operation: str
    fault: Fault
    times: int | None
    channel: str | None


class Faults:
    """Faults to come, in the order planned; each counts down as it strikes."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []
        self.struck: list[tuple[str, Fault]] = []

    def plan(
        self, operation: str, fault: Fault, *, times: int | None = 1, channel: int | None = None
    ) -> None:
        """Let `fault` strike the next requests to `operation` (OpenAPI operation id, `*` matches).

        times: how many, None for all from now on. channel: only requests about this channel.
        """
        major = str(channel) if channel is not None else None
        self._planned.append(_Planned(operation, fault, times, major))

    def take(self, operation: str, channel: str | None) -> Fault | None:
        for planned in self._planned:
            if not fnmatch.fnmatch(operation, planned.operation):
                continue
            if planned.channel is not None and planned.channel != channel:
                continue
            if planned.times is not None:
                planned.times -= 1
                if planned.times <= 0:
                    self._planned.remove(planned)
            self.struck.append((operation, planned.fault))
            return planned.fault
        return None

    def clear(self) -> None:
        self._planned.clear()
