"""The heat-map as a reader meets it: a real table with heads, sentences, sums and an honest legend."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from app.figures import Matrix, Words, legend, legend_of, table

HOSTILE = '<img src=x onerror="alert(1)">'
ATTENTION = np.array([[1.0, 0.0], [0.323, 0.677]])
CAUSAL = Matrix(ATTENTION, ["the", "it"], ["the", "animal"], allowed=np.tril(np.ones((2, 2), dtype=bool)))
CHINESE = Words(query="查询", key="键", cell="{query}“{row}”→{key}“{column}”：{value}", masked="遮蔽")


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def cells(self) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.seen if tag == "td" and "data-say" in attrs]

    def heads(self, scope: str) -> int:
        return sum(tag == "th" and attrs["scope"] == scope for tag, attrs in self.seen)


def grid(rows: int, columns: int) -> Matrix:
    values = np.linspace(0, 1, rows * columns).reshape(rows, columns)
    return Matrix(values, [f"q{i}" for i in range(rows)], [f"k{j}" for j in range(columns)])


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (12, 12), (13, 4), (4, 13), (64, 64)])
def test_there_is_a_cell_for_every_pair_under_its_two_heads(shape: tuple[int, int]) -> None:
    tags = Tags(table(grid(*shape)))
    assert len(tags.cells()) == shape[0] * shape[1]
    assert (tags.heads("row"), tags.heads("col")) == shape


def test_a_cell_says_its_query_its_key_and_its_weight() -> None:
    said = [cell["data-say"] for cell in Tags(table(CAUSAL)).cells()]
    assert said[3] == "query “it” → key “animal”: 0.677"
    assert said[1] == "query “the” → key “animal”: masked"


def test_masked_cells_are_hatched_and_say_so_in_the_readers_language() -> None:
    html = table(replace(CAUSAL, words=CHINESE))
    assert re.findall(r'<td class="masked"[^>]*><span>(.*?)</span>', html) == ["遮蔽"]
    assert "查询“the”→键“animal”：遮蔽" in html


def test_minus_infinity_counts_as_masked_and_nan_is_never_printed() -> None:
    html = table(Matrix(np.array([[np.nan, -np.inf, 1.0]]), ["q"], list("abc"), sums=True))
    assert "nan" not in html.lower()
    assert html.count('class="masked"') == 2
    said = [(cell["data-say"] or "").split(": ")[1] for cell in Tags(html).cells()]
    assert said == ["undefined", "masked", "1.000"]
    assert '<td class="sum off"><span aria-hidden="true">\u2013</span>' in html


def test_a_hostile_label_stays_text() -> None:
    words = Words(query=HOSTILE, key=HOSTILE, masked=HOSTILE, undefined=HOSTILE, orientation=HOSTILE)
    values = np.array([[np.nan, -np.inf]])
    html = table(Matrix(values, [HOSTILE], [HOSTILE] * 2, caption=HOSTILE, row_lang=[HOSTILE], words=words))
    assert "img" not in {tag for tag, _ in Tags(html).seen}
    assert all("onerror" not in attrs for _, attrs in Tags(html).seen)


def test_nothing_in_the_table_is_style_or_script() -> None:
    attributes = {name for _, attrs in Tags(table(CAUSAL)).seen for name in attrs}
    assert attributes <= {
        "class",
        "role",
        "tabindex",
        "aria-label",
        "scope",
        "lang",
        "data-say",
        "aria-hidden",
    }


def test_numbers_stand_in_cells_up_to_twelve_by_twelve() -> None:
    assert '<td class="k h63"' in table(grid(12, 12)) and ">1.00</td>" in table(grid(12, 12))
    large = table(grid(13, 12))
    assert "mx-bare" in large and not re.search(r">\d\.\d\d</td>", large)
    assert Tags(large).cells()[-1]["aria-label"] == "1.000"


def test_labels_only_keeps_heads_and_colours() -> None:
    html = table(grid(2, 2), labels_only=True)
    assert not re.search(r">\d\.", html) and ' h63"' in html and Tags(html).heads("row") == 2


def test_one_cell_can_be_reached_by_tab_the_first_or_the_marked() -> None:
    assert [c["tabindex"] for c in Tags(table(CAUSAL)).cells()] == ["0", "-1", "-1", "-1"]
    assert [c["tabindex"] for c in Tags(table(replace(CAUSAL, mark=(1, 0)))).cells()] == [
        "-1",
        "-1",
        "0",
        "-1",
    ]


def test_the_mark_lights_its_row_and_its_column() -> None:
    html = table(replace(CAUSAL, mark=(1, 0)))
    assert '<tr class="lit"><th scope="row">it' in html and html.count(' mark"') == 1
    assert '<th scope="col" class="lit">the' in html


@pytest.mark.parametrize(("row", "off"), [([0.5, 0.497], False), ([0.5, 0.49], True), ([0.6, 0.6], True)])
def test_a_row_that_does_not_sum_to_one_is_set_off(row: list[float], off: bool) -> None:
    html = table(Matrix(np.array([row]), ["q"], ["a", "b"], sums=True))
    assert ('class="sum off"' in html) is off


def test_a_fully_masked_row_is_not_blamed() -> None:
    html = table(replace(CAUSAL, allowed=np.zeros((2, 2), dtype=bool), sums=True))
    assert html.count('<td class="sum">0.00</td>') == 2


def test_sums_are_drawn_only_where_asked() -> None:
    assert "Σ" not in table(CAUSAL)
    both = table(replace(CAUSAL, sums=True, column_sums=True))
    assert both.count("Σ") == 2 and "<td>1.32</td><td>0.68</td>" in both


def test_labels_carry_their_language() -> None:
    html = table(Matrix(np.eye(2), ["桌子", "it"], ["a", "b"], row_lang=["zh", None]))
    assert '<th scope="row" lang="zh">桌子' in html and '<th scope="row">it' in html


@pytest.mark.parametrize(("columns", "size"), [(6, "xl"), (9, "l"), (16, "m"), (24, "s"), (25, "t")])
def test_the_size_follows_the_number_of_columns(columns: int, size: str) -> None:
    assert f'class="mx mx-{size} ' in table(grid(2, columns))


def test_large_numbers_lose_decimals_in_the_cell_but_not_in_the_sentence() -> None:
    html = table(Matrix(np.array([[12345.678, -250.25]]), ["q"], ["a", "b"], kind="signed"))
    assert ">+12346</td>" in html and ">\u2212250.2</td>" in html and "+12345.678" in html


def test_a_constant_matrix_is_drawn() -> None:
    for kind in ("weights", "signed"):
        for constant in (0.0, 0.25, -0.25):
            assert "data-say" in table(Matrix(np.full((2, 2), constant), list("ab"), list("cd"), kind=kind))


def test_the_legend_ends_at_the_extent_of_what_is_shown() -> None:
    values = np.array([[0.1, 0.6, 9.0], [np.nan, 0.3, np.inf]])
    allowed = np.array([[True, True, False], [True, True, True]])
    html = legend_of(Matrix(values, list("ab"), list("cde"), allowed=allowed))
    assert "<span>0.10 weight</span><span>0.60</span>" in html and "legend-masked" in html


def test_the_legend_starts_in_the_colour_of_its_smallest_value() -> None:
    assert re.findall(r"k (h\d\d)", legend(0.5, 1.0))[::31] == ["h32", "h63"]
    assert re.findall(r"k (d\d\d)", legend(-1.0, 2.0, "signed"))[::31] == ["d15", "d62"]
    assert re.findall(r"k (d\d\d)", legend(-2.0, 1.0, "signed"))[::31] == ["d00", "d47"]
    assert "\u22121.00 value" in legend(-1.0, 2.0, "signed")


def test_the_legend_of_nothing_is_still_a_legend() -> None:
    html = legend_of(Matrix(np.full((1, 2), np.nan), ["q"], ["a", "b"]))
    assert "<span>0.00 weight</span><span>0.00</span>" in html


def test_two_matrices_can_share_one_scale() -> None:
    alone = Matrix(np.array([[0.5]]), ["q"], ["k"])
    assert "h63" in table(alone) and "h32" in table(replace(alone, scale=(0.0, 1.0)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": ["q"]},
        {"columns": ["a", "b", "c"]},
        {"values": np.zeros((0, 2)), "rows": []},
        {"values": np.zeros(2)},
        {"allowed": np.ones((1, 2), dtype=bool)},
        {"mark": (2, 0)},
    ],
)
def test_what_does_not_fit_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Matrix(**{"values": ATTENTION, "rows": ["a", "b"], "columns": ["c", "d"]} | wrong)  # type: ignore[arg-type]
