"""A bank of four small questions that is right in every respect, to be spoilt one line at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

Spoil = Callable[..., int]

BANK = """\
key: small
title: {en: A small bank, zh: 小题库}
about: {en: Four questions., zh: 四道题。}
tags:
  basics: {en: basics, zh: 基础}
"""
QUESTION = """\
number: NUMBER
slug: SLUG
level: junior
tags: [basics]
title:
  en: What is SLUG?
  zh: 什么是SLUG呢？
related:
  - slug: OTHER
    how: {en: "its neighbour", zh: "相邻的一题"}
answer:
  en: |
    The weights of $q$ sum to **one**.
  zh: |
    查询$q$的权重之和为**一**。
analysis:
  en: |
    Because of softmax.
  zh: |
    这是softmax的性质。
errata:
  - key: e1
    severity: wrong
    for: {en: "They sum to zero.", zh: "和为零。"}
    read: {en: "They sum to one.", zh: "和为一。"}
    cite:
      - {reference: vaswani-2017, at: "§3.2"}
references:
  - key: vaswani-2017
    text: "Vaswani et al., 2017. *Attention Is All You Need*."
    id: arXiv:1706.03762
    backs: {en: "the definition", zh: "定义"}
demo:
  key: attention
  preset: {tokens: "word SLUG"}
  look: {en: "Read one row.", zh: "看一行。"}
"""
SLUGS = ("alpha", "beta", "gamma", "delta")


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """The folder of the small bank."""
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "bank.yaml").write_text(BANK, "utf8")
    for number, slug in enumerate(SLUGS, 1):
        text = QUESTION.replace("NUMBER", str(number)).replace("SLUG", slug)
        (folder / file_name(slug)).write_text(text.replace("OTHER", SLUGS[number % 4]), "utf8")
    return folder


@pytest.fixture
def spoil(bank: Path) -> Spoil:
    """Replace the nth occurrence of a text in a question's file; gives the line on which it stands."""

    def replace(slug: str, old: str, new: str, nth: int = 0) -> int:
        path = bank / file_name(slug)
        parts = path.read_text("utf8").split(old)
        assert len(parts) > nth + 1, f"{old!r} is not in {path.name}"
        before = old.join(parts[: nth + 1])
        path.write_text(before + new + old.join(parts[nth + 1 :]), "utf8")
        lead = len(new) - len(new.lstrip("\n"))
        return before.count("\n") + 1 + lead

    return replace


def file_name(slug: str) -> str:
    return f"{SLUGS.index(slug) + 1:02d}-{slug}.yaml"
