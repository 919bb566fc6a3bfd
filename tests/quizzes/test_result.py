"""The map and the result: what is unanswered, what each answer earned, how sure the learner was, in their zone."""

import re
from datetime import timedelta

from starlette.testclient import TestClient

from app.core.db import Spine
from tests.attempts.bank import REASON
from tests.cast import Watch, begin, hand_in, right, save, stored, wrong
from tests.conftest import NOW


def words(page: str) -> str:
    """A page's text without its tags, each run of spaces one space."""
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def test_the_total_is_the_sum_of_the_marks(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    for entry in stored(spine, quiz).entries:
        place = entry.answer.position
        save(ada, quiz, place, right(entry) if place % 2 else wrong(entry))
    page = hand_in(ada, quiz).text
    places = words(page.partition('<nav class="dots"')[2].partition("</nav>")[0])
    held = stored(spine, quiz)
    assert held.attempt.score == sum(entry.answer.score or 0 for entry in held.entries) == 4
    assert (held.attempt.max_score, "4 of 8" in words(page)) == (8, True)
    assert (places.count("✓ right"), places.count("✗ wrong")) == (4, 4)


def test_the_result_has_every_reason_and_the_map_every_mark(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    save(ada, quiz, 1, right(stored(spine, quiz).at(1)))
    sections = re.findall(r'<details class="result-item".*?</details>', hand_in(ada, quiz).text, re.S)
    kinds = [entry.item.type for entry in stored(spine, quiz).entries]
    assert len(sections) == 8
    assert all(REASON in told for told, kind in zip(sections, kinds, strict=True) if kind != "fill")
    told = words(ada.get(f"/quizzes/{quiz}/map").text)
    assert (told.count("✓ right"), told.count("✗ wrong")) == (1, 7)


def test_the_map_lists_what_is_unanswered_before_the_hand_in(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    for place in (1, 2, 4, 5, 6, 8):
        save(ada, quiz, place, {"text": ["x"]})
    page = words(ada.get(f"/quizzes/{quiz}/map").text)
    assert "2 items are unanswered : 3 , 7 ." in page and page.count(" unanswered") >= 2
    assert ada.get(f"/quizzes/{quiz}").url.path.endswith("/items/3")


def test_times_are_told_in_the_learner_s_zone(ada: TestClient, watch: Watch) -> None:
    quiz = begin(ada, zone="Asia/Shanghai", type="fill")
    assert "(Asia/Shanghai)" in ada.get(f"/quizzes/{quiz}/items/1").text
    save(ada, quiz, 1, {"text": ["x"]})
    assert "saved 11:04:05" in words(ada.get(f"/quizzes/{quiz}/items/1").text)
    assert f"Handed in {NOW + timedelta(hours=8):%Y-%m-%d %H:%M}." in words(hand_in(ada, quiz).text)


def test_a_late_save_says_by_how_much(ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada, type="fill")
    watch.now = stored(spine, quiz).attempt.deadline or watch.now
    watch.pass_by(seconds=12.34)
    save(ada, quiz, 1, {"text": ["x"]})
    assert "12.3 s after the deadline" in words(ada.get(f"/quizzes/{quiz}/items/1").text)


def test_calibration_and_sure_and_wrong(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    entries = stored(spine, quiz).entries
    said = ("high", "high", "mid", "low")
    for entry, sure, good in zip(entries, said, (True, False, True, False), strict=False):
        save(ada, quiz, entry.answer.position, right(entry) if good else wrong(entry), confidence=sure)
    page = hand_in(ada, quiz).text
    # (0.05² + 0.95² + 0.25² + 0.5²) / 4; what was not answered does not count
    assert "Brier score 0.304" in page
    sure_and_wrong = page.partition('id="calibration"')[2].partition("</section>")[0]
    assert re.findall(r'href="#item-(\d+)"', sure_and_wrong) == ["2"]


def test_confidence_never_changes_the_mark(ada: TestClient, spine: Spine) -> None:
    scores = []
    for sure in ("low", "high", ""):
        quiz = begin(ada, type="fill")
        save(ada, quiz, 1, right(stored(spine, quiz).at(1)), confidence=sure)
        hand_in(ada, quiz)
        scores.append(stored(spine, quiz).attempt.score)
    assert scores == [1.0, 1.0, 1.0]


def test_before_the_hand_in_the_result_is_the_map(ada: TestClient) -> None:
    quiz = begin(ada)
    assert ada.get(f"/quizzes/{quiz}/result").url.path.endswith("/map")


def test_time_spent_is_told_for_each_item(ada: TestClient, watch: Watch) -> None:
    quiz = begin(ada, type="fill", pace="untimed")
    watch.pass_by(seconds=65)
    save(ada, quiz, 1, {"text": ["x"]})
    assert "1:05 min" in words(hand_in(ada, quiz).text)


def test_pages_of_one_s_own_are_kept_by_no_cache(ada: TestClient) -> None:
    quiz = begin(ada)
    open_pages = [ada.get(f"/quizzes{page}") for page in ("", f"/{quiz}/map", f"/{quiz}/items/1")]
    assert [page.headers["cache-control"] for page in (*open_pages, hand_in(ada, quiz))] == ["no-store"] * 4
