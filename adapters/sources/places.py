"""Where the services are; settings can move each, to a mirror or a local server."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Addresses without a slash at the end. hf_token: optional, raises Hugging Face's limits."""

    hf_endpoint: str = "https://huggingface.co"
    hf_token: str = field(default="", repr=False)
    arxiv_rss_url: str = "https://rss.arxiv.org/rss"
    arxiv_oai_url: str = "https://oaipmh.arxiv.org/oai"
    arxiv_api_url: str = "https://export.arxiv.org/api/query"


def with_path(url: str, path: str) -> str:
    """`url`, or with `path` added if it names a host only."""
    url = url.rstrip("/")
    return url if urlsplit(url).path else url + path
