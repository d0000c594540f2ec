"""The documents name what there is, and what they name is there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from config.cli import app
from config.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def text_of(*names: str) -> str:
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def verbs(command: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield before, command
        return
    for name, one in inner.items():
        yield from verbs(one, f"{before} {name}".strip())


VERBS = dict(verbs(typer.main.get_command(app)))


def test_every_setting_is_described():
    told = text_of("docs/configuration.md")
    names = [field.alias for field in Settings.model_fields.values()]
    # The fail point is for chaos tests; it is described where those are.
    missing = [name for name in names if f"`{name}`" not in told and name != "PAPERS_FAILPOINT"]
    assert missing == []
    assert "PAPERS_FAILPOINT" in "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def test_every_verb_is_described():
    told = text_of("docs/cli.md")
    assert len(VERBS) > 20
    assert [name for name in VERBS if f"papers {name}" not in told] == []


@pytest.mark.parametrize("name", VERBS)
def test_the_help_of_every_verb_has_an_example(name):
    command = VERBS[name]
    assert f"papers {name}" in (command.help or "").partition("Example: ")[2]


@pytest.mark.parametrize("source", ["hf_daily", "arxiv_rss", "arxiv_oai", "feed:"])
def test_every_source_is_named(source):
    assert source in text_of("README.md")
    assert source in text_of("docs/configuration.md")


def test_the_readme_leads_to_every_page():
    told = text_of("README.md")
    pages = [page.relative_to(ROOT).as_posix() for page in sorted((ROOT / "docs").glob("*.md"))]
    assert [page for page in pages if f"({page})" not in told] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    found = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in found if not (page.parent / link).exists()] == []
