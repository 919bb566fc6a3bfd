"""What can be wrong with an expression, as a code with a sentence, its numbers and the column."""

from app.core.i18n import mark

# The sentence of each code; its {fields} are keys of `ExpressionError.numbers`.
WORDS: dict[str, str] = {
    # reading the text
    "empty": mark("write an expression, for example softmax(Q @ K.T / sqrt(d)) @ V"),
    "too-long": mark("the expression has {length} characters; {limit} are allowed"),
    "too-deep": mark("the expression is nested too deeply"),
    "too-many-parts": mark("the expression has {count} parts; {limit} are allowed"),
    "character": mark("“{char}” cannot be used in an expression"),
    "letter": mark("“{char}” is not an English letter; names are written with a-z, A-Z, digits and _"),
    "root": mark("after “√” comes a bracket: √(d), or sqrt(d)"),
    "quotes": mark("text in quotes cannot be used in an expression"),
    "latex": mark("write the formula as code, such as sqrt(d), not in LaTeX"),
    "curly": mark("“{char}” cannot be used; write ( ) to group and [ ] to index"),
    "power": mark("“^” is not a power here; write **"),
    "operator": mark("the operator “{operator}” cannot be used here"),
    "assignment": mark("“=” only names an argument, as in axis=0; to compare, write =="),
    "keyword": mark("the word “{word}” cannot be used in an expression"),
    "not-closed": mark("the bracket “{bracket}” is not closed"),
    "not-opened": mark("the bracket “{bracket}” was never opened"),
    "bracket-mismatch": mark("the bracket “{opened}” is closed by “{closed}”"),
    "operator-missing": mark("an operator such as * or @ is missing between “{left}” and “{right}”"),
    "unfinished": mark("something is missing after “{last}”"),
    "syntax": mark("the expression cannot be read at “{part}”"),
    "part": mark("“{part}” cannot be used in an expression"),
    "number-large": mark("a whole number may have {digits} digits at most"),
    "name-long": mark("a name may have {limit} characters at most"),
    "unknown-name": mark("“{name}” is not a name that can be used here; use {names}"),
    "unknown-name-near": mark("“{name}” is not a name that can be used here; did you mean “{near}”?"),
    "function-name": mark("“{name}” is a function; write {name}(…)"),
    "not-a-function": mark("“{name}” is not a function; to multiply, write * or @ before the bracket"),
    "attribute": mark("“.{name}” cannot be used here; use {names}"),
    "method-name": mark("“.{name}” needs brackets; write .{name}()"),
    "arguments": mark("“{name}” does not take these arguments; write {usage}"),
    # computing the value
    "broadcast": mark("the shapes {a} and {b} do not fit together for “{operator}”"),
    "inner-sizes": mark("the shapes {a} and {b} cannot be multiplied: inner sizes {p} and {q} differ"),
    "matmul-number": mark("“@” multiplies matrices and vectors; with a single number write *"),
    "too-large": mark("an array of shape {shape} is too large here; {limit} numbers are allowed"),
    "too-much": mark("this takes too much computing; use smaller arrays or fewer steps"),
    "axis": mark("an array of shape {shape} has no axis {axis}"),
    "index": mark("this index does not fit an array of shape {shape}"),
    "index-kind": mark("an index is a whole number, a slice, or an array of whole or truth values"),
    "reshape": mark("an array of shape {a} cannot take the shape {b}"),
    "transpose": mark("the axes {axes} do not rearrange an array of shape {shape}"),
    "join": mark("the shapes {shapes} cannot be joined along axis {axis}"),
    "list": mark("“{operator}” does not calculate with lists, only with numbers and arrays"),
    "truth-single": mark("“{operator}” needs single truth values; for arrays write &, | and ~"),
    "truth-only": mark("“{operator}” combines truth values, as in (a > 0) & (a < 1)"),
    "truth-arithmetic": mark("“{operator}” does not calculate with truth values alone"),
    "zero-division": mark("division by zero"),
    "whole-overflow": mark("the whole numbers become too large; write 10.0 instead of 10 to calculate with decimals"),
    "not-whole": mark("“{name}” needs whole numbers here"),
    "not-number": mark("“{name}” needs numbers or arrays of numbers"),
    "ragged": mark("the rows of a list must have equal lengths"),
    "nothing": mark("“{name}” needs at least one number; the shape is {shape}"),
    "one-array": mark("“{name}” looks inside one array; to compare two arrays write {other}(a, b)"),
    "dimensions": mark("“{name}” needs {expected} dimensions; the shape is {shape}"),
    "not-computed": mark("“{name}” cannot be computed with these values"),
    "result": mark("the result is not a number and not an array of numbers"),
}


class ExpressionError(ValueError):
    """A mistake in an expression: `text` with `numbers` says it in English, `column` counts from 1."""

    def __init__(self, code: str, column: int | None = None, /, *, text: str = "", **numbers: object) -> None:
        self.code = code
        self.column = column
        self.text = text or WORDS[code]
        self.numbers: dict[str, object] = numbers
        super().__init__(self.text.format(**numbers))
