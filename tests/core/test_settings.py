"""Settings: what is read from where, and which values are refused before a server starts."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.core.settings import Settings


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("VIVA_")]:
        monkeypatch.delenv(name)


def test_the_defaults_serve_this_machine_only() -> None:
    settings = Settings()
    assert (settings.host, settings.port, settings.workers, settings.is_sqlite) == ("127.0.0.1", 8000, 1, True)
    assert settings.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert (settings.banks[0] / "bank.yaml").is_file()


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_PORT", "9000")
    monkeypatch.setenv("VIVA_ALLOWED_HOSTS", "viva.example, other.example")
    monkeypatch.setenv("VIVA_BANKS", os.pathsep.join(("/one", "/two")))
    settings = Settings()
    assert settings.port == 9000 and settings.hosts[-2:] == ("viva.example", "other.example")
    assert settings.banks == (Path("/one"), Path("/two"))


def test_what_the_command_says_stands_above_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_PORT", "9000")
    assert Settings(port=9001).port == 9001


def test_a_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("postgresql+psycopg://viva@db/viva\n", "utf8")
    monkeypatch.setenv("VIVA_DATABASE_URL_FILE", str(tmp_path / "url"))
    assert Settings().url == "postgresql+psycopg://viva@db/viva" and not Settings().is_sqlite


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_PORT", "")
    assert Settings().port == 8000


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"trusted_proxies": ("*",)}, "name the proxy's address"),
        ({"public_url": "viva.example.org"}, "must be an origin"),
        ({"public_url": "https://viva.example.org/path"}, "without a path"),
        ({"public_url": "ftp://viva.example.org"}, "must be an origin"),
        ({"database_url": "mysql://x"}, "must start with"),
        ({"port": 70000}, "less than or equal to 65535"),
        ({"port": -1}, "greater than or equal to 0"),
        ({"workers": 2}, "need PostgreSQL"),
        ({"log": "xml"}, "'plain' or 'json'"),
        ({"unknown": 1}, "not permitted"),
    ],
)
def test_what_is_unsafe_or_unclear_is_refused(given: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings(**given)  # type: ignore[arg-type]


def test_the_public_name_is_answered_to() -> None:
    settings = Settings(public_url="https://viva.example.org/", host="0.0.0.0")
    assert settings.public_url == "https://viva.example.org"
    assert "viva.example.org" in settings.hosts and "0.0.0.0" not in settings.hosts


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_what_it_is(name: str) -> None:
    assert Settings.model_fields[name].description
