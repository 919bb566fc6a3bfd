"""The address of a demo for “show me”: lists become text, and what the demo cannot show is an error."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from starlette.testclient import TestClient

from app.demos.address import address


def test_an_address_opens_the_numbers_it_was_made_of(client: TestClient) -> None:
    made = address(
        "attention",
        {"q": [1.0, 0.0], "k": np.array([[1, 0], [0, 1], [1, 1]]), "v": (10.0, 0, 5), "beside": "no_scale", "key": 3},
    )
    assert made == "/demos/attention?q=1+0&k=1+0;+0+1;+1+1&v=10;+0;+5&beside=no_scale&key=3"
    page = client.get(made)
    assert page.status_code == 200 and "query “q1” → key “k3”" in page.text


def test_words_numbers_and_defaults() -> None:
    made = address("attention", {"tokens": ["dog", "bites"], "scale": np.float64(0.5), "mask": "none", "query": 2})
    assert parse_qs(urlsplit(made).query) == {"tokens": ["dog bites"], "scale": ["0.5"], "query": ["2"]}
    assert address("attention", {}) == "/demos/attention"


def test_digits_that_matter_are_kept() -> None:
    made = address("attention", {"scores": [[1 / 3, -0.25]], "v": [[1, 2], [3, 4]]})
    assert made == "/demos/attention?v=1+2;+3+4&scores=0.333333333333+-0.25"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"colour": "red"}, "colour"),
        ({"scale": 9}, "scale"),
        ({"beside": "typo"}, "beside"),
        ({"q": [1, 0]}, "k: queries and keys"),
        ({"scores": [[1, 2], [3]]}, "scores: its rows"),
        ({"scores": [[1e5]]}, "between -10000 and 10000"),
        ({"scores": [["a"]]}, "scores: its rows"),
        ({"scores": [[[1]]]}, "3 levels"),
        ({"scores": [float("nan")]}, "not a number"),
        ({"scores": [1, 2], "beside": "no_scale"}, "given scores"),
        ({"num_heads": 3}, "not divisible"),
    ],
)
def test_a_state_that_cannot_be_shown_is_an_error(state: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        address("attention", state)


def test_an_unknown_demo_is_an_error() -> None:
    with pytest.raises(ValueError, match="nope"):
        address("nope", {})
