"""Discord calling an application over HTTP: signed with Ed25519, as for an endpoint set up there."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

if TYPE_CHECKING:
    from tests.servers.discord.world import Clock

ANSWER_WITHIN_S = 3.0


@dataclass
class Caller:
    """Posts interactions to `url` once it is set. statuses: what the application answered (0: nothing)."""

    clock: Clock
    url: str = ""
    statuses: list[int] = field(default_factory=list)
    _key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public_key(self) -> str:
        return self._key.public_key().public_bytes_raw().hex()

    def headers(self, body: bytes, *, at: float | None = None) -> dict[str, str]:
        """The two headers that prove where `body` comes from."""
        stamp = str(int(self.clock.now() if at is None else at))
        return {
            "X-Signature-Timestamp": stamp,
            "X-Signature-Ed25519": self._key.sign(stamp.encode() + body).hex(),
            "Content-Type": "application/json",
            "User-Agent": "Discord-Interactions/1.0 (+https://discord.com)",
        }

    async def knock(self) -> bool:
        """What Discord does when an address is entered: a PING, and one with a forged signature."""
        ping = b'{"type":1,"id":"1","application_id":"1","token":"t","version":1}'
        good = await self._post(ping, self.headers(ping))
        forged = await self._post(ping, self.headers(b"something else"))
        return good == (200, {"type": 1}) and forged[0] == 401

    async def call(self, payload: dict[str, Any]) -> None:
        """Send an interaction; the answer to it comes through the callback route."""
        body = json.dumps(payload).encode()
        status, _ = await self._post(body, self.headers(body))
        self.statuses.append(status)

    async def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        try:
            async with (
                asyncio.timeout(ANSWER_WITHIN_S),
                aiohttp.ClientSession() as session,
                session.post(self.url, data=body, headers=headers) as answer,
            ):
                text = await answer.text()
                return answer.status, json.loads(text) if text else None
        except (aiohttp.ClientError, TimeoutError):
            return 0, None
