"""Checks of single settings: a value in, the tidy value out, or a ValueError.

The text of each error follows the variable's name in one line ("SLACK_BOT_TOKEN is a user token
…") and never repeats the value: most of them are secrets, and the others may hold one by mistake.
"""

import re
from urllib.parse import quote, urlsplit

LONGEST_PORT = 65_535
SHORTEST_TOKEN = 16
APP_CREDENTIALS = "your Slack app's page, Basic Information, App Credentials"
QUOTES = "\"'`“”‘’"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

# A rotated Slack token carries `xoxe.` in front (docs.slack.dev, token rotation).
_BOT_TOKEN = re.compile(r"(xoxe\.)?xoxb-[A-Za-z0-9-]+")
_APP_TOKEN = re.compile(r"xapp-[A-Za-z0-9-]+")
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_SECRET = re.compile(r"[0-9a-fA-F]{32}")
_CLIENT_ID = re.compile(r"[0-9]{4,20}\.[0-9]{4,20}")
# Bot id, time and signature in base64url; lengths have grown over the years, so only floors.
_DISCORD_TOKEN = re.compile(r"[A-Za-z0-9_-]{18,}\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{27,}")
_PUBLIC_KEY = re.compile(r"[0-9a-fA-F]{64}")
_HF_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_SCHEME = re.compile(r"([a-z][a-z0-9]*)(?:\+([a-z0-9_]+))?://(.*)", re.IGNORECASE | re.DOTALL)
_USERINFO = re.compile(r"(?P<user>[^:/?]*):(?P<password>.*)@(?P<rest>[^@]*)", re.DOTALL)

_OTHER_DATABASES = frozenset(
    {"mysql", "mariadb", "mssql", "oracle", "mongodb", "redis", "cockroachdb", "libsql", "file"}
)
_OTHER_DRIVERS = frozenset({"aiosqlite", "asyncpg", "psycopg2", "pg8000", "psycopg_async"})

_SLACK_KINDS = {
    "xoxb-": "a bot token (xoxb-…)",
    "xoxe.xoxb-": "a bot token (xoxb-…)",
    "xoxp-": "a user token (xoxp-…)",
    "xapp-": "an app-level token (xapp-…)",
    "xoxe-": "a refresh token (xoxe-…)",
    "xoxa-": "a legacy workspace token (xoxa-…)",
}


def copied_whole(value: str) -> str:
    """Refuse what copying and pasting adds: line breaks, quotes, blanks, control characters."""
    if "\n" in value or "\r" in value:
        raise ValueError("contains a line break; set it again as one line")
    if value != value.strip():
        raise ValueError("has blanks around it; set it again without them")
    if value[0] in QUOTES or value[-1] in QUOTES:
        raise ValueError("has quotes around it; set the text alone")
    if not value.isprintable():
        raise ValueError("contains an invisible character; type it again or copy it anew")
    return value


def _of_form(form: re.Pattern[str], value: str, what: str, where: str) -> str:
    """`value` if it has the form of `what`; else where to find the right one."""
    if form.fullmatch(value):
        return value
    raise ValueError(f"is not {what} ({where})")


def lease(value: str) -> float:
    """Seconds a worker keeps a channel to itself; short ones are for tests."""
    if re.fullmatch(r"[0-9]{1,4}(\.[0-9]+)?", value) and 1 <= float(value) <= 600:
        return float(value)
    raise ValueError("is no number of seconds from 1 to 600")


def metrics_token(value: str) -> str:
    """What a collector of metrics has to show; made up by whoever runs the bot."""
    if len(value) < SHORTEST_TOKEN or not value.isascii() or " " in value:
        raise ValueError(
            f"is too easy to guess; set at least {SHORTEST_TOKEN} letters and digits, such as what "
            "`openssl rand -hex 16` prints"
        )
    return value


def slack_bot_token(value: str) -> str:
    """`xoxb-…`, the Bot User OAuth Token."""
    if _BOT_TOKEN.fullmatch(value):
        return value
    raise ValueError(
        f"is {_slack_kind(value, 'xoxb-')}; the bot needs the Bot User OAuth Token, which begins "
        "with xoxb- (your Slack app's page, OAuth & Permissions)"
    )


def slack_app_token(value: str) -> str:
    """`xapp-…`, the token Socket Mode connects with."""
    if _APP_TOKEN.fullmatch(value):
        return value
    raise ValueError(
        f"is {_slack_kind(value, 'xapp-')}; Socket Mode needs an app-level token with the scope "
        "connections:write, which begins with xapp- (your Slack app's page, Basic Information)"
    )


def slack_signing_secret(value: str) -> str:
    """The 32 hexadecimal digits Slack signs its requests with."""
    what = "a signing secret: that is 32 characters of 0-9 and a-f"
    return _of_form(_SECRET, value, what, APP_CREDENTIALS)


def slack_client_id(value: str) -> str:
    """Two numbers with a dot between."""
    what = "a client id: that is two numbers with a dot between"
    return _of_form(_CLIENT_ID, value, what, APP_CREDENTIALS)


def slack_client_secret(value: str) -> str:
    """The 32 hexadecimal digits that stand beside the client id."""
    what = "a client secret: that is 32 characters of 0-9 and a-f"
    return _of_form(_SECRET, value, what, APP_CREDENTIALS)


def sealing_keys(value: str) -> str:
    """Keys of 32 bytes in base64, the newest first, separated by commas."""
    keys = [key.strip() for key in value.split(",")]
    for number, key in enumerate(keys, start=1):
        if not _KEY.fullmatch(key):
            raise ValueError(
                f"has no key in place {number}: `papers keys new` makes one; the newest stands "
                "first, older ones behind it, with commas between"
            )
    if len(set(keys)) != len(keys):
        raise ValueError("names a key twice; take one of them out")
    return ",".join(keys)


def public_address(value: str) -> str:
    """The address people's browsers reach this installation under; https but on this machine."""
    address = base_address(value)
    if address.startswith("https://") or urlsplit(address).hostname in LOOPBACK:
        return address
    raise ValueError("has to begin with https://: browsers keep the sign-in cookie only there")


def discord_token(value: str) -> str:
    """Three base64 parts with dots between."""
    if value.lower().startswith(("bot ", "bearer ")):
        raise ValueError("begins with a word before the token; set the token alone")
    if _DISCORD_TOKEN.fullmatch(value):
        return value
    raise ValueError(
        "is not a bot token: that is three parts of letters and digits with dots between "
        "(Discord's developer portal, your application, Bot, Reset Token)"
    )


def discord_public_key(value: str) -> str:
    """The 64 hexadecimal digits of the key Discord signs its requests with."""
    what = "a public key: that is 64 characters of 0-9 and a-f"
    where = "Discord's developer portal, your application, General Information"
    return _of_form(_PUBLIC_KEY, value, what, where).lower()


def hf_token(value: str) -> str:
    """A Hugging Face access token; only its characters are checked, its form is theirs."""
    if _HF_TOKEN.fullmatch(value):
        return value
    raise ValueError("is not an access token: those are letters, digits, _ and - only")


def web_address(value: str) -> str:
    """An http(s) address with a host, without name and password, `?` or `#`."""
    return _address(value, ("https", "http"))


def folder_address(value: str) -> str:
    """A web address that ends in `/`, so that names can be put behind it."""
    return web_address(value).rstrip("/") + "/"


def base_address(value: str) -> str:
    """A web address that does not end in `/`."""
    return web_address(value).rstrip("/")


def socket_address(value: str) -> str:
    """A ws(s) address."""
    return _address(value, ("wss", "ws"))


def port_number(value: str) -> int:
    """0 to 65535; 0 lets the system choose a free one."""
    if re.fullmatch(r"[0-9]{1,5}", value) and int(value) <= LONGEST_PORT:
        return int(value)
    raise ValueError(f"is not a port: a whole number from 0 to {LONGEST_PORT}")


def contact(value: str) -> str:
    """An e-mail address or https page under which sources reach the operator."""
    address = value.removeprefix("mailto:")
    if _EMAIL.fullmatch(address):
        return address
    if address.isascii() and address.startswith("https://"):
        return _address(address, ("https",))
    raise ValueError("is neither an e-mail address nor an https:// page")


def database_url(value: str) -> str:
    """A database address the store understands: SQLite file or PostgreSQL through psycopg.

    `postgres://` becomes `postgresql+psycopg://`, and a password with reserved characters is
    escaped, because hosting services hand out both.
    """
    found = _SCHEME.fullmatch(value)
    if found is None:
        raise ValueError("is not a database address: write sqlite:///FILE or postgresql://HOST/DB")
    scheme, driver, rest = found[1].lower(), found[2], found[3]
    if scheme == "sqlite":
        return _sqlite_url(driver, rest)
    if scheme in {"postgres", "postgresql"}:
        return _postgresql_url(driver, rest)
    # Only names we know are repeated: a garbled value may begin with part of a password.
    shown = f"{scheme}://" if scheme in _OTHER_DATABASES else "a word"
    raise ValueError(f"begins with {shown}, which is not supported; use sqlite or postgresql")


def _sqlite_url(driver: str | None, rest: str) -> str:
    if driver not in {None, "pysqlite"}:
        raise ValueError(f"names {_shown(driver)}; write sqlite:///FILE, without a driver")
    if not rest.startswith("/"):
        raise ValueError(
            "names no file: write sqlite:/// and the path, so three slashes before a relative "
            "path and four before an absolute one"
        )
    if rest == "/" or rest.startswith("/:memory:"):
        raise ValueError("keeps nothing: name a file, such as sqlite:///data/paperwire.db")
    return f"sqlite://{rest}"


def _postgresql_url(driver: str | None, rest: str) -> str:
    if driver not in {None, "psycopg"}:
        raise ValueError(
            f"names {_shown(driver)}, which is not installed; write postgresql:// alone"
        )
    found = _USERINFO.fullmatch(rest)
    if found:
        password = quote(found["password"], safe="%!$&'()*+,;=~")
        rest = f"{found['user']}:{password}@{found['rest']}"
    try:
        parts = urlsplit(f"postgresql://{rest}")
        _ = parts.port
    except ValueError:
        raise ValueError("has a port or host that cannot be read") from None
    if not parts.path.strip("/"):
        raise ValueError("names no database: write postgresql://USER:PASSWORD@HOST/DATABASE")
    return f"postgresql+psycopg://{rest}"


def _shown(driver: str | None) -> str:
    return f"the driver {driver}" if driver in _OTHER_DRIVERS else "a driver"


def _slack_kind(value: str, wanted: str) -> str:
    for prefix, kind in _SLACK_KINDS.items():
        if value.startswith(prefix):
            return "cut short or damaged" if prefix.endswith(wanted) else kind
    return "not a Slack token of that kind"


def _address(value: str, schemes: tuple[str, ...]) -> str:
    wanted = f"{schemes[0]}://"
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"is not an address: write {wanted}HOST/…") from None
    if parts.scheme not in schemes or not host or any(c.isspace() for c in value):
        raise ValueError(f"is not an address: write {wanted}HOST/…")
    if "@" in parts.netloc:
        raise ValueError("holds a name or password; leave them out of the address")
    if parts.query or parts.fragment:
        raise ValueError("ends in ? or # and more; give the address up to there")
    return value
