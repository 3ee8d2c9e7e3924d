"""The summary under LibreOffice: every cached value is what the formulas come to, as written and after changes."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import lanes
import openpyxl
import pytest
import recalculation
import summary_cases as cases
from openpyxl.workbook import Workbook

from cmme_xl.catalogue import ROOT
from cmme_xl.plan.model import Plan
from cmme_xl.results.compute import compute
from cmme_xl.results.model import Results
from cmme_xl.returned.model import Answers, Outcome, Returned
from cmme_xl.spreadsheet import Brand
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

pytestmark = pytest.mark.lane("libreoffice")
BRAND = Brand.from_table(template("brand"))
FIGURES = (
    cases.given("benchmark", "D1", 3.5),
    cases.given("benchmark", "D2-03", 4.0),
    cases.given("benchmark", "D3-01-Q1", 2.0),
    cases.given("target", "D5-01", 5.0),
    cases.given("target", "D6-01-Q1", 3.0),
    cases.given("competitor", ROOT, 3.1),
)
CALIBRATED = cases.calibrated(
    "current:D1-01:4", "current:D1-02-Q1:NA", "current:D2-03:NA", "current:D3-01-Q2:2.5", "target:D1-01:4.5"
)
CASES: dict[str, tuple[dict[str, object], str, str]] = {
    "all angles": ({}, "consultant", "zh"),
    "english": ({"dimensions": 2}, "consultant", "en"),
    "client": ({"figures": FIGURES}, "client", "zh"),
    "given figures": ({"angles": ("target",), "figures": FIGURES, "na": "D4-02"}, "consultant", "zh"),
    "nothing to compare": ({"angles": (), "count": 1, "dimensions": 1}, "consultant", "en"),
    "one respondent, client": ({"angles": ("target",), "count": 1, "dimensions": 3}, "client", "en"),
    "no answers": ({"angles": (), "count": 0, "dimensions": 2}, "consultant", "zh"),
    "tier, key, gates": (
        {"voice": "tier", "scope": "key", "gates": True, "importance": "benchmark", "dimensions": 3},
        "consultant",
        "zh",
    ),
    "calibrated": ({"calibrations": CALIBRATED, "dimensions": 4, "figures": FIGURES}, "consultant", "zh"),
    "calibrated, client": ({"calibrations": CALIBRATED, "dimensions": 4}, "client", "en"),
    "median, dropped": (
        {"combine": "median", "importance": "target", "dropped": ("D2", "D3-01", "D4-01-Q1"), "dimensions": 4},
        "consultant",
        "zh",
    ),
}


@contextmanager
def _quiet() -> Iterator[None]:
    """openpyxl warns of what it cannot keep; the tests need values only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _open(path: Path, *, values: bool) -> Workbook:
    with _quiet():
        return openpyxl.load_workbook(path, data_only=values)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, soffice: lanes.Office) -> dict[str, tuple[Path, Path]]:
    """Every case as written and as recalculated, in one start of LibreOffice."""
    folder = tmp_path_factory.mktemp("summary")
    paths = {}
    for number, (name, (made, audience, lang)) in enumerate(CASES.items()):
        paths[name] = folder / f"{number}.xlsx"
        paths[name].write_bytes(summary_bytes(cases.results_of(**made), lang, BRAND, audience))  # type: ignore[arg-type]
    recalculated = soffice.recalculated(paths.values())
    return {name: (path, recalculated[path]) for name, path in paths.items()}


@pytest.mark.parametrize("name", CASES)
def test_cached_values_are_what_the_formulas_come_to(name: str, written: dict[str, tuple[Path, Path]]) -> None:
    found = recalculation.compare(*written[name])
    assert found.formulas > 1000
    assert found.wrong == {}


# --- changes made in the workbook, against Python given the same changes


def _find(sheet: object, column: int, value: object) -> int:
    return next(row for row in range(1, 900) if sheet.cell(row, column).value == value)  # type: ignore[attr-defined]


def _weight_cell(book: Workbook, node: str, column: str) -> object:
    sheet = book["权重"]
    head = _find(sheet, 2, "编号")
    at = next(c for c in range(1, 30) if sheet.cell(head, c).value == column)
    return sheet.cell(_find(sheet, 2, node), at)


def _setting(book: Workbook, label: str, value: object) -> None:
    sheet = book["权重"]
    for row in sheet.iter_rows(min_row=8, max_row=30):
        for cell in row:
            if cell.value == label and cell.column > 8:
                sheet.cell(cell.row, cell.column + 1).value = value  # type: ignore[assignment]
                return
    raise AssertionError(label)


def _set(book: Workbook, node: str, column: str, value: object) -> None:
    _weight_cell(book, node, column).value = value  # type: ignore[attr-defined]


def _answer_cell(book: Workbook, question: str, place: int) -> object:
    """The cell of the person at this place of the current block."""
    sheet = book["答案"]
    return sheet.cell(_find(sheet, 2, question), 6 + place)


Change = tuple[Callable[[Workbook], None], Callable[[Plan, Returned], tuple[Plan, Returned]]]


def _weights(plan: Plan, back: Returned) -> tuple[Plan, Returned]:
    return replace(plan, weights={"D1": 30.0, "D1-02": 7.0, "D3-01": 0.0}, dropped=frozenset({"D2", "D4-03"})), back


def _change_weights(book: Workbook) -> None:
    for node, weight in (("D1", 30), ("D1-02", 7), ("D3-01", 0)):
        _set(book, node, "权重", weight)
    for node in ("D2", "D4-03"):
        _set(book, node, "计入", "否")


def _settings(plan: Plan, back: Returned) -> tuple[Plan, Returned]:
    shares = {"senior": 10.0, "middle": 0.0, "front": 90.0}
    chosen = replace(plan.settings, scope="key", voice="tier", importance="benchmark", tier_shares=shares)
    return replace(plan, settings=chosen), back


def _change_settings(book: Workbook) -> None:
    _setting(book, "口径", "仅关键指标")
    _setting(book, "话语权", "按层级")
    _setting(book, "重要性看", "距标杆优先")
    for tier, share in (("高层", 10), ("中层", 0), ("一线", 90)):
        _setting(book, tier, share)


def _median(plan: Plan, back: Returned) -> tuple[Plan, Returned]:
    return replace(plan, settings=replace(plan.settings, combine="median", importance="target")), back


def _change_median(book: Workbook) -> None:
    _setting(book, "合并方式", "中位数")
    _setting(book, "重要性看", "距目标优先")


def _figures(plan: Plan, back: Returned) -> tuple[Plan, Returned]:
    given = [g for g in plan.given if (g.angle, g.node) != ("benchmark", "D1")]
    return replace(plan, given=(*given, cases.given("target", "D1", 4.75), cases.given("benchmark", ROOT, 1.0))), back


def _change_figures(book: Workbook) -> None:
    _set(book, "D1", "给定目标", 4.75)
    _set(book, "D1", "给定标杆", None)
    sheet = book["权重"]
    head = _find(sheet, 2, "编号")
    column = next(c for c in range(1, 30) if sheet.cell(head, c).value == "给定标杆")
    sheet.cell(head + 1, column).value = 1.0


def _answers(plan: Plan, back: Returned) -> tuple[Plan, Returned]:
    first = next(person for person in plan.people if person.group == "senior")
    changed = [
        each._replace(outcome=Outcome.SCORED, score=0.0)
        if (each.respondent, each.question, each.angle) == (first.id, "D1-01-Q1", "current")
        else each._replace(outcome=Outcome.NA, score=None)
        if (each.respondent, each.question, each.angle) == (first.id, "D1-01-Q2", "current")
        else each
        for each in back.answers
    ]
    people = tuple(replace(p, weight=5.0) if p.id == first.id else p for p in plan.people)
    return replace(plan, people=people), replace(back, answers=Answers.of(changed))


def _change_answers(book: Workbook) -> None:
    _answer_cell(book, "D1-01-Q1", 0).value = 0  # type: ignore[attr-defined]
    _answer_cell(book, "D1-01-Q2", 0).value = "不适用"  # type: ignore[attr-defined]
    sheet = book["答案"]
    row = next(r for r in range(1, 20) if sheet.cell(r, 3).value == "个人权重")
    for column in range(6, 120):  # the person's weight stands above each angle's block
        name = sheet.cell(row - 1, column).value
        if name == "Respondent 0":
            sheet.cell(row, column).value = 5


def _no_answers(plan: Plan, back: Returned) -> tuple[Plan, Returned]:
    """What is typed off the scale, or as a word nobody knows, counts as asked and not as scored."""
    first = next(person for person in plan.people if person.group == "senior")
    typed = {"D1-01-Q1", "D1-01-Q2", "D1-02-Q1"}
    changed = [
        each._replace(outcome=Outcome.REJECTED, score=None)
        if each.respondent == first.id and each.question in typed and each.angle == "current"
        else each
        for each in back.answers
    ]
    return plan, replace(back, answers=Answers.of(changed))


def _change_to_no_answers(book: Workbook) -> None:
    for question, typed in (("D1-01-Q1", 50), ("D1-01-Q2", "four"), ("D1-02-Q1", -1)):
        _answer_cell(book, question, 0).value = typed  # type: ignore[attr-defined]


def _median_off_scale(plan: Plan, back: Returned) -> tuple[Plan, Returned]:
    return _median(*_no_answers(plan, back))


def _change_median_off_scale(book: Workbook) -> None:
    _change_to_no_answers(book)
    _change_median(book)


def _tiers_off_scale(plan: Plan, back: Returned) -> tuple[Plan, Returned]:
    return _settings(*_no_answers(plan, back))


def _change_tiers_off_scale(book: Workbook) -> None:
    _change_to_no_answers(book)
    _change_settings(book)


CHANGES: dict[str, Change] = {
    "off the scale": (_change_to_no_answers, _no_answers),
    "off the scale, median": (_change_median_off_scale, _median_off_scale),
    "off the scale, tiers": (_change_tiers_off_scale, _tiers_off_scale),
    "weights and scope flags": (_change_weights, _weights),
    "scope, voice, tier shares, importance": (_change_settings, _settings),
    "median": (_change_median, _median),
    "given figures": (_change_figures, _figures),
    "answers and a person's weight": (_change_answers, _answers),
}


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, soffice: lanes.Office) -> dict[str, tuple[Workbook, Results]]:
    """Each change made in the workbook and recalculated, beside the results of the same change in Python."""
    folder = tmp_path_factory.mktemp("changed")
    figures = (cases.given("benchmark", "D1", 3.5), cases.given("target", "D4-01", 4.0))
    plan = cases.plan_of(count=6, dimensions=4, figures=figures)
    back = cases.answers_of(plan)
    original = folder / "original.xlsx"
    original.write_bytes(summary_bytes(compute(plan, back), "zh", BRAND, "consultant"))
    paths, expected = {}, {}
    for number, (name, (edit, change)) in enumerate(CHANGES.items()):
        book = _open(original, values=False)
        edit(book)
        paths[name] = folder / f"{number}.xlsx"
        book.save(paths[name])
        expected[name] = compute(*change(plan, back))
    found = soffice.recalculated(paths.values())
    return {name: (_open(found[path], values=True), expected[name]) for name, path in paths.items()}


def _shown(book: Workbook) -> dict[tuple[str, str, str], object]:
    """(node, angle, figure) -> what the hidden sheet of figures holds."""
    sheet = book["取数"]
    rows = {sheet.cell(row, 1).value: row for row in range(5, 400) if sheet.cell(row, 1).value}
    heads = {c: (sheet.cell(3, c).value, sheet.cell(4, c).value) for c in range(5, 80) if sheet.cell(4, c).value}
    return {(node, *head): sheet.cell(row, c).value for node, row in rows.items() for c, head in heads.items()}  # type: ignore[misc]


ANGLES = {"current": "现状", "target": "目标", "benchmark": "标杆", "competitor": "竞争对手"}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_in_the_workbook_gives_what_python_gives(
    name: str, changed: dict[str, tuple[Workbook, Results]]
) -> None:
    assert _wrong(*changed[name]) == {}


def test_a_row_that_the_scope_no_longer_has_says_so(changed: dict[str, tuple[Workbook, Results]]) -> None:
    """Once the scope is switched in the sheet, and the workbook recalculated."""
    book, results = changed["scope, voice, tier shares, importance"]
    catalogue, nodes = results.plan.catalogue, results.chosen.angles["current"].nodes
    gone = {each.id for each in catalogue.indicators if not nodes[each.id].in_scope}
    pages = {f"{d.number} {d.name.zh}": {i.id for i in d.indicators} for d in catalogue.dimensions}
    assert all(own & gone and own - gone for own in pages.values())
    said = {page: len(own & gone) for page, own in pages.items()}
    said |= dict.fromkeys(("指标", "差距", "构件"), len(gone))
    assert {sheet: _outside(book, sheet) for sheet in said} == said
    whole, _ = changed["median"]
    assert not any(_outside(whole, sheet) for sheet in said)


def _outside(book: Workbook, sheet: str) -> int:
    """How many rows say that they are out of scope."""
    return sum(str(cell.value).endswith("不在口径内") for row in book[sheet].iter_rows() for cell in row)


def test_a_calibration_changed_in_the_workbook_gives_what_python_gives(tmp_path: Path, soffice: lanes.Office) -> None:
    plan = cases.plan_of(count=6, dimensions=4, figures=(cases.given("benchmark", "D1-01", 3.5),))
    back = cases.answers_of(plan)
    path = tmp_path / "calibrated.xlsx"
    made = compute(plan, back, calibrations=CALIBRATED)
    path.write_bytes(summary_bytes(made, "zh", BRAND, "consultant"))
    book = _open(path, values=False)
    sheet = book["校准"]
    for node, typed in (("D1-01", "不适用"), ("D1-02-Q1", 1.5), ("D2-03", 0), ("D3-01-Q2", None)):
        sheet.cell(_find(sheet, 2, node), 6).value = typed
    book.save(path)
    then = cases.calibrated("current:D1-01:NA", "current:D1-02-Q1:1.5", "current:D2-03:0", "target:D1-01:4.5")
    found = _open(soffice.recalculated([path])[path], values=True)
    assert _wrong(found, compute(plan, back, calibrations=then)) == {}
    unlike = _wrong(found, made)
    assert {"D1-01", "D1-02", "D2-03", "D3-01", "D1", ROOT} <= {node for node, _, _ in unlike}


def _wrong(book: Workbook, results: Results) -> dict[tuple[str, str, str], object]:
    """What the workbook shows otherwise than Python has it."""
    shown, scope = _shown(book), results.chosen
    catalogue = results.plan.catalogue
    nodes = [ROOT, *(d.id for d in catalogue.dimensions), *(i.id for i in catalogue.indicators)]
    expected: dict[tuple[str, str, str], object] = {}
    for node in nodes:
        for angle, word in ANGLES.items():
            found = scope.angles[angle].nodes[node]
            expected |= {(node, word, "值"): found.score, (node, word, "级别"): found.level}
            if angle == "current":
                if results.calibrations:
                    expected[node, word, "校准前"] = found.raw
                names = {"最低": "low", "最高": "high", "覆盖率": "coverage", "有值份额": "valued_share"}
                expected |= {(node, word, key): getattr(found, figure) for key, figure in names.items()}
            else:
                gap = scope.gaps[angle][node]
                expected[node, word, "差距"] = gap.value
                if gap.value is not None:
                    expected[node, word, "可比份额"] = gap.weight_share
    for indicator in catalogue.indicators:
        ranks = {id_: place for place, id_ in enumerate(scope.importance_order, 1)}
        expected[indicator.id, "现状", "名次"] = ranks.get(indicator.id)
        expected[indicator.id, "现状", "重要性"] = scope.importance.get(indicator.id)
        strengths = {id_: place for place, id_ in enumerate(scope.strengths, 1)}
        expected[indicator.id, "现状", "强项名次"] = strengths.get(indicator.id)
    return {
        key: (value, shown.get(key))
        for key, value in expected.items()
        if not recalculation.same(value, shown.get(key) or (0 if shown.get(key) == 0 else None))
    }
