"""All kinds of source by name. A new source is one file and one line here."""

from collections.abc import Callable

from adapters.sources.arxiv_oai import ArxivOai
from adapters.sources.arxiv_rss import ArxivRss
from adapters.sources.feed import Feed
from adapters.sources.http import Fetcher
from adapters.sources.huggingface import HuggingFaceDaily
from adapters.sources.places import Places
from bot.model.errors import ConfigError
from bot.ports import PaperSource

Factory = Callable[[Fetcher, Places, str], PaperSource]
"""Makes a source; the text is what stands after the colon of its name."""

SOURCES: dict[str, Factory] = {
    "hf_daily": lambda http, at, _: HuggingFaceDaily(http, at.hf_endpoint, at.hf_token),
    "arxiv_rss": lambda http, at, category: ArxivRss(http, at.arxiv_rss_url, category),
    "arxiv_oai": lambda http, at, set_: ArxivOai(http, at.arxiv_oai_url, set_),
    "feed": lambda http, _, url: Feed(http, url),
}

NEED_MORE = {
    "arxiv_rss": "a category: arxiv_rss:cs.CL",
    "feed": "an address: feed:https://example.org/rss",
}


def open_source(name: str, fetcher: Fetcher, places: Places) -> PaperSource:
    """The source called `name`, such as `hf_daily` or `arxiv_rss:cs.CL`.

    Raises ConfigError when there is no such kind, or when its name wants more.
    """
    kind, _, rest = name.partition(":")
    factory = SOURCES.get(kind)
    if factory is None:
        msg = f"PAPERS_SOURCES names {kind!r}, which is none of {', '.join(SOURCES)}"
        raise ConfigError(msg)
    if not rest and kind in NEED_MORE:
        msg = f"PAPERS_SOURCES names {kind} without {NEED_MORE[kind]}"
        raise ConfigError(msg)
    return factory(fetcher, places, rest)
