"""The page of a demo: what each control says of itself, and what becomes of values that cannot be used."""

import re
from html.parser import HTMLParser
from typing import get_args
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from app.demos.controls import CHOICES, bounds
from app.demos.registry import DEMOS

MODEL = next(demo.model for demo in DEMOS if demo.key == "attention")
BOUNDS = bounds(MODEL)
BAD = {
    "no word": ({"tokens": ""}, "tokens", "must not be empty"),
    "only spaces": ({"tokens": "   "}, "tokens", "type at least one word"),
    "65 words": ({"tokens": "a " * 65}, "tokens", "65 tokens; 64 are allowed"),
    "401 characters": ({"tokens": "ab " * 134}, "tokens", "400 characters at most"),
    "a word of 33": ({"tokens": "a" * 33}, "tokens", "33 characters; 32 are allowed"),
    "65 words in the second": ({"memory_tokens": "a " * 65}, "memory_tokens", "65 tokens; 64 are allowed"),
    "heads that do not divide": ({"num_heads": "3", "embed_dim": "8"}, "num_heads", "not divisible by num_heads 3"),
    "groups that do not divide": ({"num_heads": "4", "kv_num_heads": "3"}, "kv_num_heads", "not a multiple"),
    "scale above": ({"scale": "9"}, "scale", "must be 4 or less"),
    "scale below": ({"scale": "-1"}, "scale", "must be 0 or more"),
    "scale of letters": ({"scale": "lots"}, "scale", "must be a number"),
    "scale not a number": ({"scale": "nan"}, "scale", "finite"),
    "scale without end": ({"scale": "1e999"}, "scale", "finite"),
    "too much padding": ({"tokens": "a b", "padding": "2"}, "padding", "leave at least one of the 2 keys"),
    "far too much padding": ({"padding": "99"}, "padding", "must be 63 or less"),
    "a head that is not there": ({"head": "5"}, "head", "choose one of them"),
    "half a head": ({"num_heads": "1.5"}, "num_heads", "whole number"),
    "a width of letters": ({"embed_dim": "wide"}, "embed_dim", "whole number"),
    "an unknown mask": ({"mask": "<b>"}, "mask", "must be one of"),
    "an unknown position": ({"position": "here"}, "position", "must be one of"),
    "a cap beyond": ({"softcap": "1e308"}, "softcap", "must be 50 or less"),
    "a row beyond": ({"query": "65"}, "query", "must be 64 or less"),
    "a column of nothing": ({"key": "0"}, "key", "must be 1 or more"),
    "a letter among numbers": ({"q": "1 x", "k": "1 0"}, "q", "“x” is not a number"),
    "an infinite number": ({"q": "inf", "k": "1"}, "q", "“inf” is not a number"),
    "a number beyond": ({"q": "1e5", "k": "1"}, "q", "between -10000 and 10000"),
    "rows of unequal length": ({"q": "1 0", "k": "1 0; 1"}, "k", "row 2 has 1 numbers and the first row 2"),
    "an empty row": ({"q": "1 0", "k": "1 0;;1 1"}, "k", "row 2 has 0 numbers"),
    "17 rows": ({"q": "1", "k": "1;" * 17}, "k", "17 rows; 16 are allowed"),
    "9 columns": ({"q": "1 " * 9, "k": "1 " * 9}, "q", "9 numbers in a row; 8 are allowed"),
    "17 scores in a row": ({"scores": "1 " * 17}, "scores", "17 numbers in a row; 16 are allowed"),
    "1201 characters": ({"scores": "1 " * 601}, "scores", "1200 characters at most"),
    "queries alone": ({"q": "1 0"}, "k", "queries and keys are needed both"),
    "keys alone": ({"k": "1 0"}, "q", "queries and keys are needed both"),
    "values alone": ({"v": "1; 2"}, "v", "values alone are not enough"),
    "scores and queries": ({"q": "1", "k": "1", "scores": "1"}, "scores", "not both"),
    "keys of another width": ({"q": "1 0", "k": "1 0 1"}, "k", "3 numbers in a row, but a query has 2"),
    "too few values": ({"q": "1 0", "k": "1 0; 0 1", "v": "5"}, "v", "1 rows, but there are 2 keys"),
    "padding over given keys": ({"q": "1", "k": "1; 2", "padding": "2"}, "padding", "leave at least one of the 2 keys"),
    "an unknown bug": ({"beside": "typo"}, "beside", "must be one of"),
    "a bug of the scale on scores": ({"scores": "1 2", "beside": "no_scale"}, "beside", "from given scores"),
    "a bug with ALiBi": ({"position": "alibi", "beside": "no_scale"}, "beside", "with ALiBi"),
    "a bug with a cap": ({"softcap": "5", "beside": "no_scale"}, "beside", "soft cap"),
    "keys that cannot stay as they are": (
        {"tokens": "a b c", "beside": "k_not_transposed"}, "beside", "there are 3 and 8"
    ),
    "an odd width for rotation": ({"position": "rope", "embed_dim": "7"}, "embed_dim|position", "even number"),
    "an odd head for rotation": (
        {"position": "rope", "embed_dim": "12", "num_heads": "4"}, "embed_dim|position|num_heads", "even number"
    ),
}  # fmt: skip


class Form(HTMLParser):
    """The inputs of a page with their attributes, and the labels that name them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inputs: list[dict[str, str]] = []
        self.labels: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.inputs.append(found)
        elif tag == "select":
            self.inputs.append(found | {"type": "list", "value": ""})
            self.options: list[str] = []
        elif tag == "option":
            self.options.append(found["value"])
            if "selected" in found:
                self.inputs[-1]["value"] = found["value"]
        elif tag == "label" and "for" in found:
            self.labels.add(found["for"])

    def named(self, name: str) -> list[dict[str, str]]:
        return [found for found in self.inputs if found.get("name") == name and found.get("type") != "hidden"]

    def value(self, name: str) -> str:
        """What a form sends for this name."""
        for found in self.named(name):
            if found.get("type") != "radio" or "checked" in found:
                return found["value"]
        return next((found["value"] for found in self.inputs if found.get("name") == name), "")


@pytest.mark.parametrize("name", [name for name in MODEL.model_fields if name != "stage"])
def test_a_control_has_a_name_and_its_bounds(name: str, client: TestClient) -> None:
    page = client.get("/demos/attention").text
    form = Form(page)
    inputs, limit = form.named(name), BOUNDS[name]
    assert inputs, "the control is missing from the page"
    assert inputs[0].get("type") == "radio" or inputs[0]["id"] in form.labels
    assert str(MODEL.model_fields[name].title) in page
    if inputs[0].get("type") == "number":
        assert float(inputs[0]["min"]) == limit["ge"] and float(inputs[0]["max"]) == limit["le"]
    if inputs[0].get("type") == "list":
        assert form.options == limit["one_of"]
    elif "one_of" in limit:
        assert [found["value"] for found in inputs] == limit["one_of"]


def test_every_choice_has_words() -> None:
    choices = {
        value for info in MODEL.model_fields.values() for value in get_args(info.annotation) if isinstance(value, str)
    }
    assert choices <= set(CHOICES)


@pytest.mark.parametrize("what", BAD)
def test_a_bad_value_is_told_beside_its_field_and_kept(what: str, client: TestClient) -> None:
    sent, fields, words = BAD[what]
    answer = client.get("/demos/attention?" + urlencode(sent))
    told = re.findall(r'<p class="field-error" id="wrong-(\w+)">(.*?)</p>', answer.text)
    assert answer.status_code == 422
    assert [name for name, text in told if re.fullmatch(fields, name) and words in text], told
    form = Form(answer.text)
    radios = {name for name in sent if form.named(name)[0].get("type") in ("radio", "list")}  # nobody types into these
    typed = {name: value for name, value in sent.items() if name not in radios or value.isdigit()}
    assert {name: form.value(name) for name in typed} == typed
    assert "<figure" not in answer.text and 'role="alert"' in answer.text


@pytest.mark.parametrize("what", BAD)
def test_a_bad_value_is_told_in_chinese(what: str, client: TestClient) -> None:
    sent, _, words = BAD[what]
    answer = client.get("/demos/attention?" + urlencode(sent | {"lang": "zh"}))
    told = re.findall(r'<p class="field-error" id="wrong-\w+">(.*?)</p>', answer.text)
    assert answer.status_code == 422 and told
    assert all(re.search("[\u4e00-\u9fff]", text) and words not in text for text in told)


def test_what_is_typed_is_shown_as_text(client: TestClient) -> None:
    page = client.get("/demos/attention", params={"tokens": '<script>alert(1)</script> "x" &'}).text
    assert "<script>alert" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "tokens", ["\x00", "\u202e abc", "a\u0301", "😀 👩‍👩‍👧", "注意力 机制", "\ufffd", "=1+1", "{{ 7*7 }}"]
)
def test_any_text_is_a_sentence(tokens: str, client: TestClient) -> None:
    for name in ("", "/figure", "/figure.svg", "/figure.png", "/table.csv"):
        answer = client.get(f"/demos/attention{name}", params={"tokens": tokens})
        assert answer.status_code == 200, name


def test_a_field_left_empty_is_its_default(client: TestClient) -> None:
    page = client.get("/demos/attention?scale=&embed_dim=&query=&kv_num_heads=")
    assert page.status_code == 200 and "<figure" in page.text and "field-error" not in page.text


def test_names_of_no_control_are_ignored(client: TestClient) -> None:
    assert client.get("/demos/attention?utm_source=x&lang=en").status_code == 200


def test_the_home_page_tells_a_bad_sentence_too(client: TestClient) -> None:
    answer = client.get("/?tokens=" + "a" * 33)
    assert answer.status_code == 422 and 'id="wrong-tokens"' in answer.text and "<figure" not in answer.text


def test_the_permalink_on_the_page_is_the_page(client: TestClient) -> None:
    page = client.get("/demos/attention?tokens=a+b+%E6%B3%A8&mask=causal&scale=0.5&head=1").text
    link = re.search(r'<a href="([^"]+)" data-permalink', page)
    assert link and client.get(link[1].replace("&amp;", "&")).text.count("aria-live") == page.count("aria-live")
    assert "head=" not in link[1] and "mask=causal" in link[1] and "scale=0.5" in link[1]


@pytest.mark.parametrize("part", ["full", "small"])
def test_the_fragment_is_no_whole_page(part: str, client: TestClient) -> None:
    answer = client.get(f"/demos/attention/figure?part={part}&tokens=a+b")
    assert answer.status_code == 200 and "<html" not in answer.text and "data-figure" in answer.text


def test_an_unknown_demo_is_a_404_page(client: TestClient) -> None:
    answer = client.get("/demos/nope")
    assert answer.status_code == 404 and "nope" in answer.text and "<h1>" in answer.text
