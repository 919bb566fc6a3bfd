"""The engine as JSON: stateless, `async def`, no session and no cookie."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel

from app.attention import AttentionError
from app.core import limits
from app.core.errors import Invalid, NotFound, Problem
from app.core.i18n import mark
from app.core.pages import language
from app.demos.answer import DemoAnswer, EngineAnswer, demo_answer, engine_answer
from app.demos.ask import AttentionRequest, case_of
from app.demos.controls import bounds, typed
from app.demos.problems import of_library
from app.demos.registry import DEMOS, Demo

PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "content": {"application/problem+json": {}}} for code in (404, 413, 415, 422)
}
router = APIRouter(prefix="/api/v1", tags=["engine"])


class Limits(BaseModel):
    """What a request may hold."""

    body_bytes: int = limits.MAX_BODY
    tokens: int = limits.MAX_TOKENS
    token_characters: int = limits.MAX_TOKEN
    text_characters: int = limits.MAX_TEXT
    batch: int = limits.MAX_BATCH
    embed_dim: int = limits.MAX_EMBED
    heads: int = limits.MAX_HEADS
    magnitude: float = limits.MAX_MAGNITUDE
    response_bytes: int = limits.MAX_RESPONSE


class DemoEntry(BaseModel):
    """A demo in the list."""

    key: str
    title: dict[str, str]
    about: dict[str, str]


class DemoCard(DemoEntry):
    """A demo with everything needed to call it."""

    json_schema: dict[str, Any]
    defaults: dict[str, Any]
    bounds: dict[str, dict[str, Any]]


@router.get("/limits")
async def engine_limits() -> Limits:
    """What a request may hold; more is refused, never cut."""
    return Limits()


@router.get("/demos")
async def demo_list() -> list[DemoEntry]:
    """Every demo."""
    return [DemoEntry(key=demo.key, title=_strings(demo.titles), about=_strings(demo.about)) for demo in DEMOS]


@router.get("/demos/{key}", responses=PROBLEMS)
async def demo_card(key: str) -> DemoCard:
    """One demo: the schema of its inputs, their defaults and bounds."""
    demo = find(key)
    return DemoCard(
        key=demo.key,
        title=_strings(demo.titles),
        about=_strings(demo.about),
        json_schema=demo.model.model_json_schema(),
        defaults=demo.model().model_dump(),
        bounds=bounds(demo.model),
    )


@router.get("/demos/{key}/result", responses=PROBLEMS, response_model_exclude_none=True)
async def demo_result(key: str, request: Request) -> DemoAnswer:
    """The demo on the state of an address, as the page's JSON link gives it."""
    demo = find(key)
    form = typed(demo.model, request.query_params)
    if form.inputs is None:
        raise Invalid(wrongs=form.wrongs)
    return _run(demo, form.inputs, request)


@router.post("/attention", responses=PROBLEMS, response_model_exclude_none=True)
async def attention(asked: AttentionRequest) -> EngineAnswer:
    """Attention on tokens a person typed, or on raw tensors."""
    case = case_of(asked)
    try:
        return engine_answer(asked, case)
    except AttentionError as error:
        raise of_library(error) from None


def find(key: str) -> Demo:
    """The demo of that key, or 404."""
    demo = DEMOS.get(key)
    if demo is None:
        raise NotFound(mark("There is no demo “{key}”."), code="no-such-demo", key=key[:60])
    return demo


def _run(demo: Demo, inputs: BaseModel, request: Request) -> DemoAnswer:
    try:
        return demo_answer(demo.compute(inputs, language(request)))
    except AttentionError as error:
        raise of_library(error) from None


def _typed_route(demo: Demo) -> Callable[..., Coroutine[Any, Any, DemoAnswer]]:
    """A route whose body is the demo's own model, so that OpenAPI names every control."""

    async def run(request: Request, inputs: Any) -> DemoAnswer:
        return _run(demo, inputs, request)

    run.__annotations__["inputs"] = Annotated[demo.model, Body()]
    run.__name__ = f"demo_{demo.key.replace('-', '_')}"
    run.__doc__ = demo.about["en"]
    return run


for _demo in DEMOS:
    router.add_api_route(
        f"/demos/{_demo.key}",
        _typed_route(_demo),
        methods=["POST"],
        responses=PROBLEMS,
        response_model=DemoAnswer,
        response_model_exclude_none=True,
    )


@router.post("/demos/{key}", include_in_schema=False)
async def unknown_demo(key: str) -> None:
    """Any other key."""
    find(key)


def _strings(both: dict[Any, str]) -> dict[str, str]:
    return {str(name): text for name, text in both.items()}
