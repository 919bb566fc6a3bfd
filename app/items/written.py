"""What numeric, fill and formula share: one line of text typed into one field, and what is said about it."""

from markupsafe import Markup, escape

from app.core.i18n import Language, mark, say
from app.items import texts
from app.items.registry import Explained, FormatError, Json, Response, Variant, Verdict
from app.items.schema import ItemDocument

FIELD = "text"

_TWICE = mark("The answer was sent more than once. Type it once more.")


def written(response: Response, when_empty: str) -> str:
    """The one line that was typed; raises FormatError with `when_empty` for none."""
    lines = [line.strip() for line in response.get(FIELD, []) if line.strip()]
    if not lines:
        raise FormatError(when_empty)
    if len(lines) > 1:
        raise FormatError(_TWICE)
    return lines[0]


def typed(response: Response) -> str:
    """What was typed, as it was typed."""
    return " ".join(response.get(FIELD, [])[:1]).strip()[:400]


def asked(item: ItemDocument, variant: Variant) -> dict[str, Json]:
    """What the stem may show: the parameters that were drawn, and nothing that was computed from them."""
    return {name: variant.parameters[name] for name in item.params}


def explained(
    item: ItemDocument,
    variant: Variant,
    verdict: Verdict,
    language: Language,
    *,
    yours: Markup,
    solution: Markup,
    feedback: Markup | None,
    policy: str = "",
) -> Explained:
    """The explanation; of an answer that was never read the feedback is why."""
    if verdict.error:
        feedback = escape(say(language, verdict.error, **verdict.numbers))
    why = texts.text(item.why, variant.parameters, language) if item.why else None
    return Explained(yours=yours, solution=solution, why=why, feedback=feedback, policy=policy)


def markdown(item: ItemDocument, variant: Variant, language: Language) -> tuple[str, str]:
    """The stem and the reason as Markdown with their numbers filled in; no reason is empty."""
    why = texts.filled(getattr(item.why, language), variant.parameters) if item.why else ""
    return texts.filled(getattr(item.stem, language), asked(item, variant)), why
