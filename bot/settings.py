"""What the operator decides, read once from the environment (and `.env`) and checked before anything starts."""

import re
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.i18n import LOCALES

TELEGRAM = "https://api.telegram.org"
ZALO_API = "https://openapi.zalo.me"
ZALO_OAUTH = "https://oauth.zaloapp.com"
ZALO_ZNS = "https://business.openapi.zalo.me"
ZALO_BOT = "https://bot-api.zaloplatforms.com"
CHANNELS = {"telegram": r"\d+", "zalo": r"\d+", "zalo_bot": r"[0-9a-f]+"}  # and how their ids look
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{3,}")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class BadSettings(Exception):
    """The configuration cannot work. Its text names each variable and what to write there, without any value that is secret."""


def _wrong(sentence: str) -> PydanticCustomError:
    # Braces would be taken for fields of a message template.
    return PydanticCustomError("settings", "{sentence}", {"sentence": sentence})


def _owners(value: object) -> object:
    """`telegram:1001,zalo:24` as pairs of channel and user id."""
    if not isinstance(value, str):
        return value
    pairs = [tuple(entry.strip().split(":", 1)) for entry in value.split(",") if entry.strip()]
    for pair in pairs:
        if len(pair) != 2 or pair[0] not in CHANNELS or not re.fullmatch(CHANNELS[pair[0]], pair[1]):
            raise _wrong("write it as telegram:1001,zalo:2468 (channel, colon, id)")
    return tuple(pairs)


def _url(value: object) -> object:
    if isinstance(value, str) and value and not re.match(r"https?://[^/\s]+", value):
        raise _wrong("must begin with https:// (or http:// for a server on this machine)")
    return value.rstrip("/") if isinstance(value, str) else value


Url = Annotated[str, BeforeValidator(_url)]


class Settings(BaseSettings):
    """Everything that can be set, under the names of the environment variables in lower case."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    bot_token: SecretStr = SecretStr("")
    telegram_api_url: Url = TELEGRAM
    updates: Literal["polling", "webhook"] = "polling"
    public_url: Url = ""
    webhook_secret: SecretStr = SecretStr("")
    http_host: str = "127.0.0.1"
    http_port: int = Field(8080, ge=0, le=65535)
    database_url: str = Field("sqlite+aiosqlite:///data/chamkhach.db", repr=False)  # may hold a password
    owner_ids: Annotated[tuple[tuple[str, str], ...], NoDecode, BeforeValidator(_owners)] = ()
    org_name: str = "Chăm Khách"
    default_locale: str = "vi"
    timezone: str = "Asia/Ho_Chi_Minh"
    zalo_app_id: str = ""
    zalo_app_secret: SecretStr = SecretStr("")
    zalo_oa_secret: SecretStr = SecretStr("")
    zalo_refresh_token: SecretStr = SecretStr("")
    zalo_api_url: Url = ZALO_API
    zalo_oauth_url: Url = ZALO_OAUTH
    zalo_zns_url: Url = ZALO_ZNS
    zalo_paid_messages: bool = False
    zalo_bot_token: SecretStr = SecretStr("")
    zalo_bot_secret: SecretStr = SecretStr("")
    zalo_bot_url: Url = ZALO_BOT
    ai_base_url: Url = ""
    ai_api_key: SecretStr = SecretStr("")
    ai_model: str = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("bot_token")
    @classmethod
    def _token_looks_right(cls, token: SecretStr) -> SecretStr:
        if token.get_secret_value() and not TOKEN.fullmatch(token.get_secret_value()):
            raise _wrong("does not look like a token of @BotFather (123456:ABC...)")
        return token

    @field_validator("default_locale")
    @classmethod
    def _locale_is_known(cls, locale: str) -> str:
        if locale not in LOCALES:
            raise _wrong(f"must be one of: {', '.join(LOCALES)}")
        return locale

    @field_validator("timezone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise _wrong("is no time zone, write for example Asia/Ho_Chi_Minh") from error
        return zone

    @field_validator("database_url")
    @classmethod
    def _database_is_supported(cls, url: str) -> str:
        if not url.startswith(("sqlite+aiosqlite://", "postgresql+asyncpg://")):
            raise _wrong("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        return url

    @field_validator("log_level", mode="before")
    @classmethod
    def _level_in_any_case(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    @model_validator(mode="after")
    def _model_is_named(self) -> "Settings":
        if self.ai_base_url and not self.ai_model:
            raise _wrong("AI_BASE_URL needs AI_MODEL: the name of the model that drafts answers")
        return self

    @model_validator(mode="after")
    def _zalo_is_complete(self) -> "Settings":
        given = [self.zalo_app_id, *map(SecretStr.get_secret_value, (self.zalo_app_secret, self.zalo_refresh_token))]
        if any(given) and not all(given):
            raise _wrong("Zalo needs all of ZALO_APP_ID, ZALO_APP_SECRET and ZALO_REFRESH_TOKEN, or none of them")
        return self

    @model_validator(mode="after")
    def _webhook_is_complete(self) -> "Settings":
        if self.updates != "webhook":
            return self
        secret = self.webhook_secret.get_secret_value()
        if not WEBHOOK_SECRET.fullmatch(secret):
            raise _wrong(
                "UPDATES=webhook needs WEBHOOK_SECRET: 1 to 256 letters, digits, _ or - (without it anybody could forge updates)"
            )
        if not self.public_url:
            raise _wrong("UPDATES=webhook needs PUBLIC_URL: the https address under which Telegram reaches this server")
        if self.telegram_api_url == TELEGRAM and not self.public_url.startswith("https://"):
            raise _wrong("PUBLIC_URL must begin with https://, Telegram calls nothing else")
        return self


def read_settings(**overrides: Any) -> Settings:
    """The settings in force; `overrides` win over the environment. Raises BadSettings in sentences for the operator."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise BadSettings("\n".join(_sentence(dict(problem)) for problem in error.errors())) from None


def _sentence(problem: dict[str, Any]) -> str:
    name = "_".join(str(part) for part in problem["loc"][:1]).upper()
    return f"{name}: {problem['msg']}" if name else str(problem["msg"])
