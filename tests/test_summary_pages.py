"""The pages of the dimensions, and the links from a figure to the rows behind it."""

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import openpyxl
import pytest
import summary_cases as cases
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

from cmme_xl.calculation import expression as ex
from cmme_xl.results.compute import compute
from cmme_xl.results.model import Results
from cmme_xl.returned.model import Answers
from cmme_xl.spreadsheet import Brand, measure
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.summary.dimension import is_sparse
from cmme_xl.summary.furniture import ARROW, BEHIND, ROLES
from cmme_xl.summary.words import Words
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))
LINK = re.compile(r'^=HYPERLINK\("#\'(?P<sheet>(?:[^\']|\'\')+)\'!(?P<cell>[A-Z]+\d+)","(?P<label>.*)"\)$')
STATUS, ID, CLAIM, PERSON, WHO, EVIDENCE, COMMENT, FILE = 3, 4, 6, 7, 8, 9, 10, 11


@cache
def results() -> Results:
    return cases.results_of(dimensions=3)


@cache
def data(lang: str = "en", audience: str = "consultant") -> bytes:
    return summary_bytes(results(), lang, BRAND, audience)


def opened(content: bytes, *, values: bool = True) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def cells(sheet: Worksheet) -> list[Cell]:
    return [cell for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")]


def said(book: Workbook, sheet: str) -> list[str]:
    return [str(cell.value) for cell in cells(book[sheet])]


PAGES = ("1 Strategy", "2 Processes", "3 People & org.")


@pytest.mark.parametrize("audience", ["consultant", "client"])
def test_no_two_pages_say_the_same(audience: str) -> None:
    book = opened(data("en", audience))
    titles = [str(book[page]["B4"].value) for page in PAGES]
    for title, dimension in zip(titles, results().plan.catalogue.dimensions, strict=True):
        score = results().chosen.angles["current"].nodes[dimension.id].score
        assert title.startswith(f"{dimension.name.en}: {score:.2f}, level ")
    paragraphs = [{text for text in said(book, page) if len(text) > 90} for page in PAGES]
    common = set.intersection(*paragraphs)
    assert all(len(own) > 6 for own in paragraphs)
    assert {text[:30] for text in common} <= {
        "★ key indicator. The diagnosis",
        "* provisional: coverage or res",
        'Text written under the scope "',
    }


def test_evidence_is_quoted_in_one_line_and_never_without_words() -> None:
    """What is in words comes first; what has none is told by how far the interviewer could convince themselves."""
    made, first = results(), True
    changed = []
    for each in made.returned.answers:
        own = each.angle == "current" and each.question.startswith("D1-")
        text = "The minutes\nof the  board" if own and first else ""
        first = first and not text
        changed.append(each._replace(evidence=text, proof="stated" if own else "", comment=""))
    plan, back = made.plan, replace(made.returned, answers=Answers.of(changed))
    book = opened(summary_bytes(compute(plan, back), "en", BRAND, "consultant"))
    quotes = [text for text in said(book, PAGES[0]) if re.search(r"\(\d · [a-z]+\): ", text)]
    assert quotes[0].endswith("): The minutes; of the board")
    assert len(quotes) == 4
    assert {text.rpartition("): ")[2] for text in quotes[1:]} == {"Stated"}


def links(book: Workbook) -> Iterator[tuple[str, str, str, str]]:
    """(sheet, target sheet, target cell, label) of every link with a fixed target."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if found := LINK.match(str(cell.value)):
                    yield sheet.title, found["sheet"], found["cell"], found["label"]


def test_every_link_leads_to_the_rows_behind_it() -> None:
    """Overview -> page -> row of the indicator -> row of its answers -> and from the register to the answers."""
    book, shown = opened(data(), values=False), opened(data())
    catalogue = results().plan.catalogue
    behind = {f"{i.number} {i.name.en}": {str(i.number), f"{i.id}-Q1"} for i in catalogue.indicators}
    behind |= {i.name.en: {str(i.number), f"{i.id}-Q1"} for i in catalogue.indicators}
    behind |= {str(i.number): {str(i.number)} for i in catalogue.indicators}
    behind |= {question: {question} for question in catalogue.questions}
    steps = set()
    for sheet, target, cell, label in links(book):
        steps.add((sheet, target))
        if cell != "A1" and label != ARROW and "Sources" not in (sheet, target):  # test_summary_links
            row = shown[target][shown[target][cell].row]
            assert {str(each.value) for each in row} & behind[label.removesuffix(" ★")], (sheet, target, cell, label)
    page = PAGES[0]
    assert steps >= {("Overview", page), ("Dimensions", page), (page, "Indicators"), ("Indicators", page)}
    assert steps >= {("Indicators", "Answers"), (page, "Answers"), (page, "Evidence"), ("Evidence", "Answers")}
    live = [
        str(cell.value)
        for sheet in ("Overview", "Gaps")
        for cell in cells(book[sheet])
        if "'Indicators'!B\"&" in str(cell.value)
    ]
    assert len(live) == 15 + len(catalogue.indicators)


def test_the_register_names_what_stands_without_evidence() -> None:
    sheet = opened(data())["Evidence"]
    rows: list[list[object]] = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=9, max_col=FILE)]
    by_status: dict[str, list[list[object]]] = {}
    for row in rows:
        by_status.setdefault(str(row[STATUS - 1]), []).append(row)
    assert by_status.keys() == {"✓ Evidence given", "▲ Top, unbacked"}
    own = [a for a in results().returned.answers if a.angle != "target" and a.score == 5 and not a.evidence]
    assert {row[ID - 1] for row in by_status["▲ Top, unbacked"]} == {answer.question for answer in own}
    backed = {(a.question, a.evidence) for a in results().returned.answers if a.evidence}
    assert {(row[ID - 1], row[EVIDENCE - 1]) for row in by_status["✓ Evidence given"]} == backed
    counts = {row[WHO - 1] for row in by_status["▲ Top, unbacked"] if row[PERSON - 1] == "–"}
    assert any(re.search(r"×\d", str(who)) for who in counts)


def test_a_text_longer_than_a_cell_stands_whole_in_several_rows() -> None:
    evidence, comment = "".join(f"<{n:06}>" for n in range(9_000)), "".join(f"({n:06})" for n in range(900))
    answers = list(results().returned.answers)
    told = next(answer for answer in answers if answer.evidence)
    own = [(each.question, each.respondent) == (told.question, told.respondent) for each in answers]
    longer = [
        each._replace(evidence=evidence, comment=comment) if changed else each
        for each, changed in zip(answers, own, strict=True)
    ]
    found = compute(results().plan, replace(results().returned, answers=Answers.of(longer)))
    sheet = opened(summary_bytes(found, "en", BRAND, "consultant"))["Evidence"]
    assert sheet["B4"].value == opened(data())["Evidence"]["B4"].value
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=9, max_col=FILE)]
    mine = [row for row in rows if str(row[EVIDENCE - 1])[0] == "<"]
    texts = [(str(row[EVIDENCE - 1]), str(row[COMMENT - 1] or "")) for row in mine]
    assert ("".join(text for text, _ in texts), "".join(text for _, text in texts)) == (evidence, comment)
    assert sum("(continued)" in str(row[CLAIM - 1]) for row in rows) == len(texts) - 1 == 35


def test_a_text_whose_figures_moved_on_says_so() -> None:
    formulas = [text for text in said(opened(data(), values=False), PAGES[0]) if "consolidate again" in text]
    [note] = [text for text in said(opened(data()), PAGES[0]) if text.startswith("Text written under the scope")]
    assert "2026-11-02" in note
    assert len(formulas) == 1
    assert "▲" in formulas[0]


@pytest.mark.parametrize("audience", ["consultant", "client"])
def test_the_lint_finds_nothing(audience: str) -> None:
    assert lint(data("zh", audience)) == ()


@cache
def everything(lang: str) -> Workbook:
    """A summary with every sheet there may be."""
    angles = ("target", "benchmark", "competitor", "customer")
    return opened(summary_bytes(cases.results_of(angles=angles), lang, BRAND, "consultant"), values=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tabs_lead_to_every_sheet_and_hold_their_labels(lang: str) -> None:
    words, book = Words(lang), everything(lang)
    wanted = {words[f"sheets.{role}"] for role in ROLES if role not in BEHIND}
    for role in ("overview", "advice", "customers", "method"):
        sheet = book[words[f"sheets.{role}"]]
        merged = {area.min_col: area.size["columns"] for area in sheet.merged_cells.ranges if area.min_row == 2}
        tabs = [(cell.column, LINK.match(str(cell.value))) for cell in sheet[2]]
        found = {link["sheet"].replace("''", "'"): (column, link["label"]) for column, link in tabs if link}
        if role == "customers":  # its columns are too uneven for tabs
            assert len(found) == 2
            continue
        assert set(found) == wanted
        for column, label in found.values():
            assert measure.width(label, 9, bold=True) <= merged.get(column, 1) * 46


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("role", ["people", "advice", "indicators", "blocks", "customers"])
def test_no_column_is_printed_on_a_page_of_its_own(role: str, lang: str) -> None:
    """A4 in landscape is 1055 px wide at 100 %; a fifth of it is left for a wider font."""
    sheet = everything(lang)[Words(lang)[f"sheets.{role}"]]
    wide = sum(7 * column.width for column in sheet.column_dimensions.values() for _ in range(_columns(column)))
    setup = sheet.sheet_properties.pageSetUpPr
    assert setup is None or not setup.fitToPage  # so that the breaks hold
    assert 0.5 * 1055 < wide * int(sheet.page_setup.scale or 100) / 100 < 1055 / 1.2


def _columns(column: ColumnDimension) -> int:
    return int(column.max or 0) - int(column.min or 0) + 1


def test_a_page_of_recommendations_begins_with_a_wave() -> None:
    sheet = everything("en")["Recommendations"]
    heads = [str(sheet.cell(at.id + 1, 2).value) for at in sheet.row_breaks.brk]
    assert heads
    assert all(re.match(r"(Second|Third) wave", each) for each in heads)


def test_findings_begin_a_page() -> None:
    sheet = everything("en")["Sources"]
    assert [sheet.cell(at.id + 2, 2).value for at in sheet.row_breaks.brk] == ["Findings"]


def test_a_single_dimension_is_drawn_by_its_indicators_and_its_switches_are_printed() -> None:
    book = opened(summary_bytes(cases.results_of(dimensions=1), "en", BRAND, "consultant"))
    assert "8 indicators" in said(book, "Overview")
    assert "Fewer than three dimensions: no radar" not in said(book, "Overview")
    sheet = book["Weights"]
    lowest = max(cell.row for cell in cells(sheet))
    assert sheet.print_area.endswith(f"${lowest}")
    now = next(cell.row for cell in cells(sheet) if cell.value == "The result now")
    assert all((sheet.row_dimensions[row].height or 15) >= 15 for row in range(10, now + 5))


@cache
def key() -> bytes:
    return summary_bytes(cases.results_of(dimensions=3, scope="key"), "en", BRAND, "consultant")


def test_a_page_counts_and_quotes_what_the_scope_has() -> None:
    """Under the key scope neither questions nor evidence of other indicators."""
    whole, narrow, leading = opened(data()), opened(key()), list(links(opened(key(), values=False)))
    for page, dimension in zip(PAGES, results().plan.catalogue.dimensions, strict=True):
        inside = [each for each in dimension.indicators if each.key]
        for book, those in ((whole, dimension.indicators), (narrow, inside)):
            n, questions = len(those), sum(len(each.questions) for each in those)
            counted = f"{n} indicator{'s' if n > 1 else ''}"
            assert f" · {counted}, {questions} questions · " in str(book[page]["B5"].value)
        quoted = {label for sheet, target, _, label in leading if (sheet, target) == (page, "Evidence")}
        assert quoted
        assert quoted <= {question.id for each in inside for question in each.questions}


def test_a_row_outside_the_scope_says_so() -> None:
    """In place of dashes, which stand for a figure that is not there; a switch of the scope brings the figures."""
    sheet, live = (opened(key(), values=values)[PAGES[0]] for values in (True, False))
    keys = {f"{each.number} {each.name.en}": each.key for each in results().plan.catalogue.dimensions[0].indicators}
    head = next(cell.row for cell in cells(sheet) if cell.value == "Gap")
    rows = {str(sheet.cell(head + n, 2).value).removesuffix(" ★"): head + n for n in range(1, len(keys) + 1)}
    assert rows.keys() == keys.keys()
    for name, row in rows.items():
        found = [sheet.cell(row, column).value for column in range(3, 26)]
        assert ("out of scope" in found) is not keys[name]
        assert any(isinstance(value, float) for value in found) is keys[name]
        assert keys[name] or "–" not in found
        assert all(str(live.cell(row, column).value).startswith("=IF(ISNUMBER(") for column in range(23, 26))


def test_a_client_is_shown_the_questions_that_have_anything_to_show() -> None:
    sheet, questions = opened(data("en", "client"))["Answers"], results().plan.catalogue.questions
    rows = {str(row[1].value): row for row in sheet.iter_rows(min_row=9)}
    shown = rows.keys() & questions.keys()
    assert 0 < len(shown) < len(questions)
    assert all(any(isinstance(cell.value, float | int) for cell in rows[each][3:]) for each in shown)
    assert sheet["B4"].value == f"Combined values of {len(shown)} questions"
    assert str(sheet["B8"].value).startswith(f"{len(questions) - len(shown)} questions left out")
    assert {indicator.id for indicator in results().plan.catalogue.indicators} <= rows.keys()


@pytest.mark.parametrize(
    ("scored", "rays", "few"), [(2, 2, True), (3, 3, False), (3, 8, True), (4, 8, True), (5, 8, False)]
)
def test_a_radar_needs_more_rays_with_a_score_than_without(scored: int, rays: int, few: bool) -> None:
    """Half of them make dots, not a shape."""
    assert is_sparse(ex.Expression("A1", scored), rays).value is few


def test_a_radar_needs_three_points() -> None:
    """A page says why there is none; the scope may be switched in the sheet, and the words follow."""
    none = "Indicators in scope with a score: 2. Too few for a radar: bars alone."
    for content, missing in ((data(), False), (key(), True)):
        book, texts = opened(content), said(opened(content, values=False), PAGES[0])
        assert (none in said(book, PAGES[0])) is missing
        assert any("consolidate again" in text and "for a radar" in text for text in texts) is missing
        assert any("no shape: see the table" in text for text in texts) is not missing


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("audience", ["consultant", "client"])
def test_what_stands_over_the_answers_is_whole_on_every_page(audience: str, lang: str) -> None:
    """Further columns go over to further pages, on each of which only the first columns are repeated."""
    words = Words(lang)
    sheet = opened(data(lang, audience))[words["sheets.answers"]]
    room = sum(7 * sheet.column_dimensions[column].width for column in "BC")
    large = words.fill("answers.title", n=142_332, scored=124_886)
    assert measure.width(large if audience == "consultant" else str(sheet["B4"].value), 17, bold=True) <= room
    assert measure.width(str(sheet["B5"].value), 9) <= room
    legend, lines = str(sheet["B8"].value), 1 if audience == "client" else 2
    assert len(legend) > 20
    assert measure.width(legend, 8) <= lines * 0.95 * room
