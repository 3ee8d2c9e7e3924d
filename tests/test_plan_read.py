"""Reading a plan workbook: round trips, what people do to workbooks, every fault with its place."""

import shutil
import warnings
from dataclasses import replace
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from plan_samples import SHARES, people, sample, sample_choices, small_catalogue

from cmme_xl.findings import Severity, worst
from cmme_xl.plan.assignment import Mark
from cmme_xl.plan.checks import check
from cmme_xl.plan.entries import safe
from cmme_xl.plan.layout import Layout
from cmme_xl.plan.model import Settings, Unread
from cmme_xl.plan.read import read_plan
from cmme_xl.plan.write import new_plan

CATALOGUE = small_catalogue()
LAYOUT = Layout(CATALOGUE, "zh", 26)
PARTS = ("engagement", "settings", "people", "assigned", "weights", "dropped", "given")
D1 = CATALOGUE.dimensions[0]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("plan") / "plan.xlsx"
    new_plan(path, CATALOGUE, "zh", sample(CATALOGUE), people_slots=16, choices=sample_choices(CATALOGUE))
    return path


@pytest.fixture
def edited(written, tmp_path):
    """Applies a change to a copy of the workbook and reads it."""

    def edit(change):
        path = tmp_path / "edited.xlsx"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(written)
        change(book)
        book.save(path)
        return read_plan(path, CATALOGUE)

    return edit


def cell(block, row, role):
    """A cell's address from the layout's counting from 0."""
    return get_column_letter(block.columns[role] + 1) + str(row + 1)


def found(reading):
    return {(finding.code, finding.place.sheet, finding.place.cell) for finding in reading.findings}


def same(plan, other):
    return [part for part in PARTS if getattr(plan, part) != getattr(other, part)]


# --- round trips


def test_what_is_written_is_read(written):
    reading = read_plan(written, CATALOGUE)
    assert reading.findings == ()
    assert same(reading.plan, sample(CATALOGUE)) == []
    assert reading.choices == sample_choices(CATALOGUE)
    assert reading.lang == "zh"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_other_settings_are_read(lang, tmp_path):
    settings = Settings(
        scope="key", voice="tier", combine="median", importance="target", form="short", audience="consultant",
        gates=True, ask_target=False, self_assessment=True, prefer_newest=True, askers_min=3, tier_shares=SHARES,
    )  # fmt: skip
    plan = sample(CATALOGUE, settings)
    path = tmp_path / "plan.xlsx"
    new_plan(path, CATALOGUE, lang, plan, people_slots=1)
    reading = read_plan(path, CATALOGUE)
    assert reading.findings == ()
    assert same(reading.plan, plan) == []
    assert reading.lang == lang


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_plan_lacks_only_its_required_entries(lang, tmp_path):
    path = tmp_path / "plan.xlsx"
    new_plan(path, CATALOGUE, lang, people_slots=3)
    reading = read_plan(path, CATALOGUE)
    assert [finding.code for finding in reading.findings] == ["PLN_016"] * 4
    assert reading.plan is not None
    assert reading.plan.people == ()
    assert reading.plan.settings == Settings(askers_min=CATALOGUE.limits.askers_min)
    assert reading.plan.engagement.lang == lang
    assert reading.plan.weights == {}


def test_a_plan_read_can_be_written_again(written, tmp_path):
    reading = read_plan(written, CATALOGUE)
    path = tmp_path / "again.xlsx"
    new_plan(path, CATALOGUE, "en", reading.plan, choices=reading.choices)
    again = read_plan(path, CATALOGUE)
    assert same(again.plan, reading.plan) == []
    assert again.choices == reading.choices


# --- what people do to workbooks


def test_words_of_the_other_language_are_understood(edited):
    def change(book):
        rows = LAYOUT.engagement_rows
        book["项目"][cell(LAYOUT.engagement, rows["voice"], "value")] = "by TIER (shares)"
        book["项目"][cell(LAYOUT.engagement, rows["form"], "value")] = "short"
        book["人员"][cell(LAYOUT.people, LAYOUT.people.first, "group")] = "Front line"
        book["权重"][cell(LAYOUT.weights, LAYOUT.weight_row[D1.id], "scope")] = "No"

    reading = edited(change)
    assert reading.findings == ()
    assert (reading.plan.settings.voice, reading.plan.settings.form) == ("tier", "short")
    assert reading.plan.by_id["P01"].group == "front"
    assert D1.id in reading.plan.dropped


def test_columns_are_found_by_their_headers_and_rows_by_their_ids(edited):
    def change(book):
        book["权重"].insert_cols(2, 2)
        book["权重"].insert_rows(8, 3)
        book["问题"].insert_rows(3)
        book["目标与标杆"].insert_cols(1)

    reading = edited(change)
    assert reading.findings == ()
    assert same(reading.plan, sample(CATALOGUE)) == []


def test_a_renamed_sheet_is_found_by_its_headers(edited):
    def change(book):
        book["人员"].title = "名单"
        book["目标与标杆"].title = "Zahlen"

    reading = edited(change)
    assert reading.findings == ()
    assert len(reading.plan.people) == len(people())
    assert len(reading.plan.given) == 3


def test_marks_follow_the_person_whose_row_the_header_refers_to(edited):
    def change(book):
        sheet, block = book["分配"], LAYOUT.assignment
        head = sheet.cell(block.header + 1, LAYOUT.person_column(0) + 1)
        head.value = head.value.replace(f"${LAYOUT.people.first + 1}", f"${LAYOUT.people.first + 2}")

    reading = edited(change)
    assert "P01" not in reading.choices.marks
    assert reading.choices.marks["P02"] == sample_choices(CATALOGUE).marks["P01"]


def test_marks_under_a_typed_id_are_that_persons(edited):
    def change(book):
        book["分配"].cell(LAYOUT.assignment.header + 1, LAYOUT.person_column(0) + 1).value = "P04"

    assert edited(change).choices.marks["P04"] == sample_choices(CATALOGUE).marks["P01"]


def test_a_hyphen_is_taken_for_the_dash(edited):
    def change(book):
        book["分配"].cell(LAYOUT.assignment_row[D1.id] + 1, LAYOUT.person_column(1) + 1).value = "-"

    reading = edited(change)
    assert reading.findings == ()
    assert reading.choices.marks["P02"] == {D1.id: Mark.NONE}


def test_live_columns_are_not_trusted(edited):
    def change(book):
        book["人员"][cell(LAYOUT.people, LAYOUT.people.first, "asked")] = 999
        book["问题"][cell(LAYOUT.questions, LAYOUT.questions.first, "used")] = "no"
        book["权重"][cell(LAYOUT.weights, LAYOUT.weights.first + 1, "catalogue")] = 5

    assert same(edited(change).plan, sample(CATALOGUE)) == []


def test_a_stray_cell_far_away_costs_nothing(edited):
    def change(book):
        book["人员"]["XFD1048576"] = "x"

    assert edited(change).findings == ()


def test_numbers_are_read_as_they_are_typed(edited):
    first, engagement = LAYOUT.people.first, LAYOUT.engagement

    def change(book):
        people, weights = book["人员"], book["权重"]
        people[cell(LAYOUT.people, first, "weight")] = 0.07
        people[cell(LAYOUT.people, first, "weight")].number_format = "0%"
        people[cell(LAYOUT.people, first, "id")] = 101
        people[cell(LAYOUT.people, first, "title")] = 2.50
        people[cell(LAYOUT.people, first, "department")] = 0.5
        people[cell(LAYOUT.people, first, "department")].number_format = "0.0%"
        people[cell(LAYOUT.people, first, "appointment")] = datetime(2026, 3, 16, 9, 30)
        weights[cell(LAYOUT.weights, LAYOUT.weight_row[D1.id], "weight")] = 1 / 3
        book["项目"][cell(engagement, LAYOUT.engagement_rows["due"], "value")] = date(2026, 3, 9)

    reading = edited(change)
    assert reading.findings == ()
    person = reading.plan.by_id["101"]
    assert (person.weight, person.title, person.department) == (0.07, "2.5", "50%")
    assert person.appointment == datetime(2026, 3, 16, 9, 30)
    assert reading.plan.weights[D1.id] == 1 / 3
    assert reading.plan.engagement.due == date(2026, 3, 9)


# --- faults


def test_every_fault_is_found_at_its_cell_and_reading_goes_on(edited):
    engagement, persons, weights = LAYOUT.engagement, LAYOUT.people, LAYOUT.weights
    questions, assignment, figures = LAYOUT.questions, LAYOUT.assignment, LAYOUT.figures
    rows, first = LAYOUT.engagement_rows, persons.first
    spare = first + len(people())
    indicator = D1.indicators[0].id
    faults = [
        ("项目", cell(engagement, rows["id"], "value"), "a/b", "PLN_017"),
        ("项目", cell(engagement, rows["name"], "value"), None, "PLN_016"),
        ("项目", cell(engagement, rows["enterprise"], "value"), "=A1", "PLN_011"),
        ("项目", cell(engagement, rows["starts"], "value"), "2026-03-02", "PLN_014"),
        ("项目", cell(engagement, rows["scope"], "value"), "some", "PLN_015"),
        ("项目", cell(engagement, rows["askers_min"], "value"), 0, "PLN_013"),
        ("项目", cell(engagement, rows["share:senior"], "value"), "half", "PLN_012"),
        ("项目", cell(engagement, rows["industry"], "value"), "#REF!", "PLN_025"),
        ("人员", cell(persons, first + 1, "id"), "p01", "PLN_018"),
        ("人员", cell(persons, first + 2, "name"), None, "PLN_016"),
        ("人员", cell(persons, first + 3, "group"), None, "PLN_016"),
        ("人员", cell(persons, first + 4, "group"), "board", "PLN_015"),
        ("人员", cell(persons, first + 5, "lang"), "法文", "PLN_015"),
        ("人员", cell(persons, first + 6, "weight"), -1, "PLN_013"),
        ("人员", cell(persons, first + 7, "weight"), "two", "PLN_012"),
        ("人员", cell(persons, first + 8, "appointment"), "3月16日", "PLN_014"),
        ("人员", cell(persons, first + 9, "minutes"), "=60+30", "PLN_011"),
        ("人员", cell(persons, first + 10, "minutes"), True, "PLN_012"),
        ("人员", cell(persons, first + 11, "id"), "con", "PLN_017"),
        ("人员", cell(persons, first + 12, "appointment"), time(9, 30), "PLN_014"),
        ("权重", cell(weights, LAYOUT.weight_row[D1.id], "id"), "D99", "PLN_019"),
        ("权重", cell(weights, LAYOUT.weight_row[D1.indicators[1].id], "weight"), None, "PLN_024"),
        ("权重", cell(weights, LAYOUT.weight_row[D1.indicators[2].id], "weight"), "=1+1", "PLN_011"),
        ("权重", cell(weights, LAYOUT.weight_row[D1.indicators[3].id], "scope"), "maybe", "PLN_015"),
        ("问题", cell(questions, questions.first, "group:senior"), "x", "PLN_022"),
        ("问题", cell(questions, questions.first + 1, "id"), D1.indicators[0].questions[0].id, "PLN_020"),
        (
            "分配",
            f"{get_column_letter(LAYOUT.person_column(2) + 1)}{LAYOUT.assignment_row[indicator] + 1}",
            "yes",
            "PLN_022",
        ),
        ("目标与标杆", cell(figures, figures.first, "node"), "D1-99", "PLN_019"),
        ("目标与标杆", cell(figures, figures.first + 1, "value"), 5.5, "PLN_026"),
        ("目标与标杆", cell(figures, figures.first + 2, "angle"), "现状", "PLN_015"),
        ("目标与标杆", cell(figures, figures.first + 2, "year"), 2024.5, "PLN_027"),
    ]
    beside = {
        # a mark in the column of a slot without a person is reported at the column's head
        ("PLN_023", "分配", f"{get_column_letter(LAYOUT.person_column(20) + 1)}{assignment.header + 1}"),
        # a row with entries and without an id; that its group is empty too is told at the first such row
        ("PLN_016", "人员", cell(persons, spare, "id")),
        # the rows whose ids were overwritten
        ("PLN_021", "权重", ""),
        ("PLN_021", "问题", ""),
    }

    def change(book):
        for sheet, address, value, _ in faults:
            book[sheet][address] = value
        book["人员"][cell(persons, spare, "name")] = "无号"
        book["分配"].cell(assignment.first + 1, LAYOUT.person_column(20) + 1).value = "●"

    reading = edited(change)
    assert found(reading) == {(code, sheet, address) for sheet, address, _, code in faults} | beside
    assert worst(reading.findings) is Severity.ERROR
    assert {finding.place.file for finding in reading.findings} == {"edited.xlsx"}
    for finding in reading.findings:
        assert all(finding.reason(lang) and finding.fix(lang) for lang in ("zh", "en"))
    assert reading.plan.engagement.enterprise == ""
    assert reading.plan.given == ()
    left_out = {people()[number].id for number in (1, 3, 4, 11)}
    assert set(reading.plan.by_id) == {person.id for person in people()} - left_out | {"con"}


def test_an_id_is_found_twice_whatever_else_is_wrong_in_the_rows(edited):
    persons = LAYOUT.people
    second, third = persons.first + 1, persons.first + 2

    def change(book):
        book["人员"][cell(persons, second, "group")] = "board"
        book["人员"][cell(persons, third, "id")] = "p02"
        book["人员"][cell(persons, third, "group")] = CATALOGUE.group("competitor").name.zh

    reading = edited(change)
    assert found(reading) == {
        ("PLN_015", "人员", cell(persons, second, "group")),
        ("PLN_018", "人员", cell(persons, third, "id")),
    }
    assert reading.unread == Unread(("", "competitor"))
    assert {finding.code for finding in check(reading.plan, reading.places, reading.unread)} == {"PLN_031"}


def test_rows_without_weights_and_missing_rows_are_one_finding_each(edited):
    weights = LAYOUT.weights
    rows = [LAYOUT.weight_row[indicator.id] for indicator in D1.indicators]

    def change(book):
        for row in rows[:2]:
            book["权重"][cell(weights, row, "weight")] = None
        for row in rows[2:]:
            book["权重"][cell(weights, row, "id")] = None

    reading = edited(change)
    assert [finding.code for finding in reading.findings] == ["PLN_021", "PLN_024"]
    gone, empty = reading.findings
    assert gone.values["listed"] == ", ".join(indicator.id for indicator in D1.indicators[2:])
    assert (empty.place.cell, empty.values["count"]) == (cell(weights, rows[0], "weight"), 2)


def test_what_is_empty_or_no_mark_in_many_cells_is_one_finding_that_lists_them(edited):
    persons, questions = LAYOUT.people, LAYOUT.questions
    unnamed = [cell(persons, persons.first + number, "name") for number in (1, 4, 6)]
    marked = [cell(questions, questions.first, "group:senior"), cell(questions, questions.first + 3, "group:front")]
    odd = dict(zip(marked, ("x", "1"), strict=True))

    def change(book):
        for address in unnamed:
            book["人员"][address] = None
        for address, typed in odd.items():
            book["问题"][address] = typed

    reading = edited(change)
    assert found(reading) == {("PLN_016", "人员", unnamed[0]), ("PLN_022", "问题", next(iter(odd)))}
    empty, marks = reading.findings
    assert empty.values["count"] == 3
    assert ", ".join(unnamed) in empty.reason("en")
    assert ", ".join(f"{address} ({typed})" for address, typed in odd.items()) in marks.reason("zh")


def test_a_competitors_figure_in_a_faulty_row_wants_a_name(edited):
    figures, rows = LAYOUT.figures, LAYOUT.engagement_rows

    def change(book):
        book["目标与标杆"][cell(figures, figures.first + 2, "value")] = 9
        book["项目"][cell(LAYOUT.engagement, rows["competitor"], "value")] = None
        for row in range(persons.first, persons.first + len(people())):
            if book["人员"][cell(persons, row, "group")].value == CATALOGUE.group("competitor").name.zh:
                book["人员"][cell(persons, row, "group")] = CATALOGUE.group("benchmark").name.zh

    persons = LAYOUT.people
    reading = edited(change)
    assert [finding.code for finding in reading.findings] == ["PLN_026"]
    assert reading.unread == Unread(angles=("competitor",))
    assert "PLN_037" in {finding.code for finding in check(reading.plan, reading.places, reading.unread)}


def test_a_figure_given_twice(edited):
    def change(book):
        sheet, block = book["目标与标杆"], LAYOUT.figures
        for role in ("angle", "node", "value"):
            sheet[cell(block, block.first + 5, role)] = sheet[cell(block, block.first, role)].value

    reading = edited(change)
    assert found(reading) == {("PLN_029", "目标与标杆", cell(LAYOUT.figures, LAYOUT.figures.first + 5, "node"))}
    assert len(reading.plan.given) == 3


def test_a_missing_sheet_column_and_label(edited):
    def change(book):
        del book["问题"]
        book["权重"][cell(LAYOUT.weights, LAYOUT.weights.header, "weight")] = "Gewicht"
        row = LAYOUT.engagement_rows["voice"]
        book["项目"][cell(LAYOUT.engagement, row, "label")] = "?"

    reading = edited(change)
    assert found(reading) == {("PLN_009", "", ""), ("PLN_010", "权重", ""), ("PLN_028", "项目", "")}
    assert reading.plan.settings.voice == "person"
    assert len(reading.plan.people) == len(people())


def test_places_name_the_cells_of_what_was_read(written):
    places = read_plan(written, CATALOGUE).places
    person = places["person", "P02", "minutes"]
    assert (person.file, person.sheet) == ("plan.xlsx", "人员")
    assert person.cell == cell(LAYOUT.people, LAYOUT.people.first + 1, "minutes")
    assert places["figure", "1", "source"].cell == cell(LAYOUT.figures, LAYOUT.figures.first + 1, "source")
    assert places["asked", D1.indicators[0].id].sheet == "分配"
    assert places["engagement", "due"].sheet == places["share", "front"].sheet == "项目"


# --- files that are no plans


def refusal(path):
    reading = read_plan(path, CATALOGUE)
    assert reading.plan is None
    return [finding.code for finding in reading.findings]


def test_another_catalogue_is_refused(written):
    reading = read_plan(written, replace(CATALOGUE, version="2.0"))
    assert reading.plan is None
    assert [finding.code for finding in reading.findings] == ["PLN_008"]
    assert "plan new" in reading.findings[0].fix("zh")


def test_another_workbook_is_refused(tmp_path):
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    assert refusal(path) == ["PLN_006"]


def test_a_later_format_is_refused(written, tmp_path):
    def change(book):
        book["_plan"]["B1"] = "99"

    path = tmp_path / "later.xlsx"
    shutil.copy(written, path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    assert refusal(path) == ["PLN_007"]


@pytest.mark.parametrize("word", ["P01", "a", "HC-2026_1", "9"])
def test_safe_ids(word):
    assert safe(word)


@pytest.mark.parametrize("word", ["", "-a", "a b", "a.", "..", "a/b", "人", "COM1", "nul", "x" * 33, "a\n"])
def test_unsafe_ids(word):
    assert not safe(word)
