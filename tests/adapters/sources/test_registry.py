"""Every source a setting can name is opened by that very name."""

import pytest

from adapters.sources import arxiv_api
from adapters.sources.places import Places, with_path
from adapters.sources.registry import SOURCES, open_source
from bot.model.errors import ConfigError
from bot.model.record import IMPORT
from bot.rules.source_names import KINDS


@pytest.mark.parametrize(
    "name",
    [
        "hf_daily",
        "arxiv_rss:cs.CL",
        "arxiv_oai",
        "arxiv_oai:cs:cs:CL",
        "feed:https://journal.example.org/rss?section=1:2",
    ],
)
async def test_a_source_has_the_name_it_was_asked_for(fetcher, name):
    assert open_source(name, fetcher, Places()).name == name


def test_every_kind_is_covered():
    assert set(SOURCES) == {"hf_daily", "arxiv_rss", "arxiv_oai", "feed"}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("hf_dayly", "none of hf_daily, arxiv_rss, arxiv_oai, feed"),
        ("arxiv_rss", "without a category: arxiv_rss:cs"),
        ("feed:", "without an address"),
        ("", "none of"),
    ],
)
async def test_a_wrong_name_is_explained(fetcher, name, says):
    with pytest.raises(ConfigError, match=says):
        open_source(name, fetcher, Places())


def test_a_host_alone_gets_the_usual_path():
    assert with_path("http://127.0.0.1:8000/", "/oai") == "http://127.0.0.1:8000/oai"
    assert with_path("http://mirror.example/arxiv", "/oai") == "http://mirror.example/arxiv"


def test_a_token_is_never_shown():
    assert "canary" not in repr(Places(hf_token="hf_canary"))


def test_a_filter_may_name_every_kind_of_source_and_no_other():
    assert {*SOURCES, arxiv_api.NAME, IMPORT} == set(KINDS)
