"""A small bank with one item of every type, so that the journal's tests do not hang on what the real bank asks."""

import re
from pathlib import Path

import yaml

from app.items import TYPES, AnyType, ItemDocument
from tests.items.samples import SAMPLES

REASON = "told-when-due"
"""Stands in every reason of the bank: no page may hold it before its item is due."""
SLUGS = ("one", "two", "three")
BANK = """\
key: small
title: {en: A small bank, zh: 小题库}
about: {en: Three questions., zh: 三道题。}
tags:
  basics: {en: basics, zh: 基础}
"""
QUESTION = """\
number: {number}
slug: {slug}
level: {level}
tags: [basics]
title: {{en: "What is {slug}?", zh: "什么是{slug}呢？"}}
answer: {{en: The weights sum to one., zh: 权重之和为一。}}
analysis: {{en: Because of softmax., zh: 这是归一化的性质。}}
references:
  - {{key: vaswani-2017, text: "Vaswani et al., 2017.", id: "arXiv:1706.03762", backs: {{en: definition, zh: 定义}}}}
demo: {{key: attention, preset: {{tokens: some {slug} words}}, look: {{en: Read one row., zh: 看一行。}}}}
"""


def write(folder: Path, stem: str = "", without: str = "") -> Path:
    """The bank's files: `stem` is put before every question that is asked, `without` names a type left out."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bank.yaml").write_text(BANK, "utf8")
    items = [_item(kind.key, stem) for kind in TYPES if kind.key != without]
    for number, slug in enumerate(SLUGS, start=1):
        level = ("junior", "mid", "senior")[number - 1]
        question = yaml.safe_load(QUESTION.format(number=number, slug=slug, level=level))
        question["items"] = items[number - 1 :: len(SLUGS)]
        text = yaml.safe_dump(question, allow_unicode=True, sort_keys=False)
        (folder / f"{number:02d}-{slug}.yaml").write_text(text, "utf8")
    return folder


def item(kind: str) -> tuple[AnyType, ItemDocument]:
    """The bank's item of a type, as a document."""
    found = TYPES.get(kind)
    assert found is not None
    return found, found.model.model_validate(_item(kind, ""))


def _item(kind: str, stem: str) -> dict[str, object]:
    item = {name: _fitting(part, name == "why") for name, part in yaml.safe_load(SAMPLES[kind]).items()}
    asked = item["stem"]
    assert isinstance(asked, dict)
    return item | {"stem": {language: stem + text for language, text in asked.items()}}


def _fitting(part: object, reason: bool) -> object:
    """The same part of a document with each reason marked, and with Chinese where a sample has a bare name."""
    if isinstance(part, list):
        return [_fitting(value, reason) for value in part]
    if not isinstance(part, dict):
        return f"{part} {REASON}" if reason else part
    fitting = {name: _fitting(value, reason or name == "why") for name, value in part.items()}
    if fitting.keys() == {"en", "zh"} and not re.search("[\u4e00-\u9fff]", str(fitting["zh"])):
        fitting["zh"] = f"{fitting['zh']}（原名）"
    return fitting
