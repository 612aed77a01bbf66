"""Settings: read once from the environment and `.env`, all mistakes reported at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError

PREFIX = "FEEDBELL_"


def _pieces(text: object) -> object:
    """`a, b` → ("a", "b"); anything else is left to pydantic."""
    return (
        tuple(filter(None, (piece.strip() for piece in text.split(",")))) if isinstance(text, str) else text
    )


class Settings(BaseSettings):
    """What an operator may set. `.env.example` says the same with units and reasons; a test compares the two."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", env_ignore_empty=True
    )

    token: SecretStr | None = None
    api_url: str = Field(default="https://api.telegram.org", pattern=r"^https?://[^/]+")
    database_url: str = Field(default="sqlite:///feedbell.db", pattern=r"^(sqlite|postgresql)://")
    owners: Annotated[tuple[int, ...], NoDecode] = ()
    access: Literal["open", "allowlist"] = "open"
    allow_private: Annotated[tuple[str, ...], NoDecode] = ()
    bridge: str | None = Field(default=None, pattern=r"^(rsshub|rss-bridge)\+https?://[^/\s]+\S*$")
    feed_proxy: SecretStr | None = None
    full_pages: Literal["off", "teasers"] = "off"
    summary_url: str | None = Field(default=None, pattern=r"^https?://[^/@?#\s]+(/[^?#\s]*)?$")
    summary_model: str | None = None
    summary_key: SecretStr | None = None
    summary_tokens: int = Field(default=200_000, ge=0)
    min_interval: float = Field(default=60, gt=0)
    default_interval: float = Field(default=600, gt=0)
    max_interval: float = Field(default=86_400, gt=0)
    global_rate: float = Field(default=28, gt=0, le=1000)
    chat_rate: float = Field(default=1, gt=0, le=30)
    group_rate: float = Field(default=20, gt=0, le=1800)
    send_timeout: float = Field(default=30, gt=0, le=60)
    backlog: int = Field(default=30, ge=1)
    burst: int = Field(default=10, ge=5)
    max_feeds: int = Field(default=10_000, ge=0)
    max_follows: int = Field(default=100, ge=0)
    max_changes: int = Field(default=60, ge=0)
    starters: Path | None = None
    log_format: Literal["console", "json"] = "console"
    http_listen: str | None = Field(default=None, pattern=r"^.+:\d{1,5}$")

    @field_validator("owners", "allow_private", mode="before")
    @classmethod
    def _list(cls, value: object) -> object:
        return _pieces(value)

    @field_validator("api_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @model_validator(mode="after")
    def _in_order(self) -> Settings:
        if not self.min_interval <= self.default_interval <= self.max_interval:
            raise ValueError("MIN_INTERVAL ≤ DEFAULT_INTERVAL ≤ MAX_INTERVAL must hold")
        if (self.summary_url is None) != (self.summary_model is None):
            raise ValueError("SUMMARY_URL and SUMMARY_MODEL must be set together")
        return self

    @property
    def feed_proxy_url(self) -> str | None:
        """May hold a password."""
        return self.feed_proxy.get_secret_value() if self.feed_proxy else None

    @property
    def intervals(self) -> tuple[timedelta, timedelta, timedelta]:
        """Shortest, normal, longest."""
        return (
            timedelta(seconds=self.min_interval),
            timedelta(seconds=self.default_interval),
            timedelta(seconds=self.max_interval),
        )


def read_settings() -> Settings:
    """Read the environment and `.env` in the working directory.

    Raises:
        SettingsError: with one sentence for each setting that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(tuple(_sentence(mistake) for mistake in error.errors())) from error


def _sentence(mistake: object) -> str:
    match mistake:
        case {"loc": (name, *_), "msg": str(what), "input": given}:
            return f"{PREFIX}{str(name).upper()}={given!r}: {what}"
        case {"msg": str(what)}:
            return what.removeprefix("Value error, ")
        case _:
            return str(mistake)
