"""The built cmme.xlam, read back: it holds what the sources say, and takes orders from no other workbook."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication

from cmme_xl.cli import COMMANDS
from cmme_xl.findings import LANGUAGES
from cmme_xl.hosts import addin
from cmme_xl.hosts.functions import FUNCTIONS, arguments
from cmme_xl.hosts.sources import macros

SHARED = "{http://schemas.microsoft.com/office/2006/01/customui}"
FOREIGN_ORDERS = re.compile(r"\bActiveWorkbook\b|\bActiveSheet\b|\bPYTHONPATH\b|\bWorkbooks\b|\.py\b|cmd\.exe")
"""Ways in which another workbook, or its folder, could have its say."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("addin") / "cmme.xlam"
    addin.build(path)
    return path


@pytest.fixture(scope="module")
def read_back(built: Path) -> dict[str, str]:
    """The macro modules in the built file."""
    with ExcelFile(built) as book:
        return {name: book.get_module(name) for name in book.module_names()}


def code(text: str) -> str:
    """Without comments: a word in one gives no orders."""
    return "\n".join(re.sub(r'^((?:[^"\']|"[^"]*")*)\'.*', r"\1", line) for line in text.splitlines())


def test_the_same_sources_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    addin.build(tmp_path / "again.xlam")
    assert built.read_bytes() == (tmp_path / "again.xlam").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.xlam"]


def test_it_holds_the_sources_and_nothing_else(read_back: dict[str, str]) -> None:
    documents = {"ThisWorkbook", "Sheet2"}
    assert set(read_back) == set(addin.modules()) | documents
    for name, source in addin.modules().items():
        assert read_back[name].replace("\r\n", "\n").rstrip() == source.rstrip(), name
    for name in documents:
        assert all(line.startswith("Attribute ") for line in read_back[name].split("\r\n") if line), name


def test_another_reader_of_macros_sees_the_same(built: Path, read_back: dict[str, str]) -> None:
    code_ = (
        "import json, sys; from oletools.olevba import VBA_Parser; p = VBA_Parser(sys.argv[1]);"
        "print(json.dumps({n.rsplit('.')[0]: t for *_, n, t in p.extract_macros()}))"
    )
    command = [sys.executable, "-W", "ignore", "-c", code_, str(built)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    for name in addin.modules():
        assert found[name].split() == read_back[name].split(), name


def test_it_is_sound_and_its_macros_name_nothing_undeclared(built: Path) -> None:
    with ExcelFile(built) as book:
        assert book.vba_project().validate() == []
    command = [sys.executable, "-m", "pyvbaanalysis.cli", "--whole-project", "--fail-level", "information", str(built)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout.count("no diagnostics")) == (0, 1), done.stdout


def test_every_part_is_well_formed_and_the_package_names_no_machine(built: Path) -> None:
    with zipfile.ZipFile(built) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                text = package.read(name)
                ElementTree.fromstring(text)
                assert b":\\" not in text or name == "xl/worksheets/sheet1.xml", name


def test_settings_come_from_the_addin_and_the_user_only(read_back: dict[str, str]) -> None:
    """Only rebinding, which enters formulas again, may touch the workbook a person looks at."""
    for name, text in read_back.items():
        found = FOREIGN_ORDERS.findall(code(text))
        assert found == (["ActiveWorkbook"] * 2 if name == "CmmeRebind" else []), name
    base = resources.files("xlwings") / "quickstart_addin_ribbon.xlam"
    with ExcelFile(str(base)) as book:
        assert len(FOREIGN_ORDERS.findall(code(book.get_module("xlwings")))) > 20


def test_every_start_of_python_is_by_full_path_and_imports_from_no_folder(read_back: dict[str, str]) -> None:
    lines = [line for text in read_back.values() for line in code(text).splitlines()]
    starts = [line for line in lines if " -m " in line or " -c " in line]
    assert len(starts) == 2
    assert all('""""' in line and " -P " in line for line in starts)
    assert sum(len(re.findall(r"\bShell\b|\.Run\b|\bExec\b|WScript", code(text))) for text in read_back.values()) == 1


def setting(built: Path, folder: Path, asked: str) -> object:
    """Which Python the add-in takes in an Excel in memory, while an open workbook tries to name one of its own.

    `asked` is the workbook that the macros ask: theirs, or for comparison the active one.
    """
    hostile = openpyxl.Workbook()
    sheet: Any = hostile.active
    sheet.title = addin.SHEET
    sheet["A1"], sheet["B1"] = "INTERPRETER", "C:\\evil\\python.exe"
    hostile.save(folder / "hostile.xlsx")
    (folder / "cmme.conf").write_text("INTERPRETER=C:\\evil\\python.exe\n", "utf-8")
    excel = ExcelApplication.open(built, with_vba=False)
    config = addin.modules()["CmmeConfig"].replace("ThisWorkbook", asked)
    # the one thing that cannot be had in memory: the file of the user, who has none here
    excel.add_module(re.sub(r"(?m)^ *If FileExists\(UserFile.*", "", config), name="CmmeConfig")
    excel.activate_workbook(excel.open_workbook(folder / "hostile.xlsx"))
    assert excel.evaluate("ActiveWorkbook.Name") == "hostile.xlsx"
    return excel.evaluate('Setting("INTERPRETER")')


def test_an_open_workbook_cannot_name_the_program_to_run(built: Path, tmp_path: Path) -> None:
    assert setting(built, tmp_path, "ThisWorkbook") == ""
    assert setting(built, tmp_path, "ActiveWorkbook") == "C:\\evil\\python.exe"


@pytest.mark.parametrize(
    ("path", "full"),
    [
        ("C:\\Python 3\\python.exe", True),
        ("\\\\server\\share\\python.exe", True),
        ("python.exe", False),
        ("..\\python.exe", False),
        ("\\python.exe", False),
        ('C:\\a\\"b\\python.exe', False),
        ("", False),
    ],
)
def test_a_python_is_taken_by_its_full_path_only(built: Path, path: str, full: bool) -> None:
    assert ExcelApplication.open(built).run("IsFullPath", path) is full


def test_the_users_file_is_read_line_by_line(built: Path) -> None:
    text = "LANGUAGE=zh\r\ninterpreter= C:\\a=b\\python.exe \nOTHER=1"
    assert ExcelApplication.open(built).run("ValueIn", text, "INTERPRETER") == "C:\\a=b\\python.exe"
    assert ExcelApplication.open(built).run("ValueIn", text, "PRETER") == ""


def test_errors_are_errors(built: Path) -> None:
    excel = ExcelApplication.open(built)
    assert str(excel.run("CellError", "CellError: #NUM!")) == "Error 2036"
    assert str(excel.run("CellError", "anything else")) == "Error 2015"


@pytest.mark.parametrize(
    ("saved", "bound"),
    [
        ("=CMME_SCORE(A1:A9)", "=CMME_SCORE(A1:A9)"),
        ("=IFERROR('C:\\a b\\cmme.xlam'!CMME_LEVEL(B1),CMME.XLAM!CMME_GAP(1))", "=IFERROR(CMME_LEVEL(B1),CMME_GAP(1))"),
        ("='Sheet 1'!A1+'C:\\x\\cmme.xlam'!CMME_LEVEL('Sheet 1'!A1)", "='Sheet 1'!A1+CMME_LEVEL('Sheet 1'!A1)"),
    ],
)
def test_rebinding_takes_the_addins_path_out_of_a_formula(built: Path, saved: str, bound: str) -> None:
    assert ExcelApplication.open(built).run("WithoutPath", saved) == bound


def test_of_a_long_report_the_end_is_shown_from_a_whole_line(built: Path) -> None:
    excel = ExcelApplication.open(built)
    assert excel.run("Ending", "short\nreport") == "short\nreport"
    long = str(excel.run("Ending", "\n".join(f"line {i}" for i in range(500))))
    assert long.startswith("...\nline ")
    assert long.endswith("line 499")
    assert len(str(excel.run("Ending", "x" * 5000))) < 1000


def test_the_library_is_that_of_the_installed_xlwings(read_back: dict[str, str]) -> None:
    version = metadata.version("xlwings")
    assert set(re.findall(r"xlwings(?:32|64)-(.*?)\.dll", read_back["CmmeEngine"])) == {version}


def test_every_function_has_a_wrapper_that_hands_on_all_its_arguments(read_back: dict[str, str]) -> None:
    wrapper = read_back["CmmeFunctions"]
    for name in FUNCTIONS:
        [declared] = re.findall(rf"Public Function {name}\((.*)\) As Variant", wrapper)
        taken = [f"{'Optional ' * omitted}{each} As Variant" for each, omitted in arguments(name).items()]
        assert declared == ", ".join(taken)
        assert f'{name} = Answer("{name}", Array({", ".join(arguments(name))}))' in wrapper


def test_no_public_name_stands_twice(read_back: dict[str, str]) -> None:
    names = [n for text in read_back.values() for n in re.findall(r"^Public (?:Function|Sub) (\w+)", text, re.M)]
    assert len(names) == len({name.lower() for name in names})


def buttons(built: Path) -> list[str]:
    with zipfile.ZipFile(built) as package:
        ribbon = ElementTree.fromstring(package.read("customUI/customUI.xml"))
    return [button.attrib["id"] for button in ribbon.iter(f"{SHARED}button")]


def test_every_button_does_something_and_every_callback_exists(built: Path, read_back: dict[str, str]) -> None:
    answering = read_back["CmmeRibbon"]
    assert re.findall(r'^        Case "(\w+)"', answering, re.M) == buttons(built)
    ribbon = (macros() / "ribbon.xml").read_text("utf-8")
    callbacks = set(re.findall(r'(?:onLoad|onAction|get\w+)="(\w+)"', ribbon))
    assert callbacks <= set(re.findall(r"^Public Sub (\w+)", answering, re.M))


def test_every_text_is_there_in_both_languages(built: Path) -> None:
    sheet = words(built)
    assert set(sheet) == set(addin.words())
    for button in buttons(built):
        assert all(sheet[f"label.{button}"] + sheet[f"tip.{button}"])
    assert all(len(texts) == len(LANGUAGES) and texts[0] != texts[1] for texts in sheet.values() if texts[0] != "CMM-E")


def words(built: Path) -> dict[str, tuple[str, ...]]:
    """The words on the add-in's sheet; openpyxl refuses the file for its kind, so its sheet is read as it is."""
    with zipfile.ZipFile(built) as package:
        tree = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    rows = [[cell.findtext(f"{space}is/{space}t") for cell in row] for row in tree.iter(f"{space}row")]
    return {str(row[-3]): (str(row[-2]), str(row[-1])) for row in rows}


def test_every_command_that_the_ribbon_starts_is_one_of_the_command_line(read_back: dict[str, str]) -> None:
    begun = [re.findall(r'"([a-z]+)"', line) for line in re.findall(r"Begin title, (.*)", read_back["CmmeRibbon"])]
    assert len(begun) == 8
    assert [words for words in begun if not {words[0], " ".join(words[:2])} & set(COMMANDS)] == []
