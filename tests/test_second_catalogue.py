"""Another catalogue, and an edited one, through the whole flow: nothing outside the catalogue may know CMM-E."""

import io
import re
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from allowed_functions import EXCEL_2016
from interview_plans import ENGAGEMENT, filled_in, person, plan

from cmme_xl.catalogue import Catalogue, load, workbook
from cmme_xl.catalogue.exporting import export
from cmme_xl.interview.form import Form
from cmme_xl.interview.generation import generate
from cmme_xl.interview.record.generation import record
from cmme_xl.plan import issued
from cmme_xl.plan.checks import check
from cmme_xl.plan.model import Person, Plan
from cmme_xl.plan.read import read_plan
from cmme_xl.plan.write import new_plan
from cmme_xl.results.compute import compute
from cmme_xl.results.export import as_json
from cmme_xl.returned.model import Outcome, Returned, Status
from cmme_xl.returned.read import read_file, read_folder
from cmme_xl.spreadsheet.lint import lint

# words and ids that only CMM-E has
FOREIGN = re.compile(r"CMM-E|cmm-e\b|\bD[1-8]-\d\d\b|完全实施|Fully done|可重复级|Repeatable|中层|Front line")


def people_of(catalogue: Catalogue) -> tuple[Person, ...]:
    """Two people of every tier, one of every group of outsiders."""
    made = []
    for number, group in enumerate(catalogue.groups):
        count = 1 if group.external else 2
        for each in range(count):
            made.append(person(f"P{number}{each}", group.id, "en" if each else "zh", minutes=60))
    return tuple(made)


def sent(made: Plan, folder: Path) -> dict[str, Path]:
    """The workbooks of everyone in the plan."""
    result = generate(made, folder / "out", folder / issued.FILE_NAME)
    assert [f.code for f in result.findings] == []
    return {issue.respondent: folder / "out" / issue.file for issue in issued.read(folder / issued.FILE_NAME)}


def answered(made: Plan, who: str, path: Path, score: float, folder: Path) -> Path:
    """The workbook as its respondent would send it back: the same score everywhere."""
    form = Form.of(made, made.by_id[who])
    typed = {question.id: {form.angles[0]: score} for question in form.questions}
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    target.write_bytes(filled_in(path.read_bytes(), form, typed))
    return target


def texts_of(data: bytes) -> str:
    with ZipFile(io.BytesIO(data)) as archive:
        parts = [name for name in archive.namelist() if name.endswith(".xml") and "theme" not in name]
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in parts)


@pytest.fixture(scope="module")
def system() -> Catalogue:
    return load("cmm-s")


@pytest.fixture(scope="module")
def made(system: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The plan of a made-up assessment of a system, written as a workbook and read back."""
    path = tmp_path_factory.mktemp("plan") / "plan.xlsx"
    new_plan(path, system, "zh", plan=plan(*people_of(system), catalogue=system))
    assert not FOREIGN.search(texts_of(path.read_bytes()))
    reading = read_plan(path, system)
    assert reading.findings == ()
    assert reading.plan is not None
    return reading.plan


def test_it_is_another_kind_of_catalogue(system: Catalogue) -> None:
    shape = {len(dimension.indicators) for dimension in system.dimensions}
    assert (system.scale_max, len(system.levels), len(system.dimensions)) == (4, 4, 5)
    assert len(shape) > 1
    assert {tier.id for tier in system.tiers}.isdisjoint(tier.id for tier in load().tiers)


def test_it_runs_through_the_whole_flow(made: Plan, system: Catalogue, tmp_path: Path) -> None:
    assert {finding.code for finding in check(made)} <= {"PLN_034", "PLN_036"}
    paths = sent(made, tmp_path)
    assert len(paths) == len(made.people)
    for who, path in paths.items():
        assert not FOREIGN.search(texts_of(path.read_bytes())), who
        answered(made, who, path, 4 if made.by_id[who].group == "benchmark" else 2, tmp_path / "returned")
    back = read_folder(made, issued.read(tmp_path / issued.FILE_NAME), tmp_path / "returned")
    assert {file.status for file in back.files} == {Status.ACCEPTED}, [f.findings for f in back.files]
    tiers = [p for p in made.people if not system.group(p.group).external]
    counts = back.tally()
    assert counts["scored"] == sum(len(asked) for asked in made.assigned.values())
    assert counts["blank"] == sum(len(made.assigned[p.id]) for p in tiers)
    results = compute(made, back)
    current, benchmark = (results.chosen.angles[angle].nodes["total"] for angle in ("current", "benchmark"))
    assert (current.score, current.level) == (2.0, 2)
    assert (benchmark.score, benchmark.level) == (4.0, 4)
    assert results.chosen.gaps["benchmark"]["total"].value == pytest.approx(2.0)
    assert not FOREIGN.search(str(as_json(results, "en")["roles"]))


def test_its_records_are_its_own(made: Plan, system: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "returned").mkdir()
    done = record(made, tmp_path / "returned", tmp_path / "records", tmp_path / issued.FILE_NAME)
    assert len(done.written) == sum(not system.group(each.group).external for each in made.people)
    for path in done.written:
        assert not FOREIGN.search(texts_of(path.read_bytes())), path.name
        assert lint(path.read_bytes(), EXCEL_2016) == ()


def test_it_is_consolidated(made: Plan, tmp_path: Path) -> None:
    summary = pytest.importorskip("cmme_xl.summary.consolidation")
    new_plan(tmp_path / "plan.xlsx", made.catalogue, "zh", plan=made)
    for who, path in sent(made, tmp_path).items():
        answered(made, who, path, 3, tmp_path / "returned")
    out = tmp_path / "summary.xlsx"
    done = summary.consolidate(tmp_path / "plan.xlsx", tmp_path / "returned", out, made.catalogue, summary.Choices())
    # what only the computation finds is told as well, such as targets too few to be shown
    computed = [finding.code for finding in done.results.returned.findings]
    assert "RES_003" in computed
    assert set(computed) <= {finding.code for finding in done.findings}
    found = FOREIGN.search(texts_of(out.read_bytes()))
    assert found is None, found


# --- an answer given to an older wording


def reworded(catalogue: Catalogue, question: str, folder: Path) -> Catalogue:
    """The catalogue after a consultant has edited that question in Excel."""
    export(folder / "mine.xlsx", catalogue, "zh")
    work = openpyxl.load_workbook(folder / "mine.xlsx")
    sheet = work[workbook.sheet_name("questions", "zh")]
    at = 2 + [column["role"] for column in workbook.columns("questions", catalogue)].index("text.en")
    row = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 2).value == question)
    sheet.cell(row, at).value = "Would a newcomer find everything about a customer in its record?"
    work.save(folder / "mine.xlsx")
    return load(folder / "mine.xlsx")


def test_an_answer_to_an_older_wording_is_recognised(system: Catalogue, tmp_path: Path) -> None:
    one = person("P1", "users", "zh")
    two = person("P2", "users", "zh")
    old = plan(one, two, catalogue=system)
    paths = sent(old, tmp_path)
    first = old.assigned["P1"][0]
    answered(old, "P1", paths["P1"], 3, tmp_path / "returned")

    now = reworded(system, first, tmp_path)
    assert now.questions[first].rev == system.questions[first].rev + 1
    new = replace(old, catalogue=now)
    again = generate(new, tmp_path / "out", tmp_path / issued.FILE_NAME, reissue=True)
    assert len(again.written) == 2
    issues = issued.read(tmp_path / issued.FILE_NAME)
    asked = {each.id: each for each in issued.latest(issues)["P2"].questions}
    assert asked[first].rev == now.questions[first].rev
    answered(new, "P2", again.written[1], 2, tmp_path / "returned")

    back = read_folder(new, issues, tmp_path / "returned")
    assert outcomes(back, first) == {"P1": Outcome.REJECTED, "P2": Outcome.SCORED}
    assert outcomes(back, old.assigned["P1"][1]) == {"P1": Outcome.SCORED, "P2": Outcome.SCORED}
    older = next(file for file in back.files if file.respondent == "P1")
    assert {"ANS_021", "IDN_011"} <= {finding.code for finding in older.findings}
    assert "ANS_021" not in {f.code for file in back.files if file.respondent == "P2" for f in file.findings}


def outcomes(back: Returned, question: str) -> dict[str, Outcome]:
    return {a.respondent: a.outcome for a in back.answers if a.question == question and a.angle == "current"}


def test_a_plan_for_another_catalogue_names_the_way_out(system: Catalogue, tmp_path: Path) -> None:
    new_plan(tmp_path / "plan.xlsx", system, "en")
    (finding,) = read_plan(tmp_path / "plan.xlsx", load()).findings
    assert finding.code == "PLN_008"
    assert all("--catalogue" in finding.fix(lang) for lang in ("zh", "en"))


# --- customers


def test_customers_are_asked_what_they_can_judge_and_change_no_score(tmp_path: Path) -> None:
    catalogue = load()
    group = catalogue.group("customer")
    asked = [question.id for question in catalogue.asked_of("customer")]
    assert set(asked) == set(group.questions)
    assert 20 <= len(asked) <= 25
    made = plan(person("P1", "senior"), person("C1", "customer", "en", minutes=15), catalogue=catalogue)
    assert not {"PLN_031", "PLN_032"} & {f.code for f in check(made) if str(f.values.get("person")).startswith("C1")}
    paths = sent(made, tmp_path)
    form = Form.of(made, made.by_id["C1"])
    assert (form.angles, form.external, form.anonymous, form.target) == (("customer",), True, False, None)
    words = texts_of(paths["C1"].read_bytes())
    assert ENGAGEMENT.enterprise in words  # they judge it, and are told so
    assert form.words("cover.name_customer") in words
    for who, score in (("P1", 2), ("C1", 5)):
        answered(made, who, paths[who], score, tmp_path / "returned")
    back = read_folder(made, issued.read(tmp_path / issued.FILE_NAME), tmp_path / "returned")
    given = [answer for answer in back.answers if answer.respondent == "C1"]
    assert {(answer.angle, answer.score) for answer in given} == {("customer", 5.0)}
    results = compute(made, back)
    assert results.chosen.angles["current"].nodes["total"].score == 2.0
    assert "customer" not in results.chosen.angles
    file, answers = read_file(paths["C1"], catalogue)
    assert file.status is Status.ACCEPTED
    assert {answer.angle for answer in answers} == {"customer"}
