"""Returns that another program has saved again: nothing lost, nobody mistaken, whatever the program."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import lanes
import office
import pytest
from fault_books import BESIDE, TYPED, edited, sent, with_parts

from cmme_xl.returned.model import Outcome

EXPECTED = ["scored" if isinstance(typed, int) else {"不适用": "na", "不知道": "dk"}[str(typed)] for typed in TYPED]


def run(command: list[str], **more: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=os.environ | more)
    assert done.returncode == 0, done.stderr


def libreoffice(source: Path, target: Path) -> None:
    profile = f"-env:UserInstallation={(target.parent / 'profile').as_uri()}"
    start = [str(office.program()), profile, "--headless"]
    run([*start, "--convert-to", target.suffix[1:], "--outdir", str(target.parent), str(source)])


def node(program: str) -> Callable[[Path, Path], None]:
    def save(source: Path, target: Path) -> None:
        script = Path(__file__).with_name("resave.js")
        run(["node", str(script), program, str(source), str(target)], NODE_PATH=str(lanes.ROOT / ".lanes/node_modules"))

    return save


def gnumeric(source: Path, target: Path) -> None:
    run(["ssconvert", str(source), str(target)])


def ironcalc(source: Path, target: Path) -> None:
    code = "import sys, ironcalc; ironcalc.load_from_xlsx(sys.argv[1], 'en', 'UTC', 'en').save_to_xlsx(sys.argv[2])"
    run([sys.executable, "-c", code, str(source), str(target)])


def openpyxl(source: Path, target: Path) -> None:
    target.write_bytes(edited(lambda workbook: None, source.read_bytes()))


def write_a_note(cover: bytes) -> bytes:
    note = '<row r="40"><c r="K40" t="inlineStr"><is><t>周三不在</t></is></c></row></sheetData>'
    cover = re.sub(rb'(<dimension ref="[A-Z0-9]+:[A-Z]+)[0-9]+', rb"\g<1>40", cover)
    return cover.replace(b"</sheetData>", note.encode(), 1)


WAYS: dict[str, tuple[Callable[[Path, Path], None], str]] = {
    "LibreOffice": (libreoffice, "xlsx"),
    "LibreOffice as xls": (libreoffice, "xls"),
    "LibreOffice as ods": (libreoffice, "ods"),
    "gnumeric": (gnumeric, "xlsx"),
    "gnumeric as ods": (gnumeric, "ods"),
    "gnumeric as xls": (gnumeric, "xls"),
    "SheetJS": (node("xlsx"), "xlsx"),
    "SheetJS as xlsb": (node("xlsx"), "xlsb"),
    "SheetJS as xls": (node("xlsx"), "xls"),
    "SheetJS as ods": (node("xlsx"), "ods"),
    "exceljs": (node("exceljs"), "xlsx"),
    "xlsx-populate": (node("xlsx-populate"), "xlsx"),
    "ironcalc": (ironcalc, "xlsx"),
    "openpyxl": (openpyxl, "xlsx"),
}

BESIDE_KEPT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("SheetJS", "exceljs", "openpyxl"), ("六月起只算 2",)),
    **dict.fromkeys(("SheetJS as xlsb", "SheetJS as xls", "SheetJS as ods", "ironcalc"), ()),
}
"""The programs that drop the text box, and those that drop the comment too."""


@pytest.mark.lane("resavers")
@pytest.mark.xdist_group("libreoffice")
@pytest.mark.parametrize("way", WAYS)
def test_a_program_that_saves_again_costs_no_answer(tmp_path: Path, way: str) -> None:
    save, kind = WAYS[way]
    source, target = tmp_path / "source.xlsx", tmp_path / "out" / f"source.{kind}"
    source.write_bytes(with_parts(cover=write_a_note, **BESIDE))
    target.parent.mkdir()
    save(source, target)
    folder = tmp_path / "in"
    folder.mkdir()
    target.rename(folder / target.name)
    back = sent().read(folder)
    mine = {a.question: a for a in back.answers if (a.respondent, a.angle) == ("P1", "current")}
    found = [mine[question] for question in sent().ids]
    assert [answer.outcome.value for answer in found] == EXPECTED
    scores = [answer.score for answer in found if answer.outcome is Outcome.SCORED]
    assert scores == [typed for typed in TYPED if isinstance(typed, int)]
    assert [answer.evidence for answer in found] == [f"依据 {number}" for number in range(len(TYPED))]
    assert (kind == "xlsx") == ("FIL_043" not in {finding.code for finding in back.files[0].findings})
    told = [finding.raw for finding in back.files[0].findings if finding.code == "ANS_019"]
    # SheetJS keeps 255 characters of a text in an .xls, so what it was sent with is not known any more
    assert told == ([] if way == "SheetJS as xls" else ["周三不在"])
    beside = {finding.raw.replace("\n", "") for finding in back.files[0].findings if finding.code == "FIL_052"}
    assert beside == set(BESIDE_KEPT.get(way, ("六月起只算 2", "看这里two")))
    suspected = {finding.code for finding in back.files[0].findings}
    assert not suspected & {"IDN_003", "IDN_021", "ANS_017", "ANS_040", "ANS_041", "ANS_042", "FIL_028"}
