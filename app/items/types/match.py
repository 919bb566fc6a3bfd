"""Match: each row gets its partner; some partners may belong to no row."""

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from markupsafe import Markup, escape
from pydantic import Field, model_validator

from app.core.i18n import LANGUAGES, Language, mark, say
from app.items import parts, texts
from app.items.draw import Dice
from app.items.parameters import drawn, plain
from app.items.portable import Match as PortableMatch
from app.items.registry import (
    Asked,
    Choice,
    Explained,
    FormatError,
    ItemType,
    Json,
    Reason,
    Response,
    Variant,
    Verdict,
    item_type,
)
from app.items.schema import BothLines, BothTexts, Document, ItemDocument, Key

Policy: TypeAlias = Literal["per_pair", "all_or_nothing"]
POLICIES: dict[Policy, str] = {
    "per_pair": mark("Each row counts alike."),
    "all_or_nothing": mark("All or nothing: every row with its partner."),
}
Pairing: TypeAlias = dict[str, str]  # a pair's key -> the key of the partner chosen for it


class Pair(Document):
    """A row and its partner; two rows with the same words on the right share one partner."""

    key: Key
    left: BothLines
    right: BothLines
    why: BothTexts | None = None


class Distractor(Document):
    """A partner that belongs to no row."""

    key: Key
    text: BothLines
    why: BothTexts | None = None


class MatchDocument(ItemDocument):
    """Find each row's partner."""

    type: Literal["match"]
    pairs: list[Pair] = Field(min_length=3, max_length=6)
    distractors: list[Distractor] = Field(default_factory=list, max_length=3)
    policy: Policy = "per_pair"

    @model_validator(mode="after")
    def _ends_differ(self) -> "MatchDocument":
        parts.distinct([*self.pairs, *self.distractors])
        ends = [*(pair.right for pair in self.pairs), *(one.text for one in self.distractors)]
        parts.shown_exactly(self, [*(pair.left for pair in self.pairs), *ends])
        if len({pair.right.en for pair in self.pairs}) == 1:
            raise ValueError("all rows have the same partner; nothing is left to ask")
        return self


@item_type
class Match(ItemType[MatchDocument, Pairing]):
    """Answered by `pair-<handle>` = a partner's handle; the parsed answer is pair key -> partner key."""

    key = "match"
    model = MatchDocument

    def draw(self, item: MatchDocument, dice: Dice) -> Variant:
        solution = _solution(item)
        rows = dice.child("rows").shuffled(list(solution))
        ends = [*dict.fromkeys(solution.values()), *(one.key for one in item.distractors)]
        frozen: dict[str, Json] = {**solution}
        return Variant(
            plain(drawn(item, dice.child("parameters"))),
            frozen,
            parts.handles(rows, dice.child("handles")),
            parts.handles(dice.child("partners").shuffled(ends), dice.child("targets")),
        )

    def parse(self, item: MatchDocument, variant: Variant, response: Response) -> Pairing:
        chosen = {key: _typed(response, handle) for handle, key in variant.handles.items()}
        if blank := sum(not target for target in chosen.values()):
            text = mark("Choose a partner for every row; still open: {blank} of {count}.")
            raise FormatError(text, blank=blank, count=len(chosen))
        if not variant.targets.keys() >= set(chosen.values()):
            raise FormatError(parts.FOREIGN)
        return {key: variant.targets[target] for key, target in chosen.items()}

    def grade(self, item: MatchDocument, variant: Variant, parsed: Pairing) -> Verdict:
        right = _frozen(variant)
        share = sum(parsed[key] == partner for key, partner in right.items()) / len(right)
        return Verdict(share if item.policy == "per_pair" else float(share == 1))

    def ask(self, item: MatchDocument, variant: Variant, language: Language) -> Asked:
        rows, ends = _shown(item, variant, language)
        said = [say(language, POLICIES[item.policy])]
        if item.distractors:
            said.append(say(language, mark("Not every partner belongs to a row.")))
        return Asked(
            self.key,
            texts.text(item.stem, variant.parameters, language),
            [Choice(handle, texts.html(rows[key])) for handle, key in variant.handles.items()],
            [Choice(handle, texts.html(ends[key])) for handle, key in variant.targets.items()],
            hint=("" if language == "zh" else " ").join(said),
        )

    def explain(
        self, item: MatchDocument, variant: Variant, response: Response, verdict: Verdict, language: Language
    ) -> Explained:
        """Each row beside its partner, with the one that was chosen; then the partners of no row."""
        rows, ends = _shown(item, variant, language)
        chosen = {key: _typed(response, handle) for handle, key in variant.handles.items()}
        given = {key: variant.targets[target] for key, target in chosen.items() if target in variant.targets}
        whys = {pair.key: pair.why for pair in item.pairs} | {one.key: one.why for one in item.distractors}

        def reason(handle: str, key: str, text: Markup, place: str, right: bool, yours: bool) -> Reason:
            said = whys[key]
            why = texts.text(said, variant.parameters, language) if said else None
            return Reason(handle, text, why, right, yours, place=place)

        right = _frozen(variant)
        reasons = [
            reason(
                handle,
                key,
                Markup("{} → {}").format(texts.html(rows[key]), texts.html(ends[right[key]])),
                _pick(language, given.get(key), right[key], ends),
                right=given.get(key) == right[key],
                yours=key in given,
            )
            for handle, key in variant.handles.items()
        ]
        for handle, key in variant.targets.items():
            if key not in right.values():
                used = key in given.values()
                text = mark("Belongs to no row; you chose it.") if used else mark("Belongs to no row.")
                reasons.append(reason(handle, key, texts.html(ends[key]), say(language, text), not used, used))
        return parts.explained(item, variant, verdict, language, reasons, say(language, POLICIES[item.policy]))

    def right(self, item: MatchDocument, variant: Variant) -> Response:
        return _sent(variant, _frozen(variant))

    def wrong(self, item: MatchDocument, variant: Variant) -> Iterator[tuple[Response, str | None]]:
        """Every row with each partner that is another's or nobody's."""
        right = _frozen(variant)
        for key, partner in right.items():
            for other in variant.targets.values():
                if other != partner:
                    yield _sent(variant, {**right, key: other}), None

    def portable(self, item: MatchDocument, variant: Variant, language: Language) -> PortableMatch:
        rows, ends = _shown(item, variant, language)
        return PortableMatch(
            texts.filled(getattr(item.stem, language), variant.parameters),
            [(rows[key], ends[partner]) for key, partner in _solution(item).items()],
            [ends[one.key] for one in item.distractors],
            parts.why(item, variant, language),
        )

    def prove(self, item: MatchDocument, variant: Variant) -> Iterator[str]:
        for language in LANGUAGES:
            for column in _shown(item, variant, language):
                yield from parts.alike(column.items())


def _solution(item: MatchDocument) -> Pairing:
    """Each pair's partner, named by the first pair that has it."""
    first: dict[tuple[str, str], str] = {}
    return {pair.key: first.setdefault((pair.right.en, pair.right.zh), pair.key) for pair in item.pairs}


def _frozen(variant: Variant) -> Pairing:
    assert isinstance(variant.solution, dict)
    return {key: str(partner) for key, partner in variant.solution.items()}


def _typed(response: Response, handle: str) -> str:
    """The partner chosen for a row; several are as good as none."""
    values = response.get(f"pair-{handle}", [])
    return values[0].strip() if len(values) == 1 else ""


def _sent(variant: Variant, pairing: Mapping[str, str]) -> Response:
    targets = {key: handle for handle, key in variant.targets.items()}
    return {f"pair-{handle}": [targets[pairing[key]]] for handle, key in variant.handles.items()}


def _shown(item: MatchDocument, variant: Variant, language: Language) -> tuple[dict[str, str], dict[str, str]]:
    """The Markdown of the rows and of the partners, by their keys."""

    def shown(both: BothLines) -> str:
        return texts.filled(getattr(both, language), variant.parameters)

    partners = set(variant.targets.values())
    ends = {pair.key: shown(pair.right) for pair in item.pairs if pair.key in partners}
    ends |= {one.key: shown(one.text) for one in item.distractors}
    return {pair.key: shown(pair.left) for pair in item.pairs}, ends


def _pick(language: Language, given: str | None, right: str, ends: Mapping[str, str]) -> str:
    """What was chosen for a row, in words."""
    if given is None:
        return say(language, mark("You chose no partner."))
    if given == right:
        return say(language, mark("You chose this."))
    return escape(say(language, mark("You chose: {given}"))).format(given=texts.html(ends[given]))
