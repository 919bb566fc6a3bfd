"""Entropy and its relatives on rows whose answer is known."""

import numpy as np
import pytest

from app.attention import (
    effective_keys,
    entropy,
    masked_mass,
    normalised_entropy,
    row_sum_max_err,
    total_variation,
)

ONE_HOT, UNIFORM, EMPTY = np.eye(8)[0], np.full(8, 1 / 8), np.zeros(8)


def test_entropy_from_one_key_to_eight() -> None:
    rows = np.stack([ONE_HOT, UNIFORM, EMPTY])
    assert entropy(rows) == pytest.approx([0.0, np.log(8), 0.0])
    assert effective_keys(rows) == pytest.approx([1.0, 8.0, 0.0])
    assert not np.signbit(entropy(rows)).any()


def test_normalised_by_the_keys_that_are_allowed() -> None:
    half = np.where(np.arange(8) < 4, 0.25, 0.0)
    assert normalised_entropy(half) == pytest.approx(2 / 3)
    assert normalised_entropy(half, np.arange(8) < 4) == pytest.approx(1.0)
    assert normalised_entropy(ONE_HOT, np.arange(8) < 1) == 0.0


def test_row_sums() -> None:
    assert row_sum_max_err(np.stack([UNIFORM, EMPTY])) == 0.0
    assert row_sum_max_err(np.stack([UNIFORM, EMPTY]), np.ones((2, 8), bool)) == 1.0
    assert row_sum_max_err(0.5 * UNIFORM) == pytest.approx(0.5)


def test_masked_mass() -> None:
    assert masked_mass(ONE_HOT, np.arange(8) < 1) == 0.0
    assert masked_mass(UNIFORM, np.arange(8) < 6) == pytest.approx(0.25)


def test_total_variation() -> None:
    rows = total_variation(np.stack([ONE_HOT, ONE_HOT, UNIFORM]), np.stack([ONE_HOT, np.eye(8)[1], ONE_HOT]))
    assert rows == pytest.approx([0.0, 1.0, 7 / 8])
