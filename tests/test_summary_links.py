"""From any figure to the rows behind it: every row that names a node, a question or a person leads on."""

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import openpyxl
import pytest
import summary_cases as cases
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from cmme_xl.findings import Finding, Place
from cmme_xl.results.compute import compute
from cmme_xl.results.model import Results
from cmme_xl.returned.model import Record
from cmme_xl.returned.session import Session
from cmme_xl.spreadsheet import Brand
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))
FIXED = re.compile(r'HYPERLINK\("#\'(?P<sheet>(?:[^\']|\'\')+)\'!(?P<cell>[A-Z]+\d+)",')
LIVE = re.compile(r'HYPERLINK\("#\'(?P<sheet>(?:[^\']|\'\')+)\'!B"&\(.+?\+(?P<first>\d+)\),')
EDITIONS = [("consultant", "standard"), ("consultant", "key"), ("client", "standard")]


@cache
def results(scope: str) -> Results:
    """All sheets there may be, with records of sessions, and enough people for a client to see most of it."""
    angles = ("target", "benchmark", "competitor", "customer")
    plan = cases.plan_of(angles=angles, count=12, dimensions=3, scope=scope)
    back = cases.answers_of(plan)
    talked = [Record(each.respondent, each, each, (Session("r.xlsx", minutes="60"),)) for each in back.answers.replies]
    place = Place(file=back.files[0].name, question="D1-01-Q2")
    asked = Finding("ANS_001", place, "4分", {"score": 4})
    back = replace(back, records=tuple(talked[:4]), findings=(*back.findings, asked))
    return compute(plan, back, calibrations=cases.calibrated("current:D1-01:4", "current:D2-02-Q1:3"))


@cache
def book(audience: str, scope: str, *, values: bool) -> Workbook:
    content = summary_bytes(results(scope), "en", BRAND, audience)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def named(scope: str) -> dict[str, set[str]]:
    """What a row may call a node, question or person, with what the rows behind it may be found by."""
    plan = results(scope).plan
    catalogue, found = plan.catalogue, dict[str, set[str]]()
    for dimension in catalogue.dimensions:
        below = {dimension.name.en, f"{dimension.number} {dimension.name.en}"}
        for indicator in dimension.indicators:
            own = {indicator.name.en, f"{indicator.number} {indicator.name.en}", indicator.id}
            for question in indicator.questions:
                found[question.id] = {question.id, str(indicator.number)}
                found[question.text.en] = found[question.id]
            leads = {str(indicator.number), indicator.id, *(question.id for question in indicator.questions)}
            found |= dict.fromkeys([*own, *(f"{name} ★" for name in own)], leads)
        found |= dict.fromkeys([*below, dimension.id], below | {f"{dimension.id}-01-Q1", "A1"})
    people = {person.name: {person.name, *(f.name for f in results(scope).returned.files)} for person in plan.people}
    return {**found, **people}


def rows(audience: str, scope: str) -> Iterator[tuple[str, int, set[str], list[str]]]:
    """Sheet, row, what it names, and the formulas of its links, for each row with a figure; navigation left aside."""
    known, shown, plain = named(scope), book(audience, scope, values=True), book(audience, scope, values=False)
    for sheet in shown.worksheets:
        if sheet.sheet_state == "visible":
            for cells in sheet.iter_rows(min_row=4):
                names = {str(cell.value) for cell in cells if isinstance(cell.value, str)} & known.keys()
                if names and any(figure(cell) for cell in cells):
                    row = int(cells[0].row or 0)
                    formulas = [str(cell.value) for cell in plain[sheet.title][row]]
                    yield sheet.title, row, names, [text for text in formulas if "HYPERLINK(" in text]


def figure(cell: Cell | MergedCell) -> bool:
    return isinstance(cell.value, int | float) and not isinstance(cell.value, bool)


def beside(sheet: Worksheet, cell: str) -> set[object]:
    """What stands in the row of a cell."""
    row, _ = coordinate_to_tuple(cell)
    return {value for values in sheet.iter_rows(min_row=row, max_row=row, values_only=True) for value in values}


@pytest.mark.parametrize(("audience", "scope"), EDITIONS)
def test_every_row_with_a_figure_leads_on(audience: str, scope: str) -> None:
    without, sheets = [], set()
    for sheet, row, names, links in rows(audience, scope):
        sheets.add(sheet)
        if not links:
            without.append((sheet, row, names))
    assert without == []
    visible = {sheet.title for sheet in book(audience, scope, values=True).worksheets if sheet.sheet_state == "visible"}
    outside = {"Sources", "Method"} if audience == "client" else {"Method"}
    assert visible - sheets == outside


@pytest.mark.parametrize(("audience", "scope"), EDITIONS)
def test_every_link_leads_to_what_it_names(audience: str, scope: str) -> None:
    """A cell that is there, on a sheet that is seen, in a row of the same node, question or person."""
    known, shown = named(scope), book(audience, scope, values=True)
    column = [cell.value for cell in shown["Indicators"]["B"]]
    table = column.index("No.") + 1
    followed = 0
    for sheet, row, names, links in rows(audience, scope):
        behind = set[str]().union(*(known[name] for name in names))
        for text in links:
            if live := LIVE.search(text):
                assert (live["sheet"], int(live["first"])) == ("Indicators", table), (sheet, row)
                continue
            link = FIXED.search(text)
            assert link, (sheet, row, text)
            target = shown[link["sheet"].replace("''", "'")]
            assert target.sheet_state == "visible"
            if link["cell"] != "A1":
                assert set(map(str, beside(target, link["cell"]))) & behind, (sheet, row, link["cell"], names)
            followed += 1
    assert followed > 200


def test_a_person_s_answers_and_their_file_lead_to_each_other() -> None:
    """Over every name on the sheet of answers an arrow to the file; numbers of files and sessions lead to that name."""
    shown, plain = (book("consultant", "standard", values=values) for values in (True, False))
    people = {person.name for person in results("standard").plan.people}
    there, back = set(), set()
    files = shown["Sources"]
    for head in (cell for cells in shown["Answers"].iter_rows() for cell in cells if cell.value in people):
        column = [str(cell[0].value) for cell in plain["Answers"].iter_rows(max_row=head.row, min_col=head.column)]
        link = next(found for text in reversed(column) if (found := FIXED.search(text)))
        assert head.value in beside(files, link["cell"])
        there.add(head.value)
    for line in plain["Sources"].iter_rows():
        if (found := FIXED.search(str(line[1].value))) and found["sheet"] == "Answers":
            who = shown["Answers"].cell(*coordinate_to_tuple(found["cell"])).value
            assert who in {cell.value for cell in line}
            back.add(who)
    assert there == people == back & people
