"""Addresses that people give us must lead to the public internet, and nowhere else.

Checking a name and then connecting to it leaves a hole: the name may answer differently the
second time. So the address that was checked is the one that is connected to.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from urllib.parse import SplitResult, urlsplit

from bot.model.errors import SourceDown, SourceRefused

LONGEST_URL = 2_000
PORTS = frozenset({80, 443})

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""All addresses of a host name, as text; raises OSError."""

# `is_global` lets these through (Python 3.11); they lead into private IPv4 networks.
_TUNNELS = tuple(
    ipaddress.IPv6Network(net)
    for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)


async def system_resolve(host: str, port: int) -> list[str]:
    """What the system's resolver says."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def is_public(address: str) -> bool:
    """Whether this IP address belongs to the public internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in net for net in _TUNNELS):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


async def checked_address(source: str, url: str, resolve: Resolve) -> str:
    """An IP address of the host in `url` that may be connected to, IPv4 before IPv6.

    Raises SourceRefused when the address is none we follow, or when any of the host's addresses
    is not public; SourceDown when the name cannot be resolved.
    """
    parts = _checked_parts(source, url)
    host = parts.hostname or ""
    try:
        addresses = await resolve(host, parts.port or (443 if parts.scheme == "https" else 80))
    except (OSError, UnicodeError) as error:
        msg = f"{source}: the name {host} cannot be resolved ({error})"
        raise SourceDown(msg) from None
    if not addresses or not all(is_public(address) for address in addresses):
        msg = f"{source}: {host} leads to an address that is not public; such feeds are not read"
        raise SourceRefused(msg)
    return min(addresses, key=lambda address: ":" in address)


def _checked_parts(source: str, url: str) -> SplitResult:
    problem = address_problem(url)
    if problem:
        msg = f"{source}: the address {problem}"
        raise SourceRefused(msg)
    return urlsplit(url)


def address_problem(url: str) -> str:
    """Why this address would not be followed whatever its host's name leads to; else empty."""
    try:
        parts = urlsplit(url)
        return _problem_of(url, parts, parts.port)
    except ValueError:
        return "is no web address"


def _problem_of(url: str, parts: SplitResult, port: int | None) -> str:
    host = parts.hostname or ""
    checks = (
        (len(url) > LONGEST_URL, f"is longer than {LONGEST_URL} characters"),
        (parts.scheme not in {"http", "https"} or not host, "is no http or https address"),
        ("@" in parts.netloc, "holds a user name or password"),
        (port is not None and port not in PORTS, "names a port other than 80 and 443"),
        (
            not host.isascii() or host.endswith("."),
            "has a host name in an unusual form; write it in plain letters (xn--…)",
        ),
    )
    return next((text for bad, text in checks if bad), "")
