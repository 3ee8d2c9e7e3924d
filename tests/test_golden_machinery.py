"""The golden comparison notices every change but those it names, and says where it is."""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

import golden
import pytest

from cmme_xl.spreadsheet import Book, Brand
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))


def workbook(
    text: str = "hello", width: int = 100, issue: str = "a1b2", created: datetime = datetime(2026, 1, 1)
) -> bytes:
    with Book(BRAND, "en", "Made up", created=created) as book:
        sheet = book.sheet("Front page", (width,))
        sheet.text(0, 0, text, book.style())
        sheet.formula(1, 0, "=LEN(A1)", len(text), book.style())
        sheet.text(2, 0, "x" * 300, book.style())
        book.hidden_sheet("_id").text(0, 0, issue, book.style())
        return book.bytes()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of golden files."""
    monkeypatch.setattr(golden, "FOLDER", tmp_path / "golden")
    monkeypatch.delenv(golden.UPDATE, raising=False)
    return tmp_path / "golden"


def test_a_workbook_as_text() -> None:
    lines = golden.rendered(workbook()).splitlines()
    assert any(line.startswith("xl/styles.xml ") for line in lines)
    page = lines[lines.index("== Front page (visible)") :]
    assert page[1] == "A1 s1 'hello'"
    assert page[2] == "A2 s1 =LEN(A1) -> 5"
    assert len(page[3]) < 230
    assert "== _id (veryHidden)" in page
    assert "A1 s1 'a1b2'" in page


def test_the_first_golden_is_written_only_when_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError, match=golden.UPDATE):
        golden.compare("page", workbook())
    assert not folder.exists()
    monkeypatch.setenv(golden.UPDATE, "1")
    golden.compare("page", workbook())
    monkeypatch.delenv(golden.UPDATE)
    golden.compare("page", workbook())


def test_a_change_is_named_by_its_sheet_and_cell(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(golden.UPDATE, "1")
    golden.compare("page", workbook())
    monkeypatch.delenv(golden.UPDATE)
    with pytest.raises(AssertionError) as caught:
        golden.compare("page", workbook("goodbye"))
    said = str(caught.value)
    assert "page Front page (visible):" in said
    assert "- A1 s1 'hello'" in said
    assert "+ A1 s1 'goodbye'" in said
    assert "_id" not in said


def test_a_change_that_no_cell_shows_is_noticed_in_its_part() -> None:
    said = golden.difference(golden.rendered(workbook()), golden.rendered(workbook(width=101)))
    assert said.startswith("parts:")
    assert "xl/worksheets/sheet1.xml" in said


def test_a_formula_filled_down_is_one_line() -> None:
    with Book(BRAND, "en", "Made up") as book:
        sheet = book.sheet("S")
        for row in range(9):
            sheet.number(row, 0, row, book.style())
            sheet.formula(row, 1, f"=A{row + 1}*$A$1", 0 if row < 8 else 7, book.style())
            sheet.formula(row, 2, "=A1", 0, book.style())
        text = golden.rendered(book.bytes())
    assert "B1:B9 s1 =A1*$A$1 -> 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 7\n" in text
    assert "C1 s1 =A1 -> 0\nA2 s1 1\nC2 s1 =A1 -> 0\n" in text


def test_of_a_very_large_sheet_each_column_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(golden, "LARGE_SHEET", 2)
    first, second = golden.rendered(workbook()), golden.rendered(workbook("goodbye"))
    assert re.search(r"^A: 3 lines \w{12}$", first, re.MULTILINE)
    assert "Front page (visible):" in golden.difference(first, second)


def test_text_beyond_what_is_shown_counts() -> None:
    text = "x" * 400
    assert golden.rendered(workbook(text + "a")) != golden.rendered(workbook(text + "b"))


def test_what_varies_by_itself_is_left_out() -> None:
    assert golden.rendered(workbook()) == golden.rendered(workbook(created=datetime(2031, 5, 5)))
    issue = {"a1b2": "ISSUE"}, {"ffff": "ISSUE"}
    assert golden.rendered(workbook(), issue[0]) == golden.rendered(workbook(issue="ffff"), issue[1])
    assert golden.rendered(workbook()) != golden.rendered(workbook(issue="ffff"))


def test_a_part_more_or_less_is_noticed() -> None:
    buffer = io.BytesIO(workbook())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG")
    assert "+ xl/media/image1.png" in golden.difference(golden.rendered(workbook()), golden.rendered(buffer.getvalue()))
