"""The live figure by script: what is typed, the matrix, the read-out, the address and the JSON say one thing."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.chromium import Page, expect
from tests.browser.pages import QUESTION

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
DEMO = "/demos/attention"


def numbers(page: Page) -> list[list[str]]:
    """The matrix as the reader sees it."""
    rows = "rows => rows.map(row => [...row.querySelectorAll('td[data-say]')].map(cell => cell.innerText))"
    return list(page.locator(".stage table.mx").last.locator("tbody tr").evaluate_all(rows))


def answer(page: Page) -> dict[str, Any]:
    """What the JSON link of the figure gives."""
    link = page.get_by_role("link", name="JSON").get_attribute("href")
    return dict(page.request.get(str(link)).json())


def test_matrix_read_out_address_and_json_agree(visit: Visit) -> None:
    page = visit(DEMO)
    page.get_by_label("Sentence", exact=True).fill("a dog saw a cat")
    expect(page.locator("[data-readout]")).to_have_text(re.compile("^query “cat” → key “cat”: "))
    expect(page).to_have_url(re.compile(r"\?tokens=a\+dog\+saw\+a\+cat$"))
    asked = answer(page)
    assert asked["tokens"] == "a dog saw a cat".split()
    assert numbers(page) == [[f"{weight:.2f}" for weight in row] for row in asked["attn_weights"][0]]
    assert f"{asked['attn_weights'][0][4][4]:.3f}" in page.locator("[data-readout]").inner_text()
    assert page.get_by_role("link", name="Permalink").get_attribute("href") == page.url.removeprefix(origin(page))


def test_the_address_brings_the_figure_back(visit: Visit) -> None:
    page = visit(DEMO)
    page.get_by_label("Sentence", exact=True).fill("red blue")
    expect(page).to_have_url(re.compile("red"))
    shown = numbers(page)
    page.reload()
    assert numbers(page) == shown and page.get_by_label("Sentence", exact=True).input_value() == "red blue"


def test_the_newest_input_wins_with_one_request_in_flight(visit: Visit) -> None:
    page, held = visit(DEMO), []
    page.route("**/figure?*", lambda route: held.append(route) or (len(held) > 1 and route.continue_()))
    sentence = page.get_by_label("Sentence", exact=True)
    sentence.fill("")
    sentence.press_sequentially("one two three")
    assert len(held) == 1
    held[0].continue_()
    expect(page).to_have_url(re.compile(r"tokens=one\+two\+three$"))
    assert len(numbers(page)) == 3 and len(held) == 2


def test_fast_typing_ends_at_the_last_letter(visit: Visit) -> None:
    page = visit(DEMO)
    sentence = page.get_by_label("Sentence", exact=True)
    sentence.fill("")
    sentence.press_sequentially("the quick brown fox jumps")
    expect(page).to_have_url(re.compile("jumps$"))
    assert page.locator(".stage tbody th").all_inner_texts() == "the quick brown fox jumps".split()


def test_slider_and_number_move_together(visit: Visit) -> None:
    page = visit(DEMO)
    slider, number = page.locator("[type=range][data-for=scale]"), page.locator("input#scale")
    before = numbers(page)
    slider.press("ArrowRight")
    expect(number).to_have_value("1.05")
    expect(page).to_have_url(re.compile("scale=1.05"))
    assert numbers(page) != before
    number.fill("0")
    expect(slider).to_have_value("0")
    expect(page.locator(".stage tbody td.k").first).to_have_text("0.17")


@pytest.mark.parametrize("name", ["scale", "embed_dim", "num_heads", "mask", "position"])
def test_every_kind_of_control_answers(visit: Visit, name: str) -> None:
    page = visit(DEMO)
    before = numbers(page)
    last = page.locator(f".bench-side input[name={name}]").last
    last.fill("3") if last.get_attribute("type") == "number" else last.check(force=True)
    expect(page).to_have_url(re.compile(rf"{name}="))
    assert numbers(page) != before


def test_stages_by_rail_buttons_and_keys(visit: Visit) -> None:
    page = visit(DEMO)
    at = page.locator(".rail-stop[aria-current=step]")
    page.locator(".rail-stop", has_text="Mask").click()
    expect(at).to_contain_text("Mask")
    page.get_by_role("button", name="Next").click()
    expect(at).to_contain_text("Softmax")
    page.get_by_role("button", name="Previous").click()
    page.get_by_role("button", name="Previous").click()
    expect(at).to_contain_text("Scale")
    page.keyboard.press("n")
    expect(at).to_contain_text("Mask")
    page.keyboard.press("p")
    expect(at).to_contain_text("Scale")
    expect(page).to_have_url(re.compile("stage=scale"))


def test_the_stage_stays_when_the_sentence_changes(visit: Visit) -> None:
    page = visit(f"{DEMO}?stage=score")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Sentence", exact=True).fill("up down")
    expect(page).to_have_url(re.compile("up"))
    expect(page.locator(".rail-stop[aria-current=step]")).to_contain_text("Scale")


def test_what_cannot_be_used_is_named_kept_and_forgiven(visit: Visit) -> None:
    page = visit(DEMO)
    head = page.get_by_role("spinbutton", name="Head shown")
    head.fill("9")
    expect(page.get_by_role("alert")).to_contain_text("Head shown")
    assert head.input_value() == "9"
    head.fill("1")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(numbers(page)) == 6


def test_a_message_beside_its_field_goes_when_the_field_is_right(visit: Visit) -> None:
    page = visit(f"{DEMO}?head=9")
    head = page.get_by_role("spinbutton", name="Head shown")
    expect(head).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#wrong-head")).to_be_visible()
    head.fill("1")
    expect(page.locator("#wrong-head")).to_be_hidden()
    expect(head).not_to_have_attribute("aria-invalid", "true")


def test_a_wrong_field_is_marked_while_typing_too(visit: Visit) -> None:
    page = visit(DEMO)
    page.get_by_role("spinbutton", name="Head shown").fill("9")
    expect(page.get_by_role("spinbutton", name="Head shown")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("path", ["/", QUESTION])
def test_the_small_figure_answers_too(visit: Visit, path: str) -> None:
    page = visit(path)
    page.locator("input[name=tokens]").fill("sun and moon and sun")
    expect(page.locator("[data-readout]")).to_contain_text("query “sun” → key ")
    full = page.locator("a[data-permalink]").last
    expect(full).to_have_attribute("href", re.compile(r"^/demos/attention\?tokens=sun"))
    shown = numbers(page)
    full.click()
    page.wait_for_url("**/demos/attention?*")
    assert numbers(page) == shown


def test_pointer_and_arrows_read_out_the_new_figure_too(visit: Visit) -> None:
    page = visit(DEMO)
    page.get_by_label("Sentence", exact=True).fill("cold tea")
    expect(page).to_have_url(re.compile("cold"))
    page.locator(".stage tbody tr").nth(1).locator("td").first.hover()
    expect(page.locator("[data-readout]")).to_have_text(re.compile("^query “tea” → key “cold”: 0"))
    page.locator(".stage td[tabindex='0']").press("ArrowUp")
    expect(page.locator("[data-readout]")).to_have_text(re.compile("^query “cold” → "))


def test_a_bug_stands_beside_the_figure_and_goes_again(visit: Visit) -> None:
    page = visit(f"{DEMO}?mask=causal")
    page.get_by_label("Beside it, a bug").select_option("mask_after_softmax")
    expect(page.locator(".beside-bug table.mx")).to_have_count(3)
    expect(page.locator(".beside-bug h3")).to_have_text("This code masks the weights after the softmax.")
    expect(page).to_have_url(re.compile("beside=mask_after_softmax$"))
    assert float(page.locator(".beside-bug td.sum.off").first.inner_text()) < 0.9
    assert answer(page)["beside"]["key"] == "mask_after_softmax"
    page.get_by_label("Beside it, a bug").select_option("none")
    expect(page.locator(".beside-bug")).to_have_count(0)


def test_each_read_out_tells_of_its_own_maps(visit: Visit) -> None:
    page = visit(f"{DEMO}?tokens=dog+bites+man&beside=softmax_over_queries")
    main, bug = page.locator("[data-readout]").first, page.locator("[data-readout]").last
    before = main.inner_text()
    page.locator(".beside-bug table.mx").last.locator("td[data-say]").first.hover()
    expect(bug).to_have_text(re.compile("^difference: query “dog” → key “dog”: [+−]?0"))
    page.locator(".beside-bug table.mx").first.locator("td[tabindex='0']").press("Home")
    expect(bug).to_have_text(re.compile("^with the bug: query “man” → key “dog”: 0"))
    expect(main).to_have_text(before)


def test_numbers_of_ones_own_are_typed_kept_and_named(visit: Visit) -> None:
    page = visit(DEMO)
    page.get_by_text("Your own numbers").click()
    page.get_by_label("Queries Q").fill("1 0")
    expect(page.locator("#wrong-k")).to_have_text("queries and keys are needed both")
    page.get_by_label("Keys K").fill("1 0; 0 1; 1 1")
    expect(page.locator(".stage table.mx thead th[scope=col]").first).to_have_text("k1")
    expect(page.locator("#wrong-k")).to_have_count(0)
    assert numbers(page) == [["0.40", "0.20", "0.40"]]
    page.get_by_label("Values V").fill("10; x")
    expect(page.locator("#wrong-v")).to_have_text("“x” is not a number")
    assert page.get_by_label("Values V").input_value() == "10; x"


def test_a_bug_and_numbers_without_script(visit: Visit) -> None:
    page = visit(DEMO, java_script_enabled=False)
    page.get_by_label("Beside it, a bug").select_option("hard_attention")
    page.get_by_text("Your own numbers").click()
    page.get_by_label("or scores S").fill("2 0 0 1")
    page.get_by_role("button", name="Recompute").last.click()
    expect(page.locator(".beside-bug tbody").first.locator("td.k")).to_have_text(["1.00", "0.00", "0.00", "0.00"])
    expect(page.get_by_label("or scores S")).to_have_value("2 0 0 1")


def origin(page: Page) -> str:
    return str(page.evaluate("location.origin"))
