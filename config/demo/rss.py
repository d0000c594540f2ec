"""Demo papers in the shape of arXiv's RSS 2.0 feeds (`rss.arxiv.org/rss/<category>`).

For simplicity a paper is announced on the day Hugging Face listed it, so that both demo sources
tell of the same day. Every licence is given as arXiv's own default, the one that grants least.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from config.demo.papers import DemoPaper

NEW_YORK = ZoneInfo("America/New_York")
LICENCE = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
SATURDAY = 5

# arXiv category taxonomy: the archives that announce papers.
ARCHIVES = (
    *("astro-ph", "cond-mat", "cs", "econ", "eess", "gr-qc", "hep-ex", "hep-lat", "hep-ph"),
    *("hep-th", "math", "math-ph", "nlin", "nucl-ex", "nucl-th", "physics", "q-bio", "q-fin"),
    *("quant-ph", "stat"),
)
SUBJECT = re.compile("[a-z]{2}|[a-z]+-[a-z]+|optics|other|soft")

# TeX accents that the feeds leave in authors' names, by combining character.
TEX_ACCENTS = {
    "\u0300": "\\`",
    "\u0301": "\\'",
    "\u0302": "\\^",
    "\u0303": "\\~",
    "\u0308": '\\"',
}

NAMESPACES = {
    "arxiv": "http://arxiv.org/schemas/atom",
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
}


class BadCategory(ValueError):
    """No such category; the service answers with status 400 and a feed that says so."""


def categories_of(query: str) -> list[str]:
    """Read `cs.CL` or `cs.CL+cs.LG` (any case) from an address, or raise BadCategory."""
    categories = query.split("+")
    for category in categories:
        archive, dot, subject = category.lower().partition(".")
        if archive not in ARCHIVES:
            raise BadCategory(f"Bad archive '{archive}'. Known archives: {', '.join(ARCHIVES)}.")
        if dot and not SUBJECT.fullmatch(subject):
            raise BadCategory(f"Bad subject class '{subject}' in '{category}'.")
    return categories


def feed(papers: Sequence[DemoPaper], query: str, today: date) -> bytes:
    """The feed of `query` on `today` in New York: new papers first, then cross-lists.

    Saturdays and Sundays give a valid channel without papers. Raises BadCategory.
    """
    categories = categories_of(query)
    title = f"{', '.join(categories)} updates on "
    rss, channel = _channel(title + "arXiv.org", query, title + "the arXiv.org e-print archive.")
    _add_dates(channel, today)
    skip = ET.SubElement(channel, "skipDays")
    for name in ("Saturday", "Sunday"):
        ET.SubElement(skip, "day").text = name
    for announce_type in ("new", "cross"):
        for paper in _announced(papers, today):
            if _announce_type(paper, categories) == announce_type:
                _add_paper(channel, paper, announce_type)
    return _xml(rss)


def error_feed(query: str, message: str, today: date) -> bytes:
    """The feed that comes with status 400."""
    address = f"http://rss.arxiv.org/rss/{query}"
    rss, channel = _channel(f"Feed error for query: {address}", query, message)
    _add_dates(channel, today)
    return _xml(rss)


def tex_accents(name: str) -> str:
    r"""Names as arXiv's feeds write them: `José` becomes `Jos\'e`."""
    written = ""
    for letter in unicodedata.normalize("NFC", name):
        decomposed = unicodedata.normalize("NFD", letter)
        accent = TEX_ACCENTS.get(decomposed[1:])
        written += accent + decomposed[0] if accent else letter
    return written


def _announced(papers: Sequence[DemoPaper], today: date) -> list[DemoPaper]:
    if today.weekday() >= SATURDAY:
        return []
    listed = (paper for paper in papers if paper.listed_on == today)
    return sorted(listed, key=lambda paper: paper.arxiv_id)


def _announce_type(paper: DemoPaper, categories: Sequence[str]) -> str | None:
    """`new` in the primary category, `cross` in the others, None where it is not listed."""
    if not any(_covers(category, listed) for category in categories for listed in paper.categories):
        return None
    primary = paper.categories[0]
    return "new" if any(_covers(category, primary) for category in categories) else "cross"


def _covers(wanted: str, category: str) -> bool:
    """Whether a feed for `wanted`, a category or a whole archive, lists `category`."""
    wanted, category = wanted.lower(), category.lower()
    return category == wanted or category.startswith(wanted + ".")


def _channel(title: str, query: str, description: str) -> tuple[ET.Element, ET.Element]:
    for prefix, address in NAMESPACES.items():
        ET.register_namespace(prefix, address)
    address = f"http://rss.arxiv.org/rss/{query}"
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    ET.SubElement(channel, "title").text = title
    ET.SubElement(channel, "link").text = address
    ET.SubElement(channel, "description").text = description
    ET.SubElement(
        channel, _name("atom", "link"), href=address, rel="self", type="application/rss+xml"
    )
    ET.SubElement(channel, "docs").text = "http://www.rssboard.org/rss-specification"
    ET.SubElement(channel, "language").text = "en-us"
    ET.SubElement(channel, "managingEditor").text = "rss-help@arxiv.org"
    return rss, channel


def _add_dates(channel: ET.Element, today: date) -> None:
    """Feeds are built right after midnight; the build time is fixed so that the ETag is too."""
    built_at = datetime.combine(today, time(second=2), NEW_YORK).astimezone(UTC)
    ET.SubElement(channel, "lastBuildDate").text = format_datetime(built_at)
    ET.SubElement(channel, "pubDate").text = _midnight(today)


def _add_paper(channel: ET.Element, paper: DemoPaper, announce_type: str) -> None:
    version = f"{paper.arxiv_id}v1"
    row = ET.SubElement(channel, "item")
    ET.SubElement(row, "title").text = paper.title
    ET.SubElement(row, "link").text = f"https://arxiv.org/abs/{paper.arxiv_id}"
    ET.SubElement(
        row, "description"
    ).text = f"arXiv:{version} Announce Type: {announce_type} \nAbstract: {paper.summary}"
    ET.SubElement(row, "guid", isPermaLink="false").text = f"oai:arXiv.org:{version}"
    for category in paper.categories:
        ET.SubElement(row, "category").text = category
    ET.SubElement(row, "pubDate").text = _midnight(paper.listed_on)
    ET.SubElement(row, _name("arxiv", "announce_type")).text = announce_type
    ET.SubElement(row, _name("dc", "rights")).text = LICENCE
    ET.SubElement(row, _name("dc", "creator")).text = ", ".join(map(tex_accents, paper.authors))


def _name(prefix: str, tag: str) -> str:
    return f"{{{NAMESPACES[prefix]}}}{tag}"


def _midnight(day: date) -> str:
    """Midnight in New York, where announcements are dated."""
    return format_datetime(datetime.combine(day, time(), NEW_YORK))


def _xml(rss: ET.Element) -> bytes:
    ET.indent(rss)
    body: bytes = ET.tostring(rss, encoding="UTF-8", xml_declaration=True)
    return body
