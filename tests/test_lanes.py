"""The lanes: each tool finds what it is there to find, and a lane that did not run is named."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import install_libreoffice
import lanes
import office
import openpyxl
import pytest
import xlsxwriter

FAULTY = b"<sheetDat/><sheetData>"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook whose cached value (99) is not what its formula says (6)."""
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("客户")
        sheet.write_number("A1", 2)
        sheet.write_formula("B1", "=A1*3", None, 99)
        sheet.write_string("A2", "客户关系管理成熟度")
    return path


@pytest.fixture
def faulty(book: Path) -> Path:
    """The same with an element that no schema knows."""
    path = book.with_name("faulty.xlsx")
    with zipfile.ZipFile(book) as good, zipfile.ZipFile(path, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, good.read(name).replace(b"<sheetData>", FAULTY))
    return path


@pytest.mark.lane("libreoffice")
def test_libreoffice_recalculates(soffice: lanes.Office, book: Path) -> None:
    result = soffice.recalculated([book])[book]
    assert openpyxl.load_workbook(result, data_only=True)["客户"]["B1"].value == 6
    assert soffice.recalculated([book])[book] == result


@pytest.mark.lane("libreoffice")
def test_libreoffice_says_what_it_cannot_convert(book: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(RuntimeError, match=r"broken\.xlsx"):
        office.convert([book, broken], "xlsx", tmp_path / "out")


@pytest.mark.lane("libreoffice-24.8")
def test_libreoffice_knows_the_functions_of_excel_365(soffice: lanes.Office, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("s").write_dynamic_array_formula("A1", "=SORT({3;1;2})", None, 0)
    assert openpyxl.load_workbook(soffice.recalculated([path])[path], data_only=True)["s"]["A1"].value == 1


@pytest.mark.lane("libreoffice", "fonts")
def test_pages_become_pictures(soffice: lanes.Office, book: Path, tmp_path: Path) -> None:
    pdf = soffice.pdf([book])[book]
    [picture] = office.pages(pdf, tmp_path / "page")
    assert picture.read_bytes().startswith(b"\x89PNG")
    fonts = subprocess.run(["pdffonts", str(pdf)], capture_output=True, text=True, check=True).stdout
    assert "CJK" in fonts or "Hei" in fonts or "Song" in fonts, fonts


@pytest.mark.lane("validator")
def test_the_sdk_finds_a_fault(book: Path, faulty: Path) -> None:
    found = lanes.validate([book, faulty], "Office2016")
    assert found[book] == []
    assert "sheetDat" in found[faulty][0]


def test_the_audit_finds_a_fault(book: Path, faulty: Path) -> None:
    found = lanes.audit([book, faulty])
    assert found[book] == []
    assert "sheetDat" in " ".join(found[faulty])


def test_closing_line() -> None:
    assert lanes.closing_line({}) == "all lanes ran"
    assert lanes.closing_line({"a": "no x", "b": "no y"}) == "lanes not run: a (no x); b (no y)"


def test_a_lane_without_tests_did_not_run() -> None:
    assert set(lanes.not_run(["fonts"])) == set(lanes.LANES) - {"fonts"}
    assert lanes.not_run(lanes.LANES) == {}


def test_only_what_no_installation_brings_may_be_missed_under_ci() -> None:
    assert {"corpus"} == lanes.ELSEWHERE
    assert set(lanes.LANES) > lanes.ELSEWHERE


@pytest.mark.parametrize(("ci", "workers", "status"), [("", "0", 0), ("true", "2", 1)])
def test_a_lane_that_did_not_run_fails_under_ci(ci: str, workers: str, status: int, tmp_path: Path) -> None:
    here = Path(__file__).parent
    (tmp_path / "conftest.py").write_text(
        (here / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n", encoding="utf-8")
    env = os.environ | {"CI": ci, "PYTHONPATH": os.pathsep.join([str(here), str(here.parent / "tools")])}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", workers, str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    last = done.stdout.rstrip().splitlines()[-1]
    assert last.startswith("lanes not run: libreoffice ("), done.stdout + done.stderr
    assert done.returncode == status


DEB822 = """\
# snapshot
Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
 -----END PGP PUBLIC KEY BLOCK-----
"""


def test_backports_from_a_deb822_source() -> None:
    found = install_libreoffice.backports_stanza(DEB822, "bookworm")
    assert found is not None
    fields = dict(line.split(":", 1) for line in found.splitlines() if line[0] != " ")
    assert fields["Uris"].strip() == "http://mirror.example/debian"
    assert fields["Suites"].strip() == "bookworm-backports"
    assert fields["Types"].strip() == "deb"
    assert " abc\n" in found
    assert install_libreoffice.backports_stanza(DEB822, "trixie") is None
    assert install_libreoffice.backports_stanza("Enabled: no\n" + DEB822.split("\n\n")[1], "bookworm") is None


def test_backports_from_a_one_line_source() -> None:
    derive = install_libreoffice.backports_list
    lines = (
        "# deb http://old.example bookworm main\n"
        "deb cdrom:[disc]/ bookworm main\n"
        "deb-src http://src.example/debian bookworm main\n"
        "deb http://sec.example/debian-security bookworm-security main\n"
        "deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main non-free\n"
    )
    expected = "deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm-backports main\n"
    assert derive(lines, "bookworm") == expected
    assert derive(lines, "trixie") is None


def test_backports_source_reads_both_kinds_of_file(tmp_path: Path) -> None:
    folder = tmp_path / "sources.list.d"
    folder.mkdir()
    assert install_libreoffice.backports_source(tmp_path, "bookworm") is None
    (folder / "debian.sources").write_text(DEB822, encoding="utf-8")
    assert (install_libreoffice.backports_source(tmp_path, "bookworm") or ("",))[0] == ".sources"
    (tmp_path / "sources.list").write_text(
        "deb http://mirror.example/debian bookworm main\n", encoding="utf-8"
    )
    assert (install_libreoffice.backports_source(tmp_path, "bookworm") or ("",))[0] == ".list"
