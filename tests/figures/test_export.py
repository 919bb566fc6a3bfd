"""The files a reader takes away hold the same numbers as the page."""

import csv
import io
import struct
import xml.etree.ElementTree as ET
import zlib
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from app.figures import Matrix, csv_table, png, svg
from app.figures.colours import MASKED, channels, rgb

NS = {"s": "http://www.w3.org/2000/svg"}
RNG = np.random.default_rng(7)
LABELS = ["the", "=1+1", "<img onerror=x>", "\x00\ud800猫"]
TRIL = np.tril(np.ones((4, 4), dtype=bool))
MATRIX = Matrix(RNG.normal(size=(4, 4)), LABELS, LABELS, kind="signed", allowed=TRIL, mark=(2, 1), caption="QK")


def decode(data: bytes) -> NDArray[np.uint8]:
    """A PNG of 8-bit RGB without filters, checked chunk by chunk."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(name + body)
        chunks[name] = body
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert (depth, colour, rest) == (8, 2, [0, 0, 0])
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(height, 1 + 3 * width)
    assert not lines[:, 0].any()
    return lines[:, 1:].reshape(height, width, 3)


def test_the_svg_is_xml_with_a_title_and_a_description() -> None:
    root = ET.fromstring(svg(MATRIX, description="what to see"))
    assert root.findtext("s:title", namespaces=NS) == "QK"
    assert root.findtext("s:desc", namespaces=NS) == "what to see"


def test_the_svg_holds_every_value_exactly_and_prints_it() -> None:
    root = ET.fromstring(svg(MATRIX))
    held = [float(rect.get("data-value", "")) for rect in root.findall("s:rect[@data-value]", NS)]
    assert held == MATRIX.values[TRIL].tolist()
    printed = [text.text or "" for text in root.findall("s:text", NS) if "t-d" in text.get("class", "")]
    assert [float(text.replace("\u2212", "-")) for text in printed] == [round(v, 2) for v in held]


def test_the_svg_names_rows_columns_and_masked_cells() -> None:
    root = ET.fromstring(svg(MATRIX))
    texts = [text.text for text in root.findall("s:text", NS)]
    assert texts.count("<img onerror=x>") == 2 and texts.count("\ufffd\ufffd猫") == 2
    assert texts.count("masked") == len(root.findall("s:rect[@class='masked']", NS)) == 6


def test_the_svg_opens_anywhere() -> None:
    drawing = svg(MATRIX)
    assert "href" not in drawing and drawing.count("http") == 1 and "style=" not in drawing
    assert "<style" not in drawing, "the content policy lets no inline style pass"
    cells = ET.fromstring(drawing).findall("s:rect[@data-value]", NS)
    assert cells and all(rect.get("fill", "").startswith("#") for rect in cells)


def test_a_large_svg_prints_no_numbers() -> None:
    labels = ["a very long label which is cut"] + [str(i) for i in range(19)]
    root = ET.fromstring(svg(Matrix(np.ones((20, 20)), labels, labels)))
    assert len(root.findall("s:text", NS)) == 40 and len(root.findall("s:rect[@data-value]", NS)) == 400
    assert root.findtext("s:text", namespaces=NS) == "a very long label which…"


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (64, 64)])
def test_the_png_has_one_pixel_a_cell(shape: tuple[int, int]) -> None:
    rows, columns = ([str(i) for i in range(n)] for n in shape)
    assert decode(png(Matrix(RNG.random(shape), rows, columns))).shape == (*shape, 3)


def test_the_png_shows_the_ramp_and_greys_what_is_masked() -> None:
    pixels = decode(png(Matrix(np.array([[0.0, 1.0, np.nan, -np.inf]]), ["q"], list("abcd"))))
    grey = channels(MASKED)
    assert [tuple(pixel) for pixel in pixels[0].tolist()] == [rgb("h00"), rgb("h63"), grey, grey]


def test_csv_comes_back_as_it_went() -> None:
    rows = list(csv.reader(io.StringIO(csv_table(MATRIX), newline="")))
    assert [len(row) for row in rows] == [5] * 5
    read = np.array([[float(cell) if cell else np.nan for cell in row[1:]] for row in rows[1:]])
    np.testing.assert_array_equal(read, np.where(TRIL, MATRIX.values, np.nan))


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_label_cannot_become_a_formula(label: str) -> None:
    matrix = Matrix(np.array([[-1.0]]), [label], [label])
    rows = list(csv.reader(io.StringIO(csv_table(matrix), newline="")))
    assert rows == [["", "'" + label], ["'" + label, "-1.0"]]


def test_csv_lines_and_quotes_follow_the_standard() -> None:
    text = csv_table(replace(MATRIX, rows=['a"b', "c,d", "e\nf", "g"], columns=list("wxyz")))
    assert text.startswith(',w,x,y,z\r\n"a""b",') and text.endswith("\r\n") and '\r\n"c,d",' in text
