"""Thumbnails, interlinear sentences and provenance badges."""

import re
import xml.etree.ElementTree as ET
from typing import get_args

import numpy as np
import pytest

from app.figures import Provenance, badge, interlinear, thumbnail


def test_a_thumbnail_has_a_square_for_every_cell() -> None:
    svg = ET.fromstring(thumbnail(np.eye(3), size=58))
    assert [rect.get("class") for rect in svg[:2]] == ["k h63", "k h00"]
    assert len(svg) == 9 and svg.get("width") == svg.get("height") == "58"


@pytest.mark.parametrize("shape", [(17, 4), (64, 64), (100, 16)])
def test_a_large_map_is_averaged_down(shape: tuple[int, int]) -> None:
    svg = ET.fromstring(thumbnail(np.ones(shape)))
    assert len(svg) == min(16, shape[0]) * min(16, shape[1])


def test_averaging_is_over_what_may_be_seen() -> None:
    values = np.full((32, 1), 5.0)
    values[1::2] = np.nan
    allowed = np.ones((32, 1), dtype=bool)
    allowed[:2] = False
    classes = [rect.get("class") for rect in ET.fromstring(thumbnail(values, allowed=allowed))]
    assert classes == ["hatched"] + ["k h63"] * 15


def test_a_signed_thumbnail_takes_the_signed_ramp() -> None:
    assert re.findall(r"k (\w+)", thumbnail(np.array([[-1.0, 0.0, 2.0]]), "signed")) == ["d15", "d31", "d62"]


def test_a_thumbnail_is_silent_unless_it_has_a_title() -> None:
    assert 'aria-hidden="true"' in thumbnail(np.eye(2))
    assert 'role="img" aria-label="a &lt;b&gt;"' in thumbnail(np.eye(2), title="a <b>")


def test_words_stand_over_their_weights() -> None:
    html = interlinear(["the", "<b>"], [0.25, 0.75], 1)
    assert re.findall(r'class="v">(.*?)<', html) == ["0.250", "0.750"]
    assert '<li class="q"><span class="w">&lt;b&gt;' in html
    assert re.findall(r'height="([\d.]+)"/', html) == ["6.7", "20.0"]


def test_a_word_that_may_not_be_heard_is_masked() -> None:
    html = interlinear(["a", "b"], [1.0, -np.inf], languages=["en", "zh"])
    assert 'lang="zh">b' in html and '<span class="v">masked</span>' in html


def test_no_weight_at_all_divides_nothing() -> None:
    assert interlinear(["a", "b"], [0.0, 0.0]).count('height="0.0"') == 2


def test_a_word_without_a_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="2 words"):
        interlinear(["a", "b"], [1.0])
    with pytest.raises(ValueError, match="shape"):
        thumbnail(np.zeros(3))


@pytest.mark.parametrize("provenance", get_args(Provenance))
def test_a_badge_shows_a_mark_and_a_word(provenance: Provenance) -> None:
    root = ET.fromstring(badge(provenance, href="/guide/provenance?a=1&b=2"))
    assert root.tag == "a" and len(root[0]) >= 1 and root[0].tail in (provenance, "trained here")
    assert ET.fromstring(badge(provenance)).tag == "span"
