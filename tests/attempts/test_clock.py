"""Deadlines, extra time, working time, and the clock that pages poll."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.attempts import clock
from app.attempts.calibration import calibration
from app.core.db import Spine
from tests.cast import Watch, begin, hand_in, save, stored
from tests.conftest import NOW

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
MINUTE = 60_000


@pytest.mark.parametrize(("pace", "factor"), [("1", 1.0), ("1.5", 1.5), ("2", 2.0)])
def test_extra_time_is_a_factor_of_the_standard_time(pace: str, factor: float, ada: TestClient, spine: Spine) -> None:
    held = stored(spine, begin(ada, pace=pace))
    wanted = factor * sum(entry.item.seconds for entry in held.entries)
    assert held.plan.pace == factor and wanted <= (held.plan.seconds or 0) < wanted + 30
    assert held.attempt.deadline == NOW + timedelta(seconds=held.plan.seconds or 0)


def test_untimed_is_really_untimed(ada: TestClient, spine: Spine) -> None:
    held = stored(spine, begin(ada, pace="untimed"))
    assert (held.attempt.deadline, held.plan.seconds, held.plan.pace) == (None, None, 1.0)


def test_working_time_leaves_pauses_out(ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada, pace="untimed")
    spent = []
    for base, (position, seconds) in enumerate([(1, 20), (1, 300), (1, 300.001), (2, 3600), (2, 15), (1, -60)]):
        watch.pass_by(seconds=seconds)
        text = {"text": [f"{seconds}"]}
        assert save(ada, quiz, position, text, base=stored(spine, quiz).at(position).answer.revision) == 200, base
        spent.append([entry.answer.spent_ms for entry in stored(spine, quiz).entries[:2]])
    # 20 s and 5 min count on the first; a longer pause counts nothing; 15 s on the second; a clock set back nothing
    assert spent == [[20_000, 0], [320_000, 0], [320_000, 0], [320_000, 0], [320_000, 15_000], [320_000, 15_000]]


def test_the_clock_answers_304_until_something_changes(ada: TestClient, watch: Watch) -> None:
    quiz = begin(ada)
    path = f"/api/v1/attempts/{quiz}/clock"
    first = ada.get(path)
    assert first.json() == {"state": "open", "remaining_ms": first.json()["remaining_ms"], "version": 1}
    watch.pass_by(seconds=60)
    assert ada.get(path).json()["remaining_ms"] == first.json()["remaining_ms"] - MINUTE
    again = ada.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.text, first.headers["cache-control"]) == (304, "", "no-store")
    hand_in(ada, quiz)
    changed = ada.get(path, headers={"if-none-match": first.headers["etag"]})
    assert changed.json() == {"state": "handed_in", "remaining_ms": 0, "version": 2}


def test_closing_a_section_changes_the_clock_s_version(ada: TestClient) -> None:
    quiz = begin(ada, review="after_section")
    ada.post(f"/quizzes/{quiz}/sections/1/closing")
    assert ada.get(f"/api/v1/attempts/{quiz}/clock").json()["version"] == 2


def test_pages_show_the_deadline_and_never_the_grace(ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada)
    watch.now = stored(spine, quiz).attempt.deadline or watch.now
    watch.pass_by(seconds=10)
    assert ada.get(f"/api/v1/attempts/{quiz}/clock").json()["remaining_ms"] == 0
    assert 'data-remaining="0"' in ada.get(f"/quizzes/{quiz}/items/1").text


@pytest.mark.parametrize(("ms", "counted"), [(0, 0), (1, 1), (5 * MINUTE, 5 * MINUTE), (5 * MINUTE + 1, 0), (-5, 0)])
def test_what_counts_as_work(ms: int, counted: int, url: str) -> None:
    assert clock.worked_ms(NOW, NOW + timedelta(milliseconds=ms)) == counted


def test_calibration_by_hand(url: str) -> None:
    found = calibration([("low", 1.0), ("low", 0.0), ("mid", 0.5), ("high", 1.0), ("high", 0.0), (None, 1.0)])
    # (0.25 + 0.25 + 0.0625 + 0.0025 + 0.9025) / 5
    assert found is not None and (found.count, round(found.brier, 9)) == (5, 0.2935)
    bins = [(one.confidence, one.stated, one.count, one.right) for one in found.bins]
    assert bins == [("low", 0.5, 2, 0.5), ("mid", 0.75, 1, 0.5), ("high", 0.95, 2, 0.5)]
    assert calibration([(None, 1.0)]) is None and calibration([]) is None
