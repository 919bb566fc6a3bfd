"""Languages: which one a browser asks for, and what is said in it."""

from pathlib import Path

import pytest

from app.core import i18n
from app.core.i18n import mark, preferred, say


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("*", "en"),
        ("fr, de;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,zh;q=0.9", "en"),
        ("en;q=0.5, zh;q=0.7", "zh"),
        ("ZH-hant", "zh"),
        ("zh;q=0, en", "en"),
        ("zh;q=nonsense", "en"),
        ("en,zh", "en"),
        ("zh,en", "zh"),
        ("zh;q=nan", "en"),
        ("fr;q=1, zh;q=0.1", "zh"),
        (",,;;q=;", "en"),
        ("zh, " * 10_000, "zh"),
    ],
)
def test_the_browser_is_heard(header: str, language: str) -> None:
    assert preferred(header) == language


def test_english_is_the_text_itself() -> None:
    assert say("en", mark("{count} tokens; {limit} are allowed"), count=65, limit=64) == "65 tokens; 64 are allowed"


def test_a_text_without_chinese_is_shown_in_english() -> None:
    assert say("zh", "no such words anywhere") == "no such words anywhere"


def test_a_number_may_hold_braces() -> None:
    assert say("en", "There is no demo “{key}”.", key="{0.__class__}") == "There is no demo “{0.__class__}”."


def test_two_chinese_texts_for_one_english_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "a.yaml").write_text("Close: 关闭\n", "utf8")
    (tmp_path / "zh" / "b.yaml").write_text("Close: 合上\n", "utf8")
    monkeypatch.setattr(i18n, "LOCALE", tmp_path)
    with pytest.raises(ValueError, match=r"b\.yaml: “Close”"):
        i18n.chinese.__wrapped__()


def test_one_chinese_text_may_stand_in_two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zh").mkdir()
    for name in ("a", "b"):
        (tmp_path / "zh" / f"{name}.yaml").write_text("Close: 关闭\n", "utf8")
    monkeypatch.setattr(i18n, "LOCALE", tmp_path)
    assert i18n.chinese.__wrapped__() == {"Close": "关闭"}
