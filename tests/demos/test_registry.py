"""Every demo there is: it runs on its defaults, in both languages, as page, files and JSON, and on its presets."""

import csv
import io
import json
import re
import struct
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from fastapi import FastAPI
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from app.core.i18n import LANGUAGES, Language
from app.demos.controls import bounds, state, typed
from app.demos.registry import DEMOS, Demo, demo
from app.paths import BANKS

KEYS = DEMOS.keys()
SVG = "{http://www.w3.org/2000/svg}"


def presets() -> list[Any]:
    """(demo key, preset) of every question of every bank."""
    found = []
    for path in sorted(BANKS.glob("*/[0-9]*.yaml")):
        chosen = yaml.load(path.read_text("utf8"), Loader=yaml.CSafeLoader)["demo"]
        found.append(pytest.param(chosen["key"], chosen["preset"], id=path.stem))
    return found


def of(key: str) -> Demo:
    found = DEMOS.get(key)
    assert found is not None
    return found


def test_there_is_a_general_demo() -> None:
    assert "attention" in KEYS


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_demo_runs_on_its_defaults(key: str, language: Language) -> None:
    chosen = of(key)
    shown = chosen.compute(chosen.model(), language)
    assert shown.attn_weights.shape[-2:] == (len(shown.tokens), len(shown.keys))
    assert shown.attn_weights.ndim == 3 and shown.stages and shown.stage.main.caption
    assert chosen.titles[language] and chosen.about[language]


@pytest.mark.parametrize(("key", "preset"), presets())
def test_a_preset_of_the_bank_computes(key: str, preset: dict[str, object]) -> None:
    chosen = of(key)
    shown = chosen.compute(chosen.model.model_validate(preset))
    rows = np.where(shown.allowed.any(-1), shown.attn_weights.sum(-1), 1.0)
    assert np.allclose(rows, 1, atol=1e-6) and np.isfinite(shown.attn_output).all()


@pytest.mark.parametrize(("key", "preset"), presets())
def test_a_permalink_brings_the_same_state_back(key: str, preset: dict[str, object]) -> None:
    inputs = of(key).model.model_validate(preset)
    query = QueryParams(state(inputs))
    assert typed(of(key).model, query).inputs == inputs
    assert set(query) <= set(preset), "a permalink leaves defaults out"


@pytest.mark.parametrize("key", KEYS)
def test_an_empty_request_is_the_defaults(key: str, client: TestClient) -> None:
    answer = client.post(f"/api/v1/demos/{key}", json={})
    found = json.loads(answer.text, parse_constant=pytest.fail)
    weights = np.array(found["attn_weights"])
    assert answer.status_code == 200 and found["shape"] == list(weights.shape)
    assert found["tokens"] and weights.shape[1] == len(found["tokens"])
    assert found["invariants"]["row_sum_max_err"] <= 1e-6 and found["invariants"]["finite"] is True
    assert found["invariants"]["masked_mass"] == 0 and found["provenance"] and found["code"]["numpy"]


@pytest.mark.parametrize("key", KEYS)
def test_the_address_gives_the_same_json_as_the_request(key: str, client: TestClient) -> None:
    posted = client.post(f"/api/v1/demos/{key}", json={}).json()
    assert client.get(f"/api/v1/demos/{key}/result").json() == posted


@pytest.mark.parametrize("key", KEYS)
def test_the_card_holds_what_a_caller_needs(key: str, client: TestClient) -> None:
    card = client.get(f"/api/v1/demos/{key}").json()
    chosen = of(key)
    assert card["defaults"] == chosen.model().model_dump() and card["bounds"] == bounds(chosen.model)
    assert set(card["json_schema"]["properties"]) == set(chosen.model.model_fields)
    assert key in [entry["key"] for entry in client.get("/api/v1/demos").json()]


@pytest.mark.parametrize("key", KEYS)
def test_a_demo_has_a_typed_route(key: str, app: FastAPI) -> None:
    document = app.openapi()
    body = document["paths"][f"/api/v1/demos/{key}"]["post"]["requestBody"]["content"]["application/json"]
    name = body["schema"]["$ref"].rpartition("/")[2]
    assert set(document["components"]["schemas"][name]["properties"]) == set(of(key).model.model_fields)


@pytest.mark.parametrize("key", KEYS)
def test_the_csv_has_a_cell_for_each_weight(key: str, client: TestClient) -> None:
    answer = client.get(f"/demos/{key}/table.csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    shown = of(key).compute(of(key).model())
    assert answer.headers["content-type"].startswith("text/csv")
    values = np.array([[float(cell) for cell in row[1:]] for row in rows[1:]])
    assert np.array_equal(values, shown.stage.main.values), "a cell is the exact value"
    assert rows[0][1:] == list(shown.keys) and [row[0] for row in rows[1:]] == list(shown.tokens)


@pytest.mark.parametrize("key", KEYS)
def test_the_svg_is_a_drawing_of_its_own(key: str, client: TestClient) -> None:
    answer = client.get(f"/demos/{key}/figure.svg")
    drawing = ET.fromstring(answer.text)
    values = [float(cell.get("data-value", "nan")) for cell in drawing.iter(f"{SVG}rect") if cell.get("data-value")]
    shown = of(key).compute(of(key).model())
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert values == shown.stage.main.values[shown.allowed[shown.head]].tolist()
    assert drawing.find(f"{SVG}title") is not None and drawing.find(f"{SVG}desc") is not None
    assert not re.search(r"(href|src)=|@import|url\((?!#)", answer.text)


@pytest.mark.parametrize("key", KEYS)
def test_the_svg_keeps_its_colours_when_it_is_opened(key: str, client: TestClient) -> None:
    """A browser applies the policy of the answer to the drawing: without leave for its styles it is all black."""
    answer = client.get(f"/demos/{key}/figure.svg")
    policy = answer.headers["content-security-policy"]
    styles = next(part for part in policy.split(";") if part.strip().startswith("style-src"))
    attachment = answer.headers.get("content-disposition", "").startswith("attachment")
    assert "<style" not in answer.text or "'sha256-" in styles or "'unsafe-inline'" in styles or attachment


@pytest.mark.parametrize("key", KEYS)
def test_the_png_has_a_pixel_for_each_weight(key: str, client: TestClient) -> None:
    answer = client.get(f"/demos/{key}/figure.png")
    shown = of(key).compute(of(key).model())
    assert answer.headers["content-type"] == "image/png"
    assert struct.unpack(">II", answer.content[16:24]) == shown.stage.main.values.shape[::-1]


@pytest.mark.parametrize("name", ["figure", "figure.svg", "figure.png", "table.csv"])
def test_no_figure_of_an_unknown_demo(name: str, client: TestClient) -> None:
    assert client.get(f"/demos/nope/{name}").status_code == 404


@pytest.mark.parametrize("name", ["figure", "figure.svg", "figure.png", "table.csv"])
@pytest.mark.parametrize("key", KEYS)
def test_no_figure_of_what_cannot_be_used(key: str, name: str, client: TestClient) -> None:
    answer = client.get(f"/demos/{key}/{name}?head=nonsense")
    assert answer.status_code == 422 and "<figure" not in answer.text


def test_the_gallery_shows_every_demo(client: TestClient) -> None:
    for language in LANGUAGES:
        page = client.get(f"/demos?lang={language}").text
        for chosen in DEMOS:
            assert f'href="/demos/{chosen.key}"' in page and chosen.titles[language] in page


def test_one_key_for_two_demos_is_an_error() -> None:
    with pytest.raises(ValueError, match="two demos have the key “attention”"):
        demo("attention", en="a", zh="b", about_en="c", about_zh="d")(of("attention").run)


def test_every_family_is_a_file_that_adds_itself() -> None:
    families = Path(__file__).parents[2] / "app" / "demos" / "families"
    added = {chosen.run.__module__.rpartition(".")[2] for chosen in DEMOS}
    assert added <= {path.stem for path in families.glob("*.py")} and added
