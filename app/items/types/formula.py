"""Formula: a NumPy expression is typed, and computed beside the model answer on five random draws."""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from app.core.i18n import Language, mark, say
from app.items import formulas, portable, texts, written
from app.items.draw import Dice, DrawError
from app.items.expression import Dialect, Expression, ExpressionError, parse
from app.items.formulas import DRAWS, FUNCTIONS, Draw, Recipe, Result, Size, Variable, attempted, equal
from app.items.registry import Asked, Explained, FormatError, ItemType, Response, Variant, Verdict, item_type
from app.items.schema import BothTexts, Document, Formula, ItemDocument, MutantKey, Name

_TRIES = 40
POOL = 16  # sets of draws; every one of them is proved
_POLICY = mark("Computed on {draws} random draws and compared with the model answer: equal shape, equal numbers.")
_HINT = mark("NumPy notation, for example softmax(x, axis=-1), sqrt(d), A @ B, A.T. {policy}")
_GIVES = mark("Your formula gives {yours}; {model} is asked for.")
_SHAPE = mark("the shape {shape}")
_NUMBER = mark("a single number")
_STOPS = mark("Tried with {sizes}, it stops: {error}.")
_VALUES = mark("The shape is right; the numbers differ.")


class WrongFormula(Document):
    """A formula that a known mistake gives."""

    formula: Formula
    why: BothTexts = Field(description="what to say to whoever types it, or anything that computes the same")
    mutant: MutantKey | None = Field(None, description="the named bug that it is")


class FormulaDocument(ItemDocument):
    """Type a formula over named arrays of named sizes."""

    type: Literal["formula"]
    sizes: dict[Name, Size] = Field(
        default_factory=dict, max_length=12, description="draw, a whole number, a list of them, or an expression"
    )
    variables: dict[Name, Variable] = Field(alias="vars", min_length=1, max_length=16)
    functions: dict[Name, str] = Field(default_factory=dict, max_length=4, description="name: one of the given ones")
    accept: list[Formula] = Field(min_length=1, max_length=12, description="the first is the model answer")
    wrong: list[WrongFormula] = Field(default_factory=list, max_length=16)

    @field_validator("functions")
    @classmethod
    def _given(cls, functions: dict[str, str]) -> dict[str, str]:
        if unknown := set(functions.values()) - set(FUNCTIONS):
            raise ValueError(f"no function is called {', '.join(sorted(unknown))}; there is {', '.join(FUNCTIONS)}")
        return functions

    @model_validator(mode="after")
    def _draws_by_itself(self) -> "FormulaDocument":
        if self.params or self.let or self.guards:
            raise ValueError("a formula has sizes and vars in place of params, let and guards")
        names = [*self.sizes, *self.variables, *self.functions]
        if len(set(names)) < len(names):
            raise ValueError("a name stands for two things among sizes, vars and functions")
        for formula in (*self.accept, *(known.formula for known in self.wrong)):
            try:
                parse(formula, Dialect.LEARNER, names)
            except ExpressionError as error:
                raise ValueError(f"`{formula}`: {say('en', error.text, **error.numbers)}") from None
        return self

    @cached_property
    def recipe(self) -> str:
        return Recipe(sizes=self.sizes, variables=self.variables, functions=self.functions).model_dump_json()


@item_type
class FormulaType(ItemType[FormulaDocument, Expression]):
    """Answered by one expression in `text`. Variant.solution holds the `seeds` of the draws that it is tried on.

    A draw on which a listed wrong formula happens to give the right numbers is drawn anew.
    """

    key = "formula"
    model = FormulaDocument

    def draw(self, item: FormulaDocument, dice: Dice) -> Variant:
        # nobody sees what a formula is tried on, so a few sets serve everybody, and are computed once
        pool = f"formula/{dice.below(POOL)}"
        wrong = tuple(known.formula for known in item.wrong)
        tried = [_telling(item.recipe, item.accept[0], wrong, f"{pool}/{number}", number) for number in range(DRAWS)]
        return Variant({}, {"seeds": [*tried]})

    def parse(self, item: FormulaDocument, variant: Variant, response: Response) -> Expression:
        try:
            names = frozenset([*item.sizes, *item.variables, *item.functions])
            return parse(written.written(response, mark("Type a formula.")), Dialect.LEARNER, names)
        except ExpressionError as error:
            raise FormatError(error.text, **error.numbers) from None

    def grade(self, item: FormulaDocument, variant: Variant, parsed: Expression) -> Verdict:
        yours = [attempted(parsed, draw) for draw in _draws(item, variant)]
        if all(map(equal, yours, _results(item, item.accept[0], variant))):
            return Verdict(1.0)
        for index, known in enumerate(item.wrong):
            same = _spelling(parsed.source) == _spelling(known.formula)
            if same or all(map(equal, yours, _results(item, known.formula, variant))):
                return Verdict(0.0, known.mutant, index)
        return Verdict(0.0)

    def ask(self, item: FormulaDocument, variant: Variant, language: Language) -> Asked:
        policy = say(language, _POLICY, draws=DRAWS)
        hint = say(language, _HINT, policy=policy)
        return Asked(self.key, texts.text(item.stem, {}, language), names=_signatures(item), hint=hint)

    def explain(
        self, item: FormulaDocument, variant: Variant, response: Response, verdict: Verdict, language: Language
    ) -> Explained:
        feedback = None
        if verdict.wrong is not None:
            feedback = texts.text(item.wrong[verdict.wrong].why, {}, language)
        elif verdict.score < 1:
            feedback = escape(self._difference(item, variant, response, language))
        typed = written.typed(response)
        return written.explained(
            item,
            variant,
            verdict,
            language,
            yours=Markup("<code>{}</code>").format(typed) if typed else Markup(""),
            solution=Markup("<code>{}</code>").format(item.accept[0]),
            feedback=feedback,
            policy=say(language, _POLICY, draws=DRAWS),
        )

    def right(self, item: FormulaDocument, variant: Variant) -> Response:
        return {written.FIELD: [item.accept[0]]}

    def wrong(self, item: FormulaDocument, variant: Variant) -> Iterator[tuple[Response, str | None]]:
        for known in item.wrong:
            yield {written.FIELD: [known.formula]}, known.mutant

    def portable(self, item: FormulaDocument, variant: Variant, language: Language) -> portable.Text:
        stem, why = written.markdown(item, variant, language)
        wrong = [(known.formula, str(getattr(known.why, language))) for known in item.wrong]
        return portable.Text(stem, list(item.accept), wrong, why)

    def prove(self, item: FormulaDocument, variant: Variant) -> Iterator[str]:
        model = _results(item, item.accept[0], variant)
        for value in model:
            if isinstance(value, ExpressionError):
                yield f"`{item.accept[0]}` stops: {value}"
            elif np.isnan(value).any():
                yield f"`{item.accept[0]}` gives NaN"
        for formula in item.accept:
            if not all(map(equal, _results(item, formula, variant), model)):
                yield f"`{formula}` differs from the model answer"
        for known in item.wrong:
            if any(map(equal, _results(item, known.formula, variant), model)):
                yield f"the wrong formula `{known.formula}` is right on one of the draws"

    def _difference(self, item: FormulaDocument, variant: Variant, response: Response, language: Language) -> str:
        """What the first draw shows: an error, another shape, or other numbers."""
        try:
            parsed = self.parse(item, variant, response)
        except FormatError as error:
            return say(language, error.text, **error.numbers)
        draw = _draws(item, variant)[0]
        yours, model = attempted(parsed, draw), _results(item, item.accept[0], variant)[0]
        if isinstance(yours, ExpressionError):
            sizes = ", ".join(f"{name} = {size}" for name, size in draw.sizes.items())
            return say(language, _STOPS, sizes=sizes, error=say(language, yours.text, **yours.numbers))
        assert not isinstance(model, ExpressionError)  # a model answer that stops is refused by the proof
        if yours.shape == model.shape:
            return say(language, _VALUES)
        return say(
            language, _GIVES, yours=_shape_words(yours, draw, language), model=_shape_words(model, draw, language)
        )


@lru_cache(maxsize=4096)
def _telling(recipe: str, right: str, wrong: tuple[str, ...], name: str, number: int) -> str:
    """The seed of a draw on which every listed wrong formula is wrong; the last draw has larger numbers.

    There a large negative number in place of minus infinity is wrong as well.
    """
    if number == DRAWS - 1 and "-inf" in right:
        wrong = (*wrong, right.replace("-inf", "-20"))
    passing: list[str] = []
    for attempt in range(_TRIES):
        seed = Dice(name).child(str(attempt)).seed
        on = (recipe, seed, number == DRAWS - 1)
        model = formulas.known(right, *on)
        passing = [formula for formula in wrong if equal(formulas.known(formula, *on), model)]
        if not passing:
            return seed
    raise DrawError(f"the wrong formula `{passing[0]}` gives the right numbers on every draw")


def _seeds(variant: Variant) -> list[str]:
    frozen = variant.solution
    assert isinstance(frozen, dict) and isinstance(frozen["seeds"], list)
    return [str(seed) for seed in frozen["seeds"]]


def _draws(item: FormulaDocument, variant: Variant) -> list[Draw]:
    recipe = item.recipe
    return [formulas.draw(recipe, seed, number == DRAWS - 1) for number, seed in enumerate(_seeds(variant))]


def _results(item: FormulaDocument, formula: str, variant: Variant) -> list[Result]:
    """What an author's formula gives on each draw."""
    recipe = item.recipe
    return [formulas.known(formula, recipe, seed, number == DRAWS - 1) for number, seed in enumerate(_seeds(variant))]


def _shape_words(result: NDArray[np.float64], draw: Draw, language: Language) -> str:
    if not result.shape:
        return say(language, _NUMBER)
    return say(language, _SHAPE, shape=formulas.named(result.shape, draw.sizes))


def _signatures(item: FormulaDocument) -> list[str]:
    """The names that may be used, with shapes as they stand in the item: Q (n, d), phi(x), n."""
    arrays = [f"{name} {_shape(variable)}".strip() for name, variable in item.variables.items()]
    return [*arrays, *(f"{name}(x)" for name in item.functions), *item.sizes]


def _shape(variable: Variable) -> str:
    sizes = [str(size) for size in variable.shape]
    if variable.kind not in ("normal", "positive") and len(sizes) == 1:
        sizes *= 2
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})" if sizes else ""


def _spelling(source: str) -> str:
    return "".join(source.split())
