import re
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.model.errors import ConfigError
from config.settings import FOR_TESTS, SETTING_NAMES, LogFormat, Settings, load_settings

BOT = "xoxb-7-canary"
APP = "xapp-1-canary"
SIGNING = "0123456789abcdef0123456789abcdef"
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GcanaR.y0123456789abcdefghijklmnopqrstuvwxyz-_"
PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def refusal(**environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_settings(environ)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_nothing_has_to_be_set():
    settings = load_settings({})

    assert settings.database_url == "sqlite:///data/paperwire.db"
    assert settings.port == 8080
    assert settings.sources == ("hf_daily",)
    assert settings.log_format is LogFormat.AUTO
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.hf_endpoint == "https://huggingface.co"


def test_a_platform_without_a_token_is_off_and_says_so():
    assert load_settings({}).platforms_off() == [
        "Slack is off: SLACK_BOT_TOKEN is not set.",
        "Discord is off: DISCORD_TOKEN is not set.",
    ]
    both = load_settings({"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "DISCORD_TOKEN": DISCORD})
    assert both.platforms_off() == []


def test_slack_is_reached_by_socket_mode_when_there_is_an_app_token():
    socket = load_settings(
        {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_SIGNING_SECRET": SIGNING}
    )
    http = load_settings({"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": SIGNING})

    assert socket.slack_on
    assert not socket.slack_over_http
    assert http.slack_over_http
    assert not load_settings({}).slack_over_http


MANY = {
    "SLACK_CLIENT_ID": "1111.2222",
    "SLACK_CLIENT_SECRET": SIGNING,
    "SLACK_SIGNING_SECRET": SIGNING,
    "PAPERS_PUBLIC_URL": "https://papers.example.org/",
    "PAPERS_KEYS": f"{'a' * 43},{'b' * 43}",
}


def test_slack_is_installed_in_many_workspaces_with_the_apps_own_credentials():
    settings = load_settings(MANY)

    assert settings.slack_on
    assert settings.slack_over_http
    assert settings.public_url == "https://papers.example.org"
    assert settings.sealing_keys == ("a" * 43, "b" * 43)
    assert {SIGNING, "a" * 43, "b" * 43} <= set(settings.tokens())


@pytest.mark.parametrize(
    "name", ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "PAPERS_PUBLIC_URL", "PAPERS_KEYS"]
)
def test_installing_in_many_workspaces_needs_four_settings(name):
    given = {key: value for key, value in MANY.items() if key != name}

    assert refusal(**given).startswith(f"{name} is not set, but")


def test_a_key_that_is_none_is_refused_without_showing_it():
    text = refusal(**{**MANY, "PAPERS_KEYS": f"{'a' * 43},canary"})

    assert text.startswith("PAPERS_KEYS has no key in place 2")
    assert "canary" not in text


def test_one_workspace_or_many_but_not_both():
    assert "take one of them out" in refusal(**MANY, SLACK_BOT_TOKEN=BOT)


def test_every_variable_arrives():
    settings = load_settings(
        {
            "DATABASE_URL": "sqlite:////var/lib/papers.db",
            "PORT": "0",
            "SLACK_BOT_TOKEN": BOT,
            "SLACK_APP_TOKEN": APP,
            "SLACK_SIGNING_SECRET": SIGNING,
            "SLACK_API_URL": "http://127.0.0.1:9001/api",
            "DISCORD_TOKEN": DISCORD,
            "DISCORD_API_URL": "http://127.0.0.1:9002/api/v10/",
            "DISCORD_GATEWAY_URL": "ws://127.0.0.1:9003/",
            "HF_ENDPOINT": "http://127.0.0.1:9004/",
            "HF_TOKEN": "hf_canary",
            "PAPERS_ARXIV_RSS_URL": "http://127.0.0.1:9004/rss",
            "PAPERS_ARXIV_OAI_URL": "http://127.0.0.1:9004/oai",
            "PAPERS_ARXIV_API_URL": "http://127.0.0.1:9004/api/query",
            "PAPERS_CONTACT": "ada@example.org",
            "PAPERS_SOURCES": "hf_daily, arxiv_rss:cs.CL,arxiv_oai:cs:cs:CL,"
            "feed:https://example.org/f?a=1%2C2",
            "PAPERS_LOG_FORMAT": "json",
        }
    )

    assert settings.port == 0
    assert settings.slack_api_url == "http://127.0.0.1:9001/api/"
    assert settings.discord_api_url == "http://127.0.0.1:9002/api/v10"
    assert settings.discord_gateway_url == "ws://127.0.0.1:9003/"
    assert settings.hf_endpoint == "http://127.0.0.1:9004"
    assert settings.arxiv_api_url == "http://127.0.0.1:9004/api/query"
    assert settings.contact == "ada@example.org"
    assert settings.sources == (
        "hf_daily",
        "arxiv_rss:cs.CL",
        "arxiv_oai:cs:cs:CL",
        "feed:https://example.org/f?a=1%2C2",
    )
    assert settings.log_format is LogFormat.JSON


def test_the_process_environment_is_read_when_none_is_given(monkeypatch):
    for name in SETTING_NAMES | FOR_TESTS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", "4321")

    assert load_settings().port == 4321


def test_an_empty_value_counts_as_not_set():
    assert load_settings({"DISCORD_TOKEN": "", "PORT": ""}) == load_settings({})


def test_settings_cannot_be_changed_later():
    with pytest.raises(ValidationError):
        load_settings({}).port = 1


def test_the_tokens_can_be_listed_for_masking():
    given = {"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": SIGNING, "DISCORD_TOKEN": DISCORD}

    assert load_settings(given).tokens() == [BOT, SIGNING, DISCORD]
    assert load_settings({}).tokens() == []


def test_no_secret_shows_when_settings_are_printed():
    settings = load_settings(
        {
            "SLACK_BOT_TOKEN": BOT,
            "SLACK_APP_TOKEN": APP,
            "DISCORD_TOKEN": DISCORD,
            "HF_TOKEN": "hf_canary",
            "DATABASE_URL": "postgresql://papers:canary@db/papers",
        }
    )

    for text in (repr(settings), str(settings), settings.model_dump_json()):
        assert "canary" not in text
        assert DISCORD not in text


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PAPERS_SORCES", "PAPERS_SOURCES"),
        ("PAPERS_SOURCE", "PAPERS_SOURCES"),
        ("PAPER_CONTACT", "PAPERS_CONTACT"),
        ("papers_contact", "PAPERS_CONTACT"),
        ("PAPERS_PORT", "PORT"),
        ("PAPERS_DATABASE_URL", "DATABASE_URL"),
        ("PAPERS_RSS_URL", "PAPERS_ARXIV_RSS_URL"),
        ("SLACK_BOT_TOKN", "SLACK_BOT_TOKEN"),
        ("SLACK_BOT_TOEKN", "SLACK_BOT_TOKEN"),
        ("SLACK_SINGING_SECRET", "SLACK_SIGNING_SECRET"),
        ("DISCORD_TOKN", "DISCORD_TOKEN"),
        ("HF_ENDPOIN", "HF_ENDPOINT"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_name_that_was_meant(name, meant):
    assert refusal(**{name: "canary"}) == f"{name} is not a setting; did you mean {meant}?"


def test_an_unknown_name_of_ours_is_refused_even_when_it_resembles_nothing():
    text = refusal(PAPERS_COLOUR="canary")

    assert text == "PAPERS_COLOUR is not a setting; docs/configuration.md lists them all"


def test_names_of_other_programs_are_left_alone():
    others = "HF_HOME HF_HUB_CACHE HF_HUB_OFFLINE HF_TOKEN_PATH HF_DATASETS_CACHE GH_TOKEN"
    others += " SLACK_API_TOKEN SLACK_WEBHOOK_URL SLACK_TEAM_ID SLACK_USER_TOKEN"
    others += " DISCORD_GUILD_ID DISCORD_APP_ID"
    others += " PAPERS_CORPUS PATH PORTS DATABASE_URI PAPERSIZE"

    assert load_settings(dict.fromkeys(others.split(), "canary")) == load_settings({})


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"SLACK_BOT_TOKEN": "xoxp-canary"}, "is a user token (xoxp-…)"),
        ({"SLACK_BOT_TOKEN": "xapp-canary"}, "is an app-level token (xapp-…)"),
        ({"SLACK_BOT_TOKEN": "canary"}, "is not a Slack token of that kind"),
        ({"SLACK_BOT_TOKEN": "xoxb-"}, "is cut short or damaged"),
        ({"SLACK_BOT_TOKEN": "xoxb-can ary"}, "is cut short or damaged"),
        ({"SLACK_BOT_TOKEN": "xoxb-canary\n"}, "contains a line break"),
        ({"SLACK_BOT_TOKEN": "'xoxb-canary'"}, "has quotes around it"),
        ({"SLACK_BOT_TOKEN": "“xoxb-canary”"}, "has quotes around it"),
        ({"SLACK_BOT_TOKEN": " xoxb-canary"}, "has blanks around it"),
        ({"SLACK_BOT_TOKEN": "xoxb-\u200bcanary"}, "contains an invisible character"),
        ({"SLACK_APP_TOKEN": "xoxb-canary"}, "is a bot token (xoxb-…)"),
        ({"SLACK_SIGNING_SECRET": "canary"}, "is not a signing secret"),
        ({"SLACK_SIGNING_SECRET": SIGNING + "0"}, "is not a signing secret"),
        ({"DISCORD_TOKEN": "canary"}, "is not a bot token"),
        ({"DISCORD_TOKEN": "Bot " + DISCORD}, "begins with a word before the token"),
        ({"DISCORD_TOKEN": DISCORD + "\n"}, "contains a line break"),
        ({"DISCORD_TOKEN": DISCORD.rpartition(".")[0]}, "is not a bot token"),
        ({"DISCORD_PUBLIC_KEY": "canary"}, "is not a public key"),
        ({"DISCORD_WEBHOOKS": "https://discord.com/canary"}, "entry 1 is not a webhook's address"),
        ({"DISCORD_SHARDS": "0"}, "is not a number of shards"),
        ({"DISCORD_SHARDS": "canary"}, "is not a number of shards"),
        ({"DISCORD_PUBLIC_KEY": "0" * 64}, "but DISCORD_TOKEN is not"),
        ({"HF_TOKEN": "hf canary"}, "is not an access token"),
        ({"PORT": "canary"}, "is not a port"),
        ({"PORT": "65536"}, "is not a port"),
        ({"PORT": "-1"}, "is not a port"),
        ({"PORT": "٨٠"}, "is not a port"),
        ({"SLACK_API_URL": "slack.com/canary"}, "is not an address: write https://"),
        ({"DISCORD_API_URL": "https://a:canary@x.org"}, "holds a name or password"),
        ({"HF_ENDPOINT": "https://x.org/?token=canary"}, "ends in ? or #"),
        ({"HF_ENDPOINT": "https://[canary"}, "is not an address"),
        ({"HF_ENDPOINT": "https://x.org:canary"}, "is not an address"),
        ({"PAPERS_ARXIV_OAI_URL": "ftp://canary"}, "is not an address: write https://"),
        ({"DISCORD_GATEWAY_URL": "https://canary"}, "is not an address: write wss://"),
        ({"PAPERS_CONTACT": "canary"}, "is neither an e-mail address nor an https:// page"),
        ({"PAPERS_CONTACT": "http://canary.org"}, "is neither"),
        ({"PAPERS_LOG_FORMAT": "canary"}, "is none of auto, json, console"),
        ({"DATABASE_URL": "canary"}, "is not a database address"),
        ({"DATABASE_URL": "mysql://u:canary@h/d"}, "begins with mysql://, which is not supported"),
        ({"DATABASE_URL": "canary://u:p@h/d"}, "begins with a word, which is not supported"),
        ({"DATABASE_URL": "postgresql+canary://h/d"}, "names a driver, which is not installed"),
        ({"DATABASE_URL": "sqlite://canary/x.db"}, "three slashes before a relative path"),
        ({"DATABASE_URL": "sqlite+aiosqlite:///canary.db"}, "names the driver aiosqlite"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "keeps nothing"),
        ({"DATABASE_URL": "sqlite:///"}, "keeps nothing"),
        ({"DATABASE_URL": "postgresql+asyncpg://u:canary@h/d"}, "names the driver asyncpg"),
        ({"DATABASE_URL": "postgresql://u:canary@h"}, "names no database"),
        ({"DATABASE_URL": "postgresql://u:canary@h:port/d"}, "has a port or host"),
        ({"PAPERS_SOURCES": "hf_dialy"}, "entry 1 is no source we know; did you mean hf_daily?"),
        ({"PAPERS_SOURCES": "hf_daily,canary"}, "entry 2 is no source we know; known are"),
        ({"PAPERS_SOURCES": "none,hf_daily"}, "entry 1 is no source we know"),
        ({"PAPERS_SOURCES": ","}, "names no source"),
        ({"PAPERS_SOURCES": "hf_daily,hf_daily"}, "names the same source twice (entry 2)"),
        ({"PAPERS_SOURCES": "arxiv_rss"}, "arxiv_rss needs a category"),
        ({"PAPERS_SOURCES": "arxiv_rss:cs.CL+canary"}, "arxiv_rss needs a category"),
        ({"PAPERS_SOURCES": "arxiv_oai:"}, "arxiv_oai needs a set"),
        ({"PAPERS_SOURCES": "feed:"}, "entry 1: the address after feed:"),
        ({"PAPERS_SOURCES": "feed:https://u:canary@x.org/f"}, "holds a name or password"),
    ],
)
def test_a_malformed_value_is_named_but_never_shown(environ, says):
    [name] = environ
    text = refusal(**environ)

    assert text.startswith(f"{name} ")
    assert says in text
    assert "canary" not in text
    assert DISCORD[:20] not in text


@pytest.mark.parametrize(
    ("environ", "name", "next_step"),
    [
        ({"SLACK_BOT_TOKEN": BOT}, "SLACK_BOT_TOKEN", "set SLACK_APP_TOKEN for Socket Mode"),
        ({"SLACK_APP_TOKEN": APP}, "SLACK_APP_TOKEN", "set it to the Bot User OAuth Token"),
        ({"SLACK_SIGNING_SECRET": SIGNING}, "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN is not"),
        ({"PAPERS_SOURCES": "hf_daily,arxiv_rss:cs.CL"}, "PAPERS_CONTACT", "your e-mail address"),
        ({"PAPERS_SOURCES": "arxiv_oai:cs"}, "PAPERS_CONTACT", "your e-mail address"),
    ],
)
def test_half_a_configuration_is_refused_with_the_next_step(environ, name, next_step):
    text = refusal(**environ)

    assert text.startswith(name)
    assert next_step in text
    assert "canary" not in text
    assert SIGNING not in text


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h:5433/d?sslmode=require", None),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgres://u:p@ss/w#rd?@h/d", "postgresql+psycopg://u:p%40ss%2Fw%23rd%3F@h/d"),
        ("postgres://u:p%40ss@h/d", "postgresql+psycopg://u:p%40ss@h/d"),
        ("postgresql:///d?host=/run/postgresql", "postgresql+psycopg:///d?host=/run/postgresql"),
        ("sqlite+pysqlite:///x.db", "sqlite:///x.db"),
        ("sqlite:///C:/papers.db", "sqlite:///C:/papers.db"),
    ],
)
def test_database_addresses_of_hosting_services_are_understood(given, becomes):
    wanted = becomes or given.replace("postgresql://", "postgresql+psycopg://")

    assert load_settings({"DATABASE_URL": given}).database_url == wanted


def test_a_rotated_slack_token_is_a_bot_token():
    given = {"SLACK_BOT_TOKEN": "xoxe.xoxb-1-abc", "SLACK_APP_TOKEN": APP}

    assert load_settings(given).slack_on


def test_no_source_at_all_is_a_choice():
    assert load_settings({"PAPERS_SOURCES": "none"}).sources == ()


@pytest.mark.parametrize("contact", ["mailto:ada@example.org", "https://example.org/about"])
def test_a_contact_is_an_address_people_can_use(contact):
    given = {"PAPERS_CONTACT": contact, "PAPERS_SOURCES": "arxiv_rss:cond-mat.mes-hall"}

    assert load_settings(given).contact == contact.removeprefix("mailto:")


@given(st.sampled_from(sorted(SETTING_NAMES)), st.text(min_size=1, max_size=60))
def test_whatever_the_value_is_the_answer_is_settings_or_one_line(name, value):
    canary = f"c4nary{value}c4nary"
    try:
        load_settings({name: canary})
    except ConfigError as error:
        told = "".join(traceback.format_exception(error)).rpartition("ConfigError: ")[2]
        assert "c4nary" not in told
        assert len(told.splitlines()) == 1


def test_a_refusal_drags_no_value_into_the_traceback():
    with pytest.raises(ConfigError) as caught:
        load_settings({"SLACK_BOT_TOKEN": "xoxp-canary"})

    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_the_page_about_configuration_names_every_variable_and_no_other():
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))

    assert documented == SETTING_NAMES | FOR_TESTS


def test_the_page_about_configuration_gives_the_real_defaults():
    rows = dict(
        re.findall(r"^\| `([A-Z_]+)` \| `([^`]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    )
    settings = load_settings({})
    for field, about in Settings.model_fields.items():
        value = getattr(settings, field)
        if value is None:
            assert about.alias not in rows
            continue
        if about.alias == "DATABASE_URL":
            value = settings.database_url
        shown = ",".join(value) if isinstance(value, tuple) else str(value)
        assert rows[about.alias] == shown
