"""The fault matrix of what comes back: every line made from a workbook that was really sent, with the outcome demanded.

Faults of single answers ("④", "4,5", dates, NaN, ...) stand in test_returned_answer.py; other formats in
test_foreign.py; writing and locking in test_spreadsheet_saving.py.
"""

import errno
import io
import re
import shutil
import struct
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fault_books import BESIDE, PARTS, edited, parts_of, raw, returned, sent, with_parts, zipped
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook
from returned_books import codes, statuses

from cmme_xl.reading import notes
from cmme_xl.reading.container import Archive
from cmme_xl.reading.workbook import read_book
from cmme_xl.results.compute import compute
from cmme_xl.results.progress import progress
from cmme_xl.returned.model import Outcome, Returned
from cmme_xl.returned.unplaced import MAX_UNPLACED
from cmme_xl.spreadsheet import Brand
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.status.workbook import status_bytes
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))

SECOND = 1.0


def read(folder: Path, **files: bytes) -> Returned:
    """P1's folder with these files in it; keywords are file names without .xlsx."""
    for name, data in files.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    return sent().read(folder)


def only(folder: Path, data: bytes) -> tuple[str, list[str]]:
    """Status and codes of the one file in the folder."""
    back = read(folder, a=data)
    (file,) = back.files
    return file.status.value, [finding.code for finding in file.findings]


def count(back: Returned, respondent: str = "P1") -> dict[str, int]:
    """How many of a person's current answers have each outcome."""
    outcomes = [a.outcome.value for a in back.answers if (a.respondent, a.angle) == (respondent, "current")]
    return {name: outcomes.count(name) for name in dict.fromkeys(outcomes)}


WHOLE = {"scored": 10, "na": 1, "dk": 1}


def question_cell(row: int, column: str, value: str) -> Callable[[bytes], bytes]:
    """A change to the questionnaire's part: the cell of a row that holds a score gets another inside."""

    def change(part: bytes) -> bytes:
        pattern = rf'(<c r="{column}{row}" s="\d+")[^>]*?(?:/>|>.*?</c>)'.encode()
        part, found = re.subn(pattern, lambda match: match[1] + value.encode(), part, count=1)
        assert found
        return part

    return change


# --- the zip ---------------------------------------------------------------------------------------------------


def bomb_of_parts() -> bytes:
    return with_parts(strings=b"<sst>" + b"\0" * (100 * 2**20))


def bomb_of_strings() -> bytes:
    one = b"<si><t>" + b"x" * 1000 + b"</t></si>"
    return with_parts(strings=b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + one * 60_000)


def overlapping() -> bytes:
    data = bytearray(returned())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 40)
    return bytes(data)


def doubled() -> bytes:
    parts = list(parts_of(returned()).items())
    return zipped([*parts, ("XL/Workbook.xml", b"<other/>")])


def many_parts() -> bytes:
    return zipped(parts_of(returned()) | {f"x/{number}": b"" for number in range(60_000)}, stored=True)


def lying_size() -> bytes:
    data = bytearray(bomb_of_parts())
    at = data.index(b"PK\x01\x02", data.index(b"xl/sharedStrings.xml"))
    while data[at + 46 : at + 66] != b"xl/sharedStrings.xml":
        at = data.index(b"PK\x01\x02", at + 4)
    data[at + 24 : at + 28] = struct.pack("<I", 1000)
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (bomb_of_parts, {"FIL_015"}),
        (bomb_of_strings, {"FIL_015"}),
        (lying_size, {"FIL_004"}),
        (overlapping, {"FIL_016"}),
        (doubled, {"FIL_016"}),
        (many_parts, {"FIL_018"}),
    ],
)
def test_a_forged_zip_is_refused_in_under_a_second(
    tmp_path: Path, make: Callable[[], bytes], expected: set[str]
) -> None:
    data = make()
    began = time.process_time()
    status, found = only(tmp_path, data)
    assert time.process_time() - began < SECOND
    assert status == "unreadable"
    assert set(found) == expected


DOCTYPES = {
    "entity bomb": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    "external entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "network": b'<!DOCTYPE x SYSTEM "http://example.com/x.dtd">',
}


@pytest.mark.parametrize("doctype", DOCTYPES.values(), ids=DOCTYPES)
@pytest.mark.parametrize("part", ["questions", "workbook", "strings", "core"])
def test_any_document_type_is_refused(tmp_path: Path, doctype: bytes, part: str) -> None:
    def declare(data: bytes) -> bytes:
        return re.sub(rb"(<\?xml[^>]*\?>\s*)?", lambda found: found[0] + doctype, data, count=1)

    assert only(tmp_path, with_parts(**{part: declare})) == ("unreadable", ["FIL_017"])


def test_parts_that_climb_out_are_ignored_and_never_written(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "in"
    folder.mkdir(parents=True)
    data = zipped({"../../evil.txt": b"x", "/xl/../../../evil.txt": b"x"} | parts_of(returned()))
    status, found = only(folder, data)
    assert status == "accepted_with_findings"
    assert found.count("FIL_020") == 2
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.xlsx"]


def test_backslashes_in_the_names_of_parts_are_read(tmp_path: Path) -> None:
    data = bytearray(returned())
    for name in parts_of(returned()):
        if "/" in name:
            old, new = name.encode(), name.replace("/", "\\").encode()
            data = data.replace(old, new) if len(old) > 12 else data
    (tmp_path / "a.xlsx").write_bytes(data)
    assert count(sent().read(tmp_path)) == WHOLE


# --- sheets that are laid out to hurt --------------------------------------------------------------------------


def spread(part: bytes) -> bytes:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return part.replace(b"</sheetData>", far, 1)


def false_dimension(part: bytes) -> bytes:
    return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', part)


def validations(part: bytes) -> bytes:
    one = b'<dataValidation type="whole" sqref="A1"><formula1>1</formula1></dataValidation>'
    block = b"<dataValidations>" + one * 200_000 + b"</dataValidations>"
    return re.sub(rb"<dataValidations.*?</dataValidations>", lambda _: block, part, flags=re.S)


def wide_merges(part: bytes) -> bytes:
    more = b"".join(b'<mergeCell ref="A%d:XFD%d"/>' % (row, row) for row in range(500, 3500))
    block = b"<mergeCells>" + more + b"</mergeCells>"
    found = re.sub(rb"<mergeCells.*?</mergeCells>", lambda _: block, part, flags=re.S)
    return found if b"<mergeCells" in part else part.replace(b"</sheetData>", b"</sheetData>" + block, 1)


SPREADSHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
ENDLESS = {
    "open elements": SPREADSHEET + b"<a>" * 3_000_000,
    "open elements, others between": SPREADSHEET + b"<a><b/>" * 2_000_000,
    "attributes": SPREADSHEET + b"<a " + b" ".join(b'a%d=">"' % number for number in range(400_000)) + b"/>",
    "a name": SPREADSHEET + b"<" + b"a" * 5_000_000 + b"/>",
    "rows": SPREADSHEET + b"<sheetData>" + b"<row/>" * 2_000_000,
    "cells": SPREADSHEET + b"<sheetData><row>" + b"<c><v>1</v></c>" * 300_000,
    "merges": SPREADSHEET + b"<mergeCells>" + b'<mergeCell ref="A1:B1"/>' * 100_000,
}


@pytest.mark.parametrize("part", ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_refused_before_it_costs_much(tmp_path: Path, part: bytes) -> None:
    began = time.process_time()
    assert only(tmp_path, with_parts(questions=part)) == ("unreadable", ["FIL_015"])
    assert time.process_time() - began < 3 * SECOND


@pytest.mark.parametrize("change", [spread, false_dimension, validations, wide_merges])
def test_what_is_far_wide_or_false_costs_no_answer_and_no_time(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    data = with_parts(questions=change)
    began = time.process_time()
    back = read(tmp_path, a=data)
    assert time.process_time() - began < 2 * SECOND
    assert count(back) == WHOLE


# --- answers ---------------------------------------------------------------------------------------------------

FORMULAS = {
    "a formula with a result": ("<f>2+2</f><v>4</v>", "ANS_005"),
    "one without": ("<f>2+2</f>", "ANS_006"),
    "DDE": ("<f>cmd|' /C calc'!A0</f><v>4</v>", "ANS_005"),
    "WEBSERVICE": ('<f>WEBSERVICE("http://example.com")</f><v>4</v>', "ANS_005"),
    "of an add-in": ("<f>'C:\\a b\\x.xlam'!cmme(1)</f><v>4</v>", "ANS_005"),
    "of the future": ("<f>_xlfn.XLOOKUP(1,A:A,B:B)</f><v>4</v>", "ANS_005"),
}


def first_row(number: int = 0) -> int:
    """The row of the first question, or of a later one."""
    (page,) = (sheet for sheet in raw().sheets if sheet.name == "问卷")
    return min(row for row, cells in page.rows.items() if 1 in cells and cells[1].text == sent().ids[number])


@pytest.mark.parametrize(("inside", "code"), FORMULAS.values(), ids=FORMULAS)
def test_a_formula_as_score_is_kept_as_text_and_needs_review(tmp_path: Path, inside: str, code: str) -> None:
    back = read(tmp_path, a=with_parts(questions=question_cell(first_row(), "C", f">{inside}</c>")))
    (found,) = (finding for finding in back.files[0].findings if finding.code == code)
    assert found.raw.startswith("=")
    assert count(back) == {"rejected": 1, "scored": 9, "na": 1, "dk": 1}


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (' t="b"><v>1</v></c>', "ANS_008"),
        (' t="e"><v>#REF!</v></c>', "ANS_007"),
        ("><v>NaN</v></c>", "ANS_004"),
        ("><v>INF</v></c>", "ANS_003"),
        ("><v>6</v></c>", "ANS_003"),
        ("><v>-1</v></c>", "ANS_003"),
        (' t="s"><v>999999</v></c>', "ANS_004"),
    ],
)
def test_an_answer_that_is_none_is_rejected_and_the_file_stays(tmp_path: Path, inside: str, code: str) -> None:
    back = read(tmp_path, a=with_parts(questions=question_cell(first_row(), "C", inside)))
    assert code in codes(back, "a.xlsx")
    assert count(back) == {"rejected": 1, "scored": 9, "na": 1, "dk": 1}
    assert back.files[0].status.counted


@pytest.mark.parametrize("inside", ["><v>4.0</v></c>", "><v>4E0</v></c>", "><v>3.9999999999999996</v></c>"])
def test_a_number_in_another_form_is_the_same_score(tmp_path: Path, inside: str) -> None:
    back = read(tmp_path, a=with_parts(questions=question_cell(first_row(), "C", inside)))
    answer = next(a for a in back.answers if (a.question, a.angle) == (sent().ids[0], "current"))
    assert answer.score == 4.0
    assert ("ANS_011" in codes(back)) == ("3.99" in inside)


@pytest.mark.parametrize(
    "text",
    ["\u202e4", "a\x07b", "\ud800", "=1+1", "+1", "-1", "@x", "{=x}", "\t=1", "a\r\nb", "\x1b[31mx", "长" * 40_000],
)
def test_any_text_is_kept_as_evidence(tmp_path: Path, text: str) -> None:
    coded = re.sub(
        "[\x00-\x08\x0b-\x1f\ud800-\udfff]", lambda found: f"_x{ord(found[0]):04X}_", text.replace("\r", "_x000D_")
    )
    inside = f' t="inlineStr"><is><t xml:space="preserve">{coded}</t></is></c>'
    back = read(tmp_path, a=with_parts(questions=question_cell(first_row(), "E", inside)))
    answer = next(a for a in back.answers if (a.question, a.angle) == (sent().ids[0], "current"))
    expected = "_xD800_" if text == "\ud800" else text.strip()
    assert answer.evidence == expected
    assert count(back) == WHOLE


def test_texts_longer_than_a_cell_are_told_wherever_they_stand_and_a_summary_is_written(tmp_path: Path) -> None:
    long = "长x" * 20_000
    typed = f' t="inlineStr"><is><t>{long}</t></is></c>'

    def type_in(part: bytes) -> bytes:
        return question_cell(first_row(1), "B", typed)(question_cell(first_row(), "C", typed)(part))

    parts: dict[str, Callable[[bytes], bytes]] = {
        "questions": type_in,
        "workbook": lambda part: part.replace('name="进度"'.encode(), f'name="{long}"'.encode(), 1),
        "docProps/app.xml": lambda part: re.sub(rb"<Application>[^<]*", f"<Application>{long}".encode(), part),
        "core": lambda part: re.sub(rb"W3CDTF\">[^<]*", f'W3CDTF">{long}'.encode(), part),
    }
    back = read(tmp_path, a=zipped(parts_of(with_parts(**parts)) | {f"../{'x' * 40_000}": b""}))
    (file,) = back.files
    assert {"ANS_004", "ANS_017", "ANS_026", "FIL_020"} <= set(codes(back))
    assert {finding.raw for finding in file.findings if finding.code in ("ANS_004", "ANS_017")} == {long}
    for lang in ("zh", "en"):
        assert max(len(finding.reason(lang)) for finding in file.findings) < 3_000
    assert lint(summary_bytes(compute(sent().plan, back), "zh", BRAND, "consultant")) == ()
    found = progress(sent().plan, sent().issues, back, date(2026, 12, 1))
    assert lint(status_bytes(found, "zh")) == ()


def test_a_merge_over_answers_is_ambiguous(tmp_path: Path) -> None:
    def merge(part: bytes) -> bytes:
        block = f'<mergeCells><mergeCell ref="C{first_row()}:C{first_row(1)}"/></mergeCells>'.encode()
        part = re.sub(rb"<mergeCells.*?</mergeCells>", b"", part, flags=re.S)
        return part.replace(b"</sheetData>", b"</sheetData>" + block, 1)

    back = read(tmp_path, a=with_parts(questions=merge))
    assert codes(back).count("ANS_012") == 2
    assert count(back)["conflict"] == 2


def test_a_cell_given_twice_is_ambiguous(tmp_path: Path) -> None:
    row = first_row()

    def twice(part: bytes) -> bytes:
        more = f'<row r="{row}"><c r="C{row}"><v>1</v></c></row></sheetData>'.encode()
        return part.replace(b"</sheetData>", more, 1)

    back = read(tmp_path, a=with_parts(questions=twice))
    assert "ANS_030" in codes(back)
    assert count(back)["conflict"] == 1


# --- sheets, rows and columns moved about ----------------------------------------------------------------------


def rename(workbook: Workbook) -> None:
    for number, sheet in enumerate(workbook.worksheets):
        sheet.title = f"表{number}"


def reorder(workbook: Workbook) -> None:
    for sheet in workbook.worksheets:
        workbook.move_sheet(sheet, -9)


def delete_others(workbook: Workbook) -> None:
    for name in ("封面", "填写说明", "进度"):
        workbook.remove(workbook[name])


def show(workbook: Workbook) -> None:
    for sheet in workbook.worksheets:
        sheet.sheet_state = "visible"


def unprotect(workbook: Workbook) -> None:
    for sheet in workbook.worksheets:
        sheet.protection.disable()


def forget(workbook: Workbook) -> None:
    workbook.remove(workbook["_cmme"])


MOVES: dict[str, Callable[[Workbook], object]] = {
    "rows inserted": lambda w: w["问卷"].insert_rows(6, 3),
    "a column inserted": lambda w: w["问卷"].insert_cols(1),
    "sheets renamed": rename,
    "sheets reordered": reorder,
    "others deleted": delete_others,
    "hidden sheets shown": show,
    "hidden sheet deleted": forget,
    "protection removed": unprotect,
}


@pytest.mark.parametrize("change", MOVES.values(), ids=MOVES)
def test_what_is_moved_about_costs_no_answer(tmp_path: Path, change: Callable[[Workbook], object]) -> None:
    assert count(read(tmp_path, a=edited(change))) == WHOLE


def test_a_copied_sheet_is_noted_and_a_changed_copy_is_a_conflict(tmp_path: Path) -> None:
    def copy(workbook: Workbook) -> None:
        workbook.copy_worksheet(workbook["问卷"]).title = "副本"

    def change(workbook: Workbook) -> None:
        copy(workbook)
        workbook["副本"][f"C{first_row()}"] = 1

    back = read(tmp_path, a=edited(copy))
    assert (codes(back).count("ANS_025"), count(back)) == (1, WHOLE)
    back = read(tmp_path, a=edited(change))
    assert codes(back).count("ANS_013") == 1
    assert count(back) == {"conflict": 1, "scored": 9, "na": 1, "dk": 1}


def test_text_put_elsewhere_is_listed(tmp_path: Path) -> None:
    def write(workbook: Workbook) -> None:
        sheet = workbook["问卷"]
        sheet[f"J{first_row()}"] = "见附件"
        sheet["A400"], sheet["C400"] = "X9-99-Q9", 4
        sheet["B401"] = "总的说来还不错"
        workbook.create_sheet("我的笔记")["B2"] = "一些想法"

    findings = read(tmp_path, a=edited(write)).files[0].findings
    assert [(finding.code, finding.raw) for finding in findings if finding.place.sheet] == [
        ("ANS_019", "见附件"),
        ("ANS_018", "4"),
        ("ANS_019", "总的说来还不错"),
        ("ANS_026", "一些想法"),
    ]


def test_comments_and_text_boxes_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(workbook: Workbook) -> None:
        workbook["问卷"]["C5"].comment = Comment("六月起\n只算 2", "张")
        workbook["封面"]["K6"].comment = Comment("请来电", "张")

    def told(data: bytes) -> list[tuple[str, str, str, str]]:
        found = read(tmp_path, a=data).files[0].findings
        return [(each.code, each.place.sheet, each.place.cell, each.raw) for each in found if each.code > "FIL_051"]

    data = edited(write)
    assert told(data) == [("FIL_052", "封面", "K6", "请来电"), ("FIL_052", "问卷", "C5", "六月起\n只算 2")]
    parts = parts_of(data)
    broken = {name: b"<comments>" for name in parts if name.startswith("xl/comments/")}
    assert [raw for *_, raw in told(zipped(parts | broken))] == sorted(broken)
    assert told(with_parts(**BESIDE)) == [
        ("FIL_052", "填写说明", "C7", "六月起\n只算 2"),
        ("FIL_052", "填写说明", "", "看这里\ntwo"),
    ]
    monkeypatch.setattr(notes, "MOST", 1)
    assert [code for code, *_ in told(data)] == ["FIL_052", "FIL_053"]


def test_of_very_many_texts_put_elsewhere_the_rest_is_counted(tmp_path: Path) -> None:
    def write(workbook: Workbook) -> None:
        for row in range(400, 400 + MAX_UNPLACED + 7):
            workbook["问卷"][f"H{row}"] = f"想法 {row}"

    back = read(tmp_path, a=edited(write))
    assert codes(back).count("ANS_019") == MAX_UNPLACED
    (rest,) = (finding for finding in back.files[0].findings if finding.code == "ANS_029")
    assert rest.values["count"] == 7


@pytest.mark.parametrize("name", ["xlwings.conf", "a.py", "A.PY"])
def test_a_sheet_that_an_add_in_reads_is_a_finding(tmp_path: Path, name: str) -> None:
    back = read(tmp_path, a=edited(lambda workbook: workbook.create_sheet(name)))
    assert "FIL_026" in codes(back)
    assert count(back) == WHOLE


# --- the tamper report -----------------------------------------------------------------------------------------


def test_a_changed_question_is_named(tmp_path: Path) -> None:
    def change(workbook: Workbook) -> None:
        workbook["问卷"][f"B{first_row()}"] = "完全不同的问题？"

    (found,) = (f for f in read(tmp_path, a=edited(change)).files[0].findings if f.code == "ANS_017")
    assert (found.place.cell, found.raw) == (f"B{first_row()}", "完全不同的问题？")


def test_a_changed_weight_is_named(tmp_path: Path) -> None:
    def change(workbook: Workbook) -> None:
        workbook["_scores"]["B2"] = 77

    (found,) = (f for f in read(tmp_path, a=edited(change)).files[0].findings if f.code == "ANS_040")
    assert (found.place.sheet, found.place.cell, found.raw) == ("_scores", "B2", "77")


@pytest.mark.parametrize(
    ("sheet", "cell", "value"),
    [("_tally", "C2", 9), ("_tally", "D2", "=1+1"), ("_scores", "C3", 5), ("_scores", "C4", "=5"), ("进度", "D9", 3)],
)
def test_a_changed_formula_is_named(tmp_path: Path, sheet: str, cell: str, value: int | str) -> None:
    def change(workbook: Workbook) -> None:
        workbook[sheet][cell] = value

    (found,) = (f for f in read(tmp_path, a=edited(change)).files[0].findings if f.code == "ANS_041")
    assert (found.place.sheet, found.place.cell, found.raw) == (sheet, cell, str(value))


@pytest.mark.parametrize("key", ["catalogue_version", "catalogue_hash"])
def test_another_catalogue_than_was_issued_is_named(tmp_path: Path, key: str) -> None:
    def change(workbook: Workbook) -> None:
        (cell,) = (row[1] for row in workbook["_cmme"].iter_rows(max_col=2) if row[0].value == key)
        cell.value = "9.9"

    back = read(tmp_path, a=edited(change))
    assert "IDN_021" in codes(back)
    assert count(back) == WHOLE


def test_totals_that_the_answers_do_not_give_are_named(tmp_path: Path) -> None:
    """The first dimension has 2 answers; the sheet, as some program left it, counts 11."""

    def tally(part: bytes) -> bytes:
        part, found = re.subn(rb'(<c r="C\d+"[^>]*><f>COUNTA.*?</f><v>)0(</v>)', rb"\g<1>11\2", part)
        assert found
        return part

    name = next(name for name, data in parts_of(returned()).items() if b"COUNTA" in data and b"SUMPRODUCT" in data)
    (found,) = (
        f
        for f in read(tmp_path, a=with_parts(**{name: tally})).files[0].findings
        if f.code == "ANS_042" and f.place.sheet == "_tally"
    )
    assert found.raw.startswith("C2 11 (2), ")


def test_an_untouched_return_is_not_suspected(tmp_path: Path) -> None:
    found = codes(read(tmp_path, a=returned()), "a.xlsx")
    assert not {code for code in found if code in ("IDN_021", "ANS_017", "ANS_040", "ANS_041", "ANS_042")}


def test_a_changed_list_of_questions_is_told_and_the_log_followed(tmp_path: Path) -> None:
    def change(workbook: Workbook) -> None:
        (row,) = (row for row in workbook["_cmme"].iter_rows() if row[0].value == sent().ids[0])
        row[2].value = "another wording"

    back = read(tmp_path, a=edited(change))
    assert "IDN_012" in codes(back, "a.xlsx")
    assert count(back) == WHOLE


def test_the_program_that_saved_last_is_known(tmp_path: Path) -> None:
    assert "Excel" in read(tmp_path, a=edited(lambda workbook: None)).files[0].saved_by


# --- what it carries -------------------------------------------------------------------------------------------

ACTIVE = ("xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "xl/embeddings/oleObject1.bin", "xl/activeX/a.bin")


@pytest.mark.parametrize("part", ACTIVE)
def test_what_could_act_is_told_and_left_alone(tmp_path: Path, part: str) -> None:
    status, found = only(tmp_path, with_parts(**{part: b"x"}))
    assert status == "accepted_with_findings"
    assert "FIL_019" in found


def test_a_workbook_with_macros_is_read_whatever_its_type(tmp_path: Path) -> None:
    def enable(types: bytes) -> bytes:
        plain, macros = b"officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
        assert types.count(plain) == 1
        return types.replace(b"vnd.openxmlformats-" + plain, b"vnd." + macros)

    (tmp_path / "a.xlsm").write_bytes(with_parts(types=enable, **{"xl/vbaProject.bin": b"x"}))
    back = sent().read(tmp_path)
    assert "FIL_019" in codes(back, "a.xlsm")
    assert count(back) == WHOLE


# --- files -----------------------------------------------------------------------------------------------------

OTHER_FILES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty.xlsx": (lambda: b"", "unreadable", "FIL_002"),
    "cut.xlsx": (lambda: returned()[: len(returned()) // 2], "unreadable", "FIL_003"),
    "zeros.xlsx": (lambda: b"\0" * 5000, "unreadable", "FIL_014"),
    "password.xlsx": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "unreadable",
        "FIL_005",
    ),
    "page.xlsx": (lambda: b"<html><body>Sign in</body></html>", "unreadable", "FIL_010"),
    "print.xlsx": (lambda: b"%PDF-1.7\n", "unreadable", "FIL_011"),
    "all.xlsx": (lambda: zipped({"P1.xlsx": returned()}), "unreadable", "FIL_012"),
    "letter.docx": (lambda: zipped({"[Content_Types].xml": b"", "word/document.xml": b""}), "unreadable", "FIL_044"),
    "shot.png": (lambda: b"\x89PNG\r\n\x1a\n", "unreadable", "FIL_045"),
    "reply.eml": (lambda: b"From: a@example.com\r\nSubject: x\r\n\r\n", "unreadable", "FIL_046"),
    "a.numbers": (lambda: zipped({"Index/Document.iwa": b""}), "unreadable", "FIL_047"),
    "a.rar": (lambda: b"Rar!\x1a\x07\1\0", "unreadable", "FIL_048"),
    "winmail.dat": (lambda: b"\x78\x9f\x3e\x22\1\0", "unreadable", "FIL_051"),
    "smime.p7m": (lambda: b"0\x80\x06\x09*\x86H\x86\xf7\r\1\x07\x03", "unreadable", "FIL_051"),
    "program.exe": (lambda: b"MZ\x90\0\3\0\0\0", "unreadable", "FIL_013"),
    "a.xlsx.icloud": (lambda: b"bplist00", "unreadable", "FIL_014"),
    "~$P1.xlsx": (lambda: b"\5user", "system_file", "FIL_001"),
    ".DS_Store": (lambda: b"\0\0\0\1Bud1", "system_file", "FIL_001"),
    "._P1.xlsx": (lambda: b"\0\5\x16\7", "system_file", "FIL_001"),
    "Thumbs.db": (lambda: b"\xd0\xcf\x11\xe0", "system_file", "FIL_001"),
}


def test_every_other_file_is_named_for_what_it_is(tmp_path: Path) -> None:
    for name, (make, _, _) in OTHER_FILES.items():
        (tmp_path / name).write_bytes(make())
    back = sent().read(tmp_path)
    found = {file.name: (file.status.value, *(finding.code for finding in file.findings)) for file in back.files}
    assert found == {name: (status, code) for name, (_, status, code) in OTHER_FILES.items()}


def test_a_flipped_bit_in_any_part_is_damage_and_never_another_answer(tmp_path: Path) -> None:
    parts = zipfile.ZipFile(io.BytesIO(returned())).infolist()
    for info in parts:
        if info.filename not in PARTS.values() or info.compress_size < 40:
            continue
        data = bytearray(returned())
        data[info.header_offset + 60 + len(info.filename)] ^= 0x10
        back = read(tmp_path, a=bytes(data))
        assert "FIL_028" not in codes(back)
        assert count(back) in (WHOLE, {"missing": 12})


@pytest.mark.parametrize("name", ["P1 (1).xlsx", "P1 - 副本.xlsx", "P1 - Copy.xlsx"])
def test_the_same_bytes_under_another_name_are_a_duplicate(tmp_path: Path, name: str) -> None:
    (tmp_path / "P1.xlsx").write_bytes(returned())
    shutil.copy(tmp_path / "P1.xlsx", tmp_path / name)
    back = sent().read(tmp_path)
    assert statuses(back) == {"P1.xlsx": "accepted", name: "duplicate"}
    assert codes(back, name) == ["FIL_023"]


def test_the_workbook_as_sent_holds_no_answer(tmp_path: Path) -> None:
    assert only(tmp_path, sent().blank["P1"]) == ("system_file", ["FIL_025"])


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: str = "r") -> object:
        raise PermissionError(errno.EACCES, "in use")

    (tmp_path / "a.xlsx").write_bytes(returned())
    monkeypatch.setattr(Path, "open", refuse)
    (file,) = sent().read(tmp_path).files
    assert [(found.code, found.values["detail"]) for found in file.findings] == [("FIL_021", "in use")]


def test_two_different_versions_are_a_conflict(tmp_path: Path) -> None:
    other = with_parts(questions=question_cell(first_row(), "C", "><v>1</v></c>"))
    back = read(tmp_path, a=returned(), bb=other)
    assert set(statuses(back).values()) == {"conflict"}
    assert "LED_001" in codes(back, "a.xlsx")
    assert count(back) == {"conflict": 1, "scored": 9, "na": 1, "dk": 1}


def test_the_wrong_engagement_and_an_unknown_respondent_are_quarantined(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(returned())
    whole = sent()
    elsewhere = replace(whole.plan, engagement=replace(whole.plan.engagement, id="OTHER"))
    assert codes(replace(whole, plan=elsewhere).read(tmp_path), "a.xlsx") == ["IDN_004"]
    alone = replace(whole.plan, people=tuple(each for each in whole.plan.people if each.id == "P2"))
    assert codes(replace(whole, plan=alone).read(tmp_path), "a.xlsx") == ["IDN_006"]
    assert codes(replace(whole, issues=()).read(tmp_path), "a.xlsx") == ["IDN_005"]


def test_another_catalogue_and_another_schema_are_quarantined(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(returned())
    whole = sent()
    other = replace(whole.plan, catalogue=replace(whole.plan.catalogue, id="other"))
    assert codes(replace(whole, plan=other).read(tmp_path), "a.xlsx") == ["IDN_009"]

    def change(workbook: Workbook) -> None:
        (cell,) = (row[1] for row in workbook["_cmme"].iter_rows(max_col=2) if row[0].value == "schema")
        cell.value = "99"

    assert only(tmp_path, edited(change)) == ("quarantined", ["IDN_010"])


def test_an_answer_to_a_question_that_is_gone_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(returned())
    whole, gone = sent(), sent().ids[0]
    dimensions = tuple(
        replace(
            dimension,
            indicators=tuple(
                replace(each, questions=tuple(question for question in each.questions if question.id != gone))
                for each in dimension.indicators
            ),
        )
        for dimension in whole.plan.catalogue.dimensions
    )
    now = replace(whole.plan, catalogue=replace(whole.plan.catalogue, dimensions=dimensions))
    back = replace(whole, plan=now).read(tmp_path)
    told = [(finding.place.question, finding.raw) for finding in back.files[0].findings if finding.code == "ANS_022"]
    assert told == [(gone, "4"), (gone, "5")]
    assert count(back) == {"scored": 9, "na": 1, "dk": 1}


def test_carriers_that_disagree_are_quarantined(tmp_path: Path) -> None:
    def change(workbook: Workbook) -> None:
        (cell,) = (row[1] for row in workbook["_cmme"].iter_rows(max_col=2) if row[0].value == "respondent")
        cell.value = "P2"

    assert only(tmp_path, edited(change)) == ("quarantined", ["IDN_003"])


@pytest.mark.parametrize("name", ["CON.xlsx", "a..xlsx", "名 字 .xlsx", "a\u202eb.xlsx", "-rf.xlsx", "=1+1.xlsx"])
def test_what_a_file_is_called_means_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(returned())
    back = sent().read(tmp_path)
    assert [file.name for file in back.files] == [name]
    assert count(back) == WHOLE


def test_a_strict_workbook_and_one_without_a_namespace_lose_nothing(tmp_path: Path) -> None:
    transitional = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    parts = {name: data.replace(transitional, strict) for name, data in parts_of(returned()).items()}
    assert count(read(tmp_path, a=zipped(parts))) == WHOLE


def test_reading_leaves_no_outcome_uncounted(tmp_path: Path) -> None:
    back = read(tmp_path, a=returned())
    tally = back.tally()
    assert tally["expected"] == sum(tally[outcome.value] for outcome in Outcome) == 2 * 2 * len(sent().ids)


def test_a_book_read_once_reads_the_same_again() -> None:
    assert read_book(Archive(returned()))[0] == raw()
