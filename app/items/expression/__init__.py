"""The one language in which formulas are typed and solutions are written: parsed, checked, computed, never executed."""

from .errors import WORDS, ExpressionError
from .evaluate import Given, evaluate
from .language import Dialect
from .parse import Expression, parse
from .values import Value

__all__ = ["WORDS", "Dialect", "Expression", "ExpressionError", "Given", "Value", "evaluate", "parse"]
