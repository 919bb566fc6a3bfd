"""The drawing of the floors is true, and small rules of style that would otherwise rot."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "app").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MOST_LINES = 250
RUN = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def test_a_room_imports_only_rooms_below_it() -> None:
    done = subprocess.run([sys.executable, "-c", RUN], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_drawing_names_every_floor() -> None:
    drawing = ast.get_docstring(ast.parse((ROOT / "app" / "__init__.py").read_text("utf8"))) or ""
    floors = {path.stem for path in (ROOT / "app").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    missing = {floor for floor in floors - {"__init__"} if not re.search(rf"\b{floor}\b", drawing)}
    assert missing == set()


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_opens_with_what_it_is(path: Path) -> None:
    text = path.read_text("utf8")
    said = ast.get_docstring(ast.parse(text))
    assert said and said.splitlines()[0].rstrip().endswith((".", ":", ";")) and len(said.splitlines()[0]) > 15


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_stays_small(path: Path) -> None:
    assert len(path.read_text("utf8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_clock_reads_the_time(path: Path) -> None:
    read = re.search(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(", path.read_text("utf8"))
    assert read is None or path.name == "clock.py"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_no_style_and_no_script(path: Path) -> None:
    text = path.read_text("utf8")
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:", text)
    assert all(" src=" in tag for tag in re.findall(r"<script\b[^>]*>", text))
    assert not re.search(r"<(?:script|img|link)\b[^>]*(?:src|href)=\"(?:https?:)?//", text)


def test_no_vague_names() -> None:
    vague = {"utils.py", "helpers.py", "services.py", "crud.py", "schemas.py", "common.py", "misc.py"}
    assert {str(path.relative_to(ROOT)) for path in SOURCES if path.name in vague} == set()


def test_the_readme_is_short_and_in_both_languages() -> None:
    readme = ROOT / "README.md"
    assert readme.is_file(), "README.md is missing"
    text = readme.read_text("utf8")
    assert len(text.splitlines()) < 100 and "中文" in text
    for link in re.findall(r"\]\((?!https?:|#)([^)]+)\)", text):
        assert (ROOT / link.split("#")[0]).exists(), link


@pytest.mark.parametrize("path", [*SOURCES, *TEMPLATES], ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_tells_of_the_machine_it_was_written_on(path: Path) -> None:
    assert not re.search(r"/(?:work|root|home|tmp)/\w", path.read_text("utf8"))
