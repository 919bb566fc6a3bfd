"""Every setting of a server: one frozen class, read from VIVA_* variables, refusing what is unsafe or unclear."""

import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from app import paths
from app.core.i18n import mark


class Settings(BaseSettings):
    """The settings, each with its default; `VIVA_X_FILE` names a file that holds the value of `VIVA_X`."""

    model_config = SettingsConfigDict(env_prefix="VIVA_", frozen=True, extra="forbid", env_ignore_empty=True)

    data: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("viva", appauthor=False)),
        description=mark("the folder that holds the database; made if it is missing"),
    )
    database_url: str = Field(
        "", description=mark("empty = the file viva.db in VIVA_DATA; or postgresql+psycopg://user@host/name")
    )
    host: str = Field("127.0.0.1", description=mark("the address to listen on"))
    port: int = Field(8000, ge=0, le=65535, description=mark("the port to listen on; 0 = any free one"))
    workers: int = Field(1, ge=1, le=64, description=mark("processes; more than 1 needs PostgreSQL"))
    public_url: str = Field("", description=mark("the address people type, such as https://viva.example.org"))
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description=mark("addresses of proxies whose X-Forwarded-* headers are believed, separated by commas"),
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description=mark("further names this server answers to, separated by commas")
    )
    banks: Annotated[tuple[Path, ...], NoDecode] = Field(
        (paths.BANKS / "attention",),
        description=mark("folders of question banks, separated as in PATH"),
        validate_default=True,
    )
    secret_key: str = Field(
        "",
        repr=False,
        description=mark("signs cookies; empty = kept in the file viva.secret in VIVA_DATA; the same in every process"),
    )
    log: Literal["plain", "json"] = Field("plain", description=mark("the form of log lines"))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _FromFiles(settings_cls)

    @field_validator("trusted_proxies", "allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("banks", mode="before")
    @classmethod
    def _split_paths(cls, value: object) -> object:
        return tuple(Path(part) for part in value.split(os.pathsep) if part) if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _no_star(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if "*" in value:
            raise ValueError("“*” would believe anybody's X-Forwarded-For; name the proxy's address")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/")):
            raise ValueError("must be an origin such as https://viva.example.org, without a path")
        return value.rstrip("/")

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if value and len(value) < 32:
            raise ValueError("needs 32 characters or more; leave it empty to have one made and kept in VIVA_DATA")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> "Settings":
        if self.workers > 1 and self.is_sqlite:
            raise ValueError("workers above 1 need PostgreSQL: set VIVA_DATABASE_URL")
        return self

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'viva.db'}"

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite:")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names this server answers to: loopback, what it listens on, its public name, what was added."""
        public = urlsplit(self.public_url).hostname
        named = (
            "localhost",
            "127.0.0.1",
            "[::1]",
            self.host,
            *([public] if public else []),
            *self.allowed_hosts,
        )
        return tuple(dict.fromkeys(name for name in named if name not in ("", "0.0.0.0", "::")))


class _FromFiles(PydanticBaseSettingsSource):
    """`VIVA_DATABASE_URL_FILE=/run/secrets/url` and the like, so that a secret need not stand in the environment."""

    def get_field_value(self, field: object, field_name: str) -> tuple[object, str, bool]:
        path = os.environ.get(f"VIVA_{field_name.upper()}_FILE")
        return (Path(path).read_text(encoding="utf8").strip() if path else None), field_name, False

    def __call__(self) -> dict[str, object]:
        found = {name: self.get_field_value(None, name)[0] for name in self.settings_cls.model_fields}
        return {name: value for name, value in found.items() if value is not None}
