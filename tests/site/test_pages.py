"""Home, guides, preferences, health, static files and the documentation of the API."""

import json
import re
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.core.db import Spine
from app.core.errors import HINTS
from app.core.static import address
from app.paths import STATIC, TEMPLATES

GUIDES = sorted(path.stem for path in (TEMPLATES / "guide").glob("[a-z]*.html"))


def prefer(client: TestClient, **form: str) -> tuple[str, str]:
    """Where a choice leads, and the cookies it sets."""
    answer = client.post("/preferences", data=form, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"], " ".join(answer.headers.get_list("set-cookie"))


def test_home_computes_at_once(client: TestClient) -> None:
    page = client.get("/").text
    assert "<table" in page and "the cat that saw the dog" in page and 'href="/questions"' in page


def test_home_computes_what_is_typed(client: TestClient) -> None:
    assert "zebra" in client.get("/?tokens=a+zebra").text


def test_about_counts_the_questions(client: TestClient) -> None:
    assert "32 questions" in client.get("/about").text


@pytest.mark.parametrize("name", ["study", "mock-interview", "teaching", "writing-questions", "hosting"])
def test_the_guides_are_all_there(name: str) -> None:
    assert name in GUIDES


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_read_in_both_languages(name: str, language: str, client: TestClient) -> None:
    page = client.get(f"/guide/{name}?lang={language}")
    main = re.sub(
        "<(code|pre).*?</\\1>|<[^>]+>", "", page.text[page.text.index("<main") : page.text.index("</main>")], flags=re.S
    )
    han, letters = len(re.findall("[\u4e00-\u9fff]", main)), len(re.findall("[A-Za-z]", main))
    assert page.status_code == 200 and "<h1>" in page.text
    assert han > letters / 2 if language == "zh" else letters > 10 * han


@pytest.mark.parametrize("name", ["nope", ".keep", "%2e%2e%2fbase", "Study", "study.html", "_part", "a" * 60])
def test_no_other_file_is_a_guide(name: str, client: TestClient) -> None:
    assert client.get(f"/guide/{name}").status_code == 404


def test_preferences_are_kept(client: TestClient) -> None:
    where, cookies = prefer(client, lang="zh", theme="dark", back="/demos?x=1")
    assert where == "/demos?x=1" and cookies.count("HttpOnly") == cookies.count("SameSite=lax") == 3
    page = client.get("/demos").text
    assert '<html lang="zh-Hans" data-theme="dark">' in page
    prefer(client, theme="auto")
    assert "data-theme" not in client.get("/demos").text


def test_a_choice_of_nothing_changes_nothing(client: TestClient) -> None:
    assert prefer(client, lang="fr", theme="pink")[1] == ""


BACKS = [
    *("//evil.example", "/\\evil.example", "http://evil.example", "javascript:alert(1)", "evil.example", ""),
    *("\\\\evil.example", "/\t/evil.example", "/\t\\evil.example", "\t//evil.example", " //evil.example"),
    *("/\r\nSet-Cookie: a=b", "/\n/evil.example", "/\x00/evil.example", "///evil.example", "https:/evil.example"),
    *("/.//evil.example", "/..//evil.example"),
]


@pytest.mark.parametrize("back", BACKS)
def test_back_is_a_path_of_this_site_only(back: str, client: TestClient) -> None:
    """A browser drops tabs and line ends from an address before it reads it."""
    where, _ = prefer(client, lang="zh", back=back)
    read = re.sub(r"[\t\r\n]", "", where).strip().replace("\\", "/")
    assert urlsplit(urljoin("http://testserver/preferences", read)).netloc == "testserver"
    assert not re.search(r"[\x00-\x20\x7f]", where)


@pytest.mark.parametrize("back", ["/demos/attention?tokens=a+b&scale=2", "/questions?q=%E6%B3%A8", "/"])
def test_back_keeps_a_good_path(back: str, client: TestClient) -> None:
    assert prefer(client, back=back)[0] == back


@pytest.mark.parametrize("back", ["/questions?q=注意", "/\udcff", "/é"])
def test_back_may_hold_any_letter(back: str, client: TestClient) -> None:
    form = {"back": back.encode("utf8", "surrogateescape")}
    answer = client.post("/preferences", data=form, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"].isascii()


def test_preferences_come_back_with_the_whole_address(client: TestClient) -> None:
    """Who changes the light on a demo does not lose what was typed there."""
    page = client.get("/demos/attention?tokens=a+zebra&scale=2").text
    back = re.search(r'name="back" value="([^"]*)"', page)
    assert back and "tokens=a+zebra" in back[1]


def test_a_form_too_large_is_refused(client: TestClient) -> None:
    assert client.post("/preferences", data={"back": "/" + "a" * 70_000}).status_code in (413, 422)


def test_the_process_is_alive(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_it_is_ready_with_a_bank(client: TestClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200 and answer.json() == {"database": "ok", "bank": "ok"}


def test_it_is_not_ready_without_a_bank(app: FastAPI, spine: Spine) -> None:
    with spine.session(writing=True) as db:
        for table in ("question_tag", "item_version", "item", "question_version", "question", "bank"):
            db.connection().exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
        db.commit()
    answer = TestClient(app).get("/readyz")
    assert answer.status_code == 503 and answer.json() == {"database": "ok", "bank": "none loaded"}


def test_robots_are_told_where_not_to_go(client: TestClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain") and "Disallow: /api/" in answer.text


def test_the_icon_is_found(client: TestClient) -> None:
    assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("code", HINTS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_problem_has_a_page(code: str, language: str, client: TestClient) -> None:
    answer = client.get(f"/problems/{code}?lang={language}")
    assert answer.status_code == 200 and code in answer.text
    assert language == "en" or re.search("<h1>[^<]*[\u4e00-\u9fff]", answer.text)


def test_the_title_of_each_problem_is_its_own(client: TestClient) -> None:
    title = re.search("<h1>(.*?)</h1>", client.get("/problems/no-such-demo").text)
    assert title and "demo" in title[1].lower()


@pytest.mark.parametrize(
    "path", sorted(str(path.relative_to(STATIC)) for path in STATIC.rglob("*.*") if path.suffix != ".txt")
)
def test_a_static_file_is_kept_for_ever_by_its_hash(path: str, client: TestClient) -> None:
    answer = client.get(address(path))
    assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
    assert client.get(f"/static/{path}").headers["cache-control"] == "no-cache"


def test_another_hash_is_not_kept(client: TestClient) -> None:
    """A page of the next version may ask a server of this one: what it gets must not be kept for a year."""
    assert "immutable" not in client.get("/static/favicon.svg?v=0123456789").headers["cache-control"]


def test_the_styles_are_one_file_in_layers(client: TestClient) -> None:
    answer = client.get(address("css/viva.css"))
    first = re.sub(r"/\*.*?\*/", "", answer.text, flags=re.S).strip()
    assert answer.headers["content-type"].startswith("text/css") and first.startswith("@layer ")
    assert not re.search(r"url\(['\"]?(//|https?:|data:)|@import", answer.text)
    again = client.get("/static/css/viva.css", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code in (200, 304)


@pytest.mark.parametrize(
    "path", ["nope.css", "../pyproject.toml", "%2e%2e/pyproject.toml", ".hidden", "css", "css/", "js/.x", "\x00"]
)
def test_no_other_file_is_static(path: str, client: TestClient) -> None:
    answer = client.get(f"/static/{path.replace(chr(0), '%00')}")
    assert answer.status_code == 404 and "immutable" not in answer.headers["cache-control"]


def test_scripts_import_nothing_from_elsewhere() -> None:
    for path in STATIC.rglob("*.js"):
        text = path.read_text("utf8")
        assert not re.search(r"https?://|\beval\(|innerHTML\s*\+?=|document\.write|new Function", text), path.name
        assert len(text.splitlines()) <= 120, path.name


def test_the_documentation_names_every_operation(app: FastAPI, client: TestClient) -> None:
    page = client.get("/api").text
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}</code>" in page
    assert "/api/openapi.json" in page and "key_padding_mask" in page


def test_openapi_is_whole(client: TestClient) -> None:
    text = client.get("/api/openapi.json").text
    document = json.loads(text)
    names = {ref.rpartition("/")[2] for ref in re.findall(r'"\$ref":"([^"]+)"', text)}
    assert document["openapi"].startswith("3.") and names <= set(document["components"]["schemas"])
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description") or operation.get("summary"), (method, path)
            assert method == "get" or "application/problem+json" in json.dumps(operation["responses"]), path
    assert "HTTPValidationError" not in document["components"]["schemas"], "errors are problems here"
