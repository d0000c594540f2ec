"""The configuration: environment variables in, one typed, frozen value out.

The only place that reads the environment. docs/configuration.md describes every name.
"""

import os
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.model.errors import ConfigError
from bot.rules.settling import Ambiguous
from config import discord_values, failpoints, names, values
from config.failpoints import FailPoint
from config.fitting import slack_problem
from config.sources import HF_DAILY, is_arxiv, source_names

FOR_TESTS = frozenset({"PAPERS_CORPUS"})
"""Read by tests and benchmarks only; a shell that has it set may still start the program."""


class Switch(StrEnum):
    """Something that is on or off."""

    NO = "no"
    YES = "yes"


class LogFormat(StrEnum):
    """How log lines are written; `auto` is console on a terminal, else JSON."""

    AUTO = "auto"
    JSON = "json"
    CONSOLE = "console"


BaseAddress = Annotated[str, BeforeValidator(values.base_address)]
FolderAddress = Annotated[str, BeforeValidator(values.folder_address)]


class Settings(BaseSettings):
    """Everything an installation can set; each alias is the variable's name.

    Addresses come without a slash at the end, Slack's with one (its SDK appends method names).
    database: where everything is kept; secret because it may hold a password.
    sources: names as the sources themselves have them, such as `arxiv_rss:cs.CL`.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=False
    )

    database: Annotated[SecretStr, BeforeValidator(values.database_url)] = Field(
        default=SecretStr("sqlite:///data/paperwire.db"), alias="DATABASE_URL"
    )
    port: Annotated[int, BeforeValidator(values.port_number)] = Field(default=8080, alias="PORT")

    public_url: Annotated[str | None, BeforeValidator(values.public_address)] = Field(
        default=None, alias="PAPERS_PUBLIC_URL"
    )
    keys: Annotated[SecretStr | None, BeforeValidator(values.sealing_keys)] = Field(
        default=None, alias="PAPERS_KEYS"
    )
    metrics_token: Annotated[SecretStr | None, BeforeValidator(values.metrics_token)] = Field(
        default=None, alias="PAPERS_METRICS_TOKEN"
    )

    slack_bot_token: Annotated[SecretStr | None, BeforeValidator(values.slack_bot_token)] = Field(
        default=None, alias="SLACK_BOT_TOKEN"
    )
    slack_app_token: Annotated[SecretStr | None, BeforeValidator(values.slack_app_token)] = Field(
        default=None, alias="SLACK_APP_TOKEN"
    )
    slack_signing_secret: Annotated[
        SecretStr | None, BeforeValidator(values.slack_signing_secret)
    ] = Field(default=None, alias="SLACK_SIGNING_SECRET")
    slack_client_id: Annotated[str | None, BeforeValidator(values.slack_client_id)] = Field(
        default=None, alias="SLACK_CLIENT_ID"
    )
    slack_client_secret: Annotated[
        SecretStr | None, BeforeValidator(values.slack_client_secret)
    ] = Field(default=None, alias="SLACK_CLIENT_SECRET")
    slack_history: Switch = Field(default=Switch.NO, alias="SLACK_HISTORY")
    slack_api_url: FolderAddress = Field(default="https://slack.com/api/", alias="SLACK_API_URL")

    discord_token: Annotated[SecretStr | None, BeforeValidator(values.discord_token)] = Field(
        default=None, alias="DISCORD_TOKEN"
    )
    discord_public_key: Annotated[str | None, BeforeValidator(values.discord_public_key)] = Field(
        default=None, alias="DISCORD_PUBLIC_KEY"
    )
    discord_shards: Annotated[int, BeforeValidator(discord_values.discord_shards)] = Field(
        default=1, alias="DISCORD_SHARDS"
    )
    discord_webhooks: Annotated[
        SecretStr | None, BeforeValidator(discord_values.discord_webhooks)
    ] = Field(default=None, alias="DISCORD_WEBHOOKS")
    discord_api_url: BaseAddress = Field(
        default="https://discord.com/api/v10", alias="DISCORD_API_URL"
    )
    discord_gateway_url: Annotated[str, BeforeValidator(values.socket_address)] = Field(
        default="wss://gateway.discord.gg/", alias="DISCORD_GATEWAY_URL"
    )

    hf_endpoint: BaseAddress = Field(default="https://huggingface.co", alias="HF_ENDPOINT")
    hf_token: Annotated[SecretStr | None, BeforeValidator(values.hf_token)] = Field(
        default=None, alias="HF_TOKEN"
    )
    arxiv_rss_url: BaseAddress = Field(
        default="https://rss.arxiv.org/rss", alias="PAPERS_ARXIV_RSS_URL"
    )
    arxiv_oai_url: BaseAddress = Field(
        default="https://oaipmh.arxiv.org/oai", alias="PAPERS_ARXIV_OAI_URL"
    )
    arxiv_api_url: BaseAddress = Field(
        default="https://export.arxiv.org/api/query", alias="PAPERS_ARXIV_API_URL"
    )
    contact: Annotated[str | None, BeforeValidator(values.contact)] = Field(
        default=None, alias="PAPERS_CONTACT"
    )
    sources: Annotated[tuple[str, ...], BeforeValidator(source_names)] = Field(
        default=(HF_DAILY,), alias="PAPERS_SOURCES"
    )
    failpoint: Annotated[tuple[FailPoint, ...] | None, BeforeValidator(failpoints.read)] = Field(
        default=None, alias="PAPERS_FAILPOINT"
    )
    lease_s: Annotated[float, BeforeValidator(values.lease)] = Field(
        default=60.0, alias="PAPERS_LEASE_S"
    )
    ambiguous: Ambiguous = Field(default=Ambiguous.RESEND_ONCE, alias="PAPERS_AMBIGUOUS")
    log_format: LogFormat = Field(default=LogFormat.AUTO, alias="PAPERS_LOG_FORMAT")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` picked: one path for the environment and for a test's own."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problem = slack_problem(self)
        if problem:
            raise ValueError(problem)
        if self.discord_public_key and not self.discord_token:
            raise ValueError(
                "DISCORD_PUBLIC_KEY is set, but DISCORD_TOKEN is not: set it to the bot's token, or "
                "take DISCORD_PUBLIC_KEY out to leave Discord off"
            )
        if not self.contact and any(is_arxiv(name) for name in self.sources):
            raise ValueError(
                "PAPERS_CONTACT is not set, but PAPERS_SOURCES has an arXiv source: arXiv wants to "
                "know whom to reach; set it to your e-mail address or an https:// page"
            )
        return self

    @property
    def database_url(self) -> str:
        """The database's address in clear, ready for the store."""
        return self.database.get_secret_value()

    @property
    def sealing_keys(self) -> tuple[str, ...]:
        """The keys secrets in the database are sealed with, the newest first."""
        return tuple(self.keys.get_secret_value().split(",")) if self.keys else ()

    @property
    def slack_on(self) -> bool:
        """Whether Slack has its tokens."""
        return self.slack_bot_token is not None or self.slack_client_id is not None

    @property
    def slack_over_http(self) -> bool:
        """Whether Slack calls us; without it, and with Slack on, we call Slack (Socket Mode)."""
        return self.slack_on and self.slack_app_token is None

    @property
    def discord_on(self) -> bool:
        """Whether Discord has its token."""
        return self.discord_token is not None

    def webhooks(self) -> list[str]:
        """Addresses of plain Discord webhooks, in clear."""
        given = self.discord_webhooks.get_secret_value() if self.discord_webhooks else ""
        return [one.strip() for one in given.split(",") if one.strip()]

    def tokens(self) -> list[str]:
        """All tokens in clear, for the log to mask; the database's password is not among them.

        A password may be a common word, and masking that would make a log unreadable.
        """
        given = (
            self.slack_bot_token,
            self.slack_app_token,
            self.slack_signing_secret,
            self.slack_client_secret,
            self.discord_token,
            self.hf_token,
            self.metrics_token,
        )
        clear = [token.get_secret_value() for token in given if token is not None]
        return [*clear, *self.sealing_keys, *(one.rpartition("/")[2] for one in self.webhooks())]

    def platforms_off(self) -> list[str]:
        """One sentence for each platform that is off, and what would turn it on."""
        off = []
        if not self.slack_on:
            off.append("Slack is off: SLACK_BOT_TOKEN is not set.")
        if not self.discord_on:
            off.append("Discord is off: DISCORD_TOKEN is not set.")
        return off


SETTING_NAMES = frozenset(
    field.alias for field in Settings.model_fields.values() if field.alias is not None
)
"""Every variable the program reads."""


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in `environ` (None: this process's own); an empty value counts as not set.

    Raises ConfigError with one line that names the variable, never its value.
    """
    given = os.environ if environ is None else environ  # noqa: TID251 (the one place that may)
    mistake = names.misspelling(given, SETTING_NAMES, FOR_TESTS)
    if mistake:
        raise ConfigError(mistake)
    picked = {name: given[name] for name in SETTING_NAMES if given.get(name)}
    for name in sorted(picked):
        try:
            values.copied_whole(picked[name])
        except ValueError as error:
            raise ConfigError(f"{name} {error}") from None
    try:
        return Settings(**picked)  # type: ignore[arg-type]  # the validators take text for all
    except ValidationError as error:
        # `from None`: a chained ValidationError would carry the values into a traceback.
        raise ConfigError(_first_problem(error)) from None


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in problem["loc"])
    if name == "PAPERS_LOG_FORMAT":
        return f"{name} is none of {', '.join(LogFormat)}"
    text = problem["msg"].removeprefix("Value error, ")
    return f"{name} {text}".strip()
