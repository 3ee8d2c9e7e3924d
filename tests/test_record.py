"""The interviewer's record as a workbook: sound, filled from what was answered, and right while it is filled in."""

import io
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from allowed_functions import EXCEL_2016, used
from interview_plans import CATALOGUE, filled_in, person, plan, row_of, shortened
from lanes import Office, audit, validate
from openpyxl.workbook import Workbook
from recalculation import compare

from cmme_xl import scoring
from cmme_xl.catalogue import ROOT
from cmme_xl.interview import workbook
from cmme_xl.interview.draft import EMPTY, Doubt, Draft
from cmme_xl.interview.record.form import RecordForm
from cmme_xl.interview.record.reckoning import FIELDS, SHEET
from cmme_xl.interview.record.workbook import render
from cmme_xl.plan.model import Plan, Settings
from cmme_xl.scoring import Kind, Ladder, Node, Rules, Scale, Vote
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.spreadsheet.measure import height
from cmme_xl.templates import template

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

ISSUE = "0123456789abcdef"
HOSTILE = [
    "=1+1",
    "<r><t>x</t></r>",
    "+cmd|' /C calc'!A0",
    "a\x07b\u202ec\ud800",
    "@SUM(A1)",
    "https://example.com",
    "-",
]
PLANS: dict[str, Plan] = {
    "zh": plan(person("P1")),
    "en": plan(person("P2", "senior", "en")),
    "zh_plain": plan(person("P3", "front"), settings=Settings(ask_target=False)),
    "en_nothing": plan(person("P4", lang="en", appointment=None, interviewer="")),
    "zh_hostile": shortened(plan(person("P5", name="=HYPERLINK(1)", interviewer="=2+2")), 20),
    "one_question": shortened(plan(person("P6")), 1),
}
every = pytest.mark.parametrize("name", PLANS)


def own(form: RecordForm, texts: list[str]) -> Draft:
    """Answers in turn: scores, N/A, don't know, blank, one that contradicts itself; evidence for every other one."""
    turn: list[float | str | None] = [4.0, 2.0, form.scale["na"], 5.0, None, form.scale["dk"], 3.0, 1.0, 0.0]
    given = {question.id: turn[number % len(turn)] for number, question in enumerate(form.questions)}
    doubts = tuple(Doubt(q.id, "current", "4 | 2", "") for q in form.questions[8::9])
    answers: dict[tuple[str, str], float | str] = {
        (id_, "current"): value
        for id_, value in given.items()
        if value is not None and id_ not in {doubt.question for doubt in doubts}
    }
    answers |= {(question.id, "target"): 5.0 for question in form.questions[::2] if form.target is not None}
    wrote = {question.id: texts[number % len(texts)] for number, question in enumerate(form.questions[::2])}
    return Draft(answers, wrote, {question.id: texts[0] for question in form.questions[::5]}, doubts)


def form_of(name: str) -> RecordForm:
    form = RecordForm.for_person(PLANS[name], PLANS[name].people[0])
    if name == "en_nothing":
        return form
    texts = HOSTILE if name == "zh_hostile" else ["回访规定第三版", "82% called back"]
    return replace(form, own=own(form, texts), answered=True)


@cache
def made(name: str) -> bytes:
    form = form_of(name)
    return render(form, workbook.texts(form, PLANS[name].people[0], ISSUE))


@cache
def opened(name: str) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(made(name)))


# --- sound


@every
def test_nothing_is_wrong_with_the_file(name: str) -> None:
    assert lint(made(name), EXCEL_2016) == ()


@every
def test_every_function_is_one_of_excel_2016(name: str) -> None:
    assert used(opened(name)) - EXCEL_2016 == set()


@pytest.mark.parametrize("name", ["zh", "en_nothing", "zh_hostile"])
def test_openxml_audit_finds_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.xlsx"
    path.write_bytes(made(name))
    assert audit([path]) == {path: []}


@pytest.mark.lane("validator")
def test_the_open_xml_sdk_finds_nothing(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.xlsx" for name in PLANS]
    for path in paths:
        path.write_bytes(made(path.stem))
    assert validate(paths) == {path: [] for path in paths}


@pytest.mark.lane("libreoffice")
def test_every_cached_value_is_what_a_recalculation_gives(soffice: Office, tmp_path: Path) -> None:
    written = [tmp_path / f"{name}.xlsx" for name in PLANS]
    for path in written:
        path.write_bytes(made(path.stem))
    compared = [(path, compare(path, again)) for path, again in soffice.recalculated(written).items()]
    assert sum(comparison.formulas for _, comparison in compared) > 5_000
    for path, comparison in compared:
        assert comparison.wrong == {}, path.name


def test_the_same_form_gives_the_same_bytes() -> None:
    form = form_of("zh")
    texts = workbook.texts(form, PLANS["zh"].people[0], ISSUE)
    assert render(form, texts) == render(form, texts) == made("zh")


def test_a_form_without_questions_is_refused() -> None:
    form = RecordForm.for_person(shortened(plan(person("P1")), 0), person("P1"))
    with pytest.raises(ValueError, match="without questions"):
        render(form, {})


# --- what stands where


@every
def test_headers_are_those_of_the_template(name: str) -> None:
    form = form_of(name)
    wanted = [column["header"][form.lang] for column in template("interview")["record"]["columns"]]
    kept = [head for head in wanted if "target" in form.angles or head not in (wanted[3], wanted[6])]
    assert [cell.value for cell in opened(name)[form.words.sheet("record")][1]] == kept


@every
def test_only_what_is_agreed_can_be_typed_and_all_of_it_is_empty(name: str) -> None:
    form, sheet = form_of(name), opened(name)[form_of(name).words.sheet("record")]
    unlocked = [cell for row in sheet.iter_rows() for cell in row if not cell.protection.locked]
    columns = {form.column(role) + 1 for role in (*form.angles, "proof", "evidence", "comment")}
    rows = {row_of(form, question.id) for question in form.questions}
    assert {(cell.row, cell.column) for cell in unlocked} == {(row, column) for row in rows for column in columns}
    assert {cell.value for cell in unlocked} == {None}
    assert all(sheet.protection.sheet for sheet in opened(name).worksheets if sheet.sheet_state == "visible")


@every
def test_own_answers_stand_beside(name: str) -> None:
    form, sheet = form_of(name), opened(name)[form_of(name).words.sheet("record")]
    for question in form.questions:
        row = row_of(form, question.id)
        assert sheet.cell(row, 1).value == question.id
        assert str(sheet.cell(row, 2).value).startswith(question.text.in_(form.lang))
        assert question.next.in_(form.lang) in str(sheet.cell(row, 2).value)
        shown = sheet.cell(row, form.column("own") + 1).value
        assert shown == ("4 | 2" if form.is_doubtful(question.id, "current") else form.said(question.id, "current"))


@every
def test_every_indicator_has_its_rubric(name: str) -> None:
    form, sheet = form_of(name), opened(name)[form_of(name).words.sheet("record")]
    for dimension in form.dimensions:
        for indicator in form.indicators(dimension):
            shown = str(sheet.cell(form.rubric_row(indicator) + 1, 2).value)
            rubric = [
                text.in_(form.lang) for text in (indicator.rubric.one, indicator.rubric.three, indicator.rubric.five)
            ]
            assert [line.partition("  ")[2] for line in shown.splitlines()] == rubric


@every
def test_every_question_fits_its_row(name: str) -> None:
    form, sheet = form_of(name), opened(name)[form_of(name).words.sheet("record")]
    for question in form.questions:
        row = row_of(form, question.id)
        text = str(sheet.cell(row, 2).value)
        first, _, hints = text.partition("\n")
        px = form.columns[1].width - 9
        needed = height(first, px, padding=4) + height(hints, px, 8, padding=4)
        assert (sheet.row_dimensions[row].height or 0) * 4 / 3 >= needed - 1


def test_what_stands_against_itself_is_red_and_what_has_no_evidence_says_so() -> None:
    form, sheet = form_of("zh"), opened("zh")[form_of("zh").words.sheet("record")]
    doubtful = row_of(form, form.own.doubts[0].question)
    assert sheet.cell(doubtful, form.column("own") + 1).font.color.rgb.endswith("B8432F")
    unproven = form.words("record.unproven")
    shown = {
        q.id: unproven in str(sheet.cell(row_of(form, q.id), form.column("own_evidence") + 1).value)
        for q in form.questions
    }
    high = {q.id: form.said(q.id, "current") in (4.0, 5.0) and q.id not in form.own.evidence for q in form.questions}
    assert shown == high
    assert any(high.values())


def test_hostile_text_stays_text() -> None:
    form = form_of("zh_hostile")
    book = opened("zh_hostile")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    texts = [str(cell.value) for cell in cells if cell.data_type == "s"]
    assert sum("=1+1" in text for text in texts) > 1
    assert any("=HYPERLINK(1)" in text for text in texts)
    assert "=2+2" in texts
    for cell in cells:
        assert cell.hyperlink is None
        if cell.data_type == "f":
            assert not any(text in str(cell.value) for text in HOSTILE if len(text) > 1)
    assert form.own.evidence


# --- right while it is filled in


def agreed(form: RecordForm) -> dict[str, dict[str, str | float]]:
    """Two of three questions agreed, in turn, every other one with its evidence."""
    turn: list[str | float] = [3, 5, form.scale["na"], 0, form.scale["dk"], 4, "about 4", 2.5]
    proofs = [word[form.lang] for word in template("interview")["record"]["proof"].values()]
    given: dict[str, dict[str, str | float]] = {}
    for number, question in enumerate(form.questions):
        if number % 3 == 2:
            continue
        given[question.id] = {"current": turn[number % len(turn)]}
        if number % 2:
            given[question.id] |= {"proof": proofs[number % 3], "evidence": "handbook"}
        if form.target is not None and number % 4 == 0:
            given[question.id]["target"] = 4
    return given


def expected(form: RecordForm, given: Mapping[str, Mapping[str, str | float]]) -> dict[str, dict[str, scoring.Result]]:
    """By field: the results of a tree of this one person's votes, agreed ones first (scoring.md rules 3, 4, 6)."""

    def vote(question: str, angle: str, settled: bool) -> Vote:
        own = None if form.is_doubtful(question, angle) else form.said(question, angle)
        value = given.get(question, {}).get(angle, own) if settled else own
        if isinstance(value, int | float):
            return Vote(Kind.SCORED, float(value))
        kinds = {form.scale["na"]: Kind.NA, form.scale["dk"]: Kind.DK, None: Kind.BLANK}
        return Vote(kinds.get(value, Kind.OPEN))

    def tree(angle: str, settled: bool) -> Node:
        return Node(
            ROOT,
            children=tuple(
                Node(
                    dimension.id,
                    form.weights[dimension.id],
                    tuple(
                        Node(
                            indicator.id,
                            form.weights[indicator.id],
                            tuple(
                                Node(q.id, form.weights[q.id], votes=(vote(q.id, angle, settled),))
                                for q in form.asked[indicator.id]
                            ),
                        )
                        for indicator in form.indicators(dimension)
                    ),
                )
                for dimension in form.dimensions
            ),
        )

    rules = Rules(Scale(0, 5), Ladder(tuple(level.threshold for level in CATALOGUE.levels)))
    trees = {"own": ("current", False), "score": ("current", True), "target": ("target", True)}
    return {field: scoring.score_tree(tree(*which), rules) for field, which in trees.items()}


@pytest.mark.lane("libreoffice")
def test_the_running_figures_are_right(soffice: Office, tmp_path: Path) -> None:
    forms = {name: form_of(name) for name in ("zh", "en", "zh_plain", "en_nothing")}
    given = {name: agreed(form) for name, form in forms.items()}
    paths = {name: tmp_path / f"{name}.xlsx" for name in forms}
    for name, path in paths.items():
        path.write_bytes(filled_in(made(name), forms[name], given[name]))
    done = soffice.recalculated(paths.values())
    for name, path in paths.items():
        book = openpyxl.load_workbook(done[path], data_only=True)
        _check(forms[name], given[name], book)


def _check(form: RecordForm, given: Mapping[str, Mapping[str, str | float]], book: Workbook) -> None:
    results = expected(form, given)
    rows = {row[0].value: [cell.value for cell in row] for row in book[SHEET].iter_rows() if row[0].value != "id"}
    for node, cells in rows.items():
        for field, found in results.items():
            assert_figure(cells[FIELDS.index(field)], found[str(node)].score)
        assert_figure(cells[FIELDS.index("coverage")], results["score"][str(node)].coverage)
    total = results["score"][ROOT]
    assert total.score is not None
    assert total.level is not None
    title = book[form.words.sheet("standing")]["B4"].value
    assert title == form.words(
        "record.total",
        score=f"{scoring.round_half_away(total.score):.2f}",
        level=total.level,
        name=CATALOGUE.levels[total.level - 1].name.in_(form.lang),
        coverage=f"{scoring.round_half_away((total.coverage or 0) * 100, 0):.0f}%",
    )
    shown = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value}
    assert form.words("record.count", done=len(given), total=len(form.questions)) in shown
    first = next(row_of(form, question.id) for question in form.questions if question.id not in given)
    assert form.words("record.next", row=first) in shown


def assert_figure(found: object, wanted: float | None) -> None:
    if wanted is None:
        assert found in (None, "")
    else:
        assert found == pytest.approx(wanted, abs=1e-9)


def test_a_record_that_nothing_was_answered_for_is_whole() -> None:
    form = form_of("en_nothing")
    assert form.own == EMPTY
    title = opened("en_nothing")[form.words.sheet("session")]["B4"].value
    assert title == form.words("session.title", respondent="Person P4 · Marketing · Manager")
