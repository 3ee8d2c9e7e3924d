"""Measuring text: widths, wrapping, heights within Excel's limits, pieces, page breaks."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmme_xl.spreadsheet.measure import Rows, chunks, clip, height, lines, page_breaks, width

EM = 10 * 96 / 72


def test_a_chinese_character_is_one_em() -> None:
    assert width("客户", 10) == pytest.approx(2 * EM)
    assert width("客户", 20) == pytest.approx(4 * EM)
    assert width("", 10) == 0


def test_classes_of_latin_letters() -> None:
    assert width("i") < width("a") < width("A") < width("W") < width("客")
    assert width("a", bold=True) > width("a")


@pytest.mark.parametrize(
    ("text", "ems", "expected"),
    [
        ("", 10, 1),
        ("客户客户", 4, 1),
        ("客户客户客", 4, 2),
        ("客户\n客户", 4, 2),
        ("\n\n", 4, 3),
        ("客" * 40, 4, 10),
        ("aaaa bbbb cccc", 6, 2),
        ("aaaa bbbb cccc", 3, 3),
    ],
)
def test_lines_of_a_wrapped_text(text: str, ems: float, expected: int) -> None:
    assert lines(text, ems * EM + 8.1) == expected


def test_a_word_wider_than_the_cell_is_broken() -> None:
    link = "https://example.invalid/" + "a" * 200
    assert lines(link, 100) >= width(link) / 92
    assert lines("客 " + "a" * 20, 5 * EM + 8) == 1 + 3


@pytest.mark.parametrize("px", [-5, 0, 1, 8])
def test_a_cell_without_room_still_has_an_answer(px: int) -> None:
    assert lines("客户 abc", px) >= 4


def test_height_grows_with_lines_and_stops_at_excels_limit() -> None:
    assert height("客", 200) == 30
    assert height("客\n客", 200) == 50
    assert height("客\n" * 500, 200) == 546


@given(st.lists(st.text("客a i\n", max_size=40), min_size=3, max_size=3))
def test_a_row_is_as_tall_as_its_tallest_text(texts: list[str]) -> None:
    columns = (104, 9), (60, 8), (200, 11)
    alone = [height(text, px, points, padding=6) for text, (px, points) in zip(texts, columns, strict=True)]
    assert Rows(columns, padding=6).height(texts) == max(alone)


@given(st.text(max_size=200), st.integers(9, 500))
def test_more_room_never_takes_more_lines(text: str, px: int) -> None:
    assert lines(text, px + 50) <= lines(text, px)


@pytest.mark.parametrize(("text", "shown"), [("abc", "abc"), ("abcd", "ab…"), ("", "")])
def test_clip(text: str, shown: str) -> None:
    assert clip(text, 3) == shown


@given(st.text(st.characters(exclude_categories=[]), max_size=60), st.integers(6, 20))
def test_chunks_lose_nothing_and_fit_as_written(text: str, longest: int) -> None:
    pieces = chunks(text, longest)
    assert "".join(pieces) == text
    assert all(pieces) or text == ""
    for piece in pieces:
        written = piece.encode("utf-8", "backslashreplace").decode("utf-8")
        assert len(written.encode("utf-16-le")) // 2 <= longest


def test_chunks_at_the_limit_of_a_cell() -> None:
    assert [len(piece) for piece in chunks("x" * 32_767)] == [32_767]
    assert [len(piece) for piece in chunks("x" * 32_768)] == [32_767, 1]
    assert [len(piece) for piece in chunks("\U0001f600" * 16_384)] == [16_383, 1]
    assert chunks("") == [""]


@pytest.mark.parametrize(
    ("units", "room", "first_room", "expected"),
    [
        ([], 100, 50, []),
        ([(0, 50), (5, 50), (9, 50)], 100, 100, [9]),
        ([(0, 30), (5, 30), (9, 30)], 100, 60, [9]),
        ([(0, 60), (5, 60), (9, 60)], 100, 60, [5, 9]),
        ([(6, 80), (9, 20)], 100, 60, [6]),
        ([(6, 300), (9, 20)], 100, 60, [9]),
        ([(0, 20), (6, 300), (9, 20)], 100, 60, [6, 9]),
    ],
)
def test_page_breaks(units: list[tuple[int, int]], room: int, first_room: int, expected: list[int]) -> None:
    assert page_breaks(units, room, first_room) == expected


@given(st.lists(st.integers(1, 100), max_size=30))
def test_no_unit_that_fits_a_page_is_cut(heights: list[int]) -> None:
    units = list(enumerate(heights))
    starts = [0, *page_breaks(units, 100, 100), len(heights)]
    pages = [sum(heights[first:last]) for first, last in pairwise(starts)]
    assert all(page <= 100 for page in pages)
