"""The public format: the JSON Schemas that editors use are the models' own."""

import json

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from app.bank.schema import Bank, Question
from app.paths import BANKS

MODELS: dict[str, type[BaseModel]] = {"question": Question, "bank": Bank}


@pytest.mark.parametrize("name", MODELS)
def test_the_schema_file_is_the_models(name: str) -> None:
    path = BANKS / f"{name}.schema.json"
    assert path.is_file(), f"write {path.name} from the model"
    assert json.loads(path.read_text("utf8")) == MODELS[name].model_json_schema()


@pytest.mark.parametrize("name", MODELS)
def test_the_schema_is_served(name: str, client: TestClient) -> None:
    answer = client.get(f"/schemas/{name}.json")
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json() == MODELS[name].model_json_schema()


def test_the_schema_of_nothing_is_404(client: TestClient) -> None:
    assert client.get("/schemas/quiz.json").status_code == 404


@pytest.mark.parametrize("path", sorted(BANKS.glob("*/*.yaml")), ids=lambda path: path.name)
def test_every_file_names_its_schema(path: object) -> None:
    first = path.read_text("utf8").splitlines()[0]  # type: ignore[attr-defined]
    name = "bank" if path.name == "bank.yaml" else "question"  # type: ignore[attr-defined]
    assert first == f"# yaml-language-server: $schema=../{name}.schema.json"
