"""Named bugs: each wrong answer is the output of a right computation with one line changed, and has a name."""

from .kernel import Kernel, scaled_dot_product
from .names import EXPRESSION_NAMES, KERNELS, OF_MASK, OF_SCORES, of_scores
from .registry import MUTANTS, Mutant

WORDS: tuple[str, ...] = tuple(text for one in MUTANTS.values() for text in (one.title, one.belief))

__all__ = [
    "EXPRESSION_NAMES",
    "KERNELS",
    "MUTANTS",
    "OF_MASK",
    "OF_SCORES",
    "WORDS",
    "Kernel",
    "Mutant",
    "of_scores",
    "scaled_dot_product",
]
