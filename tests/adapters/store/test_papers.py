from dataclasses import replace
from datetime import date, timedelta

from adapters.store import saving
from bot.model.paper import BlurbOrigin, Event, Metrics, Saved, Status
from bot.model.record import SearchRequest
from bot.model.topic import Text
from tests.adapters.store.given import NOON, TODAY, announce, plan_all, raised_to, seen
from tests.builders import LAB, a_paper


async def test_a_paper_comes_back_as_it_went_in(store):
    paper = a_paper(
        "Über Ringe $\\mathbb{Z}$ 😀",
        authors=("Emmy Noether", "Bartel van der Waerden"),
        categories=("math.RA", "math.AC"),
        published_on=date(2026, 11, 20),
        updated_on=date(2026, 11, 21),
        version=2,
        organization="Göttingen",
        blurb="Rings.",
        blurb_origin=BlurbOrigin.ABSTRACT,
        keywords=("rings", "ideals"),
        code_url="https://example.org/code",
        status=Status.RETRACTED,
        metrics=Metrics(upvotes=3, comments=0, stars=None),
    )
    await announce(store, paper)
    assert await store.papers.get(paper.key) == replace(
        paper,
        announced_on=TODAY,
        events=frozenset({Event.NEW}),
        sources=frozenset({"arxiv_rss:cs.CL"}),
    )


async def test_reading_the_same_again_changes_nothing(store):
    paper = a_paper(upvotes=3)
    assert await announce(store, paper) == Saved(new=1)
    before = await store.papers.get(paper.key)
    assert await announce(store, paper, now=NOON + timedelta(hours=1)) == Saved(unchanged=1)
    assert await store.papers.get(paper.key) == before
    assert len(await store.papers.unplanned(10)) == 1


async def test_an_unknown_paper_is_none(store):
    assert await store.papers.get("arxiv:2611.99999") is None


async def test_one_paper_through_four_readings_is_one_row_with_four_sightings(store):
    paper = a_paper(version=1)
    await announce(store, paper, source="hf_daily")
    await announce(store, paper, source="arxiv_rss:cs.CL")
    await announce(store, seen(paper, Event.CROSS), source="arxiv_rss:cs.LG")
    await announce(store, seen(replace(paper, version=2), Event.REPLACE), source="arxiv_rss:cs.CL")
    history = await store.papers.history(LAB, paper.key)
    assert [(one.source, one.event) for one in history.sightings] == [
        ("hf_daily", Event.NEW),
        ("arxiv_rss:cs.CL", Event.NEW),
        ("arxiv_rss:cs.LG", Event.CROSS),
        ("arxiv_rss:cs.CL", Event.REPLACE),
    ]
    assert history.paper.version == 2
    assert (await store.upkeep.status()).papers == 1


async def test_a_second_replacement_is_a_sighting_of_its_own(store):
    paper = a_paper(version=1)
    for version in (1, 2, 3):
        event = Event.NEW if version == 1 else Event.REPLACE
        await announce(store, seen(replace(paper, version=version), event))
    events = [one.event for one in await store.papers.unplanned(10)]
    assert events == [Event.NEW, Event.REPLACE, Event.REPLACE]


async def test_a_missing_field_never_erases_a_stored_one(store):
    paper = a_paper(comment="12 pages", license="CC0", upvotes=7, version=3)
    await announce(store, paper, source="arxiv_oai")
    bare = replace(
        paper, abstract="", comment="", license="", authors=(), version=None, metrics=Metrics()
    )
    await announce(store, bare, source="arxiv_oai")
    stored = await store.papers.get(paper.key)
    assert (stored.comment, stored.abstract, stored.metrics.upvotes, stored.version) == (
        "12 pages", paper.abstract, 7, 3,
    )  # fmt: skip


async def test_arxiv_is_believed_for_the_title_and_hugging_face_for_the_code(store):
    paper = a_paper("From the API", code_url="https://example.org/arxiv")
    await announce(store, paper, source="arxiv_oai")
    theirs = replace(paper, title="From Hugging Face", code_url="https://example.org/hf")
    await announce(store, theirs, source="hf_daily")
    stored = await store.papers.get(paper.key)
    assert (stored.title, stored.code_url) == ("From the API", "https://example.org/hf")


async def test_a_better_source_corrects_a_worse_one(store):
    paper = a_paper("As a feed told it")
    await announce(store, paper, source="feed:example")
    await announce(store, replace(paper, title="As RSS told it"), source="arxiv_rss:cs.CL")
    await announce(store, replace(paper, title="As OAI told it"), source="arxiv_oai")
    await announce(store, replace(paper, title="As RSS told it"), source="arxiv_rss:cs.CL")
    assert (await store.papers.get(paper.key)).title == "As OAI told it"


async def test_a_new_version_corrects_the_old_one_whoever_tells_it(store):
    paper = a_paper("Before", version=1)
    await announce(store, paper, source="arxiv_oai")
    later = replace(paper, title="After", version=2)
    await announce(store, seen(later, Event.REPLACE), source="arxiv_rss:cs.CL")
    await announce(store, paper, source="arxiv_oai")
    assert (await store.papers.get(paper.key)).title == "After"


async def test_the_newest_count_counts_even_when_it_is_lower(store):
    paper = a_paper(upvotes=9)
    await announce(store, paper)
    await announce(store, raised_to(paper, 4))
    assert (await store.papers.get(paper.key)).metrics.upvotes == 4


async def test_a_withdrawn_paper_stays_withdrawn_until_a_new_version_stands(store):
    paper = a_paper(version=1)
    await announce(store, paper)
    gone = replace(paper, status=Status.WITHDRAWN, version=2)
    await announce(store, seen(gone, Event.WITHDRAWN))
    await announce(store, seen(replace(paper, version=2), Event.CROSS))
    assert (await store.papers.get(paper.key)).status is Status.WITHDRAWN
    await announce(store, seen(replace(paper, version=3), Event.REPLACE))
    assert (await store.papers.get(paper.key)).status is Status.ACTIVE


async def test_a_paper_is_announced_on_its_earliest_sighting(store):
    paper = a_paper()
    await announce(store, seen(paper, on=TODAY))
    await announce(store, seen(paper, Event.CROSS, on=TODAY - timedelta(days=2)))
    await announce(store, seen(paper, Event.LISTED, on=TODAY + timedelta(days=9)))
    assert (await store.papers.get(paper.key)).announced_on == TODAY - timedelta(days=2)


async def test_a_paper_is_found_under_any_of_its_ids(store):
    paper = a_paper(ids=("arxiv:2611.00001", "doi:10.1000/rings"), key="arxiv:2611.00001")
    await announce(store, paper)
    assert (await store.papers.get("doi:10.1000/rings")).key == "arxiv:2611.00001"


async def test_a_paper_listed_twice_in_one_reading_is_stored_once(store):
    paper = a_paper(upvotes=2)
    assert await announce(store, paper, raised_to(paper, 5)) == Saved(new=1)
    assert (await store.papers.get(paper.key)).metrics.upvotes == 5
    assert len(await store.papers.unplanned(10)) == 1


async def test_two_papers_that_turn_out_to_be_one_keep_the_older_key_and_everything_said(store):
    journal = a_paper("On Rings", key="doi:10.1000/rings", ids=("doi:10.1000/rings",))
    preprint = a_paper("On Rings", key="arxiv:2611.00002", ids=("arxiv:2611.00002",))
    await announce(store, journal, source="feed:journal")
    await announce(store, preprint, source="arxiv_rss:cs.CL", now=NOON + timedelta(hours=1))
    both = replace(preprint, ids=("arxiv:2611.00002", "doi:10.1000/rings"))
    saved = await announce(store, both, source="arxiv_oai", now=NOON + timedelta(hours=2))
    assert saved == Saved(merged=1)
    found = await store.papers.get("arxiv:2611.00002")
    assert found.key == "doi:10.1000/rings"
    assert set(found.ids) == {"doi:10.1000/rings", "arxiv:2611.00002"}
    assert found.sources == {"feed:journal", "arxiv_rss:cs.CL", "arxiv_oai"}
    assert (await store.upkeep.status()).papers == 1
    assert len((await store.papers.history(LAB, found.key)).sightings) == 3
    assert await announce(store, both, source="arxiv_oai") == Saved(unchanged=1)


async def test_two_new_papers_of_one_reading_that_are_one_are_stored_once(store):
    journal = a_paper(key="doi:10.1000/x", ids=("doi:10.1000/x",))
    preprint = a_paper(key="arxiv:2611.00003", ids=("arxiv:2611.00003",))
    both = replace(preprint, ids=("arxiv:2611.00003", "doi:10.1000/x"))
    saved = await announce(store, journal, preprint, both)
    assert saved == Saved(new=1)
    assert (await store.papers.get("arxiv:2611.00003")).key == "doi:10.1000/x"


async def test_raised_upvotes_of_a_known_paper_make_it_hot_once_until_planned(store):
    paper = a_paper(upvotes=2)
    await announce(store, paper, source="hf_daily")
    await plan_all(store)
    for upvotes in (5, 9, 12):
        await announce(store, raised_to(paper, upvotes), source="hf_daily")
    (hot,) = await store.papers.unplanned(10)
    assert (hot.event, hot.paper.metrics.upvotes) == (Event.HOT, 12)
    assert Event.HOT in hot.paper.events
    await plan_all(store)
    await announce(store, raised_to(paper, 30), source="hf_daily")
    assert [one.event for one in await store.papers.unplanned(10)] == [Event.HOT]


async def test_a_rise_after_the_planner_read_is_not_ticked_off_by_it(store):
    paper = a_paper(upvotes=2)
    await announce(store, paper, source="hf_daily")
    await plan_all(store)
    await announce(store, raised_to(paper, 5), source="hf_daily")
    (read_early,) = await store.papers.unplanned(10)
    await announce(store, raised_to(paper, 50), source="hf_daily")
    revision = (await store.subscriptions.filters()).revision
    await store.ledger.plan([read_early.id], [], revision=revision, now=NOON)
    (still,) = await store.papers.unplanned(10)
    assert still.paper.metrics.upvotes == 50


async def test_fallen_or_first_counts_beside_an_announcement_are_not_hot(store):
    paper = a_paper()
    await announce(store, paper)
    await announce(store, seen(raised_to(paper, 30), Event.LISTED), source="hf_daily")
    await announce(store, seen(raised_to(paper, 20), Event.LISTED), source="hf_daily")
    events = [one.event for one in await store.papers.unplanned(10)]
    assert events == [Event.NEW, Event.LISTED]


async def test_an_old_paper_does_not_become_hot(store):
    paper = a_paper(upvotes=2)
    await announce(store, seen(paper, on=TODAY - timedelta(days=15)), source="hf_daily")
    await plan_all(store)
    await announce(store, raised_to(paper, 99), source="hf_daily")
    again = seen(raised_to(paper, 100), on=TODAY - timedelta(days=15))
    await announce(store, again, source="hf_daily")
    assert await store.papers.unplanned(10) == []


async def test_sightings_from_before_a_date_are_marked_late(store):
    old, fresh = a_paper("Old"), a_paper("Fresh")
    await announce(
        store,
        seen(old, on=TODAY - timedelta(days=4)),
        seen(fresh, on=TODAY),
        late_before=TODAY - timedelta(days=3),
    )
    waiting = await store.papers.unplanned(10)
    assert [(one.paper.title, one.late) for one in waiting] == [("Old", True), ("Fresh", False)]


async def test_unplanned_sightings_come_oldest_first_and_only_so_many(store):
    await announce(store, a_paper("One"), a_paper("Two"), a_paper("Three"))
    assert [one.paper.title for one in await store.papers.unplanned(2)] == ["One", "Two"]


async def test_imported_papers_come_after_all_that_sources_announced(store):
    await announce(store, a_paper("Imported"), a_paper("Imported too"), source="import")
    await announce(store, a_paper("Announced"), a_paper("Announced too"))
    waiting = await store.papers.unplanned(1)
    assert [one.paper.title for one in waiting] == ["Announced"]
    assert [one.paper.title for one in await store.papers.unplanned(9)] == [
        "Announced",
        "Announced too",
    ], "alone, so that what is announced next waits for no imported papers"
    await plan_all(store)
    assert [one.paper.title for one in await store.papers.unplanned(9)] == [
        "Imported",
        "Imported too",
    ]


async def test_what_else_is_said_of_an_announced_paper_comes_with_it_in_order(store):
    both = a_paper("Imported, then announced")
    await announce(store, a_paper("Imported"), seen(both), source="import")
    await announce(store, seen(both, event=Event.LISTED), source="hf_daily")
    waiting = await store.papers.unplanned(1)
    assert [(one.source, one.paper.title) for one in waiting] == [
        ("import", both.title),
        ("hf_daily", both.title),
    ]


async def test_the_cursor_moves_with_the_papers_and_stays_without(store):
    await announce(store, a_paper(), cursor="2026-11-23")
    await announce(store, a_paper(), cursor=None)
    (source,) = await store.sources.all()
    assert (source.name, source.cursor, source.last_new_at) == (
        "arxiv_rss:cs.CL", "2026-11-23", NOON,
    )  # fmt: skip


async def test_an_import_registers_no_source(store):
    await announce(store, a_paper(), source="import")
    assert await store.sources.all() == []


async def test_hostile_text_is_stored_and_found(store):
    paper = a_paper(
        "NUL \0 and a lone \ud800 surrogate",
        abstract="x" * 40_000 + " alignment",
        authors=tuple(f"Author {number}" for number in range(2_000)),
        metrics=Metrics(upvotes=10**30, comments=-5),
        version=10**12,
        comment="'; DROP TABLE papers; --",
    )
    assert await announce(store, paper) == Saved(new=1)
    stored = await store.papers.get(paper.key)
    assert stored.title == "NUL  and a lone ? surrogate"
    assert (stored.metrics.comments, stored.version, len(stored.authors)) == (0, None, 2_000)
    assert await announce(store, paper) == Saved(unchanged=1)


async def test_papers_without_any_date_but_the_sightings_are_stored(store):
    ancient = seen(a_paper("Ancient"), on=date(1936, 5, 28))
    distant = seen(a_paper("Distant"), on=date(9999, 12, 31))
    assert await announce(store, ancient, distant) == Saved(new=2)


async def test_a_reading_of_several_batches_is_one_transaction(store):
    papers = [a_paper(f"Paper {number}") for number in range(2_300)]
    assert await announce(store, *papers, cursor="end") == Saved(new=2_300)
    assert await announce(store, *papers) == Saved(unchanged=2_300)


async def test_a_large_number_of_papers_is_stored_with_help_as_without(store, monkeypatch):
    monkeypatch.setattr(saving, "MANY", 50)
    monkeypatch.setattr(saving, "BATCH", 20)
    papers = [a_paper(f"Paper {number} on rings") for number in range(70)]
    assert (await announce(store, *papers)).new == 70
    # Changed twice within one saving: what the index forgets must be what it holds by then.
    changed = [replace(one, title=f"{one.title} and fields") for one in papers]
    again = [replace(one, title=f"{one.title} and groups") for one in papers]
    assert (await announce(store, *changed, *again)).merged == 70
    for word, count in (("ring", 70), ("field", 0), ("group", 70)):
        request = SearchRequest(root=Text((word,)), today=TODAY)
        assert (await store.papers.search(request)).total == count
