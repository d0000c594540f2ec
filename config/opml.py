"""Lists of feeds as OPML: which of them this bot can follow, and which not."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from adapters.sources.guard import address_problem, is_public
from bot.model.errors import UnreadableFile
from bot.rules.text import tidy
from config.sources import source_names

MOST_FEEDS = 500
LONGEST_TITLE = 100
FEED = "feed:"


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed of the list. problem: why it cannot be followed; empty where it can."""

    title: str
    address: str
    problem: str = ""

    @property
    def source(self) -> str:
        """What it is called in PAPERS_SOURCES, where commas part the names."""
        return FEED + self.address.replace(",", "%2C")


def feeds_of(found: bytes) -> list[Outline]:
    """Each feed of an OPML file once, in its order. Raises UnreadableFile."""
    try:
        root = ElementTree.fromstring(found)
    except DefusedXmlException:
        raise UnreadableFile("This XML declares entities, which are not read.") from None
    except (ElementTree.ParseError, RecursionError, LookupError, ValueError) as error:
        raise UnreadableFile(f"This is no OPML we can read ({error}).") from None
    if root.tag.lower() != "opml":
        raise UnreadableFile(f"This is no OPML: it begins with <{tidy(root.tag)[:40]}>.")
    outlines: dict[str, Outline] = {}
    for one in root.iter("outline"):
        given = {key.lower(): value for key, value in one.attrib.items()}
        if "xmlurl" in given:
            address = tidy(given["xmlurl"])
            title = tidy(given.get("title") or given.get("text") or "")[:LONGEST_TITLE]
            outlines.setdefault(address, Outline(title or address, address, _problem(address)))
        if len(outlines) > MOST_FEEDS:
            raise UnreadableFile(f"This lists more than {MOST_FEEDS} feeds; split it.")
    if not outlines:
        raise UnreadableFile("This lists no feeds: nothing in it has an xmlUrl.")
    return list(outlines.values())


def _problem(address: str) -> str:
    try:
        source_names(Outline("", address).source)
    except ValueError as error:
        return str(error).removeprefix("entry 1: ")
    said = address_problem(address) or _inside(address)
    return f"the address {said}" if said else ""


def _inside(address: str) -> str:
    host = urlsplit(address).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return ""  # a name, which is looked up when the feed is read
    return "" if is_public(host) else "is not public"


def opml_of(feeds: Sequence[str]) -> str:
    """These feed addresses as OPML 2.0."""
    outlines = "\n".join(
        f'    <outline type="rss" text={quoteattr(one)} xmlUrl={quoteattr(one)}/>' for one in feeds
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head><title>Paperwire</title></head>\n  <body>\n{outlines}\n  </body>\n</opml>"
    )
