"""Takes secrets out of text before it is written anywhere."""

import re
from collections.abc import Iterable, Mapping

MASK = "[masked]"
SHORTEST = 8
"""Exact secrets shorter than this are not looked for: they would take words out of the log."""

SECRET_NAMES = re.compile(
    r"authorization|token|secret|password|signature|response_url|api_key|cookie", re.IGNORECASE
)
"""Fields whose whole value is taken out, whatever it looks like."""

_FORMS = re.compile(
    "|".join(
        (
            # Slack: bot, user, refresh, rotated and app-level tokens; signatures of requests.
            r"\bxox[a-z](?:\.xox[a-z])?-[\w-]+",
            r"\bxapp-[\w-]+",
            r"\bv0=[0-9a-fA-F]{64}",
            # Discord: the id of a bot, being digits, begins with M, N or O in base64.
            r"\b[MNO][\w-]{17,}\.[\w-]{6,}\.[\w-]{27,}",
            r"\bhf_[A-Za-z0-9]{20,}",
            # Addresses that need no other proof: incoming webhooks, response_url, follow-ups.
            r"(?<=//hooks\.slack\.com/)[^\s\"'<>\\]+",
            r"(?<=//hooks\.slack-gov\.com/)[^\s\"'<>\\]+",
            r"(?<=/webhooks/)\d+/[\w-]+",
            r"(?<=/interactions/)\d+/[\w-]+",
        )
    )
)
# Quotes may be escaped: masking sees a line as it is written, and that may be JSON within JSON.
_NAMED = re.compile(
    r"""(?ix)
    (?P<kept>
        \bauthorization \\*["']? \s* [:=] \s* \\*["']? (?: (?:bearer|bot|basic) \s+ )?
      | \bbearer \s+ (?=[\w.~+/=-]{8})
      | \bresponse_url \\*["']? \s* [:=] \s* \\*["']?
      | [?&] (?:ticket|token|access_token|refresh_token|client_secret|api_key|code|state) =
    )
    [^\s"'&,}\])<>\\]+
    """
)
_PASSWORD = re.compile(
    r"(?P<kept>\b[a-z][a-z0-9+]*://[^\s:/@\"']*:)[^\s/\"'\\]+(?=@)", re.IGNORECASE
)


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` with tokens, webhook addresses, passwords in addresses and `secrets` taken out."""
    for secret in secrets:
        if len(secret) >= SHORTEST:
            text = text.replace(secret, MASK)
    text = _FORMS.sub(MASK, text)
    text = _NAMED.sub(rf"\g<kept>{MASK}", text)
    return _PASSWORD.sub(rf"\g<kept>{MASK}", text)


def masked_fields(fields: Mapping[str, object]) -> dict[str, object]:
    """A copy of nested fields with the values of secret-sounding names taken out.

    `None`, booleans and numbers stay: "token: false" tells something, and nothing secret.
    """
    return {
        name: MASK if _secret(name, value) else _masked_value(value)
        for name, value in fields.items()
    }


def _masked_value(value: object) -> object:
    if isinstance(value, dict):
        return masked_fields(value)
    if isinstance(value, list):
        return [_masked_value(inner) for inner in value]
    return value


def _secret(name: str, value: object) -> bool:
    tells_nothing = value is None or isinstance(value, bool | int | float)
    return not tells_nothing and SECRET_NAMES.search(name) is not None
