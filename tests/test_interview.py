"""The interview workbook: what stands where, what may be typed, what nobody may learn, and figures that are right."""

import io
import re
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from allowed_functions import EXCEL_2016, used
from interview_plans import CATALOGUE, ENGAGEMENT, filled_in, person, plan, row_of, shortened
from lanes import Office, audit, validate
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from recalculation import compare

from cmme_xl import scoring
from cmme_xl.interview import workbook
from cmme_xl.interview.cover import GREETING_POINTS
from cmme_xl.interview.form import Form, names_client
from cmme_xl.interview.questionnaire import rows
from cmme_xl.interview.wording import Wording
from cmme_xl.plan.model import Plan, Settings
from cmme_xl.returned.pages import brought_back, knows
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.spreadsheet.measure import height, lines
from cmme_xl.spreadsheet.page import CELL_PX
from cmme_xl.templates import template

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

TEMPLATE = template("interview")
NO_TARGET, SELF = Settings(ask_target=False), Settings(self_assessment=True)
PLANS: dict[str, Plan] = {
    "zh_target": plan(person("P1", "senior")),
    "en_target": plan(person("P2", "front", "en")),
    "zh_plain": plan(person("P3"), settings=NO_TARGET),
    "en_plain": plan(person("P4", lang="en"), settings=NO_TARGET),
    "zh_benchmark": plan(person("B1", "benchmark", department="")),
    "en_competitor": plan(person("C1", "competitor", "en", department="")),
    "zh_self": plan(person("P5"), settings=SELF),
    "en_self_plain": plan(person("P6", lang="en"), settings=Settings(ask_target=False, self_assessment=True)),
    "one_question": shortened(plan(person("P7"), settings=SELF), 1),
    "no_dates": plan(person("P8", appointment=None, minutes=None), due=None, contact=""),
}
OUTSIDE = ("zh_benchmark", "en_competitor")
ISSUE = "0123456789abcdef"
every = pytest.mark.parametrize("name", PLANS)


def form_of(name: str) -> Form:
    return Form.of(PLANS[name], PLANS[name].people[0])


@cache
def made(name: str) -> bytes:
    form = form_of(name)
    return workbook.render(form, workbook.texts(form, PLANS[name].people[0], ISSUE)).data


@cache
def opened(name: str) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(made(name)))


def questions(name: str) -> Worksheet:
    return opened(name)[form_of(name).words.sheet("questions")]


# --- sound


@every
def test_nothing_is_wrong_with_the_file(name: str) -> None:
    assert lint(made(name), EXCEL_2016) == ()


@every
def test_every_function_is_one_of_excel_2016(name: str) -> None:
    found = used(opened(name))
    assert found - EXCEL_2016 == set()
    assert "COUNTIFS" in found


@pytest.mark.parametrize("name", ["zh_target", "en_competitor", "no_dates"])
def test_openxml_audit_finds_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.xlsx"
    path.write_bytes(made(name))
    assert audit([path]) == {path: []}


@pytest.mark.lane("validator")
def test_the_open_xml_sdk_finds_nothing(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.xlsx" for name in PLANS]
    for path in paths:
        path.write_bytes(made(path.stem))
    found = {path.stem: errors for path, errors in validate(paths).items()}
    assert found == {path.stem: [] for path in paths}


def test_the_same_form_gives_the_same_bytes() -> None:
    form = form_of("zh_self")
    assert workbook.render(form).data == workbook.render(form).data


def test_a_form_without_questions_is_refused() -> None:
    with pytest.raises(ValueError, match="without questions"):
        workbook.render(Form.of(shortened(plan(person("P1")), 0), person("P1")))


# --- the contract with the reader


@every
def test_headers_are_those_of_the_template(name: str) -> None:
    form = form_of(name)
    columns = [entry for entry in TEMPLATE["columns"] if entry["role"] != "target" or "target" in form.angles]
    score = TEMPLATE["external"]["header"] if form.external else None
    wanted = [(score if score and entry["role"] == "current" else entry["header"])[form.lang] for entry in columns]
    assert [cell.value for cell in questions(name)[1]] == wanted
    score_column = (
        wanted.index(next(entry["header"][form.lang] for entry in columns if entry["role"] == "question")) + 1
    )
    assert form.score == score_column


@every
def test_each_question_has_its_row(name: str) -> None:
    form, sheet = form_of(name), questions(name)
    ids = [cell.value for cell in sheet["A"][1:] if cell.value is not None]
    assert ids == [question.id for question in form.questions]
    for question in form.questions:
        assert sheet.cell(row_of(form, question.id), 2).value == question.text.in_(form.lang)


@every
def test_only_answer_cells_are_unlocked_and_all_are_empty(name: str) -> None:
    form = form_of(name)
    rows_asked = {row_of(form, question.id) for question in form.questions}
    unlocked = set()
    for sheet in opened(name).worksheets:
        for row in sheet.iter_rows():
            unlocked |= {(sheet.title, c.row, c.column) for c in row if not c.protection.locked}
            assert [c.value for c in row if not c.protection.locked and c.value is not None] == []
    columns = range(form.score + 1, len(form.columns) + 1)
    assert unlocked == {(form.words.sheet("questions"), row, column) for row in rows_asked for column in columns}


@every
def test_visible_sheets_are_protected_without_a_password(name: str) -> None:
    for sheet in opened(name).worksheets:
        if sheet.sheet_state == "visible":
            assert sheet.protection.sheet
            assert sheet.protection.password is None
            assert not sheet.protection.formatRows
            assert not sheet.protection.formatColumns


@every
def test_sheets_and_their_visibility(name: str) -> None:
    form = form_of(name)
    visible = [sheet.title for sheet in opened(name).worksheets if sheet.sheet_state == "visible"]
    assert visible == [form.words.sheet(role) for role in form.sheets]
    assert ("scores" in form.sheets) == form.self_assessment
    hidden = {sheet.sheet_state for sheet in opened(name).worksheets if sheet.title not in visible}
    assert hidden == {"veryHidden"}


@every
def test_one_frozen_row_and_no_frozen_column(name: str) -> None:
    assert questions(name).freeze_panes == "A2"
    assert questions(name).print_title_rows == "$1:$1"


@every
def test_identity(name: str) -> None:
    form, who = form_of(name), PLANS[name].people[0]
    book, identity = opened(name), TEMPLATE["identity"]
    found = [[cell.value for cell in row] for row in book[identity["sheet"]].iter_rows()]
    count = len(identity["keys"])
    values = {row[0]: row[1] or "" for row in found[:count]}
    known = brought_back(str(values.pop("headings")))
    assert knows(known, form.dimensions[-1].name.in_(who.lang))
    assert not knows(known, "")
    assert bool(values.pop("weights")) == form.self_assessment
    assert values == {
        "schema": identity["schema"],
        "engagement": ENGAGEMENT.id,
        "respondent": who.id,
        "issue": ISSUE,
        "kind": "interview",
        "lang": who.lang,
        "group": who.group,
        "angles": ",".join(form.angles),
        "catalogue_id": CATALOGUE.id,
        "catalogue_version": CATALOGUE.version,
        "catalogue_hash": CATALOGUE.hash,
        "texts": "",
    }
    assert found[count] == [None] * 3
    assert found[count + 1] == identity["head"]
    assert found[count + 2 :] == [[q.id, q.rev, q.text_hash] for q in form.questions]
    properties = {each.name: each.value for each in book.custom_doc_props.props}  # type: ignore[attr-defined]
    assert properties == {"cmme_engagement": ENGAGEMENT.id, "cmme_respondent": who.id, "cmme_issue": ISSUE}
    code = identity["code"].format(engagement=ENGAGEMENT.id, respondent=who.id, issue=ISSUE)
    cover = book.worksheets[0]
    assert code in [cell.value for row in cover.iter_rows() for cell in row]


# --- what may be typed


@every
def test_choices_warn_and_do_not_forbid(name: str) -> None:
    form, sheet = form_of(name), questions(name)
    lists = sheet.data_validations.dataValidation
    assert {each.errorStyle for each in lists} == {"warning"}
    score = next(
        each for each in lists if sheet.cell(row_of(form, form.questions[0].id), form.score + 1).coordinate in each
    )
    numbers = [str(step.value) for step in reversed(CATALOGUE.steps)]
    assert score.formula1 == f'"{",".join([*numbers, CATALOGUE.na.in_(form.lang), CATALOGUE.dk.in_(form.lang)])}"'
    covered = {cell for each in lists for area in each.sqref.ranges for row in area.rows for cell in row}
    angles = len(form.angles)
    assert covered == {(row_of(form, q.id), form.score + 1 + n) for q in form.questions for n in range(angles)}
    for each in lists:
        assert 0 < len(each.prompt) <= 80
    assert all(step.label.in_(form.lang) in score.prompt for step in CATALOGUE.steps)


@every
def test_evidence_is_kept_as_text(name: str) -> None:
    form, sheet = form_of(name), questions(name)
    row = row_of(form, form.questions[0].id)
    formats = {column.role: sheet.cell(row, n).number_format for n, column in enumerate(form.columns, 1)}
    assert formats["evidence"] == formats["comment"] == "@"
    assert formats[form.angles[0]] == "General"


# --- what nobody may learn


@pytest.mark.parametrize("name", OUTSIDE)
def test_outsiders_do_not_learn_whose_assessment_it_is(name: str) -> None:
    with ZipFile(io.BytesIO(made(name))) as archive:
        for part in archive.namelist():
            text = archive.read(part).decode()
            assert not names_client(text, PLANS[name]), part
            assert ENGAGEMENT.industry not in text
            assert ENGAGEMENT.competitor not in text
    assert form_of(name).target is None


def test_insiders_do() -> None:
    with ZipFile(io.BytesIO(made("zh_target"))) as archive:
        assert any(ENGAGEMENT.enterprise in archive.read(part).decode() for part in archive.namelist())


def test_a_cover_without_a_contact_names_the_sender() -> None:
    for lang, said in (("zh", "请回复发件人"), ("en", "Please reply to the sender")):
        someone = person("P1", lang=lang)
        form = Form.of(plan(someone, contact=""), someone)
        book = openpyxl.load_workbook(io.BytesIO(workbook.render(form, workbook.texts(form, someone, ISSUE)).data))
        assert said in {cell.value for row in book.worksheets[0].iter_rows() for cell in row}


def test_a_very_long_name_leaves_room_for_department_and_title() -> None:
    someone = person("P1", name="陈" * 300)
    form = Form.of(plan(someone), someone)
    texts = workbook.texts(form, someone, ISSUE)
    assert texts["respondent"].endswith("… · 市场部 · 经理")
    assert lines(texts["respondent"], 12 * CELL_PX) <= 2
    assert "…" in texts["greeting"]
    assert lines(texts["greeting"], 15 * CELL_PX, GREETING_POINTS, True) == 1


def test_evidence_is_asked_for_from_4_and_checked_at_5() -> None:
    someone = person("P1")
    form = Form.of(plan(someone), someone)
    said = form.words("howto.evidence_text", **form.scale)
    assert "4 分及以上请写" in said
    assert "5 分没有依据，会在访谈中核实" in said


def test_a_contact_that_names_the_client_is_not_shown_to_outsiders() -> None:
    leaky = plan(person("B1", "benchmark"), person("P1"), contact=f"办公室（{ENGAGEMENT.enterprise}）")
    assert Form.of(leaky, leaky.people[0]).contact == ""
    assert Form.of(leaky, leaky.people[1]).contact == leaky.engagement.contact


@every
def test_nobody_is_told_weights_or_key_indicators_but_in_a_self_assessment(name: str) -> None:
    form = form_of(name)
    with ZipFile(io.BytesIO(made(name))) as archive:
        assert "★" not in archive.read("xl/sharedStrings.xml").decode()
    assert ("_scores" in opened(name).sheetnames) == form.self_assessment


# --- on paper


@every
def test_page_breaks_keep_indicators_whole(name: str) -> None:
    form, sheet = form_of(name), questions(name)
    breaks = {each.id for each in sheet.row_breaks.brk}
    bands = {block.band for block in form.blocks.values()}
    assert breaks <= bands
    first_bands = {form.blocks[form.indicators(d)[0].id].band for d in form.dimensions}
    assert not breaks & first_bands, "a dimension's band stays with its first indicator"
    assert bool(breaks) == (len(form.questions) > 15)
    assert not sheet.sheet_properties.pageSetUpPr or not sheet.sheet_properties.pageSetUpPr.fitToPage


@every
def test_rows_are_bands_and_questions_without_a_gap(name: str) -> None:
    form = form_of(name)
    assert [row for row, _ in rows(form)] == list(range(2, form.last_row + 1))


@every
def test_every_question_fits_its_row(name: str) -> None:
    form, sheet = form_of(name), questions(name)
    width = form.columns[form.column("question")].width
    for question in form.questions:
        points = sheet.row_dimensions[row_of(form, question.id)].height
        assert points is not None
        assert points * 96 / 72 >= height(question.text.in_(form.lang), width)


def test_both_languages_have_all_words() -> None:
    for lang in ("zh", "en"):
        words = Wording(lang)
        assert (
            words.date(datetime(2026, 12, 8)) == {"zh": "2026 年 12 月 8 日（周二）", "en": "Tue 8 December 2026"}[lang]
        )
    zh, en = (set(Wording(lang)._words) for lang in ("zh", "en"))
    assert zh == en


# --- figures


def recalculated(office: Office, books: dict[str, bytes], folder: Path) -> dict[str, Workbook]:
    paths = {name: folder / f"{name}.xlsx" for name in books}
    for name, path in paths.items():
        path.write_bytes(books[name])
    done = office.recalculated(paths.values())
    return {name: openpyxl.load_workbook(done[path], data_only=True) for name, path in paths.items()}


@pytest.mark.lane("libreoffice")
def test_every_cached_value_is_what_a_recalculation_gives(soffice: Office, tmp_path: Path) -> None:
    written = [tmp_path / f"{name}.xlsx" for name in PLANS]
    for path in written:
        path.write_bytes(made(path.stem))
    compared = [(path, compare(path, again)) for path, again in soffice.recalculated(written).items()]
    assert sum(comparison.formulas for _, comparison in compared) > 500
    for path, comparison in compared:
        assert comparison.wrong == {}, path.name


ANSWERS: list[str | float] = [4, 2, "NA", 5, "DK", 0, 3.5, "4 left", 1, 3, 6, 2]


def typed(form: Form) -> dict[str, dict[str, str | float]]:
    """Two thirds of the questions answered in turn, every other one with evidence, every third without a target."""
    words = {"NA": CATALOGUE.na.in_(form.lang), "DK": CATALOGUE.dk.in_(form.lang)}
    given: dict[str, dict[str, str | float]] = {}
    for number, question in enumerate(form.questions):
        if number % 3 == 2:
            continue
        answer = ANSWERS[number % len(ANSWERS)]
        row: dict[str, str | float] = {form.angles[0]: words.get(str(answer), answer)}
        if number % 2:
            row["evidence"] = "handbook"
        if form.target is not None and number % 4:
            row["target"] = min(5, number % 7)
        given[question.id] = row
    return given


def scored(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 5


def expected_score(
    form: Form, made_plan: Plan, answers: dict[str, dict[str, str | float]], angle: str, dimension: str
) -> float | None:
    """scoring.md rule 4 by the one engine, over this person's answers."""
    found = next(d for d in CATALOGUE.dimensions if d.id == dimension)
    indicators = []
    for indicator in form.indicators(found):
        values = [
            (answers.get(q.id, {}).get(angle), made_plan.weight(q.id, q.weight)) for q in form.asked[indicator.id]
        ]
        pairs = [(float(v) if scored(v) else None, weight) for v, weight in values]  # type: ignore[arg-type]
        indicators.append((scoring.weighted_mean(pairs), made_plan.weight(indicator.id, indicator.weight)))
    return scoring.weighted_mean(indicators)


@pytest.mark.lane("libreoffice")
def test_filled_in_workbooks_count_and_weigh_right(soffice: Office, tmp_path: Path) -> None:
    weights = {"D1": 3.0, "D2-02": 0.0, CATALOGUE.indicators[0].questions[0].id: 7.0}
    weighted = replace(PLANS["zh_self"], weights=weights)
    plans = {name: PLANS[name] for name in ("en_target", "zh_plain", "zh_benchmark", "en_self_plain")} | {
        "weighted": weighted
    }
    forms = {name: Form.of(each, each.people[0]) for name, each in plans.items()}
    answers = {name: typed(form) for name, form in forms.items()}
    books = {}
    for name, form in forms.items():
        blank = workbook.render(form, workbook.texts(form, plans[name].people[0], ISSUE)).data
        books[name] = filled_in(blank, form, answers[name])
    for name, book in recalculated(soffice, books, tmp_path).items():
        form, given = forms[name], answers[name]
        _check_counts(form, book, given)
        if form.self_assessment:
            _check_scores(form, plans[name], book, given)


def _check_counts(form: Form, book: Workbook, given: dict[str, dict[str, str | float]]) -> None:
    sheet = book["_tally"]
    for row, dimension in enumerate((*form.dimensions, None), 2):
        asked = [q for q in form.questions if dimension is None or CATALOGUE.dimension_of[q.id] == dimension]
        values = [given.get(q.id, {}).get(form.angles[0]) for q in asked]
        na, dk = CATALOGUE.na.in_(form.lang), CATALOGUE.dk.in_(form.lang)
        numbers = sum(scored(value) for value in values)
        answered = sum(value is not None for value in values)
        first = next((row_of(form, q.id) for q, value in zip(asked, values, strict=True) if value is None), 0)
        wanted = {
            "asked": len(asked),
            "answered": answered,
            "scored": numbers,
            "na": values.count(na),
            "dk": values.count(dk),
            "other": answered - numbers - values.count(na) - values.count(dk),
            "open": len(asked) - answered,
            "next": first,
            "targets": sum("target" in given.get(q.id, {}) for q in asked),
        }
        found = {sheet.cell(1, column).value: sheet.cell(row, column).value for column in range(2, 11)}
        assert found == wanted
    title = book[form.words.sheet("progress")]["B4"].value
    answered, asked_count = len(given), len(form.questions)
    assert title == form.words("progress.title", done=answered, total=asked_count, open=asked_count - answered)


def _check_scores(form: Form, made_plan: Plan, book: Workbook, given: dict[str, dict[str, str | float]]) -> None:
    sheet = book["_scores"]
    found = {row[0].value: [cell.value for cell in row[2:]] for row in sheet.iter_rows() if row[0].value}
    totals = {}
    for angle_number, angle in enumerate(form.angles):
        pairs = []
        for dimension in form.dimensions:
            score = expected_score(form, made_plan, given, angle, dimension.id)
            shown = found[dimension.id][angle_number]
            assert (score is None and not shown) or shown == pytest.approx(score, abs=1e-9)
            pairs.append((score, made_plan.weight(dimension.id, dimension.weight)))
        totals[angle] = scoring.weighted_mean(pairs)
        assert found["total"][angle_number] == pytest.approx(totals[angle], abs=1e-9)
    current = totals[form.angles[0]]
    assert current is not None
    ladder = scoring.Ladder(tuple(level.threshold for level in CATALOGUE.levels))
    level = scoring.level(current, ladder)
    assert level is not None
    name = CATALOGUE.levels[level - 1].name.in_(form.lang)
    shown_score = f"{scoring.round_half_away(current):.2f}"
    title = book[form.words.sheet("scores")]["B4"].value
    assert title == form.words("scores.title", score=shown_score, level=level, name=name)


@pytest.mark.lane("libreoffice")
def test_a_complete_workbook_says_so(soffice: Office, tmp_path: Path) -> None:
    form = form_of("zh_plain")
    data = filled_in(made("zh_plain"), form, {question.id: {"current": 3} for question in form.questions})
    book = recalculated(soffice, {"complete": data}, tmp_path)["complete"]
    shown = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value}
    words = form.words
    wanted = {words("cover.complete"), words("questions.complete"), words("progress.complete")}
    wanted |= {words("progress.title_complete", total=len(form.questions))}
    assert wanted <= shown
    assert not any(re.search(r"第 0 行", text) for text in shown)
