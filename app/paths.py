"""Where the templates, static files and question banks are, in a wheel and in a checkout alike."""

from pathlib import Path


def folder(name: str) -> Path:
    """The folder called `name` inside the installed package, or else beside it in a checkout."""
    inside = Path(__file__).resolve().parent / name
    return inside if inside.is_dir() else inside.parent.parent / name


TEMPLATES = folder("templates")
STATIC = folder("static")
BANKS = folder("question_bank")
LOCALE = Path(__file__).resolve().parent / "locale"
MIGRATIONS = Path(__file__).resolve().parent / "migrations"
