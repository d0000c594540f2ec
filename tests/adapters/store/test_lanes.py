"""Whatever workers, platforms and people do, lanes behave as their model says."""

import shutil
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.adapters.store.conftest import emptied
from tests.adapters.store.lanes_model import Lanes


def try_it(fresh, examples, steps=40):
    run_state_machine_as_test(
        lambda: Lanes(fresh),  # type: ignore[arg-type]  # whatever makes a machine will do
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )


@pytest.fixture
def fresh_file(tmp_path, sqlite_template):
    """Gives the address of an empty SQLite database, as often as it is called."""
    numbers = count()

    def fresh():
        path = tmp_path / f"{next(numbers)}.db"
        shutil.copy(sqlite_template, path)
        return f"sqlite:///{path}"

    return fresh


def test_lanes_behave_on_sqlite(fresh_file):
    try_it(fresh_file, examples=20)


@pytest.mark.postgres
def test_lanes_behave_on_postgres(postgres_url):
    try_it(lambda: emptied(postgres_url), examples=6, steps=30)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_lanes_behave_on_sqlite_for_long(fresh_file):
    try_it(fresh_file, examples=400, steps=60)
