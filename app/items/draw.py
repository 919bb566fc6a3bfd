"""Draws from a SHA-256 counter: the same seed gives the same numbers on every machine and in every release."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Thing = TypeVar("Thing")
_HANDLE = "23456789abcdefghjkmnpqrstvwxyz"


class DrawError(Exception):
    """No draw satisfied the guards, or a solution could not be computed."""


class Dice:
    """A stream of draws; `Dice("a").child("b")` is a stream of its own, whatever was drawn from the first."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._count = 0

    def child(self, name: str) -> "Dice":
        return Dice(f"{self.seed}/{name}")

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1, each equally likely: too large draws are thrown away."""
        if not 1 <= n <= 2**32:
            raise ValueError(f"{n} is not between 1 and 2**32")
        limit = 2**64 - 2**64 % n
        while (word := self._word()) >= limit:
            pass
        return word % n

    def pick(self, things: Sequence[Thing]) -> Thing:
        return things[self.below(len(things))]

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        """A new order (Fisher and Yates); every order is equally likely."""
        mixed = list(things)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def uniform(self) -> float:
        """A number from 0 up to, but not including, 1 with 53 random bits."""
        return (self._word() >> 11) / 2**53

    def normal(self, *shape: int) -> NDArray[np.float64]:
        """Standard normal numbers [*shape], by Box and Muller, rounded to 4 places so that every machine agrees."""
        count = int(np.prod(shape)) if shape else 1
        pairs = [(1.0 - self.uniform(), self.uniform()) for _ in range(count)]
        drawn = [np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v) for u, v in pairs]
        return np.round(np.array(drawn), 4).reshape(shape)

    def handle(self) -> str:
        """Four characters that say nothing of what they stand for."""
        return "".join(self.pick(_HANDLE) for _ in range(4))

    def _word(self) -> int:
        digest = hashlib.sha256(f"{self.seed}#{self._count}".encode()).digest()
        self._count += 1
        return int.from_bytes(digest[:8])
