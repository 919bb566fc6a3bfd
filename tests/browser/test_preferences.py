"""What the reader chose, light and language, holds on every page; each passage says its own language."""

import re
from collections.abc import Callable

import pytest

from tests.browser.chromium import Page, expect
from tests.browser.pages import QUESTION

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
PAPER = "getComputedStyle(document.body).backgroundColor"
# text in Han characters, a fair piece of it, that stands inside an element that says it is not Chinese; or the reverse
MISLABELLED = """() => {
  const wrong = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let at = walker.nextNode(); at; at = walker.nextNode()) {
    const text = at.data.trim(), here = at.parentElement;
    if (!text || here.closest("code, pre, math, kbd, td, script, .toc-m") || !here.checkVisibility()) continue;
    const han = (text.match(/[\\u3400-\\u9fff]/g) ?? []).length, latin = (text.match(/[A-Za-z]{2,}/g) ?? []).length;
    const chinese = here.closest("[lang]").lang.startsWith("zh");
    if (chinese ? !han && latin > 3 : han > 1) wrong.push(text.slice(0, 80));
  }
  return wrong;
}"""


def keep(page: Page, *choices: str) -> None:
    page.get_by_label(re.compile("Reading settings|阅读设置")).click()
    for choice in choices:
        page.locator(f".prefs input[value={choice}]").check()
    page.locator(".prefs button").click()


@pytest.mark.parametrize(("theme", "system"), [("dark", "light"), ("light", "dark")])
def test_the_light_chosen_holds_over_pages_against_the_system(visit: Visit, theme: str, system: str) -> None:
    page = visit("/", color_scheme=system)
    before = page.evaluate(PAPER)
    keep(page, theme)
    after = page.evaluate(PAPER)
    page.goto("/questions")
    assert before != after == page.evaluate(PAPER)
    keep(page, "auto")
    assert page.evaluate(PAPER) == before


def test_a_light_shows_before_it_is_kept(visit: Visit) -> None:
    page = visit("/", color_scheme="light")
    before = page.evaluate(PAPER)
    page.get_by_label("Reading settings").click()
    page.get_by_label("Night").check()
    assert page.evaluate(PAPER) != before


def test_the_language_link_keeps_the_page_and_its_state(visit: Visit) -> None:
    page = visit("/demos/attention?tokens=red+blue&stage=mask")
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("input[name=tokens]")).to_have_value("red blue")
    page.goto("/questions")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_language_link_takes_what_was_typed_along(visit: Visit) -> None:
    page = visit("/demos/attention")
    page.locator("input[name=tokens]").fill("green tea")
    expect(page).to_have_url(re.compile("green"))
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("input[name=tokens]")).to_have_value("green tea")


def test_keeping_another_light_loses_nothing_that_was_typed(visit: Visit) -> None:
    page = visit("/demos/attention?tokens=red+blue")
    keep(page, "dark")
    expect(page.locator("input[name=tokens]")).to_have_value("red blue")


def test_a_first_visit_speaks_the_browser_s_language(visit: Visit) -> None:
    expect(visit("/", language="zh").locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(visit("/", language="en").locator("html")).to_have_attribute("lang", "en")


def test_both_languages_stand_side_by_side_until_taken_back(visit: Visit) -> None:
    page = visit(QUESTION)
    keep(page, "both")
    page.goto("/questions/5-attention-and-cnns")
    english, chinese = page.locator("#answer .both > .prose").all()
    assert chinese.get_attribute("lang") == "zh-Hans" and english.get_attribute("lang") is None
    assert abs(english.bounding_box()["y"] - chinese.bounding_box()["y"]) < 2
    keep(page, "en")
    expect(page.locator(".both")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/questions", QUESTION, f"{QUESTION}?lang=both", "/demos/attention", "/api"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_passage_says_its_language(visit: Visit, path: str, language: str) -> None:
    page = visit(path, language=language)
    assert page.evaluate(MISLABELLED) == []
