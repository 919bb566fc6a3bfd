"""A bank whose every solution, reason and bug is a sentinel: a word or number that must not leave before it is due."""

import json
from pathlib import Path

import yaml

from app.paths import BANKS

WORD = "SENTINEL"
NUMBER = 918273.5
SIGNS = ("sentinel", "918273", "918,273", "right-key", "wrong-key")
"""What to look for in a response, whatever its case."""
BUG = "scale_by_d_k"  # demos name it to anybody, a quiz only when it is due


def both(text: str) -> dict[str, str]:
    return {"en": f"{text}.", "zh": f"{text}，汉字。"}


WHY = both(f"{WORD} reason")
OPTIONS = [
    {"key": f"wrong-key-{n}" if n else "right-key", "text": both(f"option {n}"), "why": WHY, "mutant": BUG}
    for n in range(4)
]


def items() -> list[dict[str, object]]:
    """One item of every type; stems and options are plain, everything else is a sentinel."""
    single = [{**option, **({"right": True} if n == 0 else {})} for n, option in enumerate(OPTIONS)]
    del single[0]["mutant"]
    right = single[0]
    both_right = [right | {"key": f"right-key-{n}", "text": both(f"option {n}")} for n in range(2)]
    verdicts = [{**option, "verdict": n in (0, 3)} for n, option in enumerate(single)]
    steps = [{"key": f"right-key-{n}", "text": both(f"step {n}")} for n in range(4)]
    pairs = [
        {"key": f"right-key-{n}", "left": both(f"left {n}"), "right": both(f"end {n}"), "why": WHY} for n in range(3)
    ]
    wrong = {"why": WHY, "mutant": BUG}
    made: list[dict[str, object]] = [
        {"type": "single", "options": single},
        {"type": "multi", "options": [*both_right, *single[2:]]},
        {"type": "true_false", "options": verdicts},
        {"type": "numeric", "solution": str(NUMBER), "tolerance": {"abs": 0.1}, "wrong": [{"value": "3.5", **wrong}]},
        {"type": "order", "steps": steps},
        {"type": "match", "pairs": pairs, "distractors": [{"key": "wrong-key", "text": both("end 9"), "why": WHY}]},
        {
            "type": "fill",
            "stem": both("a ____ gap"),
            "accept": ["sentinelword"],
            "wrong": [{"accept": ["no"], **wrong}],
        },
        {
            "type": "formula",
            "sizes": {"n": "draw", "d": "draw"},
            "vars": {"Q": {"shape": ["n", "d"]}},
            "accept": [f"Q * {NUMBER}"],
            "wrong": [{"formula": "Q * 2", **wrong}],
        },
    ]
    common = {"skill": "recall", "seconds": 60, "stem": both("what is asked"), "why": WHY}
    return [{**common, "key": f"item-{one['type']}".replace("_", "-"), **one} for one in made]


def bank(folder: Path) -> Path:
    """The bank's folder: one question of the real bank with these items."""
    question = yaml.safe_load((BANKS / "attention" / "01-what-is-attention.yaml").read_text("utf8"))
    question["items"], question["related"] = json.loads(json.dumps(items())), []  # no anchors for what is shared
    folder.mkdir(parents=True)
    (folder / "bank.yaml").write_text((BANKS / "attention" / "bank.yaml").read_text("utf8"), "utf8")
    text = yaml.safe_dump(question, allow_unicode=True, sort_keys=False)
    (folder / "01-what-is-attention.yaml").write_text(text, "utf8")
    return folder
