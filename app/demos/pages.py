"""The gallery and each demo as pages: the address is the permalink, and everything works without script."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.attention import AttentionError
from app.core.errors import Invalid
from app.core.i18n import Language
from app.core.pages import language, page
from app.demos.api import find
from app.demos.controls import Control, Typed, controls, state, typed
from app.demos.drawing import drawings
from app.demos.problems import of_library
from app.demos.registry import DEMOS, Demo
from app.demos.shown import Shown
from app.figures import csv_table, png, svg

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class View:
    """A demo as a template draws it; `shown` is empty where the form holds something that cannot be used."""

    demo: Demo
    controls: dict[str, Control]
    form: Typed
    shown: Shown | None
    language: Language

    @property
    def state(self) -> str:
        return state(self.form.inputs) if self.form.inputs else ""

    def with_state(self, **changed: object) -> str:
        """This state's address with something changed."""
        query = state(self.form.inputs, **changed) if self.form.inputs else ""
        return f"/demos/{self.demo.key}?{query}" if query else f"/demos/{self.demo.key}"

    def stage_beside(self, step: int) -> str:
        """The key of the stage before (-1) or after (1) this one, going round at the ends."""
        if self.shown is None:
            return ""
        return self.shown.stages[(self.shown.current + step) % len(self.shown.stages)].key


def view(demo: Demo, form: Typed, spoken: Language) -> View:
    """Run the demo on a form; what cannot be used becomes a message beside its field."""
    shown = None
    if form.inputs is not None:
        try:
            shown = demo.compute(form.inputs, spoken)
        except AttentionError as error:
            form = Typed(None, form.raw, list(of_library(error).wrongs))
        except Invalid as error:
            form = Typed(None, form.raw, list(error.wrongs))
    return View(demo, controls(demo.model, form, spoken), form, shown, spoken)


def preset_view(key: str, preset: dict[str, object], spoken: Language) -> View:
    """The view of a question's preset."""
    demo = find(key)
    return view(demo, Typed(demo.model.model_validate(preset), {}), spoken)


@router.get("/demos")
async def gallery(request: Request) -> HTMLResponse:
    """Every demo with a live miniature."""
    spoken = language(request)
    views = [view(demo, Typed(demo.model(), {}), spoken) for demo in DEMOS]
    return page(request, "demos/index.html", {"views": views, **drawings(spoken)})


@router.get("/demos/{key}")
async def demo_page(request: Request, key: str) -> HTMLResponse:
    """One demo with its controls, its stages and its code."""
    shown = _view(request, key)
    values = {"view": shown, "full": True, **drawings(shown.language)}
    return page(request, "demos/demo.html", values, status=200 if shown.shown else 422)


@router.get("/demos/{key}/figure")
async def figure(request: Request, key: str, part: str = "full") -> HTMLResponse:
    """The fragment that script swaps in: the figure alone."""
    shown = _view(request, key)
    values = {"view": shown, "full": part == "full", **drawings(shown.language)}
    return page(request, "demos/_figure.html", values, status=200 if shown.shown else 422)


@router.get("/demos/{key}/figure.svg")
async def figure_svg(request: Request, key: str) -> Response:
    shown, demo = _shown(request, key)
    title = demo.titles[language(request)]
    drawing = svg(shown.stage.main, title=title, description=shown.stage.main.caption)
    return _file(drawing, "image/svg+xml", f"{key}.svg")


@router.get("/demos/{key}/figure.png")
async def figure_png(request: Request, key: str) -> Response:
    shown, _ = _shown(request, key)
    return _file(png(shown.stage.main), "image/png", f"{key}.png")


@router.get("/demos/{key}/table.csv")
async def table_csv(request: Request, key: str) -> Response:
    shown, _ = _shown(request, key)
    return _file(csv_table(shown.stage.main), "text/csv", f"{key}.csv")


def _view(request: Request, key: str) -> View:
    demo = find(key)
    return view(demo, typed(demo.model, request.query_params), language(request))


def _shown(request: Request, key: str) -> tuple[Shown, Demo]:
    found = _view(request, key)
    if found.shown is None:
        raise Invalid(wrongs=found.form.wrongs)
    return found.shown, found.demo


def _file(body: str | bytes, media_type: str, name: str) -> Response:
    return Response(body, media_type=media_type, headers={"Content-Disposition": f'inline; filename="{name}"'})
