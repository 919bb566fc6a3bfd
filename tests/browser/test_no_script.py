"""JavaScript off: everything that is offered works by links and forms."""

import re
from collections.abc import Callable

import pytest

from tests.browser import quiz
from tests.browser.chromium import PHONE, Page, expect
from tests.browser.pages import PAGES, QUESTION, begun

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
OFF = {"java_script_enabled": False}


def test_nothing_is_offered_that_only_script_can_do(visit: Visit) -> None:
    page, offered = visit("/", **OFF), []
    for place in PAGES:
        page.goto(begun(page, quiz.origin(page), place.path))
        seen = page.locator(".with-script, [type=range], dialog").all()
        offered += [f"{place.name}: {one.inner_text()}" for one in seen if one.is_visible()]
    assert page.locator(".with-script").count() and offered == []


def test_home_recomputes(visit: Visit) -> None:
    page = visit("/", **OFF)
    page.get_by_label("A sentence of yours").fill("rain and snow")
    page.get_by_role("button", name="Recompute").click()
    expect(page.locator(".stage tbody th")).to_have_text(["rain", "and", "snow"])
    expect(page.get_by_label("A sentence of yours")).to_have_value("rain and snow")


def test_demo_recomputes_by_button_and_by_enter(visit: Visit) -> None:
    page = visit("/demos/attention?stage=mask", **OFF)
    page.get_by_label("Sentence", exact=True).fill("rain and snow")
    page.get_by_label("causal").check()
    page.get_by_role("button", name="Recompute").first.click()
    expect(page.locator(".rail-stop[aria-current=step]")).to_contain_text("Mask")
    expect(page.locator(".stage td.masked")).to_have_count(3)
    page.get_by_label("Sentence", exact=True).fill("hail")
    page.get_by_label("Sentence", exact=True).press("Enter")
    expect(page.locator(".stage tbody th")).to_have_text(["hail"])
    expect(page.locator(".rail-stop[aria-current=step]")).to_contain_text("Mask")


def test_stages_by_links_and_buttons(visit: Visit) -> None:
    page = visit("/demos/attention?tokens=red+red", **OFF)
    at = page.locator(".rail-stop[aria-current=step]")
    page.locator(".rail-stop", has_text="Score").click()
    expect(at).to_contain_text("Score")
    page.get_by_role("button", name="Next").click()
    expect(at).to_contain_text("Scale")
    page.get_by_role("button", name="Previous").click()
    expect(at).to_contain_text("Score")
    expect(page.locator(".stage tbody th")).to_have_text(["red", "red"])


def test_what_cannot_be_used_is_named_beside_its_field_and_kept(visit: Visit) -> None:
    page = visit("/demos/attention?head=7&scale=9", **OFF)
    head = page.get_by_role("spinbutton", name="Head shown")
    expect(page.get_by_role("spinbutton", name="Scale")).to_have_value("9")
    expect(head).to_have_value("7")
    expect(page.get_by_role("spinbutton", name="Scale")).to_have_accessible_description(re.compile("must be 4 or less"))
    expect(page.get_by_role("alert")).to_contain_text("Scale")


def test_hidden_settings_open_where_something_in_them_is_wrong(visit: Visit) -> None:
    page = visit("/demos/attention?query=99", **OFF)
    expect(page.locator("#wrong-query")).to_be_visible()


def test_question_form_leads_to_the_full_demo(visit: Visit) -> None:
    page = visit(QUESTION, **OFF)
    page.locator("input[name=tokens]").fill("rain and snow")
    page.get_by_role("button", name="Recompute").click()
    expect(page).to_have_url(re.compile(r"/demos/attention\?.*tokens=rain"))
    expect(page.locator(".stage tbody th")).to_have_text(["rain", "and", "snow"])
    expect(page.locator("input[name=num_heads]:checked")).to_have_value("2")


def test_hidden_controls_of_a_window_still_show_up_with_it(visit: Visit) -> None:
    page = visit("/demos/attention", **OFF)
    expect(page.get_by_role("spinbutton", name="Window to the left")).to_be_hidden()
    page.get_by_label("window", exact=True).check()
    expect(page.get_by_role("spinbutton", name="Window to the left")).to_be_visible()


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_search_and_filters(visit: Visit, size: tuple[int, int] | None) -> None:
    page = visit("/questions", **OFF, **({"size": size} if size else {}))
    page.get_by_role("searchbox").fill("多头")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".toc-t", has_text="What is multi-head attention?")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("多头")
    if size:
        page.get_by_text("Filters").click()
    page.get_by_role("radio", name="senior").check()
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("level=senior"))
    expect(page.get_by_role("status")).to_contain_text("of 32")


def test_preferences_are_kept(visit: Visit) -> None:
    page = visit("/about", **OFF)
    page.get_by_label("Reading settings").click()
    page.get_by_label("Night").check()
    page.get_by_label("中文").check()
    page.get_by_role("button", name="Keep").click()
    expect(page).to_have_url(re.compile("/about$"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_a_cell_says_itself_without_script(visit: Visit) -> None:
    page = visit("/demos/attention?tokens=a+b", **OFF)
    page.locator(".stage td[data-say]").first.hover()
    said = page.locator(".stage td[data-say]").first.get_attribute("data-say")
    assert page.evaluate("getComputedStyle(document.querySelector('.stage td[data-say]'), '::after').content") == (
        f'"{said}"'
    )
