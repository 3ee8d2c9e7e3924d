"""Engagements small and odd, and answers that mean no good: every sheet of the summary stays readable."""

import io
import re
import warnings
import zipfile
from dataclasses import replace

import openpyxl
import pytest
import summary_cases as cases
from allowed_functions import EXCEL_2016

from cmme_xl.results.compute import compute
from cmme_xl.results.model import Results
from cmme_xl.returned.model import Answers
from cmme_xl.spreadsheet import Brand
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))
CACHE = re.compile(r"<c:(?:val|yVal)>.*?</c:(?:val|yVal)>", re.DOTALL)
POINT = re.compile(r"<c:v>-?\d")
MIXED = (cases.given("benchmark", "D1-01", 4.0), cases.given("benchmark", "D1-04", 2.0))
SIZES: dict[str, dict[str, object]] = {
    "one respondent": {"count": 1, "dimensions": 2},
    "one dimension": {"dimensions": 1},
    "key scope": {"scope": "key", "dimensions": 2},
    "short form": {"form": "short", "dimensions": 2},
    "no benchmark": {"angles": ("target",), "dimensions": 2},
    "no target": {"angles": ("benchmark",), "dimensions": 2},
    "nothing to compare": {"angles": (), "dimensions": 2},
    "a benchmark for some": {"angles": ("target",), "figures": MIXED, "dimensions": 2},
    "nobody answered": {"angles": (), "count": 0, "dimensions": 2},
    "N/A by everyone": {"na": "D1-02", "dimensions": 2},
    "weights of nothing": {"dimensions": 2},
    "one indicator": {"dimensions": 1, "dropped": tuple(f"D1-0{n}" for n in range(2, 9))},
}
NOTHING = "No answer can be scored yet"
EVIL = {
    "a formula": '=HYPERLINK("http://evil.example","click")',
    "a command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "the longest text": "x" * 32_767,
    "emoji": "👍🏽 ok 👨‍👩‍👧 " * 40,
    "right to left": "\u202eגרמניה العربية\u202c 客户",
    "control characters": "one\x00two\x0bthree\ud800",
    "markup": "<r>bold</r> & ]]> &#x41;",
}


def made(name: str, audience: str) -> Results:
    settings = {"audience": audience, **SIZES[name]}
    found = cases.results_of(**settings)  # type: ignore[arg-type]
    if name != "weights of nothing":
        return found
    plan = found.plan
    nothing = {each.id: 0.0 for each in plan.catalogue.dimensions} | {i.id: 0.0 for i in plan.catalogue.indicators}
    plan = replace(plan, weights=nothing)
    return compute(plan, found.returned)


def faults(content: bytes) -> list[str]:
    """What would look broken: cells with an error on a visible sheet, charts with nothing in them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    found = [
        f"{sheet.title}!{cell.coordinate}: {cell.value}"
        for sheet in book.worksheets
        if sheet.sheet_state == "visible"
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and re.match(r"#(N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)", cell.value)
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.namelist():
            if part.startswith("xl/charts/chart"):
                values = CACHE.findall(archive.read(part).decode())
                if not any(POINT.search(each) for each in values):
                    found.append(f"{part}: nothing drawn")
    return found


@pytest.mark.parametrize("audience", ["consultant", "client"])
@pytest.mark.parametrize("name", SIZES)
def test_whatever_the_size_nothing_looks_broken(name: str, audience: str) -> None:
    content = summary_bytes(made(name, audience), "en", BRAND, audience)
    assert lint(content, EXCEL_2016) == ()
    assert faults(content) == []


def test_a_target_without_an_answer_is_not_reached() -> None:
    """Nothing lags where nothing is known, but no page says so."""
    found = cases.results_of(dimensions=1, count=0, angles=(), figures=(cases.given("target", "D1-01", 4.0),))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(summary_bytes(found, "en", BRAND, "consultant")), data_only=True)
    assert {str(book[name]["B4"].value) for name in ("Overview", "Gaps", "Tiers and people")} == {NOTHING}


def test_the_search_finds_an_error_and_an_empty_chart() -> None:
    content = summary_bytes(made("one dimension", "client"), "en", BRAND, "client")
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/charts/chart1.xml":
                part = re.sub(rb"<c:v>[^<]*</c:v>", b"<c:v></c:v>", part)
            new.writestr(name, part)
    assert faults(broken.getvalue()) == ["xl/charts/chart1.xml: nothing drawn"]


def test_hostile_texts_stay_texts() -> None:
    plan = cases.plan_of(dimensions=1, count=len(EVIL), angles=("target",))
    people = tuple(
        replace(person, name=f"{text[:200]}", title=text[:200])
        for person, text in zip(plan.people, EVIL.values(), strict=True)
    )
    plan = replace(plan, people=people, engagement=replace(plan.engagement, enterprise=EVIL["a formula"]))
    text_of = dict(zip((person.id for person in people), EVIL.values(), strict=True))
    back = cases.answers_of(plan)
    answers = [a._replace(evidence=text_of[a.respondent], comment=text_of[a.respondent]) for a in back.answers]
    found = compute(plan, replace(back, answers=Answers.of(answers)))
    for audience in ("consultant", "client"):
        content = summary_bytes(found, "en", BRAND, audience)
        assert lint(content, EXCEL_2016) == ()
        assert faults(content) == []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content))
        formulas = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
        assert not [formula for formula in formulas if formula.startswith(('=HYPERLINK("http', "=@"))]
