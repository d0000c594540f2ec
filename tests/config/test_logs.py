import io
import json
import logging
import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.subscription import Channel, Platform
from config.logs import LineFormatter, set_up_logs
from config.masking import MASK, masked
from config.settings import LogFormat

BOT = "xoxb-1234567890-canary"
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GcanaR.y0123456789abcdefghijklmnopqrstuvwxyz-_"
SECRETS = {
    "bot token": BOT,
    "user token": "xoxp-1-2-3-canary",
    "rotated token": "xoxe.xoxb-1-canary",
    "refresh token": "xoxe-1-canary",
    "app token": "xapp-1-A1-2-canary",
    "discord token": DISCORD,
    "hugging face token": "hf_canarycanarycanarycanary",
    "slack webhook": "https://hooks.slack.com/services/T1/B1/canary",
    "response_url": "https://hooks.slack.com/commands/T1/2/canary",
    "response_url of another host": "response_url=http://127.0.0.1:9/commands/canary",
    "discord webhook": "https://discord.com/api/webhooks/123/canary-_x",
    "discord follow-up": "http://127.0.0.1:9/api/v10/webhooks/123/canary/messages/@original",
    "discord callback": "/interactions/123/canary/callback",
    "authorization header": "Authorization: Bearer canary0123",
    "authorization of a dict": "{'Authorization': 'Bot canary', 'a': 1}",
    "authorization in JSON": '{"authorization": "canary"}',
    "bearer alone": "sent with Bearer canary0123=",
    "socket address": "wss://wss-primary.slack.com/link/?ticket=canary&app_id=1",
    "access token in an address": "https://x.org/f?access_token=canary",
    "database password": "postgresql+psycopg://papers:canary@db:5432/papers",
    "database password with an at sign": "postgres://papers:can@canary@db/papers",
    "signature": "v0=" + "ca0a1e" * 10 + "abcd",
}


@pytest.fixture(autouse=True)
def logging_as_before():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


class Screen(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self):
        return True


def written(log_format=LogFormat.JSON, secrets=(), stream=None):
    out = io.StringIO() if stream is None else stream
    set_up_logs(log_format, stream=out, secrets=secrets)
    return out


def lines(out):
    return [json.loads(line) for line in out.getvalue().splitlines()]


def gone(text):
    return "canary" not in text and DISCORD not in text and "ca0a1e" not in text


def test_a_line_for_machines_holds_the_event_and_its_fields():
    out = written()
    where = Channel(Platform.SLACK, "T1", "C1")

    logging.getLogger("bot.engine.deliver").info(
        "delivered", extra={"channel": where, "cards": 7, "papers": ("arxiv:1",), "late": None}
    )

    [line] = lines(out)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("at"))
    assert line == {
        "level": "info",
        "logger": "bot.engine.deliver",
        "event": "delivered",
        "channel": "slack:T1/C1",
        "cards": 7,
        "papers": ["arxiv:1"],
        "late": None,
    }


def test_a_line_for_people_holds_the_event_and_its_fields():
    out = written(LogFormat.CONSOLE)

    logging.getLogger("bot.engine.deliver").warning("not delivered", extra={"attempt": 2})

    [line] = out.getvalue().splitlines()
    assert "warning" in line
    assert "not delivered" in line
    assert "bot.engine.deliver" in line
    assert "attempt=2" in line


@pytest.mark.parametrize(("stream", "is_json"), [(io.StringIO(), True), (Screen(), False)])
def test_the_format_follows_the_terminal_unless_it_is_set(stream, is_json):
    written(LogFormat.AUTO, stream=stream)

    logging.getLogger("bot").info("ready", extra={"port": 8080})

    assert stream.getvalue().startswith("{") is is_json
    assert "ready" in stream.getvalue()


@pytest.mark.parametrize("log_format", [LogFormat.JSON, LogFormat.CONSOLE])
@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_no_secret_is_written_wherever_it_stands(log_format, secret):
    out = written(log_format)
    log = logging.getLogger("adapters.slack")

    log.warning("refused: %s", secret)
    log.warning("refused", extra={"answer": secret})
    log.warning("refused", extra={"answer": {"deep": [{"deeper": f"<{secret}>"}]}})
    try:
        raise RuntimeError(secret)
    except RuntimeError:
        log.exception("failed")

    assert out.getvalue().count(MASK) >= 4
    assert gone(out.getvalue())


@pytest.mark.parametrize("log_format", [LogFormat.JSON, LogFormat.CONSOLE])
def test_a_field_with_a_secrets_name_is_masked_whatever_it_holds(log_format):
    out = written(log_format)

    logging.getLogger("x").info(
        "asked",
        extra={
            "token": "canary",
            "headers": {"X-Slack-Signature": "canary", "Cookie": ["canary"]},
            "response_url": "http://127.0.0.1/canary",
            "token_known": True,
        },
    )

    assert gone(out.getvalue())
    assert "True" in out.getvalue() or "true" in out.getvalue()


def test_the_installations_own_tokens_are_masked_whatever_they_look_like():
    out = written(secrets=["0123456789abcdef", "short"])

    logging.getLogger("x").info("signed with 0123456789abcdef, in short")

    assert lines(out)[0]["event"] == f"signed with {MASK}, in short"


def test_what_is_no_secret_stays_readable():
    plain = (
        "papers run at http://127.0.0.1:8080/livez, see https://arxiv.org/abs/2403.09472v1 and "
        "https://huggingface.co/papers?date=2026-01-02&p=2 in adapters.slack.listen, bearer of news"
    )

    assert masked(plain) == plain


@given(st.text())
def test_masking_never_fails_and_masks_only_once(text):
    once = masked(text)

    assert masked(once) == once


def test_libraries_are_heard_only_when_something_is_wrong():
    out = written()
    for name in ("httpx", "slack_bolt.AsyncApp", "slack_sdk.web", "discord.gateway", "apscheduler"):
        library = logging.getLogger(name)
        before, library.level = library.level, logging.INFO  # as Slack's library does by itself
        library.info("chatter")
        library.warning("trouble")
        library.level = before

    assert [line["event"] for line in lines(out)] == ["trouble"] * 5


async def test_addresses_that_are_asked_do_not_reach_the_log():
    out = written()
    answer = httpx.MockTransport(lambda _: httpx.Response(200))
    async with httpx.AsyncClient(transport=answer) as client:
        await client.get("https://example.org/feed?key=canary")

    assert out.getvalue() == ""


def test_an_error_for_machines_stays_on_one_line_and_shows_no_local_variables():
    out = written()
    key = "".join(["can", "ary"])
    try:
        raise ValueError(len(key))
    except ValueError:
        logging.getLogger("x").exception("failed")

    [line] = lines(out)
    assert "ValueError: 6" in line["exception"]
    assert gone(out.getvalue())


@pytest.mark.parametrize("log_format", [LogFormat.JSON, LogFormat.CONSOLE])
def test_hostile_text_can_neither_forge_a_line_nor_paint_the_terminal(log_format):
    out = written(log_format)
    hostile = "a\x1b[31m\nlevel=error\r\x9bz\ud800\u2028\u202e"

    logging.getLogger("x").info("%s", hostile, extra={"title": hostile, "deep": [hostile]})

    text = out.getvalue()
    assert len(text.splitlines()) == 1
    assert not any(c in text for c in "\x1b\r\x9b\ud800\u2028\u202e")


def test_an_error_with_hostile_text_cannot_paint_the_terminal():
    out = written(LogFormat.CONSOLE)
    try:
        raise ValueError("a\x1b[31mz")
    except ValueError:
        logging.getLogger("x").exception("failed")

    assert "\x1b" not in out.getvalue()
    assert "ValueError: a\\x1b[31mz" in out.getvalue()


def test_setting_up_twice_writes_each_line_once():
    written()
    out = written()

    logging.getLogger("x").info("once")

    assert len(lines(out)) == 1
    ours = [h for h in logging.getLogger().handlers if isinstance(h.formatter, LineFormatter)]
    assert len(ours) == 1
