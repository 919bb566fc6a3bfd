"""Documentation that would otherwise fall behind: settings, commands, and the wheel that people install."""

import html
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
import yaml
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from app.bank.schema import Item
from app.cli import cli
from app.core.settings import Settings
from app.items.prove import prove
from app.paths import TEMPLATES

ROOT = Path(__file__).parents[2]


def commands(command: object, name: str = "viva") -> Iterator[tuple[str, object]]:
    """Every command with its full name."""
    yield name, command
    for key, child in getattr(command, "commands", {}).items():
        yield from commands(child, f"{name} {key}")


COMMANDS = dict(commands(typer.main.get_command(cli)))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str, language: str, client: TestClient) -> None:
    page = client.get(f"/guide/hosting?lang={language}").text
    row = re.search(rf"VIVA_{name.upper()}</code></td><td>(.*?)</td>", page)
    assert row and bool(re.search("[\u4e00-\u9fff]", row[1])) == (language == "zh")


def test_no_setting_is_documented_that_is_not_there(client: TestClient) -> None:
    named = set(re.findall(r"VIVA_([A-Z_]+[A-Z])", client.get("/guide/hosting").text))
    known = {name.upper() for name in Settings.model_fields}
    assert {name.removesuffix("_FILE") for name in named} <= known | {"X"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    command = COMMANDS[name]
    assert (getattr(command, "help", None) or "").strip()
    for parameter in getattr(command, "params", []):
        assert parameter.name == "help" or getattr(parameter, "help", None), (name, parameter.name)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "viva"])
def test_every_command_is_documented(name: str) -> None:
    if not getattr(COMMANDS[name], "commands", None):
        texts = [ROOT / "README.md", *(TEMPLATES / "guide").glob("*.html")]
        assert any(name in path.read_text("utf8") for path in texts)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("name", ["templates", "static", "question_bank"])
def test_the_wheel_holds_every_file(name: str, wheel: set[str]) -> None:
    here = {f"app/{path.relative_to(ROOT)}" for path in (ROOT / name).rglob("*") if path.is_file()}
    hidden = {path for path in here if "/." in path}
    assert here - hidden - wheel == set()


def test_the_wheel_holds_the_app_and_its_words(wheel: set[str]) -> None:
    kinds = (".py", ".yaml", ".mako")
    here = {str(path.relative_to(ROOT)) for path in (ROOT / "app").rglob("*") if path.suffix in kinds}
    assert {path for path in here if "__pycache__" not in path} - wheel == set()


def test_the_wheel_holds_nothing_else(wheel: set[str]) -> None:
    outside = {name for name in wheel if not name.startswith("app/") and ".dist-info/" not in name}
    assert outside == set() and not [name for name in wheel if "tests/" in name or "__pycache__" in name]


def test_the_wheel_has_the_licences_and_the_command(wheel: set[str]) -> None:
    information = {name.split(".dist-info/")[1] for name in wheel if ".dist-info/" in name}
    assert {"licenses/LICENSE", "entry_points.txt"} <= information
    assert any(name.endswith("STIX-LICENSE.txt") for name in information)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_example_of_an_item_is_proved(language: str, client: TestClient) -> None:
    page = client.get(f"/guide/writing-questions?lang={language}").text
    example = html.unescape(re.findall(r"<pre[^>]*><code>(.*?)</code>", page, re.DOTALL)[0])
    item = TypeAdapter(Item).validate_python(yaml.safe_load(example)[0])
    assert prove(item) == []
