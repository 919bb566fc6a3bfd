"""The list of questions and each question's page, in both languages."""

import re

import pytest
import yaml
from sqlmodel import select
from starlette.testclient import TestClient

from app.bank.models import QuestionTag
from app.core.db import Spine
from app.paths import BANKS

FILES = sorted((BANKS / "attention").glob("[0-9]*.yaml"))
QUESTIONS = {path.stem: yaml.load(path.read_text("utf8"), Loader=yaml.CSafeLoader) for path in FILES}
TAGS = yaml.load((BANKS / "attention" / "bank.yaml").read_text("utf8"), Loader=yaml.CSafeLoader)["tags"]
LEVELS = ("junior", "mid", "senior")


def address(stem: str) -> str:
    return f"/questions/{QUESTIONS[stem]['number']}-{QUESTIONS[stem]['slug']}"


def text_of(page: str) -> str:
    """What a reader sees: no code, no formulas, no tags."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"<(code|pre|math|textarea)\b.*?</\1>|<[^>]+>", " ", main, flags=re.DOTALL)


def found(client: TestClient, query: str) -> list[int]:
    """The numbers that a list shows."""
    page = client.get(f"/questions?{query}").text
    return [int(number) for number in re.findall(r'href="/questions/(\d+)-', page)]


def test_the_bank_is_whole() -> None:
    assert [question["number"] for question in QUESTIONS.values()] == list(range(1, 33))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("stem", QUESTIONS)
def test_a_question_page_is_whole(stem: str, language: str, client: TestClient) -> None:
    answer = client.get(f"{address(stem)}?lang={language}")
    page, title = answer.text, QUESTIONS[stem]["title"][language]
    assert answer.status_code == 200
    assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}"' in page
    shown = re.search(r"<title>(.*?)</title>", page)
    assert shown and shown[1].startswith(f"{QUESTIONS[stem]['number']}. ") and shown[1].endswith(" | Viva")
    assert re.sub(r"[*`$]", "", title)[:10] in shown[1].replace("&#39;", "'").replace("&amp;", "&")
    seen = text_of(page)
    assert "**" not in seen and "$" not in seen and "\ufffd" not in page
    assert "<figure" in page and 'id="answer"' in page and 'id="references"' in page


@pytest.mark.parametrize("stem", QUESTIONS)
def test_the_page_holds_its_parts_and_leads_to_its_neighbours(stem: str, client: TestClient) -> None:
    question, page = QUESTIONS[stem], client.get(address(stem)).text
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert {f"erratum-{erratum['key']}" for erratum in question.get("errata", [])} <= set(ids)
    assert {f"ref-{reference['key']}" for reference in question["references"]} <= set(ids)
    assert len(ids) == len(set(ids)), "an id stands once"
    assert {target for target in re.findall(r'href="#([^"]+)"', page)} <= set(ids)
    turns = dict(re.findall(r'rel="(prev|next)" href="/questions/(\d+)-', page))
    beside = {"prev": question["number"] - 1, "next": question["number"] + 1}
    assert turns == {name: str(number) for name, number in beside.items() if 1 <= number <= 32}


def test_both_languages_stand_side_by_side(client: TestClient) -> None:
    stem = next(iter(QUESTIONS))
    page = client.get(f"{address(stem)}?lang=both").text
    answer = page[page.index('id="answer"') :]
    assert "differentiable lookup" in answer and "可微的" in answer and 'lang="zh-Hans"' in answer
    assert 'class="both"' in client.get(address(stem)).text, "the choice is kept"
    assert 'class="both"' not in client.get(f"{address(stem)}?lang=en").text


@pytest.mark.parametrize("query", ["", "?lang=zh&x=%E6%B3%A8"])
def test_a_wrong_number_leads_to_the_right_one(query: str, client: TestClient) -> None:
    answer = client.get(f"/questions/7-what-is-attention{query}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, f"/questions/1-what-is-attention{query}")
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    "name", ["1-nothing-of-that-name", "1-", "what-is-attention", "1-What-Is-Attention", "-1-what-is-attention"]
)
def test_an_unknown_question_is_a_404_page(name: str, client: TestClient) -> None:
    answer = client.get(f"/questions/{name}")
    assert answer.status_code == 404 and 'href="/questions"' in answer.text and "<h1>" in answer.text


@pytest.mark.parametrize("number", ["0", "99999", "9" * 40])
def test_a_number_beyond_any_bank_still_leads_there(number: str, client: TestClient) -> None:
    assert client.get(f"/questions/{number}-what-is-attention", follow_redirects=False).status_code == 308


def test_an_unknown_question_is_named_as_text(client: TestClient) -> None:
    page = client.get("/questions/1-%3Cscript%3Ealert(1)%3C%2Fscript%3E").text
    assert "<script>alert" not in page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_shows_every_question(language: str, client: TestClient) -> None:
    page = client.get(f"/questions?lang={language}").text
    assert found(client, f"lang={language}") == list(range(1, 33))
    for question in QUESTIONS.values():
        assert f"/questions/{question['number']}-{question['slug']}" in page


def test_the_list_counts(client: TestClient) -> None:
    assert "32 of 32 questions" in client.get("/questions").text


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("multi-head", "multi-head-attention"),
        ("MULTI-HEAD", "multi-head-attention"),
        ("多头", "multi-head-attention"),
        ("ｍｕｌｔｉ", "multi-head-attention"),
        ("强化学习", "attention-in-reinforcement-learning"),
        ("  what   is  attention ", "what-is-attention"),
        ("KV缓存", "training-and-inference-speed"),
    ],
)
def test_search_finds_words_of_both_languages(words: str, slug: str, client: TestClient) -> None:
    page = client.get("/questions", params={"q": words}).text
    assert f"-{slug}" in page and "32 of 32" not in page


def test_every_word_must_be_there(client: TestClient) -> None:
    one, other = set(found(client, "q=mask")), set(found(client, "q=softmax"))
    assert set(found(client, "q=mask+softmax")) == one & other


@pytest.mark.parametrize("words", ["mas_", "ma%k", "%mask%mask%", "%25"])
def test_no_letter_of_a_search_stands_for_others(words: str, client: TestClient) -> None:
    page = client.get("/questions", params={"q": words}).text
    assert 'href="/questions/' not in page[page.index("data-list") :]


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_shows_its_questions(tag: str, client: TestClient) -> None:
    expected = [question["number"] for question in QUESTIONS.values() if tag in question["tags"]]
    assert expected and found(client, f"tag={tag}") == expected
    assert TAGS[tag]["zh"] in client.get(f"/questions?tag={tag}&lang=zh").text


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_shows_its_questions(level: str, client: TestClient) -> None:
    expected = [question["number"] for question in QUESTIONS.values() if question["level"] == level]
    assert expected and found(client, f"level={level}") == expected


def test_filters_work_together(client: TestClient) -> None:
    both = set(found(client, "tag=variants")) & set(found(client, "level=senior")) & set(found(client, "q=softmax"))
    assert set(found(client, "tag=variants&level=senior&q=softmax")) == both


@pytest.mark.parametrize("query", ["q=zzzzqq", "q=%25%25", "q=_", "tag=nothing", "level=expert", "q=%00", "q=%5C"])
def test_nothing_found_is_said_with_a_way_out(query: str, client: TestClient) -> None:
    answer = client.get(f"/questions?{query}")
    assert answer.status_code == 200
    shown = found(client, query)
    assert shown or ("No question holds" in answer.text and 'href="/questions"' in answer.text)
    assert "“”" not in answer.text, "no empty quotation marks"


def test_what_was_searched_for_stays_in_the_field(client: TestClient) -> None:
    page = client.get("/questions", params={"q": '"><script>'}).text
    assert 'value="&#34;&gt;&lt;script&gt;"' in page and "<script>" not in page[page.index("<main") :]


@pytest.mark.parametrize("query", ["q=" + "a" * 101, "tag=" + "a" * 61])
def test_a_search_too_long_is_refused_on_a_page(query: str, client: TestClient) -> None:
    answer = client.get(f"/questions?{query}")
    assert answer.status_code == 422 and "<h1>" in answer.text


def test_every_tag_stands_in_the_database_once(spine: Spine) -> None:
    with spine.session(writing=False) as db:
        rows = [(row.question_id, row.tag) for row in db.exec(select(QuestionTag))]
    assert len(rows) == len(set(rows)) == sum(len(question["tags"]) for question in QUESTIONS.values())
