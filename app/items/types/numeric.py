"""Numeric: a number is typed and compared with a computed solution; known wrong numbers name their bug."""

import math
from collections.abc import Iterator
from typing import Literal

from markupsafe import Markup, escape
from pydantic import Field, model_validator

from app.core.i18n import Language, mark, say
from app.items import numbers, portable, texts, written
from app.items.draw import Dice, DrawError
from app.items.numbers import Number
from app.items.parameters import Scope, arrays, as_json, drawn, number, plain
from app.items.registry import Asked, Explained, FormatError, ItemType, Json, Response, Variant, Verdict, item_type
from app.items.schema import BothLines, BothTexts, Computation, Document, ItemDocument, MutantKey
from app.items.tolerance import Tolerance, as_typed, close

ANSWER = "answer"  # the solution's name in guards and in every `why`


class WrongNumber(Document):
    """A number that a known mistake gives."""

    value: Computation
    why: BothTexts = Field(description="what to say to whoever types it")
    mutant: MutantKey | None = Field(None, description="the named bug whose output it is")


class NumericDocument(ItemDocument):
    """Type a number; guards and `why` may use the solution as `answer`."""

    type: Literal["numeric"]
    solution: Computation
    tolerance: Tolerance
    unit: BothLines | None = Field(None, description="may be typed after the number; with % a typed % changes nothing")
    wrong: list[WrongNumber] = Field(default_factory=list, max_length=12)
    workings: list[Computation] = Field(
        default_factory=list, max_length=12, description="right workings that round on the way: accepted on every draw"
    )

    @model_validator(mode="after")
    def _answer_is_the_solution(self) -> "NumericDocument":
        if ANSWER in {*self.params, *self.let}:
            raise ValueError("`answer` is the solution's own name; rename the parameter")
        return self


@item_type
class Numeric(ItemType[NumericDocument, Number]):
    """Answered by one number in `text`. Variant.solution holds `value`, `tolerance` and `wrong`, the known wrong ones.

    Wrong numbers are kept more than two tolerances from the solution and more than one from each other by drawing
    the parameters anew; where nothing is drawn, the item is refused.
    """

    key = "numeric"
    model = NumericDocument

    def draw(self, item: NumericDocument, dice: Dice) -> Variant:
        apart = _Apart(item)
        with_answer = item.model_copy(update={"let": {**item.let, ANSWER: item.solution}})
        try:
            scope = drawn(with_answer, dice.child("parameters"), apart)
        except DrawError as error:
            raise DrawError(f"{error}; {apart.fault}" if apart.fault else str(error)) from None
        value = number(ANSWER, scope)
        frozen: dict[str, Json] = {
            "value": _exact(value),
            "tolerance": item.tolerance.around(value),
            "wrong": [_exact(number(wrong.value, scope)) for wrong in item.wrong],
        }
        return Variant(plain(scope), frozen)

    def parse(self, item: NumericDocument, variant: Variant, response: Response) -> Number:
        units = (item.unit.en, item.unit.zh) if item.unit else ()
        return numbers.read(written.written(response, mark("Type a number.")), units)

    def grade(self, item: NumericDocument, variant: Variant, parsed: Number) -> Verdict:
        value, tolerance, wrong = _frozen(variant)
        if close(parsed, value, tolerance):
            return Verdict(1.0)
        for index, known in enumerate(wrong):
            if close(parsed, known, tolerance):
                return Verdict(0.0, item.wrong[index].mutant, index)
        return Verdict(0.0)

    def ask(self, item: NumericDocument, variant: Variant, language: Language) -> Asked:
        stem = texts.text(item.stem, written.asked(item, variant), language)
        return Asked(self.key, stem, hint=_hint(item, language))

    def explain(
        self, item: NumericDocument, variant: Variant, response: Response, verdict: Verdict, language: Language
    ) -> Explained:
        value = _frozen(variant)[0]
        feedback = None
        if verdict.wrong is not None:
            feedback = texts.text(item.wrong[verdict.wrong].why, variant.parameters, language)
        elif verdict.score < 1 and self._nearly(item, variant, response):
            feedback = escape(say(language, mark("Close: keep more digits on the way.")))
        solution = _with_unit(as_typed(value, item.tolerance.places(value)), item, language)
        return written.explained(
            item,
            variant,
            verdict,
            language,
            yours=self._as_read(item, variant, response, language),
            solution=escape(solution),
            feedback=feedback,
            policy=say(language, item.tolerance.words, **item.tolerance.numbers),
        )

    def right(self, item: NumericDocument, variant: Variant) -> Response:
        return {written.FIELD: [repr(_frozen(variant)[0])]}

    def wrong(self, item: NumericDocument, variant: Variant) -> Iterator[tuple[Response, str | None]]:
        for value, known in zip(_frozen(variant)[2], item.wrong, strict=True):
            yield {written.FIELD: [repr(value)]}, known.mutant

    def portable(self, item: NumericDocument, variant: Variant, language: Language) -> portable.Numeric:
        value, tolerance, wrong = _frozen(variant)
        stem, why = written.markdown(item, variant, language)
        said = [texts.filled(getattr(known.why, language), variant.parameters) for known in item.wrong]
        return portable.Numeric(stem, value, tolerance, list(zip(wrong, said, strict=True)), why)

    def prove(self, item: NumericDocument, variant: Variant) -> Iterator[str]:
        value, tolerance, wrong = _frozen(variant)
        if value != 0 and close(0, value, tolerance):
            yield "the tolerance is as large as the solution: 0 would be accepted"
        for known, formula in zip(wrong, item.wrong, strict=True):
            if close(known, value, 2 * tolerance):
                yield f"the wrong value `{formula.value}` is within two tolerances of the solution"
        scope = arrays(variant.parameters)
        for working in item.workings:
            if not close(number(working, scope), value, tolerance):
                yield f"the right working `{working}` is not within the tolerance"

    def _as_read(self, item: NumericDocument, variant: Variant, response: Response, language: Language) -> Markup:
        """What was typed, and as which number it was read where that is not the same characters."""
        typed = written.typed(response)
        try:
            read = as_typed(self.parse(item, variant, response), None)
        except FormatError:
            return escape(typed)
        if read == typed:
            return escape(_with_unit(read, item, language))
        return escape(say(language, mark("{typed} (read as {number})"), typed=typed, number=read))

    def _nearly(self, item: NumericDocument, variant: Variant, response: Response) -> bool:
        """Whether rounding on the way may be all that is wrong; a count beside another count is no rounding."""
        value, tolerance, _ = _frozen(variant)
        if tolerance == 0 or (isinstance(value, int) and tolerance < 1):
            return False
        try:
            return close(self.parse(item, variant, response), value, 3 * tolerance)
        except FormatError:
            return False


class _Apart:
    """Whether the wrong numbers of a draw stay clear of the solution and of each other; keeps the last fault."""

    def __init__(self, item: NumericDocument) -> None:
        self._item = item
        self.fault = ""

    def __call__(self, scope: Scope) -> bool:
        value = number(ANSWER, scope)
        tolerance = self._item.tolerance.around(value)
        seen: list[tuple[str, Number]] = []
        for wrong in self._item.wrong:
            known = number(wrong.value, scope)
            if close(known, value, 2 * tolerance):
                self.fault = f"the wrong value `{wrong.value}` is within two tolerances of the solution"
                return False
            for formula, other in seen:
                if close(known, other, tolerance):
                    self.fault = f"the wrong values `{formula}` and `{wrong.value}` cannot be told apart"
                    return False
            seen.append((wrong.value, known))
        return True


def _hint(item: NumericDocument, language: Language) -> str:
    """How exact, and in what."""
    exact = say(language, item.tolerance.words, **item.tolerance.numbers)
    if item.unit is None:
        return exact
    return say(language, mark("Unit: {unit}. {exact}"), unit=getattr(item.unit, language), exact=exact)


def _with_unit(shown: str, item: NumericDocument, language: Language) -> str:
    return f"{shown}\N{NO-BREAK SPACE}{getattr(item.unit, language)}" if item.unit else shown


def _exact(value: Number) -> Json:
    """As stored: whole numbers exactly, others with the digits on which all machines agree."""
    return int(value) if float(value).is_integer() and math.fabs(value) < 2**53 else as_json(value)


def _frozen(variant: Variant) -> tuple[Number, float, list[Number]]:
    """The solution, its tolerance and the wrong numbers, as they were stored."""
    frozen = variant.solution
    assert isinstance(frozen, dict)
    value, tolerance, wrong = frozen["value"], frozen["tolerance"], frozen["wrong"]
    assert isinstance(value, int | float) and isinstance(tolerance, int | float) and isinstance(wrong, list)
    return value, float(tolerance), [known for known in wrong if isinstance(known, int | float)]
