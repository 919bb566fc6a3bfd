"""A named bug computed on the numbers of a run and drawn beside the right computation: bug − right = difference."""

from dataclasses import replace

import numpy as np
from markupsafe import Markup

from app.attention import repeat_kv
from app.attention.case import inputs
from app.attention.mutants import KERNELS, MUTANTS, OF_MASK, OF_SCORES, of_scores
from app.core.i18n import Language, mark, say
from app.demos.problems import refuse
from app.demos.shown import Beside
from app.demos.stages import Floats, Run
from app.demos.words import figure_words, language_of
from app.figures import Kind, Matrix, legend, masked_key
from app.figures.ramp import number, signed_number

_NONE = 1e-9  # a difference smaller than rounding
_BUG = mark("with the bug: {query} “{row}” → {key} “{column}”: {value}")
_RIGHT = mark("right: {query} “{row}” → {key} “{column}”: {value}")
_DIFFERENCE = mark("difference: {query} “{row}” → {key} “{column}”: {value}")


def beside(key: str, run: Run, language: Language, *, given_scores: bool = False) -> Beside:
    """The bug of that name on all heads of the run; refuses the field `beside` where it cannot be computed."""
    weights, output = _computed(key, run, given_scores)
    right, allowed = run.result.weights[0], run.result.allowed[0]
    drawing = _Drawing(run, language, weights[run.head], right[run.head], allowed[run.head])
    remark = ""
    if np.allclose(weights, right, rtol=0, atol=_NONE):
        remark = mark("On these numbers the bug does not show: its weights are the right ones.")
        if key in OF_MASK and allowed.all():
            remark = mark("No key is masked here, so this bug changes nothing: choose a mask.")
    return Beside(
        key=key,
        title=say(language, mark("This code {title}."), title=say(language, MUTANTS[key].title)),
        belief=say(language, MUTANTS[key].belief),
        remark=say(language, remark),
        attn_weights=weights,
        difference=weights - right,
        attn_output=output,
        panels=drawing.panels,
        legends=drawing.legends(),
        readout=drawing.readout(),
    )


def _computed(key: str, run: Run, given_scores: bool) -> tuple[Floats, Floats]:  # [H, L, S], [H, L, D_v]
    if run.case.softcap or run.case.position == "alibi":
        refuse("beside", "no-place", mark("cannot be computed together with a soft cap or with ALiBi"))
    if given_scores and key not in OF_SCORES:
        refuse("beside", "no-place", mark("cannot be computed from given scores: give queries and keys"))
    query, k, v = inputs(run.case)
    group = query.shape[1] // k.shape[1]
    q, k, v = query[0] * run.scale, repeat_kv(k, group)[0], repeat_kv(v, group)[0]
    mask = None if run.result.allowed.all() else run.result.allowed[0]
    kernel = KERNELS[key]
    if given_scores:
        weights, output = of_scores(kernel, q[0], v[0], mask)
        return np.broadcast_to(weights, run.result.weights[0].shape), np.broadcast_to(output, (1, *output.shape[-2:]))
    if key == "k_not_transposed" and k.shape[-2] != k.shape[-1]:
        words = mark("cannot be computed here: Q K needs as many keys as features; there are {keys} and {features}")
        refuse("beside", "shape", words, keys=k.shape[-2], features=k.shape[-1])
    weights, output = kernel(q, k, v, mask)
    return weights.astype(np.float64), output.astype(np.float64)


class _Drawing:
    """The three maps of one head [L, S]: both maps of weights on one scale, the difference on its own."""

    def __init__(self, run: Run, language: Language, bug: Floats, right: Floats, allowed: np.ndarray) -> None:
        self.run, self.language = run, language
        self.words = figure_words(language)
        open_to = allowed | (bug != 0)  # a weight that the bug gives to a masked key is seen
        low, high = min(0.0, bug.min(), right.min()), max(bug.max(), right.max())
        self.span = (float(low), float(high))
        self.bug = self._map(bug, _BUG, mark("Weights with the bug"), "weights", open_to)
        self.right = self._map(right, _RIGHT, mark("Right weights"), "weights", allowed)
        self.difference = self._map(bug - right, _DIFFERENCE, mark("Difference"), "signed", open_to)

    @property
    def panels(self) -> tuple[Matrix, Matrix, Matrix]:
        return self.bug, self.right, self.difference

    def legends(self) -> Markup:
        ends = [self.bug.extent, self.right.extent]
        low, high = min(lo for lo, _ in ends), max(hi for _, hi in ends)
        drawn = legend(low, high, "weights", self.words, scale=self.span)
        drawn += legend(*self.difference.extent, "signed", self.words, scale=self.difference.span)
        return drawn if self.right.unmasked.all() else drawn + masked_key(self.words)

    def readout(self) -> str:
        i, j = self.run.marked
        return say(
            self.language,
            mark("{query} “{row}” → {key} “{column}”: with the bug {bug}, right {right}, difference {difference}"),
            query=self.words.query,
            row=self.run.tokens[i],
            key=self.words.key,
            column=self.run.keys[j],
            bug=number(float(self.bug.values[i, j]), 3),
            right=number(float(self.right.values[i, j]), 3),
            difference=signed_number(float(self.difference.values[i, j]), 3),
        )

    def _map(self, values: Floats, cell: str, caption: str, kind: Kind, allowed: np.ndarray) -> Matrix:
        return Matrix(
            values,
            self.run.tokens,
            self.run.keys,
            kind=kind,
            allowed=allowed,
            mark=self.run.marked,
            sums=len(self.run.tokens) <= 16,
            caption=say(self.language, caption),
            row_lang=[language_of(token) for token in self.run.tokens],
            column_lang=[language_of(token) for token in self.run.keys],
            scale=self.span if kind == "weights" else None,
            words=replace(self.words, cell=say(self.language, cell)),
        )
