"""Plans that are no plans, or are made to harm: each ends in a finding with code, place, reason and fix."""

import re
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from plan_samples import sample, sample_choices, small_catalogue

from cmme_xl.cli import main
from cmme_xl.plan.read import PlanReading, read_plan
from cmme_xl.plan.write import new_plan
from cmme_xl.reading import container, opening

CATALOGUE = small_catalogue()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEETS = "xl/worksheets/sheet{}.xml"
PEOPLE = SHEETS.format(3)
ROWS = 1_048_576


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "plan.xlsx"
    new_plan(path, CATALOGUE, "zh", sample(CATALOGUE), people_slots=16, choices=sample_choices(CATALOGUE))
    return path


def repacked(written: Path, folder: Path, parts: dict[str, bytes | tuple[bytes, bytes]]) -> Path:
    """The plan with parts replaced, added, or, where two texts are given, with the first replaced by the second."""
    path = folder / "edited.xlsx"
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys((*old.namelist(), *parts)):
            change = parts.get(name, b"")
            content = old.read(name) if name in old.namelist() else b""
            if isinstance(change, tuple):
                assert change[0] in content
                content = content.replace(*change, 1)
            new.writestr(name, content if isinstance(change, tuple) or name not in parts else change)
    return path


def codes(reading: PlanReading) -> list[str]:
    for finding in reading.findings:
        assert finding.place.file
        for lang in ("zh", "en"):
            assert finding.reason(lang)
            assert "{" not in finding.reason(lang) + finding.fix(lang)
    return [finding.code for finding in reading.findings]


def zipped(*names: str) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "<broken")
    return stream.getvalue()


FILES = {
    "nothing": (b"", "WBK_003"),
    "csv": ("编号,姓名\nP01,样甲\n".encode(), "WBK_003"),
    "csv in GB 18030": ("编号,姓名\nP01,样甲\n".encode("gb18030"), "WBK_003"),
    "pdf": (b"%PDF-1.7\n", "WBK_003"),
    "web page": (b"<html><body><table></table></body></html>", "WBK_003"),
    "noise": (bytes(range(256)) * 9, "WBK_003"),
    "xls": (OLE + bytes(504) + "Workbook\0".encode("utf-16-le") + bytes(504), "WBK_004"),
    "password": (OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(504), "WBK_004"),
    "xlsb": (zipped("[Content_Types].xml", "xl/workbook.bin"), "WBK_003"),
    "ods": (zipped("mimetype", "content.xml"), "WBK_003"),
    "docx": (zipped("[Content_Types].xml", "word/document.xml"), "WBK_003"),
    "zip": (zipped("notes.txt"), "WBK_003"),
    "cut short": (b"PK\x03\x04 cut short", "WBK_005"),
    "not well-formed": (zipped("xl/workbook.xml"), "WBK_005"),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_workbook(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content, code = FILES[name]
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content)
    assert codes(read_plan(path, CATALOGUE)) == [code]
    monkeypatch.setattr(sys, "argv", ["cmme-xl", "plan", "check", str(path)])
    with pytest.raises(SystemExit) as left:
        main()
    shown = capsys.readouterr()
    assert left.value.code == 2
    assert f"{code} " in shown.out
    assert "plan.xlsx" in shown.out


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert codes(read_plan(tmp_path / "none.xlsx", CATALOGUE)) == ["WBK_001"]


@pytest.mark.parametrize("kept", [0.2, 0.9, 0.999])
def test_a_plan_cut_short(written: Path, tmp_path: Path, kept: float) -> None:
    data = written.read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(data[: int(len(data) * kept)])
    reading = read_plan(path, CATALOGUE)
    assert codes(reading) == ["WBK_005"]
    assert reading.plan is None


DOCTYPE = b'<!DOCTYPE worksheet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
FORGED: dict[str, tuple[dict[str, bytes | tuple[bytes, bytes]], str]] = {
    "document type": ({PEOPLE: (b"<worksheet", DOCTYPE + b"<worksheet")}, "WBK_006"),
    "rows to the last": (
        {PEOPLE: b"<worksheet><sheetData>" + b"<row><c><v>1</v></c></row>" * ROWS + b"</sheetData></worksheet>"},
        "WBK_002",
    ),
    "bomb": ({f"xl/media/{number}.png": bytes(20_000_000) for number in range(8)}, "WBK_002"),
    "a text without end": ({PEOPLE: (b"<v>", b"<v>" + b"9" * 200_000)}, "WBK_002"),
    "two values in one cell": ({PEOPLE: (b"</row>", b'<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>')}, "WBK_008"),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_made_to_harm(name: str, written: Path, tmp_path: Path) -> None:
    parts, code = FORGED[name]
    reading = read_plan(repacked(written, tmp_path, parts), CATALOGUE)
    assert codes(reading) == [code]
    assert reading.plan is None


def test_a_sheet_whose_part_is_gone(written: Path, tmp_path: Path) -> None:
    gone = {"xl/_rels/workbook.xml.rels": (b"worksheets/sheet3.xml", b"worksheets/none.xml")}
    reading = read_plan(repacked(written, tmp_path, dict(gone)), CATALOGUE)
    assert codes(reading) == ["WBK_005"]
    assert reading.findings[0].place.sheet == "人员"


def test_what_is_carried_along_is_told_and_left_alone(written: Path, tmp_path: Path) -> None:
    odd = {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>", "../outside.xml": b"<x/>"}
    reading = read_plan(repacked(written, tmp_path, dict(odd)), CATALOGUE)
    assert codes(reading) == ["WBK_007", "WBK_007"]
    assert "vbaproject" in reading.findings[1].reason("en")
    assert reading.plan == read_plan(written, CATALOGUE).plan


def test_a_cell_whose_text_is_missing(written: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        sheet = archive.read(PEOPLE)
    *_, last = re.finditer(rb'<c r="([A-Z]+\d+)"[^>]*t="s"><v>(\d+)</v></c>', sheet)
    broken = last[0].replace(b"<v>" + last[2], b"<v>99999")
    reading = read_plan(repacked(written, tmp_path, {PEOPLE: (last[0], broken)}), CATALOGUE)
    assert [(each.code, each.place.cell) for each in reading.findings] == [("PLN_052", last[1].decode())]


def test_too_large_a_file(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_FILE", 1_000)
    assert codes(read_plan(written, CATALOGUE)) == ["WBK_002"]


def test_too_many_parts(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_PARTS", 3)
    assert codes(read_plan(written, CATALOGUE)) == ["WBK_002"]


def test_whatever_else_happens_is_no_traceback(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "read_book", lambda *_, **__: 1 / 0)
    assert codes(read_plan(written, CATALOGUE)) == ["WBK_005"]
