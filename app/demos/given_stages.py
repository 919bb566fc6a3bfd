"""The six stages where numbers were given instead of words: what differs is what comes before the softmax."""

from app.core.i18n import Language, mark
from app.demos.given import Given
from app.demos.shown import Panel, Stage
from app.demos.stages import Drawing, Run
from app.figures.ramp import number


def given_stages(run: Run, numbers: Given, language: Language) -> list[Stage]:
    """Project, score, scale, mask, softmax, mix, as far as each is known."""
    return (_OfScores if numbers.kind == "scores" else _OfVectors)(run, language).stages()


class _OfVectors(Drawing):
    """Queries, keys and values as they were given."""

    def _project(self) -> Stage:
        panels = [
            self._vectors(name, values, rows)
            for name, values, rows in (("Q", self.q, self.tokens), ("K", self.k, self.keys), ("V", self.v, self.keys))
        ]
        text = mark("Nothing is projected: these are the numbers that were given.")
        return self._stage("project", mark("Project"), "Q, K, V", r"Q,\quad K,\quad V", text, panels)


class _OfScores(Drawing):
    """Scores as they were given: there are no queries and keys to show, and the scale is already in them."""

    def _project(self) -> Stage:
        panels: list[Panel] = [self._vectors("V", self.v, self.keys)]
        text = mark("Only scores and values are known, not the queries and keys they come from.")
        return self._stage("project", mark("Project"), "V", r"V", text, panels)

    def _score(self) -> Stage:
        scores = self.result.products[0, self.head]
        panels = [self._square("S", scores, "signed", self._decimals(scores))]
        return self._stage("score", mark("Score"), "S", r"S", mark("These are the scores that were given."), panels)

    def _scale(self) -> Stage:
        i, j = self.marked
        before, after = (float(stage[0, self.head, i, j]) for stage in (self.result.products, self.result.capped))
        text = mark("Given scores count as scaled already. The scale multiplies them, and 1 leaves them as they are.")
        worked = f"{number(before, 2)} × {self.run.scale:g} = {number(self.run.scale * before, 3)}"
        if self.run.case.softcap:
            worked += f" → {number(after, 3)}"
        panels = [self._square("Z", self.result.capped[0, self.head], "signed", 2)]
        return self._stage("scale", mark("Scale"), "S", r"Z = S", text, panels, worked)
