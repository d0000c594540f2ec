"""The gateway: hello, identify, heartbeat, events with sequence numbers, resume with replay."""

from __future__ import annotations

import json
import secrets
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.servers.discord.shapes import guild_json, user_json
from tests.servers.discord.world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
OTHER_SENDS = {3, 4, 8, 14, 31}  # presence, voice, members, …: taken and ignored

GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15)
ALL_INTENTS = (1 << 26) - 1
# Events not named here need no intent.
NEEDED_INTENT = {
    "GUILD_CREATE": GUILDS,
    "GUILD_DELETE": GUILDS,
    "CHANNEL_CREATE": GUILDS,
    "CHANNEL_UPDATE": GUILDS,
    "CHANNEL_DELETE": GUILDS,
    "THREAD_DELETE": GUILDS,
    "MESSAGE_CREATE": GUILD_MESSAGES | DIRECT_MESSAGES,
    "MESSAGE_UPDATE": GUILD_MESSAGES | DIRECT_MESSAGES,
}
PAYLOAD_BYTES, SENDS_A_MINUTE, LOGINS_A_DAY = 4096, 120, 1000


class Closing(Exception):
    """The connection ends with this close code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(slots=True)
class Session:
    """What survives a lost connection: the events sent, to be replayed on resume."""

    id: str
    intents: int
    shard: tuple[int, int]
    connection: Connection | None = None
    events: list[dict[str, Any]] = field(default_factory=list)

    def serves(self, guild_id: int | None) -> bool:
        number, count = self.shard
        return ((guild_id or 0) >> 22) % count == number


class Connection:
    """One WebSocket, compressed as the client asked."""

    def __init__(self, socket: web.WebSocketResponse, *, compressed: bool) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.sends: list[float] = []
        self.dropped = False
        self._deflate = zlib.compressobj() if compressed else None

    async def send(self, payload: dict[str, Any]) -> None:
        if self.socket.closed:
            return
        text = json.dumps(payload)
        if self._deflate is None:
            await self.socket.send_str(text)
            return
        data = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        await self.socket.send_bytes(data)


class Gateway:
    """All connections and sessions. Switches: `acknowledges` off makes a zombie of every connection.

    logins, resumes: how many IDENTIFY and RESUME were accepted. closed: close codes sent.
    most_at_once: of one shard's sessions, how many were connected at the same time.
    """

    def __init__(self, world: World, token: str, url: Any) -> None:
        self._world = world
        self._token = token
        self._url = url
        self._connections: set[Connection] = set()
        self.sessions: dict[str, Session] = {}
        self.heartbeat_ms = 41_250
        self.acknowledges = True
        self.privileged_allowed = False
        self.logins = 0
        self.resumes = 0
        self.most_at_once = 0
        self.closed: list[int] = []

    def session_start(self) -> dict[str, int]:
        left = max(0, LOGINS_A_DAY - self.logins)
        return {
            "total": LOGINS_A_DAY,
            "remaining": left,
            "reset_after": 86_400_000,
            "max_concurrency": 1,
        }

    # What happens to clients ----------------------------------------------------------------

    async def dispatch(self, event: str, data: Any, *, guild_id: int | None = None) -> int:
        """Send an event to every session it concerns; how many that were."""
        needed = NEEDED_INTENT.get(event, 0)
        reached = 0
        for session in list(self.sessions.values()):
            if session.serves(guild_id) and (not needed or session.intents & needed):
                await self._to_session(session, event, data)
                reached += 1
        return reached

    async def ask_to_reconnect(self) -> None:
        """Op 7 to everybody."""
        await self._to_all({"op": RECONNECT, "d": None, "s": None, "t": None})

    async def invalidate(self, *, resumable: bool) -> None:
        """Op 9 to everybody; not resumable also forgets the sessions."""
        if not resumable:
            self.sessions.clear()
        await self._to_all({"op": INVALID_SESSION, "d": resumable, "s": None, "t": None})

    async def drop(self, code: int = 4000) -> None:
        """Close every connection with this code; sessions stay and can be resumed."""
        for connection in list(self._connections):
            self.closed.append(code)
            connection.dropped = True
            await connection.socket.close(code=code)

    async def send_raw(self, payload: dict[str, Any]) -> None:
        """Send anything to everybody, also what Discord never should."""
        await self._to_all(payload)

    async def _to_all(self, payload: dict[str, Any]) -> None:
        for connection in list(self._connections):
            await connection.send(payload)

    async def _to_session(self, session: Session, event: str, data: Any) -> None:
        payload = {"op": DISPATCH, "t": event, "s": len(session.events) + 1, "d": data}
        session.events.append(payload)
        if session.connection is not None:
            await session.connection.send(payload)

    # One connection -------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        compressed = request.query.get("compress") == "zlib-stream"
        connection = Connection(socket, compressed=compressed)
        self._connections.add(connection)
        try:
            if request.query.get("v") != "10" or request.query.get("encoding") != "json":
                raise Closing(4012, "Invalid API version")
            await connection.send(
                {"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}, "s": None, "t": None}
            )
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await self._take(connection, frame.data)
        except Closing as closing:
            self.closed.append(closing.code)
            await socket.close(code=closing.code, message=closing.reason.encode())
        finally:
            self._connections.discard(connection)
            if connection.session and connection.session.connection is connection:
                connection.session.connection = None
                # A client that says goodbye itself gives its session up.
                if not connection.dropped and socket.close_code in (1000, 1001):
                    self.sessions.pop(connection.session.id, None)
        return socket

    async def _take(self, connection: Connection, text: str) -> None:
        payload = self._read(connection, text)
        data = payload.get("d")
        match payload.get("op"):
            case 1:
                if self.acknowledges:
                    await connection.send({"op": HEARTBEAT_ACK, "d": None, "s": None, "t": None})
            case 2:
                await self._identify(connection, data)
            case 6:
                await self._resume(connection, data)
            case op if op in OTHER_SENDS:
                if connection.session is None:
                    raise Closing(4003, "Not authenticated.")
            case _:
                raise Closing(4001, "Unknown opcode.")

    def _read(self, connection: Connection, text: str) -> dict[str, Any]:
        now = self._world.clock.now()
        connection.sends = [at for at in connection.sends if at > now - 60.0]
        connection.sends.append(now)
        if len(connection.sends) > SENDS_A_MINUTE:
            raise Closing(4008, "Rate limited.")
        if len(text.encode()) > PAYLOAD_BYTES:
            raise Closing(4002, "Error while decoding payload.")
        try:
            payload = json.loads(text)
        except ValueError as error:
            raise Closing(4002, "Error while decoding payload.") from error
        if not isinstance(payload, dict):
            raise Closing(4002, "Error while decoding payload.")
        return payload

    async def _identify(self, connection: Connection, data: Any) -> None:
        if connection.session is not None:
            raise Closing(4005, "Already authenticated.")
        if not isinstance(data, dict) or data.get("token") != self._token:
            raise Closing(4004, "Authentication failed.")
        self.logins += 1
        session = Session(
            id=secrets.token_hex(16),
            intents=self._checked_intents(data.get("intents")),
            shard=_checked_shard(data.get("shard")),
            connection=connection,
        )
        self.sessions[session.id] = session
        connection.session = session
        self._count_connected(session.shard)
        await self._welcome(session)

    def connected(self, shard: tuple[int, int] = (0, 1)) -> list[Session]:
        """The sessions of a shard that somebody is connected with now."""
        live = {id(one.session) for one in self._connections}
        return [one for one in self.sessions.values() if one.shard == shard and id(one) in live]

    def _count_connected(self, shard: tuple[int, int]) -> None:
        self.most_at_once = max(self.most_at_once, len(self.connected(shard)))

    def _checked_intents(self, intents: Any) -> int:
        if not isinstance(intents, int) or intents & ~ALL_INTENTS:
            raise Closing(4013, "Invalid intent(s).")
        if intents & PRIVILEGED and not self.privileged_allowed:
            raise Closing(4014, "Disallowed intent(s).")
        return intents

    async def _welcome(self, session: Session) -> None:
        bot = self._world.bot
        guilds = [
            guild
            for guild in self._world.guilds.values()
            if guild.has_bot and session.serves(guild.id)
        ]
        await self._to_session(
            session,
            "READY",
            {
                "v": 10,
                "user": user_json(bot),
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self._url(),
                "shard": list(session.shard),
                "application": {"id": str(bot.id), "flags": 0},
            },
        )
        if session.intents & GUILDS:
            for guild in guilds:
                await self._to_session(session, "GUILD_CREATE", guild_json(guild, bot))

    async def _resume(self, connection: Connection, data: Any) -> None:
        if not isinstance(data, dict) or data.get("token") != self._token:
            raise Closing(4004, "Authentication failed.")
        session = self.sessions.get(str(data.get("session_id")))
        if session is None:
            await connection.send({"op": INVALID_SESSION, "d": False, "s": None, "t": None})
            return
        seen = data.get("seq") or 0
        if seen > len(session.events):
            raise Closing(4007, "Invalid seq.")
        self.resumes += 1
        session.connection = connection
        connection.session = session
        self._count_connected(session.shard)
        for payload in session.events[seen:]:
            await connection.send(payload)
        await self._to_session(session, "RESUMED", {"_trace": []})


def _checked_shard(shard: Any) -> tuple[int, int]:
    if shard is None:
        return (0, 1)
    match shard:
        case [int(number), int(count)] if 0 <= number < count:
            return (number, count)
        case _:
            raise Closing(4010, "Invalid shard.")
