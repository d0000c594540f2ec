"""Which work a record is about: ids and keys out of whatever people and sources write.

One work has one key over all sources and versions: its arXiv id, else its DOI, else another
catalogue's id, else a hash of its address.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from bot.model.paper import PaperKey

MAX_URL = 2_000
MAX_ID = 200

# Archives that gave out ids such as hep-th/9901001 until March 2007.
_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas"
    "|cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin"
    "|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_NEW = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
_OLD = rf"(?:{_ARCHIVES})(?:\.[a-z]{{2}})?/\d{{2}}(?:0[1-9]|1[0-2])\d{{3}}"
_ID = rf"(?P<id>{_NEW}|{_OLD})(?:v(?P<version>[1-9]\d{{0,2}}))?(?P<tail>\.pdf)?"
_PLAIN_ID = re.compile(_NEW, re.ASCII)
_BARE = re.compile(rf"(?:arxiv:\s*|oai:arxiv\.org:)?{_ID}", re.ASCII | re.IGNORECASE)
_TWIN_DOI = re.compile(rf"10\.48550/arxiv\.{_ID}", re.ASCII | re.IGNORECASE)
_PAGE = re.compile(
    rf"(?:https?://)?(?:[a-z0-9-]+\.)*"
    rf"(?:arxiv\.org|alphaxiv\.org|huggingface\.co|hf\.co|papers\.cool|ar5iv\.org)"
    rf"/(?:abs|pdf|html|format|src|e-print|ps|overview|papers|arxiv)"
    rf"/{_ID}(?:\.md|\.html?)?/?(?:[?#].*)?",
    re.ASCII | re.IGNORECASE,
)
_DOI = re.compile(
    r"(?:doi:\s*|(?:https?://)?(?:dx\.|www\.)?doi\.org/)?(?P<doi>10\.\d{4,9}/[^\s<>\"\\^`{|}]+)",
    re.IGNORECASE,
)
_DOI_IN_PATH = re.compile(r"/(10\.\d{4,9}/[^\s?#<>\"\\^`{|}]+)")
_CATALOGUES = (
    (re.compile(r"(?:https?://)?openreview\.net/(?:forum|pdf)\?(?:.*&)?id=([\w-]{6,40})(?:[&#].*)?"),
     "openreview"),
    (re.compile(r"(?:https?://)?pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,9})/?(?:[?#].*)?"), "pmid"),
    (re.compile(r"(?:https?://)?(?:www\.)?(?:aclanthology\.org|aclweb\.org/anthology)"
                r"/([A-Z]\d{2}-\d{4}|\d{4}\.[\w-]+\.\d{1,5})(?:v\d+)?(?:\.pdf)?/?(?:[?#].*)?"),
     "acl"),
)  # fmt: skip
_KNOWN = re.compile(r"(?:openreview|pmid|acl|conf|url):[\w.:/-]+", re.ASCII)
_SCHEMED = re.compile(r"([a-z][a-z0-9_-]{1,19}):([^\s:][^\s]*)", re.ASCII)
_STRENGTH = ("arxiv", "doi", "openreview", "pmid", "acl", "conf")
_PAGES = {
    "arxiv": "https://arxiv.org/abs/",
    "doi": "https://doi.org/",
    "openreview": "https://openreview.net/forum?id=",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "acl": "https://aclanthology.org/",
}
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|rss|source|ref|ref_src|cmp", re.IGNORECASE)
_UNSAFE = re.compile(r"[\s\x00-\x20\x7f<>\"\\^`{|}]")


@dataclass(frozen=True, slots=True)
class ArxivId:
    """An arXiv id in its one normal form, and the version that was named beside it, if any."""

    id: str
    version: int | None = None

    @property
    def key(self) -> PaperKey:
        """The key of the work."""
        return f"arxiv:{self.id}"


def arxiv_id(text: str) -> ArxivId | None:
    """The arXiv id that `text` consists of, or None.

    Understands the bare id, `arXiv:…`, `oai:arXiv.org:…`, the DOI twin and the pages of arXiv,
    alphaXiv, Hugging Face, papers.cool and ar5iv. Source: arXiv help, "identifier scheme".
    """
    if _PLAIN_ID.fullmatch(text):
        return ArxivId(text)
    text = _unwrapped(text)
    if len(text) > MAX_URL:
        return None
    found = _BARE.fullmatch(text) or _PAGE.fullmatch(text)
    if found is None:
        named = _DOI.fullmatch(text)
        found = _TWIN_DOI.fullmatch(named["doi"]) if named else None
    if found is None:
        return None
    return ArxivId(_normal(found["id"]), int(found["version"]) if found["version"] else None)


def doi(text: str) -> str | None:
    """The DOI that `text` consists of, in lower case and without its resolver, or None.

    arXiv's own DOIs are not DOIs here: they are another way to write the arXiv id.
    """
    text = _unwrapped(text)
    if len(text) > MAX_URL or "10." not in text:
        return None
    found = _DOI.fullmatch(unquote(text))
    if found is None:
        return None
    name = found["doi"].split("?")[0].split("#")[0].rstrip(".,;:)]'").lower()
    if len(name) > MAX_ID or _TWIN_DOI.fullmatch(name) or not name.isprintable():
        return None
    return name


def doi_in_address(url: str) -> str | None:
    """The DOI a publisher's page carries in its path, such as `…/content/10.1101/2024.01.02v1`.

    Preprint servers append `v1` and page names; the DOI itself has no version there.
    """
    found = _DOI_IN_PATH.search(unquote(url[:MAX_URL]))
    if found is None:
        return None
    name = re.sub(r"(?:\.(?:full|abstract|short))*(?:\.pdf)?(?:\+html)?/?$", "", found[1])
    return doi(re.sub(r"(?<=\d)v\d+$", "", name) if name.startswith("10.1101/") else name)


def paper_key(text: str) -> PaperKey | None:
    """The key that an id or web address stands for; None when `text` is neither.

    Any http(s) address gets a key, since feeds bring papers that have nothing better.
    """
    found = arxiv_id(text)
    if found is not None:
        return found.key
    name = doi(text)
    if name is not None:
        return f"doi:{name}"
    text = _unwrapped(text)
    if len(text) > MAX_URL:
        return None
    for pattern, scheme in _CATALOGUES:
        match = pattern.fullmatch(text)
        if match:
            return f"{scheme}:{match[1]}"
    if _KNOWN.fullmatch(text):
        return text
    return url_key(text) if text.startswith(("http://", "https://")) else None


def schemed_id(text: str) -> PaperKey | None:
    """`text` as a key if it is an arXiv id, a DOI or any `scheme:value`; None otherwise."""
    found = arxiv_id(text)
    if found is not None:
        return found.key
    name = doi(text)
    if name is not None:
        return f"doi:{name}"
    match = _SCHEMED.fullmatch(text)
    if match is None or len(text) > MAX_ID or not text.isprintable() or match[1] in _NO_ID:
        return None
    return text


_NO_ID = frozenset({"http", "https", "ftp", "file", "mailto", "javascript", "data", "arxiv", "doi"})


def strongest(ids: Iterable[str]) -> PaperKey:
    """The one of several ids of a work that becomes its key.

    Raises ValueError when there is none. Source of the order: design page on sources, 4.2.
    """
    known = sorted(ids, key=_rank)
    if not known:
        msg = "a paper needs at least one id"
        raise ValueError(msg)
    return known[0]


def _rank(key: str) -> int:
    scheme = key.partition(":")[0]
    if scheme == "url":
        return len(_STRENGTH) + 1
    return _STRENGTH.index(scheme) if scheme in _STRENGTH else len(_STRENGTH)


def page_of(key: PaperKey) -> str:
    """The address of the work's page, built from its id; empty when its id has no page."""
    scheme, _, value = key.partition(":")
    return _PAGES[scheme] + value if scheme in _PAGES else ""


def url_key(url: str) -> PaperKey | None:
    """The key of a work that has nothing but an address; None if it is no http(s) address.

    Fragments, tracking parameters, the order of parameters, http or https, and a last slash
    make no difference.
    """
    safe = web_url(url)
    if not safe:
        return None
    parts = urlsplit(safe)
    query = sorted(
        pair for pair in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(pair[0])
    )  # fmt: skip
    cleaned = (parts.netloc, parts.path.rstrip("/"), urlencode(query))
    return text_key(urlunsplit(("https", *cleaned, "")))


def text_key(text: str) -> PaperKey:
    """The key of a work known only by a text that stays the same, such as a feed's guid."""
    return "url:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def web_url(text: str) -> str:
    """`text` as an address that may become a link, or "" if it must not.

    http and https only; no control characters, blanks, user names or quotes inside; at most
    2,000 characters; host names in their ASCII form, so that look-alike letters show.
    """
    text = text.strip()
    if not text.startswith(("http://", "https://", "HTTP://", "HTTPS://")):
        return ""
    if len(text) > MAX_URL or _UNSAFE.search(text) or not text.isprintable():
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        port = parts.port
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
    except ValueError:  # a broken port, IPv6 address or host name
        return ""
    if not host or parts.username is not None or parts.password is not None:
        return ""
    if ":" in host:
        host = f"[{host}]"
    standard = {"http": 80, "https": 443}[parts.scheme]
    netloc = host if port in (None, standard) else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path, parts.query, parts.fragment))


def _unwrapped(text: str) -> str:
    """`text` without blanks and the angle brackets chat platforms put around addresses."""
    return text.strip().removeprefix("<").removesuffix(">").partition("|")[0].strip()


def _normal(written: str) -> str:
    archive, slash, number = written.lower().partition("/")
    return archive.partition(".")[0] + slash + number if slash else archive
