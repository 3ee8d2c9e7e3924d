"""The scorecard as a live workbook: by native formulas, by Python inside Calc, and with Python that fails."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import calc_addin
import lanes
import openpyxl
import pytest
import recalculation
import scorecards
import summary_cases
from planting import Written, a_range, a_value
from scorecards import answers, fill, plan

from cmme_xl import catalogue
from cmme_xl.calculation.ground import uncalibrated
from cmme_xl.catalogue import ROOT
from cmme_xl.hosts import extension
from cmme_xl.plan.model import Plan
from cmme_xl.results.compute import compute, rules
from cmme_xl.results.model import Results
from cmme_xl.returned.calibrations import Calibration
from cmme_xl.returned.model import Returned
from cmme_xl.scoring import efficient_path, importance
from cmme_xl.templates import template

WHO = ("Mei Lin", datetime(2026, 11, 20), "Minutes of the review were shown.")
NA = "NA"
"""In what is typed: the workbook's own word for it."""
Case = tuple[Plan, Returned, tuple[str, ...]]


def large(calibrated: tuple[str, ...] = (), **settings: object) -> Case:
    made = summary_cases.plan_of(**{"count": 6, "dimensions": 2, **settings})  # type: ignore[arg-type]
    return made, summary_cases.answers_of(made), calibrated


GIVEN = (summary_cases.given("benchmark", "D1", 3.5), summary_cases.given("target", "D2-01", 4.0))
CASES: dict[str, Callable[[], Case]] = {
    "all angles": lambda: large(("current:D1-01:4", "current:D2-03:NA", "current:D1-08-Q2:2.5", "target:D1-02:5")),
    "per tier, key": lambda: large(("current:D1-02-Q1:NA",), voice="tier", scope="key", figures=GIVEN),
    "median, dropped": lambda: large(
        combine="median", dropped=("D2", "D3-01", "D1-01-Q1"), angles=("benchmark",), dimensions=3
    ),
    "nothing to compare": lambda: large(("current:D1-01:0",), angles=(), count=1),
    "nobody": lambda: large(("current:D1-01:3",), angles=(), count=0),
    "small": lambda: (plan(), answers(), ("current:A1:4", "current:B2-b:NA", "target:A2-a:5")),
}
TYPED: dict[str, dict[str, tuple[Any, ...]]] = {
    "all angles": {
        "current:D1-03": (3.25, *WHO), "current:D2-01": (NA, *WHO), "current:D2-02-Q1": (5, *WHO),
        "current:D1-07": (4, WHO[0], None, WHO[2]), "target:D2-04": (4.5, *WHO), "target:D1-06-Q1": (NA, *WHO),
    },
    "per tier, key": {"current:D1-01": (5, *WHO), "benchmark:D1-01": (2, *WHO)},
    "median, dropped": {"current:D3-02": (5, *WHO), "current:D1-02-Q1": (0, *WHO), "benchmark:D1-03": (1, *WHO)},
    "nothing to compare": {"current:D1-01-Q1": (1, *WHO), "current:D1-02": (1, *WHO)},
    "nobody": {"current:D2-02": (1, *WHO)},
    "small": {"current:A1-a": (1, *WHO), "current:B1": (9, *WHO), "current:A2": (NA, *WHO)},
}  # fmt: skip


TICKED = {"all angles": ["D1-02", "D2-02", "D2-04"]}
BY_PATH = ("per tier, key", "median, dropped")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every case as it is written, and once more with calibrations typed into one without any."""
    folder = tmp_path_factory.mktemp("scorecards")
    paths: dict[str, Path] = {}
    for number, (name, build) in enumerate(CASES.items()):
        case = build()
        paths[name] = folder / f"{number}.xlsx"
        paths[name].write_bytes(scorecards.data(*case[:2], "zh", *case[2]))
        paths[f"{name}, typed"] = folder / f"{number}t.xlsx"
        paths[f"{name}, typed"].write_bytes(scorecards.data(*case[:2], "zh"))
        word = case[0].catalogue.na.zh
        typed = {place: (word if score == NA else score, *rest) for place, (score, *rest) in TYPED[name].items()}
        fill(paths[f"{name}, typed"], typed, "zh")
        tick(paths[f"{name}, typed"], TICKED.get(name, ()), by_path=name in BY_PATH)
    return paths


def tick(path: Path, indicators: Sequence[str], by_path: bool) -> None:
    """Choose improvements on the page of what-if, by their names; or the efficient path."""
    words = template("scorecard")["whatif"]
    book = openpyxl.load_workbook(path)
    sheet = book["改进推演"]
    names = {each.id: each.name.zh for each in catalogue.load().indicators}
    for row in sheet.iter_rows():
        for cell in row:
            if by_path and cell.value == words["by_tick"]["zh"]:
                cell.value = words["by_path"]["zh"]
            if cell.coordinate.startswith("D") and any(str(cell.value).startswith(names[each]) for each in indicators):
                sheet[f"B{cell.row}"].value = "✓"
    book.save(path)


@pytest.fixture(scope="module")
def native(books: dict[str, Path], soffice: lanes.Office) -> dict[str, Path]:
    found = soffice.recalculated(books.values())
    return {name: found[path] for name, path in books.items()}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("extension") / "sound.oxt"
    extension.build(path)
    return path


@pytest.fixture(scope="module")
def live(books: dict[str, Path], sound: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return in_calc(books, sound, tmp_path_factory.mktemp("live"))


def in_calc(books: dict[str, Path], addin: Path, folder: Path) -> dict[str, Path]:
    profile = calc_addin.profile(folder, addin)
    out = folder / "out"
    calc_addin.convert(profile, books.values(), out)
    return {name: out / path.name for name, path in books.items()}


@pytest.mark.lane("libreoffice")
@pytest.mark.parametrize("name", CASES)
def test_without_the_add_in_every_cached_value_is_what_the_formula_comes_to(
    name: str, books: dict[str, Path], native: dict[str, Path]
) -> None:
    found = recalculation.compare(books[name], native[name])
    assert found.formulas > 500
    assert found.wrong == {}


@pytest.mark.lane("libreoffice-24.8")
@pytest.mark.parametrize("name", CASES)
def test_with_the_add_in_only_the_name_of_the_engine_changes(
    name: str, books: dict[str, Path], live: dict[str, Path]
) -> None:
    wrong = recalculation.compare(books[name], live[name]).wrong
    assert {place[0] for place in wrong} == {"会议页", "打分与校准", "用法", "Python计算"}
    assert len(wrong) == 4
    assert "Python" in str(wrong["会议页", "P2"][1])


@pytest.mark.lane("libreoffice-24.8")
def test_an_add_in_that_raises_changes_nothing_but_what_is_said_of_it(
    books: dict[str, Path], sound: Path, tmp_path: Path
) -> None:
    raising = b"answer = function(", b"answer = 1 / 0 if function.__name__ == 'rollup' else function("
    broken = calc_addin.changed(sound, tmp_path / "broken.oxt", *raising)
    found = in_calc({name: books[name] for name in ("all angles", "small, typed")}, broken, tmp_path)
    wrong = recalculation.compare(books["all angles"], found["all angles"]).wrong
    assert len(wrong) == 4
    assert "算不出" in str(wrong["会议页", "P2"][1])
    assert unlike(found["small, typed"], "small") == {}


@pytest.mark.lane("libreoffice-24.8")
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("engine", ["native", "live"])
def test_what_is_typed_moves_every_figure_as_python_has_it(
    engine: str, name: str, native: dict[str, Path], live: dict[str, Path]
) -> None:
    book = (native if engine == "native" else live)[f"{name}, typed"]
    assert unlike(book, name) == {}


def entries_of(name: str) -> list[Calibration]:
    """What was typed, as far as it is complete and on the scale."""
    entries = []
    for place, (score, *rest) in TYPED[name].items():
        angle, node = place.split(":")
        if None not in rest and (isinstance(score, str) or 0 <= score <= 5):
            value = "NA" if isinstance(score, str) else f"{score}"
            entries.append(scorecards.calibration(f"{angle}:{node}:{value}"))
    return entries


def unlike(book: Path, name: str) -> dict[tuple[str, str], tuple[object, object]]:
    """What the workbook's figures are, where Python has others, once what was typed is calibrated."""
    made, back, _ = CASES[name]()
    results = compute(made, back, calibrations=entries_of(name))
    expected, shown = figures_of(results), figures_in(book)
    assert len(expected) > 40
    return {
        key: (value, shown.get(key))
        for key, value in expected.items()
        if not recalculation.same(value, None if shown.get(key) == "" else shown.get(key))
    }


@pytest.mark.lane("libreoffice")
@pytest.mark.parametrize("name", [*TICKED, *BY_PATH])
def test_the_what_if_is_what_python_makes_of_raised_indicators(name: str, native: dict[str, Path]) -> None:
    """Raised to its goal, an indicator is one calibrated at its score and gap; total and dimensions follow."""
    made, back, _ = CASES[name]()
    entries = entries_of(name)
    now = compute(made, back, calibrations=entries)
    current, gaps = now.chosen.angles["current"].nodes, now.chosen.gaps
    chosen = TICKED.get(name) or [id_ for (id_, what) in figures_of(now) if what == "step"]
    assert chosen
    raised = []
    for id_ in chosen:
        gap = gaps["target"][id_].value if gaps["target"][id_].value is not None else gaps["benchmark"][id_].value
        score = current[id_].score
        assert score is not None
        assert gap is not None
        raised.append(scorecards.calibration(f"current:{id_}:{score + max(gap, 0.0)!r}"))
    kept = [each for each in entries if each.node not in chosen]
    after = compute(made, back, calibrations=[*kept, *raised]).chosen.angles["current"].nodes
    sheet = openpyxl.load_workbook(native[f"{name}, typed"], data_only=True)["推演计算"]
    shown = {sheet.cell(row, 1).value: sheet.cell(row, 2).value for row in range(1, sheet.max_row + 1)}
    assert [id_ for id_, on in shown.items() if on == 1 and "-" in str(id_)] == sorted(chosen)
    for node in (ROOT, *(each.id for each in made.catalogue.dimensions)):
        assert recalculation.same(after[node].score, shown.get(node)), node


def figures_of(results: Results) -> dict[tuple[str, str], object]:
    chosen, model = results.chosen, results.plan.catalogue
    current = chosen.angles["current"]
    plain = uncalibrated(current, rules(results.plan, "current")).nodes
    others = [a for a in ("target", "benchmark", "competitor") if results.scopes["standard"].angles[a].present]
    kept = [d for d in model.dimensions if d.id not in results.plan.dropped]
    nodes = [ROOT, *(d.id for d in kept), *(i.id for d in kept for i in d.indicators)]
    found: dict[tuple[str, str], object] = {}
    for node in nodes:
        here = current.nodes[node]
        found |= {
            (node, "value"): here.score, (node, "low"): here.low, (node, "high"): here.high,
            (node, "coverage"): here.coverage, (node, "level"): here.level, (node, "raw"): plain[node].score,
            (node, "valued_share"): here.valued_share,
        }  # fmt: skip
        for place, other in enumerate(others):
            gap = chosen.gaps[other][node].value if here.in_scope else None
            found[node, f"{other}_value"] = chosen.angles[other].nodes[node].score
            found[node, f"{other}_gap"] = gap
            if place == 0:
                found[node, "gap"] = gap
    for each in kept:
        for question in (q for i in each.indicators for q in i.questions):
            found[question.id, "value"] = current.nodes[question.id].score
    points = importance(
        [i.id for i in model.indicators], current.nodes, chosen.gaps["target"], chosen.gaps["benchmark"], "target"
    )
    found |= {(i.id, "points"): points.get(i.id) for d in kept for i in d.indicators}
    return found | steps_of(results, points)


def steps_of(results: Results, points: dict[str, float]) -> dict[tuple[str, str], object]:
    """The step of each indicator on the efficient path to the level that the sheet was made with."""
    model, before = results.plan.catalogue, compute(results.plan, results.returned)
    level = before.chosen.angles["current"].nodes[ROOT].level or len(model.levels)
    following = model.levels[min(level, len(model.levels) - 1)]
    ids = [each.id for each in model.indicators]
    path = efficient_path(
        ids, points, {i.id: float(i.effort) for i in model.indicators},
        {i.id: i.prerequisites for i in model.indicators}, results.chosen.angles["current"].nodes[ROOT].score,
        following.threshold, model.limits.decimals, model.limits.importance_decimals,
    )  # fmt: skip
    return {(each.id, "step"): float(number) for number, each in enumerate(path.steps, 1)}


def figures_in(book: Path) -> dict[tuple[str, str], object]:
    opened = openpyxl.load_workbook(book, data_only=True)
    found: dict[tuple[str, str], object] = {}
    for name, head in (("实时取数", 11), ("路径计算", 4)):
        sheet = opened[name]
        heads = {column: sheet.cell(head, column).value for column in range(1, sheet.max_column + 1)}
        for row in range(head + 1, sheet.max_row + 1):
            node = sheet.cell(row, 1).value
            if node:
                found |= {(str(node), str(key)): sheet.cell(row, column).value for column, key in heads.items() if key}
    return found


# --- planted faults


@pytest.mark.lane("libreoffice")
def test_every_planted_fault_is_noticed(books: dict[str, Path], tmp_path: Path, soffice: lanes.Office) -> None:
    """One cached value on each sheet that has such, and one range of the calculation."""
    book = Written(books["small"].read_bytes())
    values = dict(found for sheet in book.sheets if (found := a_value(book, sheet)))
    assert len(values) > 5
    ranged = a_range(book, "公式计算")
    assert ranged is not None
    planted = {}
    for title, faults in (("values", values), ("range", dict([ranged]))):
        path = book.changed(tmp_path / f"{title}.xlsx", {sheet: xml for (sheet, _), xml in faults.items()})
        planted[path] = faults.keys()
    for path, again in soffice.recalculated(planted).items():
        assert planted[path] <= recalculation.compare(path, again).wrong.keys(), path.stem


# --- how often Python is called

EDIT = """
def note(word):
    with open({log!r}, "a") as log:
        log.write(word + chr(10))
book = desktop.loadComponentFromURL({url!r}, "_blank", 0, ())
note("loaded")
sheet = book.Sheets.getByName("打分与校准")
sheet.unprotect("")
for place, value in {edits!r}:
    cell = sheet.getCellRangeByName(place)
    cell.setString(value) if isinstance(value, str) else cell.setValue(value)
    total = book.Sheets.getByName("会议页").getCellRangeByName("O8").getString()
    note("edited " + total)
book.close(True)
"""


@pytest.mark.lane("libreoffice-24.8")
def test_one_edit_costs_one_call(books: dict[str, Path], sound: Path, tmp_path: Path) -> None:
    log = tmp_path / "calls.txt"
    counting = f"open({str(log)!r}, 'a').write(function.__name__ + chr(10)) and function(".encode()
    addin = calc_addin.changed(sound, tmp_path / "counting.oxt", b"answer = function(", b"answer = " + counting)
    profile = calc_addin.profile(tmp_path, addin)
    sheet = openpyxl.load_workbook(books["all angles"])["打分与校准"]
    rows, columns = scorecards.places(sheet, "zh")

    def at(node: str, field: str) -> str:
        return sheet.cell(rows[node], columns["current", field]).coordinate

    # the fourth completes a calibration, the fifth changes one that counts already
    edits = [
        (at("D2-04", "score"), 4.0),
        (at("D2-04", "by"), "Mei Lin"),
        (at("D2-04", "when"), 46346.0),
        (at("D2-04", "why"), "Minutes were shown."),
        (at("D2-04", "score"), 0.0),
    ]
    calc_addin.script(profile, EDIT.format(url=books["all angles"].as_uri(), log=str(log), edits=edits))
    lines = log.read_text().splitlines()
    since = lines[lines.index("loaded") + 1 :]
    ends = [place for place, line in enumerate(since) if line.startswith("edited")]
    calls = [since[start + 1 : end] for start, end in zip([-1, *ends], ends, strict=False)]
    assert len(ends) == len(edits)
    assert all(len(each) <= 1 for each in calls)
    assert calls[3:] == [["rollup"], ["rollup"]]
    totals = [since[end].split()[1] for end in ends]
    assert len({*totals[2:]}) == 3  # each of them was seen
