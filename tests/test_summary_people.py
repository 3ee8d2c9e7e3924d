"""Tiers and people, and the recommendations: figures are those of the results, texts follow from them."""

import io
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path

import lanes
import openpyxl
import pytest
import summary_cases as cases
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from recalculation import compare

from cmme_xl.catalogue import ROOT
from cmme_xl.results.advice import advice, agenda
from cmme_xl.results.compute import compute
from cmme_xl.results.facts import Facts, facts
from cmme_xl.results.model import Results
from cmme_xl.results.verdict import tensions
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Brand
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))


@cache
def results(audience: str = "consultant", scope: str = "standard", count: int = 9) -> Results:
    return cases.results_of(dimensions=3, audience=audience, scope=scope, count=count)


@cache
def data(audience: str, count: int = 9) -> bytes:
    return summary_bytes(results(audience, count=count), "en", BRAND, audience)


def opened(content: bytes | Path, *, values: bool = True) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = io.BytesIO(content) if isinstance(content, bytes) else content
        return openpyxl.load_workbook(source, data_only=values)


def spoken(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def check_tiers(sheet: Worksheet, known: Facts) -> int:
    """The hidden figures of the tiers against what the results say; how many were held against each other."""
    heads = {str(sheet.cell(4, column).value): column for column in range(3, sheet.max_column + 1)}
    rows = {str(sheet.cell(row, 1).value): row for row in range(5, sheet.max_row + 1)}
    names = {tier.id: tier.name.en for tier in known.catalogue.tiers}
    checked = 0
    for node, dimension in [(ROOT, None), *((d.id, d) for d in known.catalogue.dimensions)]:
        found = known.perception(dimension)
        assert found is not None
        for tier, mean in found.tiers.items():
            assert sheet.cell(rows[node], heads[names[tier]]).value == pytest.approx(mean, abs=1e-9), (node, tier)
            checked += 1
        for nature in ("intention", "reality"):
            mean_of = known.nature(nature, dimension)
            assert sheet.cell(rows[node], heads[nature]).value == pytest.approx(mean_of, abs=1e-9), (node, nature)
            checked += 1
    return checked


@pytest.mark.parametrize("audience", ["consultant", "client"])
def test_what_the_tiers_say_is_what_the_results_say(audience: str) -> None:
    assert check_tiers(opened(data(audience))["Tier figures"], facts(results(audience))) == 20


def test_the_list_names_the_widest_differences_first() -> None:
    known, sheet = facts(results()), opened(data("consultant"))["Tiers and people"]
    top, bottom = known.heard_tiers[0], known.heard_tiers[-1]
    apart = {}
    for each in known.scored:
        means = known.agreement[each.id].tiers
        if means.get(top) is not None and means.get(bottom) is not None and None not in means.values():
            high, low = (round_half_away(means[tier] or 0.0) for tier in (top, bottom))
            apart[f"{each.number} {each.name.en}"] = abs(high - low)
    widest = sorted(apart, key=lambda name: -round(apart[name], 2))[:10]
    shown = [text for text in spoken(sheet) if text in apart]
    assert shown[:10] == widest
    assert widest[0] in str(sheet["B4"].value)


@pytest.mark.parametrize("audience", ["consultant", "client"])
def test_the_agenda_stands_with_its_reasons(audience: str) -> None:
    said = spoken(opened(data(audience))["Tiers and people"])
    for entry in agenda(facts(results(audience))):
        assert entry.text("en") in said


def test_a_tier_of_two_is_not_shown_to_a_client() -> None:
    few = results("client", count=8)  # three senior, three middle, two on the front line
    sheet = opened(data("client", 8))["Tiers and people"]
    known = facts(few)
    assert known.heard_tiers == ("senior", "middle")
    assert "front" not in str(sheet["B4"].value)
    assert str(sheet["B5"].value).startswith("Who scored: 8 people ·")
    assert "<3" in spoken(sheet)


def test_recommendations_are_those_of_the_results() -> None:
    sheet = opened(data("consultant"))["Recommendations"]
    said = spoken(sheet)
    for each in advice(facts(results())):
        assert each.tactical.en in said
        assert each.strategic.en in said
    heads = next(row for row in range(1, 80) if sheet.cell(row, 21).value == "Now")
    target, current = (results().chosen.angles[angle].nodes["D1"] for angle in ("target", "current"))
    assert sheet.cell(heads + 1, 21).value == pytest.approx(current.score)
    assert sheet.cell(heads + 1, 23).value == (target.level or 0) - (current.level or 0)


def test_shaky_ground_is_counted_as_the_verdict_counts_it() -> None:
    """What the table adds up to is what the paragraph beside it says."""
    sheet = opened(data("consultant"))["Recommendations"]
    heads = next(row for row in range(1, 80) if sheet.cell(row, 21).value == "Now")
    counted = [sheet.cell(row, 25).value for row in range(heads + 1, heads + 5)]
    (said,) = (each.figures["n"].value for each in tensions(facts(results())) if each.rule == "ground")
    assert counted[3] == said == sum(int(str(each)) for each in counted[:3]) > 0


def test_a_single_tier_is_shown_and_compared_with_nothing() -> None:
    made = cases.results_of(dimensions=2, angles=(), count=1)
    sheet = opened(summary_bytes(made, "en", BRAND, "consultant"))["Tiers and people"]
    heads = next(row for row in range(1, 30) if sheet.cell(row, 17).value == "Senior")
    assert [sheet.cell(heads + at, 17).value for at in (1, 3)] == pytest.approx(
        [made.chosen.angles["current"].nodes[node].score for node in ("D1", ROOT)]
    )
    said = " ".join(spoken(sheet))
    assert "see most differently" not in said
    assert "σ 0.00" not in said


@pytest.mark.parametrize("made", [{"angles": (), "count": 1}, {"angles": (), "count": 0}, {"angles": (), "count": 4}])
@pytest.mark.parametrize("audience", ["consultant", "client"])
def test_what_is_missing_is_said(made: dict[str, object], audience: str) -> None:
    found = cases.results_of(dimensions=2, audience=audience, **made)  # type: ignore[arg-type]
    content = summary_bytes(found, "en", BRAND, audience)
    assert lint(content) == ()
    book = opened(content)
    assert "There is no target" in " ".join(spoken(book["Recommendations"]))
    title = str(book["Tiers and people"]["B4"].value)
    if made["count"] == 1:
        assert title.startswith(("One tier", "Fewer than two"))
    if made["count"] == 0:
        assert title == "No answer can be scored yet"
        assert not any(text.startswith("Only one tier") for text in spoken(book["Recommendations"]))


@pytest.mark.lane("libreoffice")
def test_a_recalculation_changes_nothing_and_the_scope_changes_all(tmp_path: Path, soffice: lanes.Office) -> None:
    paths = {name: tmp_path / f"{name}.xlsx" for name in ("consultant", "client", "changed")}
    for audience in ("consultant", "client"):
        paths[audience].write_bytes(data(audience))
    book = opened(data("consultant"), values=False)
    weights = book["Weights"]
    cell = next(c for row in weights.iter_rows(max_row=30) for c in row if c.value == "Scope" and c.column > 8)
    weights.cell(cell.row, cell.column + 1).value = "Key indicators only"
    book.save(paths["changed"])
    again = soffice.recalculated(paths.values())
    for audience in ("consultant", "client"):
        assert compare(paths[audience], again[paths[audience]]).wrong == {}
    changed, plan = opened(again[paths["changed"]]), results().plan
    key = compute(replace(plan, settings=replace(plan.settings, scope="key")), results().returned)
    assert check_tiers(changed["Tier figures"], facts(key)) == 20
    notes = [text for name in ("1 Strategy", "Recommendations") for text in spoken(changed[name]) if text[0] == "▲"]
    beside = [note for note in notes if note == "▲ text from before the change"]
    assert (len(notes), len(beside)) == (5, 2)
    assert all("consolidate again" in note.lower() for note in notes if note not in beside)


def test_the_matrix_numbers_every_action_and_lists_them_by_priority() -> None:
    book = opened(data("consultant"))
    sheet, hidden = book["Matrix"], book["Matrix figures"]
    numbers = {each.indicator.number for each in advice(facts(results()))}
    assert {hidden.cell(row, 1).value for row in range(4, 4 + len(numbers))} == numbers
    head = next(row for row in range(1, 20) if sheet.cell(row, 16).value == "First")
    listed = [sheet.cell(head + rank, 17).value for rank in range(1, len(numbers) + 1)]
    assert set(listed) == numbers
    plan = book["Action plan"]
    of = {plan.cell(row, 5).value: plan.cell(row, 19).value for row in range(10, 30) if plan.cell(row, 5).value}
    assert [of[number] for number in listed] == list(range(1, len(numbers) + 1))
