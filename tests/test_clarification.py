"""Clarification copies: what was understood stays, what was not is asked again, and nothing is lost on the way."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import lanes
import openpyxl
import pytest
from allowed_functions import EXCEL_2016
from interview_plans import CATALOGUE, person, plan, row_of, shortened
from openpyxl.workbook import Workbook
from recalculation import compare

from cmme_xl.findings import Refusal
from cmme_xl.interview.clarification import Clarified, clarify
from cmme_xl.interview.form import Form
from cmme_xl.interview.generation import generate
from cmme_xl.plan import issued
from cmme_xl.plan.model import Plan, Settings
from cmme_xl.returned.model import Answer, Outcome, Returned, Status
from cmme_xl.returned.read import read_folder
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.status.text import cause
from cmme_xl.templates import template

SENT, ASKED_AGAIN = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 12, 10, tzinfo=UTC)
ASKED = tuple(question.id for question in CATALOGUE.asked_of("middle"))
IDS = ASKED[:8]
# by question: what is typed as current, target, evidence and comment
BADLY = {
    IDS[0]: (4, 5, "台账 12 页", ""),
    IDS[1]: ("四左右", 3, "=1+1", "见附件"),
    IDS[2]: (3, "5-6", "", ""),
    IDS[3]: ("不适用", None, "", ""),
    IDS[4]: (9, "高", "月报", ""),
    IDS[5]: (2.5, 4, "", ""),
    IDS[6]: ("５分", None, "", "口头"),
}
DOUBTFUL = {(IDS[1], "current"), (IDS[2], "target"), (IDS[4], "current"), (IDS[4], "target")}
Typed = Mapping[str, tuple[object, ...]]


@dataclass(frozen=True)
class Office:
    """An engagement's folder."""

    folder: Path
    plan: Plan

    @property
    def log(self) -> Path:
        return self.folder / issued.FILE_NAME

    def sent(self) -> Path:
        (path,) = generate(self.plan, self.folder / "out", self.log, now=SENT).written
        return path

    def came(self, path: Path, typed: Typed) -> Path:
        """The workbook as another program saves it after typing, in the folder of returns."""
        target = self.folder / "returned" / path.name
        target.parent.mkdir(exist_ok=True)
        fill_in(path, target, typed)
        return target

    def clarified(self, *paths: Path) -> Clarified:
        return clarify(self.plan, paths, self.folder / "again", self.log, now=ASKED_AGAIN)

    def returned(self) -> Returned:
        return read_folder(self.plan, issued.read(self.log), self.folder / "returned")


def opened(path: Path) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


def fill_in(path: Path, target: Path, typed: Typed) -> None:
    book = opened(path)
    contract = template("interview")
    roles = {head: column["role"] for column in contract["columns"] for head in column["header"].values()}
    (sheet,) = (each for each in book.worksheets if each.title in contract["sheets"]["questions"].values())
    columns = {roles[str(cell.value)]: int(cell.column or 0) for cell in sheet[1] if cell.value in roles}
    for row in range(2, sheet.max_row + 1):
        values = typed.get(str(sheet.cell(row, 1).value), ())
        for role, value in zip(("current", "target", "evidence", "comment"), values, strict=False):
            if value not in (None, ""):
                cell = sheet.cell(row, columns[role])
                cell.value = value  # type: ignore[assignment]
                cell.data_type = "n" if isinstance(value, int | float) else "s"
    book.save(target)


def said(returned: Returned) -> dict[tuple[str, str], Answer]:
    return {(answer.question, answer.angle): answer for answer in returned.answers}


@pytest.fixture(params=["zh", "en"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    made = plan(person("P1", lang=request.param), settings=Settings(self_assessment=True))
    return Office(tmp_path, replace(shortened(made, 8)))


def test_the_whole_circle_loses_nothing(office: Office) -> None:
    first = office.came(office.sent(), BADLY)
    before = said(office.returned())
    assert {key for key, answer in before.items() if answer.outcome is Outcome.REJECTED} == DOUBTFUL

    (copy,) = office.clarified(first).written
    assert office.returned().tally() == {
        **dict.fromkeys(("missing", "conflict", "dk"), 0),
        **{"expected": 16, "scored": 7, "na": 1, "blank": 4, "rejected": 4},
    }
    office.came(copy, {IDS[1]: (4,), IDS[2]: (None, 5), IDS[4]: (3, 4)})
    after = office.returned()
    statuses = {file.name: file.status for file in after.files}
    assert statuses[first.name] is Status.SUPERSEDED
    assert "LED_002" in {finding.code for file in after.files for finding in file.findings}
    assert statuses[copy.name].counted
    assert after.tally() == {
        **dict.fromkeys(("missing", "conflict", "dk", "rejected"), 0),
        **{"expected": 16, "scored": 11, "na": 1, "blank": 4},
    }
    for key, answer in said(after).items():
        was = before[key]
        assert (answer.evidence, answer.comment) == (was.evidence, was.comment)
        if key not in DOUBTFUL:
            assert (answer.outcome, answer.score) == (was.outcome, was.score)
    scores = {key: answer.score for key, answer in said(after).items() if key in DOUBTFUL}
    assert scores == {(IDS[1], "current"): 4, (IDS[2], "target"): 5, (IDS[4], "current"): 3, (IDS[4], "target"): 4}


def test_nothing_our_own_copy_says_is_reported(office: Office) -> None:
    (copy,) = office.clarified(office.came(office.sent(), BADLY)).written
    office.came(copy, {})
    (file,) = (file for file in office.returned().files if file.name == copy.name)
    assert {finding.code for finding in file.findings} <= {"ANS_002", "ANS_024"}


def test_what_is_written_over_an_explanation_is_reported(office: Office) -> None:
    (copy,) = office.clarified(office.came(office.sent(), BADLY)).written
    target = office.came(copy, {})
    book = opened(target)
    words = template("interview")["clarification"]["header"].values()
    (header,) = (cell for sheet in book for cell in sheet[1] if cell.value in words)
    sheet = book[header.parent.title]
    cells = [sheet.cell(row, int(header.column or 0)) for row in range(2, sheet.max_row + 1)]
    noted = [cell for cell in cells if cell.value]
    assert len(noted) == 3
    noted[0].value = "5"
    noted[1].value = f"{noted[1].value} 4"
    book.save(target)
    (file,) = (file for file in office.returned().files if file.name == copy.name)
    unplaced = [finding.place.cell for finding in file.findings if finding.code == "ANS_019"]
    assert unplaced == [noted[0].coordinate, noted[1].coordinate]


def test_the_issue_names_its_predecessor_and_a_reissue_replaces_both(office: Office) -> None:
    sent = office.sent()
    (copy,) = office.clarified(office.came(sent, BADLY)).written
    office.came(copy, {IDS[1]: (4,)})
    first, second = issued.read(office.log)
    assert (second.kind, second.predecessor, second.file) == ("clarification", first.id, copy.name)
    longer = replace(office.plan, assigned={"P1": ASKED[:9]})
    (again,) = generate(longer, office.folder / "out", office.log, reissue=True, now=ASKED_AGAIN).written
    assert issued.read(office.log)[-1].predecessor == second.id
    fill_in(again, office.folder / "returned" / again.name, {IDS[0]: (1, 1)})
    returned = read_folder(longer, issued.read(office.log), office.folder / "returned")
    counted = [file.name for file in returned.files if file.status.counted]
    assert counted == [again.name]


def test_one_copy_is_out_at_a_time_and_is_made_again_where_it_is_gone(office: Office) -> None:
    first = office.came(office.sent(), BADLY)
    (copy,) = office.clarified(first).written
    again = office.clarified(first)
    assert (again.written, [finding.code for finding in again.findings]) == ({}, ["CLR_002"])
    data = copy.read_bytes()
    copy.unlink()
    assert list(office.clarified(first).written) == [copy]
    assert copy.read_bytes() == data
    assert len(issued.read(office.log)) == 2


def test_a_copy_can_be_clarified_again(office: Office) -> None:
    first = office.came(office.sent(), BADLY)
    (copy,) = office.clarified(first).written
    second = office.came(copy, {IDS[1]: ("六",), IDS[2]: (None, 5), IDS[4]: (3, 4)})
    ((third, doubts),) = office.clarified(first, second).written.items()
    assert (doubts, third.name) != (4, copy.name)
    office.came(third, {IDS[1]: (0,)})
    returned = office.returned()
    assert [file.name for file in returned.files if file.status.counted] == [third.name]
    assert returned.tally()["rejected"] == 0


def test_nothing_doubtful_nothing_written(office: Office) -> None:
    done = office.clarified(office.came(office.sent(), {IDS[0]: (4, 5)}))
    assert (done.written, [finding.code for finding in done.findings]) == ({}, ["CLR_001"])
    assert len(issued.read(office.log)) == 1


def test_two_versions_are_asked_about_where_they_differ(office: Office) -> None:
    sent = office.sent()
    one = office.came(sent, {IDS[0]: (4, 5), IDS[1]: (1,)})
    two = one.with_name("2.xlsx")
    fill_in(sent, two, {IDS[0]: (3, 5), IDS[1]: (1,)})
    ((copy, doubts),) = office.clarified(one, two).written.items()
    assert doubts == 1
    office.came(copy, {IDS[0]: (2,)})
    returned = office.returned()
    assert said(returned)[IDS[0], "current"].score == 2
    assert returned.tally()["conflict"] == 0


def test_a_deleted_row_is_asked_again(office: Office) -> None:
    first = office.came(office.sent(), BADLY)
    book = opened(first)
    form = Form.of(office.plan, office.plan.people[0])
    book[form.words.sheet("questions")].delete_rows(row_of(form, IDS[0]))
    book.save(first)
    ((_, doubts),) = office.clarified(first).written.items()
    assert doubts == len(DOUBTFUL) + 1


def test_a_text_longer_than_a_cell_keeps_the_copy_from_being_written(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cmme_xl.interview.clarification.chunks", lambda text: [text[:3], text[3:]])
    done = office.clarified(office.came(office.sent(), BADLY))
    assert (done.written, [finding.code for finding in done.findings]) == ({}, ["CLR_003"])


def test_an_outsiders_copy_does_not_name_the_client(tmp_path: Path) -> None:
    made = shortened(plan(person("B1", "benchmark", department="")), 4)
    office = Office(tmp_path, made)
    asked = made.assigned["B1"]
    first = office.came(office.sent(), {})
    fill = opened(first)
    sheet = fill["问卷"]
    row = next(cells[0].row for cells in sheet.iter_rows() if cells[0].value == asked[0])
    sheet.cell(row, 3).value = "很好"
    fill.save(first)
    ((copy, doubts),) = office.clarified(first).written.items()
    book = opened(copy)
    shown = " ".join(str(cell.value) for each in book for cells in each.iter_rows() for cell in cells)
    assert doubts == 1
    assert made.engagement.enterprise not in shown
    assert "很好" in shown


def test_the_copy_is_sound(office: Office) -> None:
    (copy,) = office.clarified(office.came(office.sent(), BADLY)).written
    assert lint(copy.read_bytes(), EXCEL_2016) == ()
    assert lanes.audit([copy]) == {copy: []}


@pytest.mark.lane("validator")
def test_the_open_xml_sdk_finds_nothing(office: Office) -> None:
    (copy,) = office.clarified(office.came(office.sent(), BADLY)).written
    assert lanes.validate([copy]) == {copy: []}


@pytest.mark.lane("libreoffice")
def test_every_cached_value_is_what_a_recalculation_gives(office: Office, soffice: lanes.Office) -> None:
    """Also of one that is complete but for the doubtful cells."""
    full = {**dict.fromkeys(IDS, (3, 4, "", "")), IDS[1]: ("四左右",)}
    sent = office.sent()
    (copy,) = office.clarified(office.came(sent, BADLY)).written
    other = Office(office.folder / "other", office.plan)
    (second,) = other.clarified(other.came(other.sent(), full)).written
    for path, again in soffice.recalculated([copy, second]).items():
        found = compare(path, again)
        assert found.wrong == {}
        assert found.formulas > 50


def test_no_copy_lies_among_the_returns(office: Office) -> None:
    first = office.came(office.sent(), BADLY)
    with pytest.raises(Refusal, match="OUT_002"):
        clarify(office.plan, [first], first.parent, office.log, now=ASKED_AGAIN)
    assert [*first.parent.iterdir()] == [first]


def test_status_names_the_copy_that_stands_for_the_first(office: Office) -> None:
    first = office.came(office.sent(), BADLY)
    (copy,) = office.clarified(first).written
    office.came(copy, {})
    (aside,) = (file for file in office.returned().files if file.status is Status.SUPERSEDED)
    reason = cause(aside)
    assert reason is not None
    assert copy.name in reason.reason("en")
