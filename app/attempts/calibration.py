"""How well somebody knows what they know: stated confidence against what was right."""

from collections.abc import Sequence
from dataclasses import dataclass

STATED = {"low": 0.5, "mid": 0.75, "high": 0.95}
"""The chance of being right that each word stands for; the page says so."""


@dataclass(frozen=True)
class Bin:
    """Answers given with one confidence: how many, how sure, how often right (mean score, 0 to 1)."""

    confidence: str
    stated: float
    count: int
    right: float


@dataclass(frozen=True)
class Calibration:
    """Brier score (mean squared distance of stated chance and score; 0 is perfect, 0.25 a coin) and its bins."""

    count: int
    brier: float
    bins: Sequence[Bin]


def calibration(answers: Sequence[tuple[str | None, float]]) -> Calibration | None:
    """Of (confidence, score from 0 to 1) pairs; None where nobody said how sure they were.

    Source: Brier, Verification of forecasts expressed in terms of probability, 1950.
    """
    stated = [(word, score) for word, score in answers if word in STATED]
    if not stated:
        return None
    brier = sum((STATED[word] - score) ** 2 for word, score in stated) / len(stated)
    bins = []
    for word, chance in STATED.items():
        scores = [score for said, score in stated if said == word]
        if scores:
            bins.append(Bin(word, chance, len(scores), sum(scores) / len(scores)))
    return Calibration(len(stated), brier, bins)
