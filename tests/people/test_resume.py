"""The resume code: shown once, works elsewhere, ends what it replaces, and asks nothing of a script."""

import re

import pytest
from starlette.testclient import TestClient

from app.people.throttle import FAILURES
from app.people.visitor import COOKIE
from tests.people.conftest import Browser, Watch, cookie_of

WRONG = "0000-0000-0000-0000"


def learner(client: TestClient) -> int:
    """A browser that has saved something: whose it is."""
    client.get("/resume")
    return int(client.post("/saved").json())


def new_code(client: TestClient) -> str:
    """Press the button on the page, with what its form holds."""
    before = re.search(r'name="in_place_of" value="(\w+)"', client.get("/resume").text)
    assert before
    page = client.post("/resume/code", data={"in_place_of": before[1]})
    shown = re.search(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b", page.text)
    assert page.status_code == 200 and shown
    return shown[0]


def enter(client: TestClient, code: str) -> int:
    return client.post("/resume", data={"code": code}, follow_redirects=False).status_code


def test_a_code_opens_the_same_answers_in_another_browser(browser: Browser) -> None:
    ada, elsewhere = browser(), browser("198.51.100.7")
    mine, code = learner(ada), new_code(ada)
    answer = elsewhere.post("/resume", data={"code": code}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/quizzes")
    assert elsewhere.get("/whose").json() == ada.get("/whose").json() == mine


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", " "), lambda code: f"  {code}\n"])
def test_a_code_is_read_generously(change: object, browser: Browser) -> None:
    ada, elsewhere = browser(), browser()
    learner(ada)
    assert callable(change) and enter(elsewhere, change(new_code(ada))) == 303


def test_entering_a_code_gives_the_browser_a_new_cookie(browser: Browser) -> None:
    ada, elsewhere = browser(), browser()
    learner(ada)
    learner(elsewhere)
    planted = cookie_of(elsewhere)
    enter(elsewhere, new_code(ada))
    assert cookie_of(elsewhere) != planted
    assert browser().get("/whose", headers={"cookie": f"{COOKIE}={planted}"}).json() is None


def test_what_the_browser_held_is_reached_by_its_own_code(browser: Browser) -> None:
    ada, bo = browser(), browser()
    theirs, mine = learner(ada), learner(bo)
    code, own = new_code(ada), new_code(bo)
    enter(bo, code)
    assert bo.get("/whose").json() == theirs
    enter(bo, own)
    assert bo.get("/whose").json() == mine


def test_the_page_warns_before_answers_are_left_behind(browser: Browser) -> None:
    ada = browser()
    assert "code-warning" not in ada.get("/resume").text
    learner(ada)
    assert "make it first, below" in ada.get("/resume").text
    new_code(ada)
    page = ada.get("/resume").text
    assert "code-warning" in page and "make it first" not in page


def test_a_new_code_ends_the_old_one_and_the_other_browsers(browser: Browser) -> None:
    ada, lost, late = browser(), browser(), browser()
    mine, old = learner(ada), new_code(ada)
    enter(lost, old)
    stolen = cookie_of(lost)
    new = new_code(ada)
    assert ada.get("/whose").json() == mine and lost.get("/whose").json() is None
    assert browser().get("/whose", headers={"cookie": f"{COOKIE}={stolen}"}).json() is None
    assert lost.post("/saved").json() != mine
    assert (enter(late, old), enter(late, new)) == (422, 303)


def test_a_new_code_ends_nobody_else_s_browsers(browser: Browser) -> None:
    ada, bo = browser(), browser()
    learner(ada)
    theirs = learner(bo)
    new_code(ada)
    assert bo.get("/whose").json() == theirs


def test_a_second_click_shows_no_code_that_is_no_good(browser: Browser) -> None:
    ada = browser()
    learner(ada)
    form = {"in_place_of": "none"}
    first, second = (ada.post("/resume/code", data=form) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 409)
    assert "made a moment ago" in second.text and "Make a new code" in second.text
    assert enter(browser(), new_code(ada)) == 303


def test_a_browser_that_is_nobody_s_makes_no_code(browser: Browser) -> None:
    answer = browser().post("/resume/code")
    assert answer.status_code == 409 and "nothing to resume yet" in answer.text
    assert "/resume/code" not in browser().get("/resume").text


@pytest.mark.parametrize("typed", ["", "hello", "0000-0000-0000-000U", "0" * 17, "七" * 16, "0" * 15 + "\x00"])
def test_what_no_code_can_look_like_is_handed_back(typed: str, browser: Browser) -> None:
    client = browser()
    for _ in range(FAILURES + 1):  # none of these is counted
        answer = client.post("/resume", data={"code": typed})
    assert answer.status_code == 422 and "16 letters and digits" in answer.text
    assert 'aria-invalid="true"' in answer.text and f'value="{typed}"' in answer.text


def test_a_wrong_code_is_shown_again_with_what_was_typed(browser: Browser) -> None:
    answer = browser().post("/resume", data={"code": WRONG})
    assert answer.status_code == 422 and "Nothing is kept under this code" in answer.text
    assert f'value="{WRONG}"' in answer.text


def test_nothing_typed_becomes_part_of_the_page(browser: Browser) -> None:
    page = browser().post("/resume", data={"code": '"><script>x</script>' + "9" * 5000}).text
    assert "<script>x" not in page and "9" * 101 not in page


def test_after_twenty_wrong_codes_even_the_right_one_has_to_wait(browser: Browser, watch: Watch) -> None:
    ada, guesser = browser(), browser("198.51.100.7")
    learner(ada)
    code = new_code(ada)
    assert [enter(guesser, WRONG) for _ in range(FAILURES)] == [422] * FAILURES
    watch.pass_by(minutes=4)
    answer = guesser.post("/resume", data={"code": code})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "360")
    assert "in 6 min" in answer.text and code in answer.text
    watch.pass_by(minutes=6)
    assert enter(guesser, code) == 303


def test_guessing_blocks_nobody_else(browser: Browser) -> None:
    ada, guesser, neighbour = browser(), browser("2001:db8:0:1::9"), browser("2001:db8:0:1::8")
    learner(ada)
    code = new_code(ada)
    for _ in range(FAILURES):
        enter(guesser, WRONG)
    assert (enter(guesser, code), enter(neighbour, code)) == (429, 429)  # one household
    assert enter(browser("2001:db8:0:2::9"), code) == 303


def test_right_codes_are_not_counted(browser: Browser) -> None:
    ada, school = browser(), browser("198.51.100.7")
    learner(ada)
    code = new_code(ada)
    assert {enter(school, code) for _ in range(FAILURES + 5)} == {303}


def test_nothing_of_it_is_kept_by_caches(browser: Browser) -> None:
    ada = browser()
    learner(ada)
    answers = [
        ada.get("/resume"),
        ada.post("/resume", data={"code": WRONG}),
        ada.post("/resume/code"),
        ada.post("/resume", data={"code": new_code(ada)}, follow_redirects=False),
    ]
    assert [answer.headers["cache-control"] for answer in answers] == ["no-store"] * 4


def test_another_site_can_neither_plant_nor_make_a_code(browser: Browser) -> None:
    ada = browser()
    learner(ada)
    other = {"origin": "https://evil.example"}
    refused = [ada.post(path, data={"code": WRONG}, headers=other) for path in ("/resume", "/resume/code")]
    assert [answer.status_code for answer in refused] == [403, 403]


def test_the_pages_speak_chinese(browser: Browser) -> None:
    ada = browser(**{"accept-language": "zh"})
    learner(ada)
    assert "换个浏览器接着做" in ada.get("/resume").text
    assert "恢复码由 16 个字母和数字组成" in ada.post("/resume", data={"code": "x"}).text
    assert "请现在就抄下来" in ada.post("/resume/code").text
