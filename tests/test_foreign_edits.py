"""What people do to a questionnaire, done by a real LibreOffice and saved by it: no answer lost, nobody mistaken."""

import os
import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

import office
import pytest
from fault_books import returned, sent
from returned_books import codes

from cmme_xl.returned.model import Returned

WHOLE = {"scored": 10, "na": 1, "dk": 1}
LESS_ONE = {"scored": 9, "na": 1, "dk": 1}
MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Edits" script:language="StarBasic">{}
</script:module>"""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false"><library:element library:name="Edits"/></library:library>"""

HARMLESS = (
    "protection-removed",
    "rows-inserted",
    "columns-inserted",
    "columns-moved",
    "rows-sorted",
    "rows-hidden",
    "sheets-renamed",
    "sheets-reordered",
    "sheets-deleted",
    "identity-deleted",
    "sheets-shown",
    "sheet-copied",
    "evidence-deleted",
    "question-changed",
)
EDITS = {
    **dict.fromkeys(HARMLESS, WHOLE),
    "copy-changed": LESS_ONE | {"conflict": 1},
    "answers-merged": {"scored": 8, "na": 1, "dk": 1, "conflict": 2},
    "answer-dragged": LESS_ONE | {"blank": 1},
    "row-deleted": LESS_ONE | {"missing": 1},
    "formula-typed": LESS_ONE | {"rejected": 1},
    "date-typed": LESS_ONE | {"rejected": 1},
}
# cells that others compute with went elsewhere, and the workbook's own totals with them
ASTRAY = {"rows-sorted", "answer-dragged", "row-deleted"}
TOLD = {
    "sheet-copied": "ANS_025",
    "copy-changed": "ANS_013",
    "answers-merged": "ANS_012",
    "answer-dragged": "ANS_019",
    "row-deleted": "ANS_015",
    "formula-typed": "ANS_005",
    "date-typed": "ANS_009",
    "question-changed": "ANS_017",
    "identity-deleted": "IDN_008",
}
"""The edits that are to be told, and how."""
SUSPICION = {"ANS_017", "ANS_040", "IDN_003", "IDN_012", "IDN_021", "FIL_028"}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with every edit, made in one start of LibreOffice."""
    folder = tmp_path_factory.mktemp("edits")
    (folder / "source.xlsx").write_bytes(returned())
    told = {
        "CMME_EDITS": str(folder),
        "CMME_EDIT_NAMES": ",".join(EDITS),
        "CMME_FIRST": sent().ids[0],
        "CMME_SECOND": sent().ids[1],
        "CMME_LAST": sent().ids[-1],
        "SAL_USE_VCLPLUGIN": "svp",
    }

    def start(action: str) -> None:
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [str(office.program()), profile, "--headless", "--norestore", action]
        subprocess.run(command, capture_output=True, env=os.environ | told, timeout=120, check=True)

    (folder / "profile" / "user").mkdir(parents=True)
    # as if the answers had been typed into it, so that what depends on them is worked out
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(office.PROFILE, "utf-8")
    start("--terminate_after_init")  # the first start would write over the macro
    library = folder / "profile" / "user" / "basic" / "Standard"
    basic = Path(__file__).with_name("office_edits.bas").read_text("utf-8")
    (library / "Edits.xba").write_text(MACRO.format(escape(basic)), "utf-8")
    (library / "script.xlb").write_text(LIBRARY, "utf-8")
    start("macro:///Standard.Edits.Main")
    return folder


def came_back(saved: Path, edit: str, folder: Path) -> Returned:
    (folder / "a.xlsx").write_bytes((saved / f"{edit}.xlsx").read_bytes())
    return sent().read(folder)


@pytest.mark.lane("libreoffice")
@pytest.mark.parametrize("edit", EDITS)
def test_what_is_done_in_libreoffice_comes_out_as_it_should(saved: Path, edit: str, tmp_path: Path) -> None:
    back = came_back(saved, edit, tmp_path)
    found = [each.outcome.value for each in back.answers if (each.respondent, each.angle) == ("P1", "current")]
    assert {outcome: found.count(outcome) for outcome in found} == EDITS[edit]
    told = set(codes(back, "a.xlsx"))
    assert TOLD.get(edit) in told | {None}
    assert (not told & {"ANS_041", "ANS_042"}) is (edit not in ASTRAY)
    elsewhere = {each.place.sheet for each in back.files[0].findings if each.code == "ANS_019"}
    assert elsewhere <= {"问卷"}
    assert not (told - {TOLD.get(edit)}) & SUSPICION
