"""Nobody's work is lost: what people type into a summary goes into the next one, and, where asked, into the plan."""

import io
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import lanes
import openpyxl
import pytest
import summary_cases as cases
from openpyxl.workbook import Workbook

from cmme_xl.catalogue import ROOT
from cmme_xl.plan.model import Given, Plan
from cmme_xl.results.actions import proposed
from cmme_xl.results.compute import compute
from cmme_xl.results.facts import facts
from cmme_xl.results.model import ANGLES, Results
from cmme_xl.returned.calibrations import Calibration
from cmme_xl.spreadsheet import Brand
from cmme_xl.summary import actionrows as at
from cmme_xl.summary.entries import NODE, SETTING, Key, of_plan
from cmme_xl.summary.former import Former, read_former
from cmme_xl.summary.kept import Kept, applied, changes, unplaced
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))
FIRST = at.FIRST_ROW + 1
OWN = FIRST + 10
OTHERS = [angle for angle in ANGLES if angle != "current"]


@cache
def results() -> Results:
    return cases.results_of(dimensions=2, count=4, figures=(cases.given("benchmark", "D1", 3.5),))


def opened(source: Path | bytes, *, values: bool = False) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(source) if isinstance(source, bytes) else source, data_only=values)


def edited(folder: Path, edit: Callable[[Workbook], None], lang: str = "zh", audience: str = "consultant") -> Path:
    book = opened(summary_bytes(results(), lang, BRAND, audience))
    edit(book)
    path = folder / "summary.xlsx"
    book.save(path)
    return path


def read(path: Path) -> Former:
    former, findings = read_former(path, results().plan.catalogue)
    assert former is not None
    assert findings == ()
    return former


def weight_cell(book: Workbook, node: str, column: str, sheet: str = "权重", head: str = "编号") -> object:
    page = book[sheet]
    top = next(row for row in range(1, 30) if page.cell(row, 2).value == head)
    row = top + 1 if node == ROOT else next(r for r in range(top, 200) if page.cell(r, 2).value == node)
    return page.cell(row, next(c for c in range(1, 30) if page.cell(top, c).value == column))


def work(book: Workbook) -> None:
    """What people do to a Chinese summary: judge, schedule, add one of their own, change settings."""
    plan, road = book["行动"], book["路线图"]
    plan.cell(FIRST, at.TICKED + 1).value = None
    plan.cell(FIRST + 1, at.TEXT + 1).value = "=先开一次会"
    plan.cell(FIRST + 1, at.TEXT + 1).data_type = "s"  # a text that looks like a formula
    plan.cell(FIRST + 1, at.URGENCY + 1).value = 3
    plan.cell(FIRST + 1, at.CRITERION + 1).value = 2
    road.cell(FIRST + 2, at.OWNER + 1).value = "销售总监"
    road.cell(FIRST + 2, at.START + 1).value = "2028 Q3"
    road.cell(FIRST + 2, at.AFTER + 1).value = 11
    road.cell(FIRST + 2, at.STATUS + 1).value = "已定"
    road.cell(FIRST + 3, at.NOTE + 1).value = "验收：\n月报 <r>&"
    road.cell(at.FIRST_ROW - 2, at.OWNER + 1).value = "2026-q4"
    for column, value in ((at.TICKED, "✓"), (at.TEXT, "成立项目组"), (at.EFFORT, 1)):
        plan.cell(OWN, column + 1).value = value
    weight_cell(book, "D1-02", "权重").value = 7  # type: ignore[attr-defined]
    weight_cell(book, "D2-03", "计入").value = "否"  # type: ignore[attr-defined]
    weight_cell(book, "D1", "给定标杆").value = None  # type: ignore[attr-defined]
    weight_cell(book, ROOT, "给定目标").value = 4.25  # type: ignore[attr-defined]
    setting(book, "重要性看", "距标杆优先")
    setting(book, "高层", 70)


def setting(book: Workbook, label: str, value: object) -> None:
    page = book["权重"]
    found = next(c for row in page.iter_rows(min_row=8) for c in row if c.value == label and c.column > 8)
    page.cell(found.row, found.column + 1).value = value  # type: ignore[assignment]


def expected_plan(plan: Plan) -> Plan:
    shares = {**plan.settings.tier_shares, "senior": 70.0}
    return replace(
        plan,
        settings=replace(plan.settings, importance="benchmark", tier_shares=shares),
        weights={"D1-02": 7.0},
        dropped=frozenset({"D2-03"}),
        given=(Given("target", ROOT, 4.25, "", None, None, "", ""),),
    )


def check_work(former: Former) -> None:
    plan = results().plan
    found = changes(former, plan, of_plan(plan, OTHERS))
    assert {(each.key.of, each.key.field) for each in found} == {
        *{("D1-02", "weight"), ("D2-03", "inside"), ("D1", "benchmark"), (ROOT, "target")},
        *{("importance", ""), ("share", "senior")},
    }
    assert applied(plan, found) == expected_plan(plan)
    kept = Kept(plan, former)
    assert kept.begins == "2026 Q4"
    proposals = proposed(facts(results()), "zh")
    mine = {action.key: action for action in kept.actions(proposals)}
    first, second, third, fourth = (mine[action.key] for action in proposals[:4])
    assert not first.chosen
    assert (second.text, second.urgency) == ("=先开一次会", 3.0)
    assert second.ratings == {**proposals[1].ratings, "cost": 2.0}
    assert (third.owner, third.start, third.status) == ("销售总监", "2028 Q3", "agreed")
    assert "+1" in third.after
    assert fourth.note == "验收：\n月报 <r>&"
    assert (mine["+1"].text, mine["+1"].chosen, mine["+1"].effort) == ("成立项目组", True, 1.0)


def test_what_nobody_touched_is_not_taken_for_typed(tmp_path: Path) -> None:
    for lang in ("zh", "en"):
        for audience in ("client", "consultant"):
            former = read(edited(tmp_path, lambda book: None, lang, audience))
            assert former.typed == {}
            assert former.findings == ()
            assert len(former.now) > 200
            assert former.is_of(results().plan)


def test_everything_typed_is_found_again(tmp_path: Path) -> None:
    former = read(edited(tmp_path, work))
    assert former.findings == ()
    check_work(former)


@pytest.mark.lane("libreoffice")
def test_so_it_is_when_libreoffice_has_saved_it(tmp_path: Path, soffice: lanes.Office) -> None:
    path = edited(tmp_path, work)
    check_work(read(soffice.recalculated([path])[path]))


def test_the_next_summary_has_it_in_the_other_language_and_so_has_the_one_after(tmp_path: Path) -> None:
    plan, path = results().plan, edited(tmp_path, work)
    for _ in range(2):
        former = read(path)
        found = applied(plan, changes(former, plan, of_plan(plan, OTHERS)))
        content = summary_bytes(compute(found, results().returned), "en", BRAND, "consultant", Kept(plan, former))
        path.write_bytes(content)
        book = opened(content, values=True)
        sheet, road = book["Action plan"], book["Road map"]
        rows = {sheet.cell(row, at.KEY + 1).value: row for row in range(FIRST, FIRST + 20)}
        proposals = {action.key for action in proposed(facts(results()), "en")}
        texts = [sheet.cell(rows[key], at.TEXT + 1).value for key in proposals if key in rows]
        assert "=先开一次会" in texts
        assert sheet.cell(rows["+1"], at.TEXT + 1).value == "成立项目组"
        owners = {road.cell(row, at.OWNER + 1).value: row for row in rows.values()}
        agreed = owners["销售总监"]
        assert road.cell(agreed, at.STATUS + 1).value == "Agreed"
        assert road.cell(agreed, at.AFTER + 1).value == rows["+1"] - FIRST + 1
        assert weight_cell(book, "D1-02", "Weight", "Weights", "Id").value == 7  # type: ignore[attr-defined]
        # what was not touched is worded anew
        assert "Proposed" in [road.cell(row, at.STATUS + 1).value for row in rows.values()]


def test_an_action_no_longer_proposed_is_kept_only_where_somebody_worked_on_it(tmp_path: Path) -> None:
    former = read(edited(tmp_path, work))
    proposals = proposed(facts(results()), "zh")
    listed = [action.key for action in Kept(results().plan, former).actions(proposals[5:])]
    worked = [action.key for action in proposals[:4]]
    assert listed[:5] == [action.key for action in proposals[5:]]
    assert set(worked) <= set(listed)
    assert proposals[4].key not in listed
    assert listed[-1] == "+1"


def test_what_cannot_be_understood_is_named_with_its_cell(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book["行动"].cell(FIRST, at.EFFORT + 1).value = 9
        book["行动"].cell(OWN, at.INDICATOR + 1).value = 999
        book["路线图"].cell(FIRST, at.START + 1).value = "soon"
        book["路线图"].cell(FIRST, at.AFTER + 1).value = 77
        book["路线图"].cell(FIRST + 1, at.OWNER + 1).value = "=1+1"
        weight_cell(book, "D1-02", "权重").value = "heavy"  # type: ignore[attr-defined]
        weight_cell(book, "D1-03", "权重").value = None  # type: ignore[attr-defined]

    found = list(unplaced(read(edited(tmp_path, edit)), results().plan.catalogue))
    assert {finding.code for finding in found} == {"OUT_008"}
    assert sorted(finding.raw for finding in found) == ["", "77", "9", "999", "=1+1", "heavy", "soon"]
    assert all(finding.place.file == "summary.xlsx" and finding.place.cell for finding in found)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 locked"])
def test_what_is_no_summary_is_a_finding(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "summary.xlsx"
    path.write_bytes(content)
    former, findings = read_former(path, results().plan.catalogue)
    assert former is None
    assert findings


def change_answers(book: Workbook) -> None:
    sheet = book["答案"]
    question = next(row for row in range(1, 40) if sheet.cell(row, 2).value == "D1-01-Q2")
    sheet.cell(question, 7).value = 0 if sheet.cell(question, 7).value != 0 else 5
    weight = next(row for row in range(1, 20) if sheet.cell(row, 3).value == "个人权重")
    sheet.cell(weight, 6).value = 44


@pytest.mark.lane("libreoffice")
def test_changed_answers_are_told_of_and_unchanged_ones_are_not(tmp_path: Path, soffice: lanes.Office) -> None:
    path = edited(tmp_path, change_answers)
    untouched = tmp_path / "untouched.xlsx"
    untouched.write_bytes(summary_bytes(results(), "en", BRAND, "consultant"))
    saved = soffice.recalculated([path, untouched])
    for each in (path, saved[path]):
        found = read(each).findings
        assert [finding.code for finding in found] == ["OUT_013"]
        assert found[0].values["listed"] == "个人权重, D1-01-Q2"
    for each in (untouched, saved[untouched]):
        assert read(each).findings == ()


def test_changed_calibrations_are_told_of(tmp_path: Path) -> None:
    entries = tuple(
        Calibration("current", node, score, "Wen", date(2026, 11, 20), "seen on site")
        for node, score in (("D1-02", 2.5), ("D1-03-Q1", None))
    )
    content = summary_bytes(cases.results_of(dimensions=1, count=3, calibrations=entries), "zh", BRAND, "consultant")
    book = opened(content)
    path = tmp_path / "summary.xlsx"
    for changed in (False, True):
        if changed:
            book["校准"].cell(9, 6).value = 4
        book.save(path)
        found = [(finding.code, finding.values["listed"]) for finding in read(path).findings]
        assert found == ([("OUT_013", "D1-02")] if changed else [])


def test_a_summary_of_another_engagement_is_known(tmp_path: Path) -> None:
    former = read(edited(tmp_path, work))
    other = replace(results().plan, engagement=replace(results().plan.engagement, id="E2"))
    assert not former.is_of(other)


def test_rows_that_people_moved_are_found_by_their_ids(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        work(book)
        for name in ("行动", "路线图", "权重"):
            book[name].insert_rows(3, 4)
            book[name].insert_cols(1)

    former = read(edited(tmp_path, edit))
    assert former.typed[Key(NODE, "D1-02", "weight")] == "7"
    assert former.typed[Key(SETTING, "begins", "")] == "2026 Q4"
    check_work(former)
