"""Single papers by id from arXiv's query API; never for polling, it is too often down.

Source: design page on sources, 2.2; arXiv API user manual.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from adapters.sources.atom_entries import read_entries
from adapters.sources.exchange import Request
from adapters.sources.http import Fetcher
from adapters.sources.places import with_path
from adapters.sources.records import Sifted
from adapters.sources.xml_tree import BadXml, parse
from bot.model.errors import SourceGarbled, SourceRefused
from bot.model.paper import Announcements
from bot.rules.identity import arxiv_id

NAME = "arxiv_api"
BATCH = 100


class ArxivApi:
    """Looks papers up. url: such as https://export.arxiv.org/api/query."""

    name = NAME

    def __init__(self, fetcher: Fetcher, url: str) -> None:
        self._fetcher = fetcher
        self._url = with_path(url, "/api/query")

    async def look_up(self, arxiv_ids: list[str]) -> Announcements:
        """The papers with these ids; what is unknown, or no arXiv id at all, is absent."""
        read = (arxiv_id(written) for written in arxiv_ids)
        ids = list(dict.fromkeys(found.id for found in read if found))
        found = Sifted()
        for first in range(0, len(ids), BATCH):
            await self._look_up(ids[first : first + BATCH], found)
        return Announcements(sightings=tuple(found.sightings), rejected=tuple(found.rejected))

    async def _look_up(self, ids: Sequence[str], found: Sifted) -> None:
        # Without max_results only ten of them would come.
        query = urlencode({"id_list": ",".join(ids), "max_results": len(ids)}, safe=",/")
        url = f"{self._url}?{query}"
        reply = await self._fetcher.get(Request(source=NAME, url=url, also=frozenset({400})))
        try:
            root = parse(reply.body)
        except BadXml as error:
            msg = f"{NAME}: arXiv's answer {error}"
            raise SourceGarbled(msg) from None
        if root.tag != "feed":
            msg = f"{NAME}: arXiv's answer is no Atom feed (<{root.tag[:60]}>)"
            raise SourceGarbled(msg)
        page = read_entries(root, NAME)
        if reply.status == 400:
            msg = f"{NAME}: arXiv answered 400 Bad Request"
            raise SourceRefused(msg)
        asked = {f"arxiv:{id_}" for id_ in ids}
        found.sightings.extend(one for one in page.sightings if one.paper.key in asked)
        found.rejected.extend(page.rejected)
