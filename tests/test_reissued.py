"""What was sent before the plan or the catalogue moved on: nothing of ours is told as typed or changed by the person,
and what the person typed always is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from fault_books import edited
from interview_plans import CATALOGUE, filled_in, person, plan
from openpyxl.workbook import Workbook

from cmme_xl.catalogue import Catalogue, Dimension, Indicator, Text
from cmme_xl.interview.form import Form
from cmme_xl.interview.generation import generate
from cmme_xl.interview.record.generation import record
from cmme_xl.plan import issued
from cmme_xl.plan.model import Plan, Settings
from cmme_xl.returned.model import Status
from cmme_xl.returned.read import read_folder
from cmme_xl.templates import template

CONTRACT = template("interview")
SUSPICIONS = {"ANS_017", "ANS_018", "ANS_019", "ANS_020", "ANS_026", "ANS_040", "ANS_041", "ANS_042", "FIL_028"}
SUSPICIONS |= {"IDN_003", "IDN_012", "IDN_021"}
PEOPLE = (person("P1"), person("P2", lang="en"), person("C1", "customer"))


def asked(first: int, last: int) -> dict[str, tuple[str, ...]]:
    """Some of everyone's questions, one in five."""
    return {each.id: tuple(q.id for q in CATALOGUE.asked_of(each.group))[first:last:5] for each in PEOPLE}


PLAN = replace(plan(*PEOPLE, settings=Settings(ask_target=True, self_assessment=True)), assigned=asked(0, 60))


def reworded(catalogue: Catalogue) -> Catalogue:
    """The same with all headings and rubrics in other words, and some questions."""

    def new(text: Text) -> Text:
        return Text(f"新{text.zh}", f"New {text.en}")

    def of_indicator(indicator: Indicator) -> Indicator:
        rubric = indicator.rubric
        first, *others = indicator.questions
        return replace(
            indicator,
            name=new(indicator.name),
            rubric=replace(rubric, one=new(rubric.one), three=new(rubric.three), five=new(rubric.five)),
            questions=(replace(first, text=new(first.text), rev=first.rev + 1), *others),
        )

    def of_dimension(dimension: Dimension) -> Dimension:
        return replace(dimension, name=new(dimension.name), indicators=tuple(map(of_indicator, dimension.indicators)))

    return replace(catalogue, version="99", dimensions=tuple(map(of_dimension, catalogue.dimensions)))


def renamed(made: Plan) -> Plan:
    people = tuple(replace(each, name="改名", department="", title="总监", appointment=None) for each in made.people)
    engagement = replace(
        made.engagement, name="x", enterprise="新企业", contact="new", consultancy="other", due=date(2027, 1, 1)
    )
    return replace(made, people=people, engagement=engagement)


def translated(made: Plan) -> Plan:
    return replace(made, people=tuple(replace(p, lang="en" if p.lang == "zh" else "zh") for p in made.people))


CHANGES: dict[str, Callable[[Plan], Plan]] = {
    "people and engagement": renamed,
    "language": translated,
    "settings": lambda made: replace(made, settings=Settings(ask_target=False, self_assessment=False)),
    "questions": lambda made: replace(made, assigned=asked(5, 65)),
    "weights": lambda made: replace(made, weights={each.id: 2.0 for each in CATALOGUE.indicators}),
    "catalogue": lambda made: replace(made, catalogue=reworded(made.catalogue)),
}


@dataclass
class Story:
    """An engagement on its way: the plan as it stands, where things lie."""

    folder: Path
    plan: Plan

    @property
    def log(self) -> Path:
        return self.folder / issued.FILE_NAME

    def sent(self, name: str, change: Callable[[Workbook], object] | None = None) -> None:
        """Everyone gets what is to be sent now, and returns all of it answered, with a `change` of their own."""
        for path in generate(self.plan, self.folder / "out", self.log, reissue=True).written:
            who = next(each.respondent for each in reversed(issued.read(self.log)) if each.file == path.name)
            form = Form.of(self.plan, self.plan.by_id[who])
            typed: dict[str, dict[str, str | float]] = {
                q.id: {**dict.fromkeys(form.angles, 4), "evidence": "依据"} for q in form.questions
            }
            data = filled_in(path.read_bytes(), form, typed)
            self.put(f"{name} {who}.xlsx", edited(change, data) if change else data)

    def put(self, name: str, data: bytes) -> None:
        (self.folder / "in").mkdir(exist_ok=True)
        (self.folder / "in" / name).write_bytes(data)

    def told(self) -> list[tuple[str, str, str]]:
        """File, code and text of everything that is held against a person or taken for typed by one."""
        files = read_folder(self.plan, issued.read(self.log), self.folder / "in").files
        assert all(file.status.counted or file.status is Status.SUPERSEDED for file in files)
        found = [(file.name, finding) for file in files for finding in file.findings]
        return [(name, each.code, each.raw) for name, each in found if each.code in SUSPICIONS]


def scribble(workbook: Workbook) -> None:
    sheets = CONTRACT["sheets"]
    (questions,) = (sheet for sheet in workbook if sheet.title in sheets["questions"].values())
    (cover,) = (sheet for sheet in workbook if sheet.title in sheets["cover"].values())
    questions["L1"] = "beside the headers"
    questions["B3"] = "1  over a heading"
    questions["B900"] = "below"
    cover["K60"] = "on the cover"


SCRIBBLED = ["on the cover", "beside the headers", "1  over a heading", "below"]


@pytest.mark.parametrize("change", CHANGES)
def test_only_what_was_typed_is_told_of_the_old_workbook_and_of_the_new(tmp_path: Path, change: str) -> None:
    story = Story(tmp_path, PLAN)
    story.sent("old")
    story.plan = CHANGES[change](PLAN)
    assert story.told() == []
    story.sent("new")
    assert story.told() == []
    again = {"language": 3, "settings": 2, "questions": 3, "catalogue": 3}.get(change, 0)
    assert len(list((tmp_path / "in").iterdir())) == len(PEOPLE) + again


@pytest.mark.parametrize("change", ["people and engagement", "catalogue"])
def test_what_was_typed_is_told_however_the_plan_has_moved_on(tmp_path: Path, change: str) -> None:
    story = Story(tmp_path, PLAN)
    story.sent("old", scribble)
    before = story.told()
    assert sorted(raw for name, _, raw in before if name == "old P1.xlsx") == sorted(SCRIBBLED)
    story.plan = CHANGES[change](PLAN)
    assert story.told() == before


def test_what_is_typed_on_the_pages_of_a_record_is_told_but_what_is_read_of_the_session(tmp_path: Path) -> None:
    story = Story(tmp_path, PLAN)
    story.sent("old")
    written = record(PLAN, tmp_path / "in", tmp_path / "records", story.log).written
    table = CONTRACT["record"]

    def hold(lang: str) -> Callable[[Workbook], None]:
        def change(workbook: Workbook) -> None:
            first, last = (workbook[CONTRACT["sheets"][page][lang]] for page in ("session", "standing"))
            sheet = workbook[CONTRACT["sheets"]["record"][lang]]
            column = next(cell.column for cell in sheet[1] if cell.value == header(lang))
            row = next(row[0].row for row in sheet.iter_rows(min_row=3) if row[0].value in PLAN.assigned["P1"])
            sheet.cell(row, column, 3)
            labels = {cell.value: cell for line in first.iter_rows() for cell in line if cell.value is not None}
            for key, typed in (("interviewer", "周明"), ("day", date(2026, 12, 8)), ("minutes", 45)):
                first.cell(labels[table["session"][key][lang]].row, 6).value = typed
            point = labels[table["points"]["id"].format(number=1)]
            first.cell(point.row, point.column + 1).value = "要看合同"
            first["B80"], first.cell(point.row, 30).value, last["B80"] = "below", "beside a point", "on the last page"

        return change

    def header(lang: str) -> str:
        return str(next(each["header"][lang] for each in table["columns"] if each["role"] == "current"))

    for path, lang in zip(sorted(written), ("zh", "en"), strict=True):
        story.put(f"{lang}.xlsx", edited(lambda workbook: None, path.read_bytes()))
        assert story.told() == []
        story.put(f"{lang}.xlsx", edited(hold(lang), path.read_bytes()))
        told = [raw for name, code, raw in story.told() if name == f"{lang}.xlsx" and code == "ANS_019"]
        assert sorted(told) == ["below", "beside a point", "on the last page"]
        (tmp_path / "in" / f"{lang}.xlsx").unlink()


def test_headings_and_rubrics_of_a_record_are_ours_whatever_the_catalogue_says_now(tmp_path: Path) -> None:
    story = Story(tmp_path, PLAN)
    story.sent("old")

    def agree(workbook: Workbook) -> None:
        sheet = workbook[CONTRACT["sheets"]["record"]["zh"]]
        column = next(cell.column for cell in sheet[1] if cell.value == header)
        for row in sheet.iter_rows(min_row=3):
            if row[0].value in PLAN.assigned["P1"]:
                sheet.cell(row[0].row, column, 3)
        sheet["R900"] = "below"

    header = next(each["header"]["zh"] for each in CONTRACT["record"]["columns"] if each["role"] == "current")
    path = next(p for p in record(PLAN, tmp_path / "in", tmp_path / "records", story.log).written if "P1" in p.name)
    story.put("record.xlsx", edited(agree, path.read_bytes()))
    before = story.told()
    assert [raw for _, _, raw in before] == ["below"]
    story.plan = CHANGES["catalogue"](PLAN)
    assert story.told() == before
