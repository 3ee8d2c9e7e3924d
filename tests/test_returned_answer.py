"""What is typed in a score cell (scoring.md rule 1)."""

import pytest
from interview_plans import CATALOGUE

from cmme_xl.reading.grid import Cell, CellKind
from cmme_xl.returned.answer import Vocabulary
from cmme_xl.returned.model import Outcome

WORDS = Vocabulary.of(CATALOGUE)


@pytest.mark.parametrize(
    "text",
    ["4", "4.0", "４", "④", "٤", " 4 ", "4,0", "4分", "4 - 基本实现", "4 - 基本实施", "基本实施", "Largely done",
     "4 largely", "4: Largely done", "4E0", "\u202e4", "4\u00a0", "4。", "4，", "4,", "4.", "4分。",
     "基本实施。"],
)  # fmt: skip
def test_unambiguous_text_is_the_step_it_names_and_said_so(text: str) -> None:
    assert WORDS.read(Cell(CellKind.TEXT, text)) == (Outcome.SCORED, 4.0, "ANS_001")


@pytest.mark.parametrize("text", ["NA", "n/a", "N / A", "N/A。", "N.A.", "Ｎ／Ａ", " 不适用 ", "not applicable"])
def test_words_for_not_applicable(text: str) -> None:
    assert WORDS.read(Cell(CellKind.TEXT, text)) == (Outcome.NA, None, "ANS_001")


@pytest.mark.parametrize("text", ["DK", "dk", "don't know", "don’t know", "DON`T KNOW", "不知道 ", "不清楚。"])
def test_words_for_do_not_know(text: str) -> None:
    assert WORDS.read(Cell(CellKind.TEXT, text)) == (Outcome.DK, None, "ANS_001")


def test_the_forms_own_words_and_numbers_call_for_no_finding() -> None:
    assert WORDS.read(Cell(CellKind.TEXT, CATALOGUE.na.en)) == (Outcome.NA, None, "")
    assert WORDS.read(Cell(CellKind.TEXT, CATALOGUE.dk.zh)) == (Outcome.DK, None, "")
    assert WORDS.read(Cell(CellKind.NUMBER, "0")) == (Outcome.SCORED, 0.0, "")
    assert WORDS.read(Cell(CellKind.NUMBER, "4E0")) == (Outcome.SCORED, 4.0, "")


@pytest.mark.parametrize(
    "text",
    [
        "无",
        "/",
        "—",
        "-",
        "4,5",
        "四",
        "四分",
        "满分",
        "。",
        "4。。",
        "4?",
        "无。",
        "four",
        "3-4",
        "4/5",
        "4 5",
        "4 - partly",
        "4 - perhaps",
        "none",
        "?",
        "½",
        "NaN",
        "80%",
    ],
)
def test_ambiguous_text_is_never_guessed(text: str) -> None:
    assert WORDS.read(Cell(CellKind.TEXT, text)) == (Outcome.REJECTED, None, "ANS_004")


@pytest.mark.parametrize("text", ["6", "-1", "5.01", "1e999", "-0.1"])
@pytest.mark.parametrize("kind", [CellKind.TEXT, CellKind.NUMBER])
def test_numbers_outside_the_scale_are_rejected(kind: CellKind, text: str) -> None:
    assert WORDS.read(Cell(kind, text)) == (Outcome.REJECTED, None, "ANS_003")


def test_a_decimal_in_range_is_kept_with_a_warning() -> None:
    assert WORDS.read(Cell(CellKind.NUMBER, "3.5")) == (Outcome.SCORED, 3.5, "ANS_002")
    assert WORDS.read(Cell(CellKind.TEXT, "3.5")) == (Outcome.SCORED, 3.5, "ANS_002")


def test_the_noise_of_binary_numbers_is_taken_off_with_a_warning() -> None:
    assert WORDS.read(Cell(CellKind.NUMBER, "3.9999999999999996")) == (Outcome.SCORED, 4.0, "ANS_011")
    assert WORDS.read(Cell(CellKind.NUMBER, "5.0000000000000004")) == (Outcome.SCORED, 5.0, "ANS_011")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (Cell(CellKind.NUMBER, "4", "=2+2"), "ANS_005"),
        (Cell(CellKind.EMPTY, "", "=2+2"), "ANS_006"),
        (Cell(CellKind.ERROR, "#N/A"), "ANS_007"),
        (Cell(CellKind.BOOL, "TRUE"), "ANS_008"),
        (Cell(CellKind.DATE, "2026-05-04"), "ANS_009"),
        (Cell(CellKind.DATE, "1900-01-04"), "ANS_032"),
        (Cell(CellKind.DATE, "1904-01-05"), "ANS_032"),
        (Cell(CellKind.DATE, "1899-12-31 12:30:00"), "ANS_004"),
        (Cell(CellKind.DATE, "some day"), "ANS_004"),
        (Cell(CellKind.PERCENT, "80%"), "ANS_010"),
        (Cell(CellKind.BROKEN, "99"), "ANS_004"),
    ],
)
def test_what_is_no_score_is_rejected_for_its_own_reason(cell: Cell, code: str) -> None:
    assert WORDS.read(cell) == (Outcome.REJECTED, None, code)


@pytest.mark.parametrize(
    "cell", [None, Cell(CellKind.TEXT, "  "), Cell(CellKind.TEXT, "\u200b"), Cell(CellKind.EMPTY, "")]
)
def test_blank_is_blank(cell: Cell | None) -> None:
    assert WORDS.read(cell).outcome is Outcome.BLANK
