"""Choosing a quiz: what is asked follows the choices; what cannot be chosen is handed back with what was typed."""

import pytest
from starlette.testclient import TestClient

from app.bank.items import Found
from app.core.db import Spine
from app.quizzes.choose import chosen, sections_of
from tests.cast import Watch, begin, hand_in, right, save, stored, wrong


def types(spine: Spine, quiz: str) -> list[str]:
    return [entry.item.type for entry in stored(spine, quiz).entries]


@pytest.mark.parametrize(
    ("wishes", "asked"),
    [
        ({"type": "order"}, {"order"}),
        ({"type": ["order", "fill"]}, {"order", "fill"}),
        ({"count": 1, "type": ["fill"]}, {"fill"}),
    ],
)
def test_only_the_chosen_kinds_are_asked(
    wishes: dict[str, object], asked: set[str], ada: TestClient, spine: Spine
) -> None:
    assert set(types(spine, begin(ada, **wishes))) == asked


def test_surprise_me_needs_no_choice_at_all(ada: TestClient, spine: Spine) -> None:
    answer = ada.post("/quizzes", follow_redirects=False)
    plan = stored(spine, answer.headers["location"].rpartition("/")[2]).plan
    assert (plan.policy, plan.seconds, sum(plan.sections)) == ("immediate", None, 8)


def test_practise_these_asks_every_item_of_a_question(ada: TestClient, bo: TestClient, spine: Spine) -> None:
    quizzes = [begin(one, questions="two", count=1) for one in (ada, bo)]
    assert [sorted(types(spine, quiz)) for quiz in quizzes] == [sorted(types(spine, quizzes[0]))] * 2
    assert len(types(spine, quizzes[0])) > 1


@pytest.mark.parametrize(
    "wishes",
    [
        {"count": "0"},
        {"count": "61"},
        {"count": "many"},
        {"review": "never"},
        {"review": "after_close"},
        {"pace": "9"},
        {"tag": "<script>"},
        {"start_key": "short"},
        {"questions": ["x"] * 61},
        {"zone": "x" * 61},
    ],
)
def test_a_choice_there_is_not_is_named_and_the_others_are_kept(wishes: dict[str, object], ada: TestClient) -> None:
    page = ada.post("/quizzes", data={"type": "order", **wishes})
    assert page.status_code == 422 and "This quiz cannot start yet." in page.text
    assert f'href="#f-{next(iter(wishes))}"' in page.text and "<script>" not in page.text
    assert 'name="type" value="order" checked' in page.text


def test_choices_that_nothing_fits_are_handed_back(ada: TestClient) -> None:
    page = ada.post("/quizzes", data={"tag": "nothing", "pace": "1.5"})
    assert page.status_code == 422 and "No item fits these choices" in page.text
    assert 'name="pace" value="1.5" checked' in page.text


def test_items_are_spread_over_the_questions() -> None:
    bank = [Found(n, n, "k", "single", "recall", 60, "junior", n // 10, "s", 1) for n in range(40)]
    assert sorted(item.question_id for item in chosen(bank, 8, "seed")) == [0, 0, 1, 1, 2, 2, 3, 3]
    assert chosen(bank, 8, "seed") == chosen(bank, 8, "seed") != chosen(bank, 8, "other")
    assert len(chosen(bank, 99, "seed")) == 40


@pytest.mark.parametrize(("count", "sizes"), [(1, [1]), (5, [5]), (6, [3, 3]), (8, [4, 4]), (11, [4, 4, 3])])
def test_sections_are_nearly_equal_and_five_at_most(count: int, sizes: list[int]) -> None:
    assert sections_of(count) == sizes


def test_misses_are_exactly_what_was_wrong_or_guessed_with_other_numbers(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    entries = stored(spine, quiz).entries
    guessed, missed, blank = entries[0], entries[1], entries[2]
    for entry in (entries[0], *entries[3:]):
        sure = "low" if entry is guessed else "high"
        assert save(ada, quiz, entry.answer.position, right(entry), confidence=sure) == 200
    save(ada, quiz, missed.answer.position, wrong(missed), confidence="high")
    assert "Redo my 3 misses" in hand_in(ada, quiz).text
    again = stored(spine, begin(ada, misses_of=quiz)).entries
    ids = sorted(entry.answer.item_id or 0 for entry in again)
    assert ids == sorted(entry.answer.item_id or 0 for entry in (guessed, missed, blank))


def test_what_is_redone_has_fresh_numbers(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, type=["single", "numeric"])
    hand_in(ada, quiz)
    drawn: dict[str, set[str]] = {}
    for one in (quiz, *(begin(ada, misses_of=quiz) for _ in range(3))):
        for entry in stored(spine, one).entries:
            drawn.setdefault(entry.item.type, set()).add(repr(entry.variant.parameters))
    assert drawn.keys() == {"single", "numeric"} and all(len(numbers) > 1 for numbers in drawn.values())


def test_misses_of_an_open_or_perfect_or_foreign_quiz_are_refused(
    ada: TestClient, bo: TestClient, spine: Spine
) -> None:
    quiz = begin(ada, type="fill")
    assert "not finished yet" in ada.post("/quizzes", data={"misses_of": quiz}).text
    save(ada, quiz, 1, right(stored(spine, quiz).at(1)), confidence="high")
    hand_in(ada, quiz)
    assert "nothing to redo" in ada.post("/quizzes", data={"misses_of": quiz}).text
    begin(bo)
    assert bo.post("/quizzes", data={"misses_of": quiz}).status_code == 404


def test_the_list_tells_open_from_finished_in_the_learner_s_zone(ada: TestClient, bo: TestClient, watch: Watch) -> None:
    begin(ada, zone="Asia/Shanghai")
    hand_in(ada, begin(ada, type="fill"))
    page = ada.get("/quizzes").text
    assert "0 of 8 answered" in page and "0 of 1" in page and f"{watch.now:%Y-%m-%d} 11:04" in page
    assert "Nothing yet" in bo.get("/quizzes").text
