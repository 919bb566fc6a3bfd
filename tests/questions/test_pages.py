"""The list of questions and each question's page."""

from starlette.testclient import TestClient


def test_the_list_shows_every_question(client: TestClient) -> None:
    page = client.get("/questions")
    assert page.status_code == 200 and "32 of 32 questions" in page.text
