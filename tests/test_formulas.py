"""The native formulas against the one table of cases (scoring.md rule 14), recalculated by LibreOffice."""

import math
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import lanes
import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from test_scoring import CASES, LADDER, close, number, rules, tree

from cmme_xl import formulas as f
from cmme_xl import scoring
from cmme_xl.scoring import round_half_away

Table = dict[str, Any]
Check = tuple[str, str, Any, str]
"""Sheet, cell, the expected value (as in the table, or itself), and what it is."""

LAYOUT = """
    id weight kept given calibrated asked scored na plain_weight in_weight rolled value low high covered reached
    within score low_shown high_shown coverage response_rate share valued_share level low_level high_level
    provisional plan_weight spread sd
"""
COLUMNS = LAYOUT.split()
FIRST_VOTE = len(COLUMNS) + 1
PEOPLE_ROW, FIRST_ROW = 1, 3


def ladder(case: Table) -> tuple[float, ...]:
    return tuple(case.get("thresholds", LADDER))


class Block:
    """One tree as rows of a sheet: siblings beneath one another, so that children are a range."""

    def __init__(self, sheet: Worksheet, case: Table, angle: str = "", top: int = 0) -> None:
        self.sheet, self.case, self.top = sheet, case, top
        self.nodes = list(self._breadth_first())
        self.row = {node["id"]: FIRST_ROW + top + i for i, node in enumerate(self.nodes)}
        self.children = {n["id"]: [c for c in self.nodes if c.get("parent") == n["id"]] for n in self.nodes}
        self.votes = {n["id"]: dict(v.split(":") for v in n.get(f"{angle}votes", "").split()) for n in self.nodes}
        self.people = self._people()
        self.angle = angle
        for i, (_, _, weight) in enumerate(self.people):
            sheet.cell(PEOPLE_ROW + top, FIRST_VOTE + i, weight)
        for node in self.nodes:
            self._write(node)

    def _breadth_first(self) -> Iterator[Table]:
        level = self.case["node"][:1]
        while level:
            yield from level
            level = [c for n in level for c in self.case["node"] if c.get("parent") == n["id"]]

    def _people(self) -> list[tuple[str, str, float]]:
        named = {r: (t, float(w)) for r, t, w in (p.split(":") for p in self.case.get("people", "").split())}
        everyone = dict.fromkeys(r for votes in self.votes.values() for r in votes)
        return sorted(((r, *named.get(r, ("", 1.0))) for r in everyone), key=lambda person: person[1])

    def cell(self, id_: str, column: str) -> str:
        return f"${get_column_letter(COLUMNS.index(column) + 1)}${self.row[id_]}"

    def beneath(self, id_: str, column: str) -> str:
        first, last = self.children[id_][0]["id"], self.children[id_][-1]["id"]
        return f"{self.cell(first, column)}:{self.cell(last, column)}"

    def ballots(self, row: int, tier: str | None = None) -> str:
        places = [i for i, person in enumerate(self.people) if tier in (None, person[1])] or [0]
        first, last = (get_column_letter(FIRST_VOTE + i) for i in (places[0], places[-1]))
        return f"${first}${row}:${last}${row}"

    def _kept(self, node: Table) -> bool:
        """A decision of the plan, not arithmetic: neither dropped, nor beneath what is, nor left with nothing."""
        above = next((n for n in self.nodes if n["id"] == node.get("parent")), None)
        chain = node.get("in_scope", True) and (above is None or self._chain(above))
        children = self.children[node["id"]]
        return bool(chain and (not children or any(self._kept(child) for child in children)))

    def _chain(self, node: Table) -> bool:
        above = next((n for n in self.nodes if n["id"] == node.get("parent")), None)
        return node.get("in_scope", True) and (above is None or self._chain(above))

    def _write(self, node: Table) -> None:
        id_, row = node["id"], self.row[node["id"]]
        at = lambda column: self.cell(id_, column)  # noqa: E731
        put = {
            "id": id_,
            "weight": float(node.get("weight", 1)),
            "kept": self._kept(node),
            "given": node.get(f"{self.angle}given"),
            "calibrated": node.get(f"{self.angle}calibrated"),
        }
        made = self._above(id_) if self.children[id_] else self._question(id_)
        figures = (at("plain_weight"), at("given"), at("calibrated"))
        parent = node.get("parent")
        made |= {
            "in_weight": f.figure_weight(at("weight"), *figures, in_scope=at("kept")),
            "value": f.first_number(at("calibrated"), at("given"), at("rolled")),
            "low": f.first_number(at("calibrated"), at("given"), made["low"]),
            "high": f.first_number(at("calibrated"), at("given"), made["high"]),
            "covered": f.figure_covered(made["covered"], at("given")),
            "reached": f.figure_reached(made["reached"], at("given"), at("calibrated")),
            "within": f.within(at("in_weight"), self.cell(parent, "within") if parent else "TRUE"),
            "score": f.only_within(at("value"), at("within")),
            "low_shown": f.only_within(at("low"), at("within")),
            "high_shown": f.only_within(at("high"), at("within")),
            "coverage": f.only_within(f.coverage(at("covered"), at("reached"), at("in_weight")), at("within")),
            "response_rate": f.response_rate(at("scored"), at("asked"), at("na")),
            "level": f.level(at("score"), ladder(self.case)),
            "low_level": f.level(at("low_shown"), ladder(self.case)),
            "high_level": f.level(at("high_shown"), ladder(self.case)),
            "provisional": f.provisional(at("coverage"), at("response_rate"), "0.6"),
            "plan_weight": f'IF({at("kept")},{at("weight")},"")',
            "spread": f.spread(self.ballots(row)),
            "sd": f.deviation(self.ballots(row)),
        }
        if parent:
            weights = self.beneath(parent, "in_weight")
            values = self.beneath(parent, "value")
            above = self.cell(parent, "share"), self.cell(parent, "valued_share")
            made["share"] = f.effective_share(at("in_weight"), weights, above[0])
            made["valued_share"] = f.valued_share(at("value"), at("in_weight"), values, weights, above[1])
        else:
            made["share"] = f"IF({at('within')},1,0)"
            made["valued_share"] = f"IF(ISNUMBER({at('score')}),1,0)"
        for column, value in (put | {column: f"={text}" for column, text in made.items()}).items():
            if value is not None:
                self.sheet.cell(row, COLUMNS.index(column) + 1, value)

    def _question(self, id_: str) -> dict[str, str]:
        row, kept = self.row[id_], self.cell(id_, "kept")
        for i, (respondent, _, _) in enumerate(self.people):
            answer = self.votes[id_].get(respondent)
            if answer is not None:
                typed = float(answer) if answer[0].isdigit() else answer
                self.sheet.cell(row, FIRST_VOTE + i, typed)
        scores = self.ballots(row)
        low, high = self.case.get("scale", (0, 5))
        at = lambda column: self.cell(id_, column)  # noqa: E731
        return {
            "asked": f"IF({kept},COUNTA({scores}),0)",
            "scored": f"IF({kept},COUNT({scores}),0)",
            "na": f'IF({kept},COUNTIF({scores},"NA"),0)',
            "rolled": self._combined(row),
            "plain_weight": f.question_weight(at("weight"), at("asked"), at("na"), kept),
            "low": f"({f.bound(at('rolled'), str(low))})",
            "high": f"({f.bound(at('rolled'), str(high))})",
            "covered": f.covered(at("rolled")),
            "reached": "1",
        }

    def _combined(self, row: int) -> str:
        if self.case.get("combine") == "median":
            return f.combine_median(self.ballots(row))
        if self.case.get("voice") == "tier":
            present = {tier for _, tier, _ in self.people}
            shares = {t: s for t, s in self.case["tier_shares"].items() if t in present}
            return f.combine_tier((self.ballots(row, tier), f.number(share)) for tier, share in shares.items())
        return f.combine_person(self.ballots(row), self.ballots(PEOPLE_ROW + self.top))

    def _above(self, id_: str) -> dict[str, str]:
        weights = self.beneath(id_, "in_weight")
        self._own_means(id_)
        made = {c: f"SUM({self.beneath(id_, c)})" for c in ("asked", "scored", "na")}
        made |= {c: f.portion(self.beneath(id_, c), weights) for c in ("covered", "reached")}
        made |= {c: f"({f.weighted_mean(self.beneath(id_, c), weights)})" for c in ("low", "high")}
        made["rolled"] = f.weighted_mean(self.beneath(id_, "value"), weights)
        made["plain_weight"] = f.node_weight(self.cell(id_, "weight"), weights, self.cell(id_, "kept"))
        return made

    def _own_means(self, id_: str) -> None:
        """Each respondent's own mean at the node: what agreement above a question speaks of (rule 10)."""
        rows = [self.row[child["id"]] for child in self.children[id_]]
        for i in range(len(self.people)):
            column = get_column_letter(FIRST_VOTE + i)
            own = f.weighted_mean(f"{column}{rows[0]}:{column}{rows[-1]}", self.beneath(id_, "plan_weight"))
            self.sheet.cell(self.row[id_], FIRST_VOTE + i, f"={own}")


PRINTED = {"low": "low_shown", "high": "high_shown", "in_scope": "within"}
NOT_NATIVE = {"raw", "source", "dk", "blank", "open"}
"""Kept beside the sheets' formulas as plain figures, or counted in no formula."""


def write_trees(book: openpyxl.Workbook) -> Iterator[Check]:
    for i, case in enumerate(CASES["tree"]):
        sheet = book.create_sheet(f"tree{i}")
        block = Block(sheet, case)
        for id_, expected in case["expect"].items():
            for key, value in expected.items():
                if key not in NOT_NATIVE:
                    what = f"{case['name']}: {id_} {key}"
                    yield sheet.title, block.cell(id_, PRINTED.get(key, key)), none_for_level(key, value), what


def made_up(seed: int) -> Table:
    """A tree of three levels, seen from two angles, with everything that can befall a node."""
    dice = random.Random(seed)
    people = [f"r{i}:{('senior', 'middle', 'front')[i % 3]}:{dice.choice((0, 1, 1, 2, 0.5))}" for i in range(5)]
    nodes: list[Table] = [{"id": "T"}]
    for d in range(3):
        nodes.append({"id": f"D{d}", "parent": "T"})
        for i in range(3):
            nodes.append({"id": f"D{d}I{i}", "parent": f"D{d}"})
            nodes += [
                {"id": f"D{d}I{i}Q{q}", "parent": f"D{d}I{i}", "votes": ballot(dice), "other_votes": ballot(dice)}
                for q in range(3)
            ]
    for node in nodes[1:]:
        node["weight"] = dice.choice((0, 1, 1, 2, 3.5))
        node["in_scope"] = dice.random() > 0.1
        for figure, values in (("given", (0.5, 3, 4.2)), ("calibrated", ("NA", 1.5, 4))):
            for angle in ("", "other_"):
                if dice.random() < 0.1:
                    node[angle + figure] = dice.choice(values)
    voice = {"voice": "tier", "tier_shares": {"senior": 50, "middle": 30, "front": 20}} if seed % 2 else {}
    return {"name": f"made up {seed}", "people": " ".join(people), "node": nodes, **voice}


def ballot(dice: random.Random) -> str:
    votes = (f"r{i}:{dice.choice(('NA', 'NA', 'DK', '-', '?', *'012345'))}" for i in range(5))
    return " ".join(vote for vote in votes if dice.random() < 0.7)


def write_made_up(book: openpyxl.Workbook) -> Iterator[Check]:
    """Where no hand could work out the figures, the two engines are held to each other."""
    for seed in range(12):
        case = made_up(seed)
        sheet = book.create_sheet(f"made_up{seed}")
        block = Block(sheet, case)
        for id_, result in scoring.score_tree(tree(case), rules(case)).items():
            for key in ("score", "low", "high", "coverage", "response_rate", "share", "valued_share"):
                value = getattr(result, key)
                expected = "none" if value is None else repr(value)
                yield sheet.title, block.cell(id_, PRINTED.get(key, key)), expected, f"{case['name']}: {id_} {key}"
            for key in ("level", "low_level", "high_level", "provisional", "in_scope", "asked", "scored", "na"):
                expected = none_for_level(key, getattr(result, key) or 0)
                yield sheet.title, block.cell(id_, PRINTED.get(key, key)), expected, f"{case['name']}: {id_} {key}"


def none_for_level(key: str, value: Any) -> Any:
    return "none" if key.endswith("level") and value == 0 else value


def engine_gaps(case: Table) -> dict[str, tuple[str, str]]:
    """What Python makes of the gaps of the nodes in scope."""
    mine, theirs = tree(case), tree(case, "other_")
    here, there = (scoring.score_tree(side, rules(case)) for side in (mine, theirs))
    return {
        id_: ("none" if gap.value is None else repr(gap.value), repr(gap.weight_share))
        for id_, gap in scoring.gaps(mine, theirs, here, there).items()
        if here[id_].in_scope
    }


def write_gaps(book: openpyxl.Workbook) -> Iterator[Check]:
    cases = [(case, case["expect"]) for case in CASES["gap"]]
    cases += [(case, engine_gaps(case)) for case in map(made_up, range(12))]
    for i, (case, expect) in enumerate(cases):
        sheet = book.create_sheet(f"gap{i}")
        mine = Block(sheet, case)
        theirs = Block(sheet, case, "other_", top=len(mine.nodes) + 4)
        left = max(len(mine.people), len(theirs.people)) + FIRST_VOTE + 1
        letters = [get_column_letter(left + k) for k in range(4)]
        for node in mine.nodes:
            id_, row = node["id"], mine.row[node["id"]]
            value, compared, reached, share = (f"${letter}${row}" for letter in letters)
            here, there = mine.cell(id_, "score"), theirs.cell(id_, "score")
            if children := mine.children[id_]:
                rows = mine.row[children[0]["id"]], mine.row[children[-1]["id"]]
                ranges = [f"${letter}${rows[0]}:${letter}${rows[1]}" for letter in letters[:3]]
                figures = ",".join(b.cell(id_, c) for b in (mine, theirs) for c in ("given", "calibrated"))
                weights = mine.beneath(id_, "in_weight")
                sheet[value] = "=" + f.node_gap(here, there, figures, ranges[0], weights)
                sheet[compared] = "=" + f.node_compared(value, figures, ranges[1], weights)
                sheet[reached] = "=" + f.node_reached(figures, ranges[2], weights)
            else:
                sheet[value] = "=" + f.gap(here, there)
                sheet[compared] = "=" + f.covered(value)
                sheet[reached] = 1
            sheet[share] = "=" + f.gap_share(compared, reached)
            if id_ in expect:
                for place, expected in zip((value, share), expect[id_], strict=True):
                    yield sheet.title, place, expected, f"{case['name']}: {id_}"


def write_agreement(book: openpyxl.Workbook) -> Iterator[Check]:
    for i, case in enumerate(CASES["agreement"]):
        sheet = book.create_sheet(f"agreement{i}")
        block = Block(sheet, case)
        left = FIRST_VOTE + len(block.people) + 1
        for id_, expected in case["expect"].items():
            what, row = f"{case['name']}: {id_}", block.row[id_]
            yield sheet.title, block.cell(id_, "spread"), expected["spread"], f"{what} spread"
            variance = number(expected["variance"])
            deviation = "none" if variance is None else repr(math.sqrt(variance))
            yield sheet.title, block.cell(id_, "sd"), deviation, f"{what} sd"
            for k, (tier, mean) in enumerate(expected["tiers"].items()):
                place = f"{get_column_letter(left + k)}{row}"
                sheet[place] = "=" + f.mean(block.ballots(row, tier))
                yield sheet.title, place, mean, f"{what} {tier}"


def write_figures(book: openpyxl.Workbook) -> Iterator[Check]:
    """Rounding, levels, gates: one row each, the input in A, the formula in B."""
    sheet = book.create_sheet("figures")
    names = [f.quoted(f'"{n}" 级') for n in range(1, 10)]
    row = 0
    for case in CASES["rounding"]:
        row += 1
        sheet.cell(row, 1, case["x"])
        sheet.cell(row, 2, "=" + f.rounded(f"A{row}", case.get("digits", 2)))
        yield "figures", f"B{row}", case["expect"], f"rounding {case['x']!r}"
    for case in CASES["level"]:
        row += 1
        score = number(case["score"])
        sheet.cell(row, 1, "–" if score is None else score)
        sheet.cell(row, 2, "=" + f.level(f"A{row}", ladder(case)))
        sheet.cell(row, 3, "=" + f.level_name(f"B{row}", names[: len(ladder(case))]))
        yield "figures", f"B{row}", none_for_level("level", case["level"]), f"level {case['score']}"
        name = f'"{case["level"]}" 级' if case["level"] else "none"
        yield "figures", f"C{row}", (name,), f"name of level {case['score']}"
    for case in CASES["gate"]:
        row += 1
        for k, level in enumerate([case["total"], *case["dimensions"]]):
            sheet.cell(row, 3 + k, level or "–")
        last = get_column_letter(3 + len(case["dimensions"]))
        sheet.cell(row, 2, "=" + f.gated_level(f"C{row}", f"D{row}:{last}{row}"))
        yield "figures", f"B{row}", none_for_level("level", case["expect"]), f"gate {case}"


def write_importance(book: openpyxl.Workbook) -> Iterator[Check]:
    sheet = book.create_sheet("importance")
    row = 0
    for case in CASES["importance"]:
        for id_, share in case["shares"].items():
            row += 1
            sheet.cell(row, 1, number(share))
            for column, side in ((2, "target"), (3, "benchmark")):
                gap = number(case[side].get(id_, "none"))
                sheet.cell(row, column, "–" if gap is None else gap)
            sheet.cell(row, 4, "=" + f.importance(f"A{row}", f"B{row}", f"C{row}", case["setting"]))
            yield "importance", f"D{row}", case["expect"].get(id_, "none"), f"{case['name']}: {id_}"


RANKS = [(0.101, 3), (0.104, 4), (0.105, 2), ("–", "none"), (0.0, "none"), (4e-16, "none"), (0.5, 1), (0.004, 5)]
"""Points of indicators in catalogue order, and their rank: 0.10 twice, nothing to gain three times."""


def write_ranks(book: openpyxl.Workbook) -> Iterator[Check]:
    sheet = book.create_sheet("ranks")
    last = len(RANKS)
    for row, (points, rank) in enumerate(RANKS, 1):
        sheet.cell(row, 1, points)
        sheet.cell(row, 2, "=" + f.rank_key(f"A{row}"))
        sheet.cell(row, 3, "=" + f.rank(f"$B{row}", f"$B$1:$B${last}", f"$B$1:$B{row}"))
        yield "ranks", f"C{row}", rank, f"rank of {points!r}"


def write_orders(book: openpyxl.Workbook) -> Iterator[Check]:
    """One case beneath another: a row per indicator, to the right of it the steps in their order."""
    sheet = book.create_sheet("orders")
    row = 1
    for kind in ("priority", "path"):
        for case in CASES[kind]:
            yield from order_of(sheet, row, kind, case)
            row += len(case["indicators"]) + 3


def order_of(sheet: Worksheet, head: int, kind: str, case: Table) -> Iterator[Check]:
    """Columns: number, key, turn, two prerequisites, points; then turn and number of each step, and the total."""
    ids, points = case["indicators"], case["points"]
    first, last = head + 1, head + len(ids)
    span = lambda column: f"${column}${first}:${column}${last}"  # noqa: E731
    sheet[f"H{head}"] = 0
    sheet[f"I{head}"] = case.get("start")
    for place, id_ in enumerate(ids):
        row = first + place
        candidate = id_ in points and (kind == "priority" or points[id_] > 0)
        key = round_half_away(points[id_] / case["effort"].get(id_, 1)) if candidate else "–"
        urgency = case.get("urgency", {}).get(id_, 1) if candidate else 0
        sheet[f"A{row}"] = place + 1
        sheet[f"B{row}"] = f"={urgency}*1000+{key}" if candidate else key
        sheet[f"C{row}"] = "=" + f.order_turn(f"$B{row}", span("B"), f"$B${first}:$B{row}")
        before = [each for each in case.get("prerequisites", {}).get(id_, ()) if points.get(each, 0) > 0]
        for column, other in zip("DE", [*before, "", ""], strict=False):
            sheet[f"{column}{row}"] = ids.index(other) + 1 if other else 0
        sheet[f"F{row}"] = points.get(id_)
        taken = f"$H${head}:$H${row - 1}"
        sheet[f"G{row}"] = "=" + f.next_turn(span("C"), span("A"), [span("D"), span("E")], taken)
        sheet[f"H{row}"] = "=" + f.taken_next(f"G{row}", span("C"))
        shown, column = [ids.index(each) + 1 for each in case["expect"]], "H"
        if kind == "path":
            total = f.path_total(f"I{row - 1}", f"H{row}", span("F"), str(case["threshold"]))
            sheet[f"I{row}"] = "=" + total
            sheet[f"J{row}"] = f'=IF(ISNUMBER(I{row}),H{row},"")'
            column = "J"
        expected = shown[place] if place < len(shown) else "none"
        yield "orders", f"{column}{row}", expected, f"{case['name']}: step {place + 1}"
    if kind == "path":
        yield "orders", f"I{head + len(case['expect'])}", case["total"], f"{case['name']}: total"


WRITERS = (
    *(write_trees, write_made_up, write_gaps, write_agreement),
    *(write_figures, write_importance, write_ranks, write_orders),
)


@pytest.fixture(scope="module")
def recalculated(
    soffice: lanes.Office, tmp_path_factory: pytest.TempPathFactory
) -> tuple[openpyxl.Workbook, dict[str, list[Check]]]:
    """All cases in one workbook, recalculated once; and what each writer expects of it."""
    book = openpyxl.Workbook()
    checks = {write.__name__: list(write(book)) for write in WRITERS}
    path = tmp_path_factory.mktemp("formulas") / "cases.xlsx"
    book.save(path)
    return openpyxl.load_workbook(soffice.recalculated([path])[path], data_only=True), checks


def agrees(found: Any, expected: Any) -> bool:
    """Strings of the table are figures within 1e-9 that round alike; a tuple holds a text; all else is to be equal."""
    if isinstance(expected, tuple):
        return bool((found or "none") == expected[0])
    if expected == "none":
        return found in (None, "")
    if isinstance(expected, str):
        if not isinstance(found, int | float):
            return False
        return bool(close(found, expected)) and round_half_away(found) == round_half_away(float(Fraction(expected)))
    return bool(type(found) is not str and found == expected)


@pytest.mark.lane("libreoffice")
@pytest.mark.parametrize("writer", [write.__name__ for write in WRITERS])
def test_native_formulas_agree_with_the_table(
    writer: str, recalculated: tuple[openpyxl.Workbook, dict[str, list[Check]]]
) -> None:
    book, checks = recalculated
    found = [(what, book[sheet][cell.replace("$", "")].value, value) for sheet, cell, value, what in checks[writer]]
    assert found
    assert [wrong for wrong in found if not agrees(*wrong[1:])] == []


def test_text_in_formulas_is_quoted() -> None:
    assert f.quoted('5" & "x') == '"5"" & ""x"'
    with pytest.raises(ValueError, match="256 characters"):
        f.quoted("x" * 256)


def test_numbers_in_formulas_know_no_locale() -> None:
    assert [f.number(x) for x in (0.0, 1.5, 1 / 3, 50)] == ["0", "1.5", "0.333333333333333", "50"]


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(KeyError):
        f.importance("A1", "B1", "C1", "smallest")
