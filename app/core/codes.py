"""Codes that people read and type: Crockford's alphabet, which has no I, L, O and U."""

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # 5 bits a character; Douglas Crockford, "Base 32"
PUBLIC_ID = 12
GROUP = 4
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code(n: int) -> str:
    """A random code of n characters, 5 bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(n))


def public_id() -> str:
    """What stands in an address in place of a row's number: 60 bits."""
    return new_code(PUBLIC_ID)


def normalised(text: str) -> str | None:
    """The code that somebody meant by this text, of whatever length; None if no code can look like it.

    Case, spaces and hyphens do not matter, full-width characters are read as ordinary ones,
    and O stands for 0, I and L for 1. U is no part of a code.
    """
    kept = "".join(character for character in unicodedata.normalize("NFKC", text) if not _separates(character))
    code = kept.upper().translate(_READ_AS)
    return code if code and set(code) <= set(ALPHABET) else None


def grouped(code: str) -> str:
    """The code in groups of four with hyphens between them."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def _separates(character: str) -> bool:
    return character.isspace() or character == "−" or unicodedata.category(character) in ("Pd", "Cf")
