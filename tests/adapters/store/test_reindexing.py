"""What the search index holds of a paper, and what happens to it when that changes."""

from hashlib import sha256
from itertools import chain

import pytest

from adapters.store import migrate, open_store
from adapters.store.engines import is_sqlite
from adapters.store.fulltext_postgres import PostgresIndex
from adapters.store.fulltext_sqlite import SqliteIndex
from bot.model.record import SearchRequest
from bot.rules.parse import parse_filter
from bot.rules.search_tokens import indexable
from bot.rules.synonyms import SYNONYMS
from tests.adapters.store.given import TODAY, announce
from tests.adapters.store.upgrading import migrate_to, on
from tests.builders import a_paper

PINNED = "24835535fbabfb4b"


async def titles(store, line, **more):
    request = SearchRequest(root=parse_filter(line).root, today=TODAY, **more)
    return [one.paper.title for one in (await store.papers.search(request)).found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("llm", ["LLMs", "Large language models"]),
        ('"large language model"', ["LLMs", "Large language models", "Largelanguagemodels"]),
        ("title:llm", ["LLMs", "Large language models"]),
        ("abs:llm", []),
        ("=llms", ["LLMs"]),
        ("=llm", []),
        ("=models", ["Language models, large ones", "Large language models"]),
        ("=model", []),
        ('"large language models"~1', ["Large language models"]),
        ("language -llm", ["Language models, large ones"]),
    ],
)
async def test_an_abbreviation_finds_what_it_stands_for(store, line, expected):
    names = ("LLMs", "Large language models", "Largelanguagemodels", "Language models, large ones")
    await announce(store, *(a_paper(name, abstract="") for name in names))
    assert sorted(await titles(store, line)) == expected


async def test_an_upgrade_that_changes_the_index_fills_it_anew(bare_url, monkeypatch):
    migrate_to(bare_url, "0013")
    async with open_store(bare_url) as store:
        body, heading = a_paper("Rings", abstract="large language model"), a_paper("LLM")
        await announce(store, heading, body)
        on(bare_url, lambda it: (SqliteIndex() if is_sqlite(it) else PostgresIndex()).clear(it))
        assert await titles(store, "llm") == []
    monkeypatch.setattr("adapters.store.reindexing.BATCH", 1)
    migrate(bare_url)
    async with open_store(bare_url) as store:
        assert await titles(store, "llm") == ["LLM", "Rings"], "a title weighs more"
        on(bare_url, lambda it: (SqliteIndex() if is_sqlite(it) else PostgresIndex()).clear(it))
    migrate(bare_url)
    async with open_store(bare_url) as store:
        assert await titles(store, "llm") == [], "it is filled once, not at every start"


def test_what_is_indexed_has_not_changed_without_a_migration():
    """FTS5 forgets a paper only when told exactly what it was given, by whatever version.

    If folding, synonyms or keys have changed on purpose: write a migration like 0017, move
    `schema.OLDEST_FIT` to it, and put the new digest here.
    """
    every_form = sorted({*SYNONYMS, *chain.from_iterable(SYNONYMS.values())})
    papers = (
        a_paper(
            "Naïve Überlegungen: $\\alpha$-divergence, state-of-the-art & C++ / C# analyses",
            abstract=". ".join(map(" ".join, every_form)),
            authors=("Jan Leike", "María de los Ángeles O'Neill-Smith", "X"),
            organization="Google DeepMind",
            categories=("cs.CL", "math.RA", "astro-ph.CO"),
            sources=("hf_daily", "arxiv_rss:cs.CL", "feed:https://example.org/a"),
            code_url="https://example.org/code",
        ),
        a_paper(
            "强化学习 Behaviours, colours and hypotheses of optimised matrices; the boss's buses",
            abstract="It is a study of the models that we have, and of what they don't say.",
            authors=("a b c d e f g h i j",),
            version=3,
        ),
        a_paper("", abstract="z" * 500),
    )
    indexed = "\n".join("\n".join(indexable(paper)) for paper in papers)
    assert sha256(indexed.encode()).hexdigest()[:16] == PINNED
