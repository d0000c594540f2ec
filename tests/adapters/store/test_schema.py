import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError

from adapters.store import meta, migrate, open_store, schema
from adapters.store.engines import database_url, open_engine
from bot.model.errors import ConfigError, StoreDown
from tests.adapters.store.given import announce
from tests.builders import a_paper


def on(url, body):
    engine = create_engine(database_url(url))
    try:
        with engine.begin() as connection:
            return body(connection)
    finally:
        engine.dispose()


async def test_an_empty_database_gets_exactly_the_tables_of_the_model(bare_url):
    assert migrate(bare_url) == schema.head()
    assert on(bare_url, schema.differences) == []
    async with open_store(bare_url) as store:
        assert await store.upkeep.check() == schema.head()
        await announce(store, a_paper())
        assert (await store.upkeep.status()).schema == schema.head()


async def test_migrating_again_changes_nothing(bare_url):
    migrate(bare_url)
    async with open_store(bare_url) as store:
        await announce(store, a_paper())
    assert migrate(bare_url) == schema.head()
    async with open_store(bare_url) as store:
        assert (await store.upkeep.status()).papers == 1


def test_two_processes_may_migrate_at_once(bare_url):
    problems = []

    def upgrade():
        try:
            migrate(bare_url)
        except StoreDown as problem:
            problems.append(problem)

    both = [threading.Thread(target=upgrade) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert problems == []
    assert on(bare_url, schema.differences) == []


def test_many_processes_may_open_a_new_file_at_once(tmp_path):
    problems = []

    def look(url):
        engine = open_engine(database_url(url), threads=1, writes=True)
        try:
            engine.connect().close()
        except OperationalError as problem:
            problems.append(problem)
        finally:
            engine.dispose()

    for round_ in range(40):
        url = f"sqlite:///{tmp_path / f'{round_}.db'}"
        several = [threading.Thread(target=look, args=(url,)) for _ in range(4)]
        for one in several:
            one.start()
        for one in several:
            one.join()
    assert problems == []


@pytest.mark.parametrize("step", [3, 15, 30])
def test_a_migration_that_breaks_off_leaves_nothing_behind(bare_url, step):
    seen = []

    def break_off(_connection, _cursor, statement, *_):
        seen.append(statement)
        if len(seen) == step:
            raise KeyboardInterrupt

    event.listen(Engine, "before_cursor_execute", break_off)
    try:
        with pytest.raises(KeyboardInterrupt):
            migrate(bare_url)
    finally:
        event.remove(Engine, "before_cursor_execute", break_off)
    assert on(bare_url, lambda connection: inspect(connection).get_table_names()) == []
    assert migrate(bare_url) == schema.head()


async def test_a_database_without_tables_says_what_to_run(bare_url):
    async with open_store(bare_url) as store:
        with pytest.raises(StoreDown, match="papers migrate"):
            await store.upkeep.check()
        with pytest.raises(StoreDown, match="papers migrate"):
            await store.upkeep.status()


async def test_a_database_of_a_newer_version_is_left_alone(bare_url):
    migrate(bare_url)
    on(bare_url, lambda it: it.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(StoreDown, match=r"9999.*newer version"):
        migrate(bare_url)
    async with open_store(bare_url) as store:
        with pytest.raises(StoreDown, match="newer version"):
            await store.upkeep.check()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://u:secret@host/db", "not supported"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("nonsense secret", "not a database address"),
    ],
)
async def test_a_wrong_address_is_explained_without_showing_it(address, words):
    with pytest.raises(ConfigError, match=words) as caught:
        async with open_store(address):
            pass
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgres_means_the_same_driver(scheme):
    url = database_url(f"{scheme}://u:p%40ss@host:5432/db")
    assert (url.drivername, url.password) == ("postgresql+psycopg", "p@ss")


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "notes.db"
    path.write_text("these are my notes, and no database at all\n" * 100)
    with pytest.raises(StoreDown, match="no SQLite database"):
        migrate(f"sqlite:///{path}")
    assert path.read_text().startswith("these are my notes")


def test_a_folder_that_cannot_be_made_is_explained(tmp_path):
    Path(tmp_path / "file").write_text("")
    with pytest.raises(StoreDown, match="folder"):
        migrate(f"sqlite:///{tmp_path}/file/store.db")


async def test_a_server_that_is_not_there_is_store_down():
    async with open_store("postgresql://nobody:secret@127.0.0.1:1/none") as store:
        with pytest.raises(StoreDown, match="does not answer") as caught:
            await store.upkeep.check()
    assert "secret" not in str(caught.value)


def _upgraded(url: str, *, fits: str, to: str) -> None:
    """As a later version would leave the database."""

    def body(connection):
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": to})
        meta.write(connection, "programs_that_fit", fits)

    on(url, body)


async def test_the_version_before_works_on_while_the_new_schema_only_adds(bare_url):
    """Rolling restart: the new version has migrated, the old one still runs beside it."""
    migrate(bare_url)
    _upgraded(bare_url, fits=f"9999_added 9999_added {schema.head()}", to="9999_added")
    async with open_store(bare_url) as old:
        assert await old.upkeep.check() == "9999_added"
        await announce(old, a_paper())
    assert migrate(bare_url) == "9999_added", "an old process that starts again changes nothing"


async def test_the_version_before_stops_when_something_it_needs_was_taken_away(bare_url):
    migrate(bare_url)
    _upgraded(bare_url, fits="9999_taken 9999_taken", to="9999_taken")
    async with open_store(bare_url) as old:
        with pytest.raises(StoreDown, match="newer version"):
            await old.upkeep.check()
