"""The drawing of the floors is true, and small rules of style that would otherwise rot."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

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


def named(paths: Iterable[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def texts(*groups: list[Path]) -> dict[Path, str]:
    return {path: path.read_text("utf8") for group in groups for path in group}


def test_every_file_opens_with_what_it_is() -> None:
    said = {path: ast.get_docstring(ast.parse(text)) or "" for path, text in texts(SOURCES, TESTS).items()}
    assert named(path for path, text in said.items() if not text.partition("\n\n")[0].endswith((".", "?", ":"))) == []


def test_files_stay_small() -> None:
    assert named(path for path, text in texts(SOURCES).items() if len(text.splitlines()) > MOST_LINES) == []


def test_only_the_clock_reads_the_time() -> None:
    reads = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(")
    assert named(path for path, text in texts(SOURCES).items() if reads.search(text)) == ["app/core/clock.py"]


def test_templates_hold_no_style_and_no_script() -> None:
    inline = re.compile(r"<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:|<script(?![^>]* src=)")
    elsewhere = re.compile(r"<(?:script|img|link)\b[^>]*(?:src|href)=\"(?:https?:)?//")
    pages = texts(TEMPLATES)
    assert named(path for path, text in pages.items() if inline.search(text) or elsewhere.search(text)) == []


def test_nothing_tells_of_the_machine_it_was_written_on() -> None:
    home = re.compile(r"/(?:work|root|home|tmp)/\w")
    assert named(path for path, text in texts(SOURCES, TEMPLATES).items() if home.search(text)) == []


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
