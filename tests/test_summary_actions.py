"""The action plan in the summary: its orders, what-if and path are those of Python, as written and after changes."""

import io
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import lanes
import openpyxl
import pytest
import recalculation
import summary_cases as cases
from allowed_functions import EXCEL_2016
from openpyxl.workbook import Workbook

from cmme_xl.catalogue import ROOT, Indicator
from cmme_xl.plan.model import Plan
from cmme_xl.results.actions import proposed
from cmme_xl.results.advice import path_to_next
from cmme_xl.results.compute import compute
from cmme_xl.results.facts import facts
from cmme_xl.results.model import Results
from cmme_xl.scoring import Ladder, level, priority, round_half_away
from cmme_xl.spreadsheet import Brand
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.spreadsheet.page import HEAD_ROWS, SUBTITLE_ROW
from cmme_xl.summary import actionrows as at
from cmme_xl.summary.words import Words
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))
FIRST = at.FIRST_ROW + 1
OWN = FIRST + 10


@cache
def results() -> Results:
    return cases.results_of(dimensions=2, count=5)


def written(found: Results, lang: str = "zh", audience: str = "consultant") -> bytes:
    return summary_bytes(found, lang, BRAND, audience)


def opened(source: Path | bytes, *, values: bool = True) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(source) if isinstance(source, bytes) else source, data_only=values)


def cell(book: Workbook, sheet: str, row: int, column: int) -> Any:
    """A cell by its row as Excel counts and its column as the layout does."""
    return book[sheet].cell(row, column + 1)


def figures(book: Workbook, sheet: str = "行动取数") -> dict[str, list[Any]]:
    """The columns of a sheet of figures by their heads, from the row above the first on."""
    page = book[sheet]
    heads = {str(page.cell(4, column).value): column for column in range(1, 60) if page.cell(4, column).value}
    return {head: [page.cell(row, column).value for row in range(5, 90)] for head, column in heads.items()}


def test_what_is_proposed_stands_in_the_order_of_priority() -> None:
    actions = proposed(facts(results()), "en")
    assert len(actions) == 10
    points = {each.key: results().chosen.importance[each.key] for each in actions}
    by_id = {each.id: each for each in results().plan.catalogue.indicators}
    order = [id_ for id_ in by_id if id_ in points]
    effort = {id_: float(by_id[id_].effort) for id_ in order}
    before = {id_: by_id[id_].prerequisites for id_ in order}
    assert [each.key for each in actions] == list(priority(order, points, {}, effort, before, 3))
    book = opened(written(results(), "en"))
    shown = [cell(book, "Action plan", FIRST + place, at.PRIORITY).value for place in range(10)]
    assert shown == list(range(1, 11))
    assert [cell(book, "Action plan", FIRST + p, at.KEY).value for p in range(10)] == [each.key for each in actions]


def test_nothing_begins_before_what_it_waits_for_has_ended() -> None:
    for each in (cases.results_of(dimensions=5), results()):
        actions = {action.key: action for action in proposed(facts(each), "zh")}
        quarter = lambda label: int(label[:4]) * 4 + int(label[-1])  # noqa: E731
        for action in actions.values():
            for key in action.after:
                ended = quarter(actions[key].start) + (actions[key].quarters or 0)
                assert quarter(action.start) >= ended


def test_the_comparison_with_the_competitor_begins_with_what_the_results_say() -> None:
    found = facts(results())
    for action in proposed(found, "zh"):
        gap = found.gap(action.indicator, "competitor")
        if gap is None or gap.value is None:
            assert action.ratings == {}
        else:
            behind = round_half_away(gap.value)
            assert action.ratings == {"rivals": 3.0 if behind >= 0.5 else 1.0 if behind < 0 else 2.0}
    assert {action.ratings.get("rivals") for action in proposed(found, "zh")} > {3.0}
    alone = facts(cases.results_of(angles=("target",), dimensions=1))
    assert all(action.ratings == {} for action in proposed(alone, "zh"))


def path_of(book: Workbook) -> tuple[list[str], float | None]:
    found, ids = figures(book, "路径取数"), [each.id for each in results().plan.catalogue.indicators]
    totals = [total for total in found["total"][1:] if isinstance(total, (int, float))]
    steps = [ids[int(step) - 1] for step in found["step"][1 : len(totals) + 1]]
    return steps, totals[-1] if totals else None


def test_one_judgement_has_no_mean() -> None:
    """The comparison with the competitor is made by the results; people's judgements make it one of several."""
    book = opened(written(results()))
    rated = [cell(book, "行动", FIRST + place, at.MEAN - 2).value for place in range(10)]
    assert any(isinstance(each, int) for each in rated)
    assert {cell(book, "行动", FIRST + place, at.MEAN).value for place in range(10)} == {"–"}


def test_the_path_is_that_of_python() -> None:
    way = path_to_next(facts(results()))
    assert way is not None
    steps, total = path_of(opened(written(results())))
    assert steps == [step.id for step in way[0].steps]
    assert total == pytest.approx(way[0].steps[-1].total, abs=1e-9)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ({"angles": (), "dimensions": 3}, "No target and no benchmark"),
        ({"angles": (), "count": 0, "dimensions": 3}, "No target and no benchmark"),
        ({"angles": ("target",), "count": 1, "dimensions": 3}, "chosen actions take the total from"),
        ({"angles": ("competitor",), "dimensions": 2}, "No target and no benchmark"),
        ({"angles": ("benchmark",), "dimensions": 1, "scope": "key"}, "chosen actions take the total from"),
    ],
)
@pytest.mark.parametrize("audience", ["client", "consultant"])
def test_whatever_is_missing_the_pages_say_so(made: dict[str, object], says: str, audience: str) -> None:
    content = written(cases.results_of(**made), "en", audience)  # type: ignore[arg-type]
    assert lint(content, EXCEL_2016) == ()
    book = opened(content)
    if audience == "consultant":
        assert says in book["What if"]["B4"].value
    for name in ("Action plan", "Road map", "What if"):
        shown = [c.value for row in book[name].iter_rows() for c in row if isinstance(c.value, str)]
        assert not [text for text in shown if text.startswith("#")]


# --- after changes, recalculated


def _untick(book: Workbook) -> None:
    for row in (FIRST, FIRST + 3):
        cell(book, "行动", row, at.TICKED).value = None


def _judge(book: Workbook) -> None:
    cell(book, "行动", FIRST + 8, at.URGENCY).value = 3
    cell(book, "行动", FIRST + 5, at.URGENCY).value = 2
    cell(book, "行动", FIRST + 2, at.EFFORT).value = 1
    cell(book, "路线图", FIRST + 8, at.AFTER).value = 7
    cell(book, "路线图", FIRST, at.AFTER + 1).value = 10


def _own(book: Workbook) -> None:
    """Two of one's own: one on an indicator that is listed already, one on another; and one without any."""
    listed = int(cell(book, "行动", FIRST, at.INDICATOR).value)
    for row, (number, text) in enumerate(((listed, "again"), (unlisted().number, "new"), (None, "team")), OWN):
        cell(book, "行动", row, at.TICKED).value = "✓"
        cell(book, "行动", row, at.INDICATOR).value = number
        cell(book, "行动", row, at.TEXT).value = text


def _ring(book: Workbook) -> None:
    cell(book, "路线图", FIRST, at.AFTER).value = 2
    cell(book, "路线图", FIRST + 1, at.AFTER).value = 1


def _many(book: Workbook) -> None:
    for row in range(OWN, OWN + 6):
        cell(book, "行动", row, at.TICKED).value = "✓"
        cell(book, "行动", row, at.TEXT).value = f"action {row}"


def _moved(book: Workbook) -> None:
    cell(book, "路线图", FIRST, at.START).value = "2028q2"
    cell(book, "路线图", FIRST, at.LENGTH).value = 3
    cell(book, "路线图", at.FIRST_ROW - 2, at.OWNER).value = "2028 Q1"


def _key_scope(book: Workbook) -> None:
    sheet = book["权重"]
    label = next(c for row in sheet.iter_rows(min_row=8) for c in row if c.value == "口径" and c.column > 8)
    sheet.cell(label.row, label.column + 1).value = "仅关键指标"


def unlisted() -> Indicator:
    """An indicator with a gap that is not proposed."""
    found = results().chosen.importance
    return next(i for i in results().plan.catalogue.indicators if i.id not in keys() and found.get(i.id, 0) > 0.01)


CHANGES = {
    "unticked": _untick,
    "judged": _judge,
    "own": _own,
    "ring": _ring,
    "many": _many,
    "moved": _moved,
    "key": _key_scope,
}


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, soffice: lanes.Office) -> dict[str, Workbook]:
    folder = tmp_path_factory.mktemp("actions")
    original = folder / "original.xlsx"
    original.write_bytes(written(results()))
    paths = {}
    for name, edit in CHANGES.items():
        book = opened(original, values=False)
        edit(book)
        paths[name] = folder / f"{name}.xlsx"
        book.save(paths[name])
    found = soffice.recalculated(paths.values())
    return {name: opened(found[path]) for name, path in paths.items()}


def rise(keys: list[str]) -> float:
    return sum(results().chosen.importance[key] for key in keys)


def total_now() -> float:
    score = results().chosen.angles["current"].nodes[ROOT].score
    assert score is not None
    return score


def keys() -> list[str]:
    return [action.key for action in proposed(facts(results()), "zh")]


@pytest.mark.lane("libreoffice")
def test_unticking_an_action_takes_its_points_away(changed: dict[str, Workbook]) -> None:
    left = [key for place, key in enumerate(keys()) if place not in (0, 3)]
    found = figures(changed["unticked"])
    expected = total_now() + rise(left)
    assert found["whatif"][0] == pytest.approx(expected, abs=1e-9)
    ladder = Ladder(tuple(each.threshold for each in results().plan.catalogue.levels))
    assert found["level"][0] == level(expected, ladder)
    nodes = results().chosen.angles["current"].nodes
    for place, dimension in enumerate(results().plan.catalogue.dimensions, 1):
        own = [key for key in left if key in {each.id for each in dimension.indicators}]
        score = nodes[dimension.id].score or 0.0
        assert found["whatif"][place] == pytest.approx(score + rise(own) / nodes[dimension.id].valued_share, abs=1e-9)
    bars = [cell(changed["unticked"], "路线图", FIRST, at.QUARTER + q).value for q in range(at.QUARTERS)]
    assert set(filter(None, bars)) <= {"□", "◇"}


@pytest.mark.lane("libreoffice")
def test_urgency_effort_and_predecessors_move_the_order_as_python_does(changed: dict[str, Workbook]) -> None:
    listed = list(proposed(facts(results()), "zh"))
    listed[8] = replace(listed[8], urgency=3.0, after=(listed[6].key, *listed[8].after[1:]))
    listed[5] = replace(listed[5], urgency=2.0)
    listed[2] = replace(listed[2], effort=1.0)
    listed[0] = replace(listed[0], after=(*listed[0].after[:1], listed[9].key))
    names = [each.key for each in listed]
    points = {key: results().chosen.importance[key] for key in names}
    urgency = {each.key: int(each.urgency or 1) for each in listed}
    effort = {each.key: float(each.effort or 1) for each in listed}
    order = priority(names, points, urgency, effort, {each.key: each.after for each in listed}, 3)
    shown = [cell(changed["judged"], "行动", FIRST + place, at.PRIORITY).value for place in range(10)]
    assert shown == [order.index(key) + 1 for key in names]
    assert shown != list(range(1, 11))


@pytest.mark.lane("libreoffice")
def test_an_action_of_ones_own_counts_by_its_indicator_and_twice_as_once(changed: dict[str, Workbook]) -> None:
    other = unlisted().id
    found = figures(changed["own"])
    assert found["whatif"][0] == pytest.approx(total_now() + rise([*keys(), other]), abs=1e-9)
    assert cell(changed["own"], "行动", OWN + 1, at.POINTS).value == pytest.approx(rise([other]), abs=1e-9)
    assert cell(changed["own"], "行动", OWN + 2, at.PRIORITY).value == 13
    assert cell(changed["own"], "路线图", OWN + 2, at.ROAD_NAME).value == "team"


@pytest.mark.lane("libreoffice")
def test_too_many_and_those_that_wait_for_each_other_are_warned_of(changed: dict[str, Workbook]) -> None:
    for name in ("行动", "试算"):
        texts = [c.value for row in changed["many"][name].iter_rows(max_row=10) for c in row]
        assert [text for text in texts if isinstance(text, str) and text.startswith("▲ 选中了 16 项")]
    texts = [c.value for row in changed["ring"]["行动"].iter_rows(max_row=8) for c in row]
    assert [text for text in texts if isinstance(text, str) and "互相等待" in text]
    assert cell(changed["ring"], "行动", FIRST, at.PRIORITY).value == "–"


@pytest.mark.lane("libreoffice")
def test_the_bars_follow_start_length_and_first_quarter(changed: dict[str, Workbook]) -> None:
    bars = [cell(changed["moved"], "路线图", FIRST, at.QUARTER + q).value for q in range(6)]
    assert [bar or "" for bar in bars] == ["", "■", "■", "◆", "", ""]
    assert cell(changed["moved"], "路线图", at.FIRST_ROW - 1, at.QUARTER).value == "2028"


@pytest.mark.lane("libreoffice")
def test_another_scope_gives_another_path(changed: dict[str, Workbook]) -> None:
    plan: Plan = replace(results().plan, settings=replace(results().plan.settings, scope="key"))
    found = facts(compute(plan, results().returned))
    way = path_to_next(found)
    assert way is not None
    steps, total = path_of(changed["key"])
    assert steps == [step.id for step in way[0].steps]
    assert recalculation.same(total, way[0].steps[-1].total)
    assert round_half_away(total or 0.0) != round_half_away(path_of(opened(written(results())))[1] or 0.0)


@pytest.mark.lane("libreoffice")
def test_the_page_says_when_the_figures_behind_the_proposals_have_moved(changed: dict[str, Workbook]) -> None:
    def note(name: str) -> str:
        texts = [c.value for row in changed[name]["行动"].iter_rows(min_row=OWN) for c in row]
        return next(text for text in texts if isinstance(text, str) and "重新汇总" in text and "编号" not in text)

    assert note("key").startswith("▲ ")
    assert not note("judged").startswith("▲")


@pytest.mark.lane("libreoffice")
def test_every_page_with_text_says_beside_it_that_the_figures_have_moved(changed: dict[str, Workbook]) -> None:
    pages = ("层级与人员", *(f"{d.number} {d.name.zh}" for d in results().plan.catalogue.dimensions))
    short = Words("zh")["asof.short"]
    for name, moved in (("key", True), ("judged", False)):
        for each in pages:
            texts = [str(c.value) for row in changed[name][each].iter_rows() for c in row]
            assert (f"▲ {short}" in texts) is moved, (name, each)
        for each, row in (("诊断与建议", SUBTITLE_ROW), ("总览", HEAD_ROWS)):
            assert str(cell(changed[name], each, row + 1, 1).value).startswith("▲ ") is moved, (name, each)


@pytest.mark.lane("libreoffice")
def test_an_action_that_begins_before_what_it_waits_for_is_done_is_warned_of(changed: dict[str, Workbook]) -> None:
    listed = list(proposed(facts(results()), "zh"))
    waits = {0: (*listed[0].after[:1], listed[9].key), 8: (listed[6].key, *listed[8].after[1:])}
    ends = {each.key: quarter_of(each.start) + int(each.quarters or 0) for each in listed}
    early = sum(any(ends[key] > quarter_of(listed[own].start) for key in keys) for own, keys in waits.items())
    assert early > 0

    def said(name: str) -> list[str]:
        texts = [str(c.value) for row in changed[name]["路线图"].iter_rows(max_row=8) for c in row]
        return [text for text in texts if "完成之前就开始" in text]

    assert said("judged") == [Words("zh").fill("roadmap.early", n=early)]
    assert said("own") == said("key") == []


def quarter_of(label: str) -> int:
    """Quarters since the year 0, of "2027 Q1"."""
    return int(label[:4]) * 4 + int(label[-1])
