"""The last look at a lease (`bot/model/last_look.py`), for requests that aiohttp writes."""

from typing import Any

import aiohttp

from bot.model.last_look import about_to_write


def last_look() -> aiohttp.TraceConfig:
    """For `trace_configs` of every session that posts.

    aiohttp keeps the headers back and calls this with the body in hand; headers and body are
    written together as soon as it returns, within one turn of the loop (`StreamWriter.write`).
    What is raised here comes out as ClientConnectionError, the connection closed and nothing
    written. Requests without a body show nothing and are not asked about.
    """

    async def look(
        _session: aiohttp.ClientSession, _context: Any, _part: aiohttp.TraceRequestChunkSentParams
    ) -> None:
        about_to_write()

    trace = aiohttp.TraceConfig()
    trace.on_request_chunk_sent.append(look)
    return trace
