"""The names of tags in both languages, as the loaded banks give them."""

import json

from sqlmodel import Session

from app.bank import queries


def tag_titles(db: Session) -> dict[str, dict[str, str]]:
    """tag -> {"en", "zh"} over all loaded banks."""
    titles: dict[str, dict[str, str]] = {}
    for bank in queries.banks(db):
        titles |= json.loads(bank.tags)
    return titles
