"""What was changed in a summary, taken into the plan: the right cells and no others, or nothing at all."""

import io
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import lanes
import openpyxl
import plan_samples
import pytest
from openpyxl.workbook import Workbook
from recalculation import compare

from cmme_xl.catalogue import Catalogue, load
from cmme_xl.findings import Refusal
from cmme_xl.plan.model import Given, Plan
from cmme_xl.plan.read import read_plan
from cmme_xl.plan.write import plan_bytes
from cmme_xl.results.compute import compute
from cmme_xl.returned.model import Answers, Returned
from cmme_xl.spreadsheet import Brand
from cmme_xl.spreadsheet.patch import patched
from cmme_xl.summary.adoption import adopt
from cmme_xl.summary.consolidation import Choices, consolidate
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

CATALOGUE = load()
BRAND = Brand.from_table(template("brand"))


@cache
def plan_file(lang: str) -> bytes:
    return plan_bytes(CATALOGUE, lang, plan_samples.sample(CATALOGUE), choices=plan_samples.sample_choices(CATALOGUE))


def opened(source: Path | io.BytesIO) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(source)


@pytest.fixture
def engagement(tmp_path: Path) -> Path:
    """A plan, with a note of somebody's own in it, and an empty folder of returns."""
    book = opened(io.BytesIO(plan_file("zh")))
    book.create_sheet("我的备忘")["B3"] = "不要丢"
    book.save(tmp_path / "plan.xlsx")
    (tmp_path / "returned").mkdir()
    return tmp_path


def plan_in(folder: Path) -> Plan:
    found = read_plan(folder / "plan.xlsx", CATALOGUE).plan
    assert found is not None
    return found


def summary(folder: Path, edit: Callable[[Workbook], None], plan: Plan | None = None) -> Path:
    content = summary_bytes(compute(plan or plan_in(folder), Returned((), Answers.of([]))), "en", BRAND, "consultant")
    book = opened(io.BytesIO(content))
    edit(book)
    path = folder / "summary.xlsx"
    book.save(path)
    return path


def work(book: Workbook) -> None:
    sheet = book["Weights"]
    top = next(row for row in range(1, 30) if sheet.cell(row, 2).value == "Id")
    heads = {sheet.cell(top, column).value: column for column in range(2, 14)}
    rows = {sheet.cell(row, 2).value: row for row in range(top + 2, 120)}
    sheet.cell(rows["D1"], heads["Weight"]).value = 33
    sheet.cell(rows["D1-02"], heads["Weight"]).value = 0.5
    sheet.cell(rows["D2-03"], heads["In scope"]).value = "no"
    sheet.cell(rows["D3-01"], heads["In scope"]).value = "yes"  # the plan drops it
    sheet.cell(top + 1, heads["Target given"]).value = 4.5  # 4 in the plan
    sheet.cell(rows["D3-04"], heads["Benchmark given"]).value = None  # 3.5 in the plan
    sheet.cell(rows["D5-01"], heads["Competitor given"]).value = 2.25
    for row in sheet.iter_rows(min_row=8, min_col=10):
        for cell in row:
            if cell.value == "Scope":
                sheet.cell(cell.row, cell.column + 1).value = "Key indicators only"
            if cell.value == CATALOGUE.tiers[0].name.en:
                sheet.cell(cell.row, cell.column + 1).value = 61


def wanted(plan: Plan) -> Plan:
    first = CATALOGUE.tiers[0].id
    shares = {**plan.settings.tier_shares, first: 61.0}
    given = {(each.angle, each.node): each for each in plan.given}
    given["target", "total"] = replace(given["target", "total"], value=4.5)
    del given["benchmark", "D3-04"]
    given["competitor", "D5-01"] = Given("competitor", "D5-01", 2.25, "", None, None, "", "")
    return replace(
        plan,
        settings=replace(plan.settings, scope="key", tier_shares=shares),
        weights={**plan.weights, "D1": 33.0, "D1-02": 0.5},
        dropped=(plan.dropped | {"D2-03"}) - {"D3-01"},
        given=tuple(given.values()),
    )


def same(one: Plan, other: Plan) -> bool:
    """Whether two plans say the same, but for who reads the summary."""
    one, other = (replace(each, settings=replace(each.settings, audience="client")) for each in (one, other))
    alike = replace(one, given=(), assigned={}) == replace(other, given=(), assigned={})
    return alike and set(one.given) == set(other.given)


def test_the_plan_says_what_the_summary_says_and_keeps_all_else(engagement: Path) -> None:
    before, file = plan_in(engagement), (engagement / "plan.xlsx").read_bytes()
    done = adopt(engagement / "plan.xlsx", summary(engagement, work), CATALOGUE)
    assert len(done.changes) == 9
    assert same(plan_in(engagement), wanted(before))
    assert done.kept is not None
    assert done.kept.read_bytes() == file
    assert opened(engagement / "plan.xlsx")["我的备忘"]["B3"].value == "不要丢"
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(engagement / "plan.xlsx") as new:
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert not [name for name in changed if not name.startswith(("xl/worksheets/", "xl/workbook.xml"))]
    again = adopt(engagement / "plan.xlsx", engagement / "summary.xlsx", CATALOGUE)
    assert (again.changes, again.kept) == ((), None)


@pytest.mark.lane("libreoffice")
def test_a_plan_that_libreoffice_has_saved_takes_it_too(engagement: Path, soffice: lanes.Office) -> None:
    path = engagement / "plan.xlsx"
    path.write_bytes(plan_file("zh"))
    path.write_bytes(soffice.recalculated([path])[path].read_bytes())
    before = plan_in(engagement)
    adopt(path, summary(engagement, work), CATALOGUE)
    assert same(plan_in(engagement), wanted(before))


@pytest.mark.lane("libreoffice")
def test_no_figure_of_a_plan_of_ours_is_stale(engagement: Path, soffice: lanes.Office) -> None:
    path = engagement / "plan.xlsx"
    path.write_bytes(plan_file("zh"))
    adopt(path, summary(engagement, work), CATALOGUE)
    found = compare(path, soffice.recalculated([path])[path])
    assert found.formulas > 5_000
    # on the sheet where a row was emptied, a new row's name is not there before it is calculated
    assert [place for place, (cached, _) in found.wrong.items() if cached is not None] == []
    assert len(found.wrong) <= 1


@pytest.mark.lane("validator")
def test_the_plan_stays_valid(engagement: Path) -> None:
    path = engagement / "plan.xlsx"
    path.write_bytes(plan_file("zh"))
    adopt(path, summary(engagement, work), CATALOGUE)
    assert lanes.validate([path])[path] == []


def other_engagement(plan: Plan) -> Plan:
    return replace(plan, engagement=replace(plan.engagement, id="OTHER"))


def other_catalogue(plan: Plan) -> Plan:
    model: Catalogue = replace(plan.catalogue, version="0.0.1", dimensions=plan.catalogue.dimensions[:4])
    asked = {who: tuple(q for q in of if q in model.questions) for who, of in plan.assigned.items()}
    return replace(plan, catalogue=model, assigned=asked, weights={}, dropped=frozenset(), given=())


@pytest.mark.parametrize("other", [other_engagement, other_catalogue])
def test_a_summary_of_something_else_is_refused(engagement: Path, other: Callable[[Plan], Plan]) -> None:
    file = (engagement / "plan.xlsx").read_bytes()
    path = summary(engagement, lambda book: None, other(plan_in(engagement)))
    with pytest.raises(Refusal) as refused:
        adopt(engagement / "plan.xlsx", path, CATALOGUE)
    assert [finding.code for finding in refused.value.findings] == ["OUT_011"]
    assert (engagement / "plan.xlsx").read_bytes() == file
    with pytest.raises(Refusal, match="OUT_011"):
        adopt(engagement / "plan.xlsx", engagement / "plan.xlsx", CATALOGUE)


def test_consolidating_again_takes_over_and_fresh_does_not(engagement: Path) -> None:
    plan, folder, target = engagement / "plan.xlsx", engagement / "returned", summary(engagement, work)
    choices = Choices(audience="consultant")
    done = consolidate(plan, folder, target, CATALOGUE, choices)
    codes = [finding.code for finding in done.findings]
    assert "OUT_009" in codes
    assert same(done.results.plan, wanted(plan_in(engagement)))
    named = consolidate(plan, folder, target, CATALOGUE, replace(choices, scope="standard"))
    assert named.results.scope == "standard"
    assert named.results.plan.weights["D1"] == 33.0
    fresh = consolidate(plan, folder, target, CATALOGUE, choices, fresh=True)
    assert "OUT_009" not in [finding.code for finding in fresh.findings]
    assert same(fresh.results.plan, plan_in(engagement))
    # once more, and nothing is left of what was typed
    assert same(consolidate(plan, folder, target, CATALOGUE, choices).results.plan, plan_in(engagement))


# --- the cells of a workbook


def book_of(sheet: str) -> bytes:
    parts = {
        "xl/workbook.xml": '<x:workbook xmlns:x="m" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships"><x:sheets><x:sheet name="S" r:id="r1"/></x:sheets></x:workbook>',
        "xl/_rels/workbook.xml.rels": '<R xmlns="p"><Relationship Id="r1" Target="/xl/s.xml"/></R>',
        "xl/s.xml": sheet,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("sheet", "cell", "typed", "expected"),
    [
        (
            '<row r="1"><c r="A1" s="3" t="s"><v>7</v></c></row>', "A1", 2.5,
            '<row r="1"><c r="A1" s="3"><v>2.5</v></c></row>',
        ),
        ('<row r="1"><c r="A1" s="3"><v>7</v></c></row>', "A1", None, '<row r="1"><c r="A1" s="3"/></row>'),
        (
            '<row r="1"><c r="A1"/><c r="C1"/></row>', "B1", "a<b",
            '<row r="1"><c r="A1"/><c r="B1" t="inlineStr"><is><t xml:space="preserve">a&lt;b</t></is></c>'
            '<c r="C1"/></row>',
        ),
        ('<row r="1"/>', "B1", 1.0, '<row r="1"><c r="B1"><v>1</v></c></row>'),
        ('<row r="1"/><row r="9"/>', "B3", 1.0, '<row r="1"/><row r="3"><c r="B3"><v>1</v></c></row><row r="9"/>'),
        ("", "B3", 1.0, '<row r="3"><c r="B3"><v>1</v></c></row>'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_cell_is_typed_over_or_put_in_its_place(
    sheet: str, cell: str, typed: str | float | None, expected: str, prefix: str
) -> None:
    def spelled(xml: str) -> str:
        for tag in ("row", "c", "v", "is", "t"):
            xml = xml.replace(f"<{tag} ", f"<{prefix}{tag} ").replace(f"<{tag}>", f"<{prefix}{tag}>")
            xml = xml.replace(f"</{tag}>", f"</{prefix}{tag}>")
        return f"<{prefix}sheetData>{xml}</{prefix}sheetData>"

    data = book_of(spelled(sheet))
    with zipfile.ZipFile(io.BytesIO(patched(data, {("S", cell): typed}, data))) as archive:
        assert archive.read("xl/s.xml").decode() == spelled(expected)
        assert '<x:calcPr fullCalcOnLoad="1"/></x:workbook>' in archive.read("xl/workbook.xml").decode()
