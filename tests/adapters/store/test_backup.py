"""Backups are whole, also under writes; a restored bot forgets nobody and repeats nothing."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.store import migrate, open_store
from adapters.store.backup import back_up, checked, restore
from bot.model.errors import ConfigError, NotPossible
from tests.adapters.store.given import NOON, a_subscription, announce, plan_all
from tests.builders import a_paper
from tests.world import World

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def nothing(url: str) -> None:
    """A restored database that is left as it is."""
    assert url.startswith("sqlite:///")


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


async def stocked(url: str, count: int = 3) -> None:
    async with open_store(url) as store:
        await store.subscriptions.add(a_subscription())
        await announce(store, *[a_paper(f"Alignment {number}") for number in range(count)])
        await plan_all(store)


async def test_a_backup_is_whole_and_counted_while_somebody_writes(sqlite_url, tmp_path):
    await stocked(sqlite_url)
    async with open_store(sqlite_url) as store:

        async def keep_writing() -> None:
            for number in range(40):
                await announce(store, a_paper(f"Rings {number}"), source="hf_daily")

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(keep_writing())
            await asyncio.sleep(0.05)
            made = await asyncio.to_thread(back_up, sqlite_url, tmp_path / "copy.db")
    assert made.rows["subscriptions"] == 1
    assert 3 <= made.rows["papers"] <= 43
    assert made.rows["papers"] == made.rows["sightings"], "no paper without what was said of it"
    assert checked(tmp_path / "copy.db") == made


async def test_a_backup_overwrites_nothing(sqlite_url, tmp_path):
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(NotPossible, match="overwrites nothing"):
        back_up(sqlite_url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "precious"


def test_on_postgres_the_answer_is_how_it_is_done_there():
    with pytest.raises(ConfigError, match="pg_dump"):
        back_up("postgresql://u@h/d", Path("x"))
    with pytest.raises(ConfigError, match="pg_restore"):
        restore("postgresql://u@h/d", Path("x"), take_up=nothing, now=NOW)


async def test_restore_refuses_while_the_bot_runs_and_changes_nothing(sqlite_url, tmp_path):
    await stocked(sqlite_url)
    made = back_up(sqlite_url, tmp_path / "copy.db")
    async with open_store(sqlite_url) as store:
        await store.upkeep.check()  # somebody is at work in it
        with pytest.raises(NotPossible, match="is running"):
            restore(sqlite_url, made.path, take_up=nothing, now=NOW)
        await announce(store, a_paper("Alignment Goes On"))
    restore(sqlite_url, made.path, take_up=nothing, now=NOW)
    kept = next(tmp_path.glob("*.before-*"))
    assert checked(kept).rows["papers"] == 4, "what was replaced is kept"


def test_restore_refuses_while_another_process_has_the_database(sqlite_url, tmp_path):
    made = back_up(sqlite_url, tmp_path / "copy.db")
    code = (
        "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1]); "
        "c.execute('PRAGMA journal_mode=WAL'); c.execute('SELECT count(*) FROM papers').fetchone(); "
        "print('open', flush=True); time.sleep(60)"
    )
    path = sqlite_url.removeprefix("sqlite:///")
    with subprocess.Popen(
        [sys.executable, "-c", code, path], stdout=subprocess.PIPE, text=True
    ) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "open\n"
            with pytest.raises(NotPossible, match="is running"):
                restore(sqlite_url, made.path, take_up=nothing, now=NOW)
        finally:
            other.kill()


def test_restore_refuses_a_newer_schema_a_damaged_file_and_a_stranger(sqlite_url, tmp_path):
    made = back_up(sqlite_url, tmp_path / "copy.db")
    newer = tmp_path / "newer.db"
    shutil.copy(made.path, newer)
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NotPossible, match="newer version"):
        restore(sqlite_url, newer, take_up=nothing, now=NOW)

    damaged = tmp_path / "damaged.db"
    raw = bytearray(made.path.read_bytes())
    raw[8192:40_000] = b"\xff" * (40_000 - 8192)
    damaged.write_bytes(raw)
    stranger = tmp_path / "stranger.db"
    stranger.write_text("no database at all")
    for wrong in (damaged, stranger, tmp_path / "missing.db"):
        with pytest.raises(NotPossible):
            restore(sqlite_url, wrong, take_up=nothing, now=NOW)
    assert checked(Path(sqlite_url.removeprefix("sqlite:///"))).schema == made.schema


async def test_an_older_backup_is_upgraded_on_the_way(bare_sqlite_url, tmp_path):
    migrate(bare_sqlite_url)
    made = back_up(bare_sqlite_url, tmp_path / "copy.db")
    restore(bare_sqlite_url, made.path, take_up=nothing, now=NOW)
    async with open_store(bare_sqlite_url) as store:
        assert await store.upkeep.check() == made.schema


@pytest.mark.postgres
async def test_what_was_seen_survives_a_restart_on_both_engines(url):
    paper = a_paper("On Rings")
    async with open_store(url) as store:
        world = World(store)
        await world.engine.beat()
        await world.say("subscribe rings every:instant")
        await world.announce(paper)
        assert world.shown() == [paper.title]
    async with open_store(url) as store:
        world = World(store)
        world.clock.move_to(NOON + timedelta(hours=6))
        await world.announce(paper)
        await world.announce(paper)
        assert world.shown() == []
