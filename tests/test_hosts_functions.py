"""The functions, free of any host, against the one table of cases and against wrong arguments."""

import math
import sys
import time
from decimal import Decimal
from typing import Any

import pytest
from test_scoring import CASES, LADDER, close, named, number

from cmme_xl.hosts.cells import WHOLE_COLUMN, ErrorKind
from cmme_xl.hosts.functions import ARGUMENTS, FUNCTIONS, TABLES, arguments, help_text

Table = dict[str, Any]
VALUE, NUM = ErrorKind.VALUE, ErrorKind.NUM


def call(name: str, *blocks: Any) -> Any:
    return FUNCTIONS[f"CMME_{name}"](*blocks)


def column(*cells: Any) -> list[list[Any]]:
    return [[cell] for cell in cells]


def cell(text: str) -> Any:
    """A figure of the table as a cell: "none" is a dash."""
    value = number(text)
    return "–" if value is None else value


def agrees(found: Any, expected: str) -> bool:
    return found == "" if number(expected) is None else close(found, expected)


def ladder(case: Table) -> list[list[float]]:
    return [case.get("thresholds", list(LADDER))]


def respondents(case: Table) -> dict[str, tuple[float, str]]:
    """Everyone who votes in a case: weight and tier, in the order of the respondents' columns."""
    people = {r: (float(w), t) for r, t, w in (entry.split(":") for entry in case.get("people", "").split())}
    votes = (row.get(key, "") for row in case["node"] for key in ("votes", "other_votes"))
    everyone = dict.fromkeys(vote.split(":")[0] for text in votes for vote in text.split())
    return {r: people.get(r, (1.0, "")) for r in everyone} or {"nobody": (1.0, "")}


def nodes(case: Table) -> list[list[Any]]:
    return [
        [row["id"], row.get("parent"), row.get("weight", 1) if row.get("in_scope", True) else "out"]
        for row in case["node"]
    ]


def answers(case: Table, angle: str = "") -> list[list[Any]]:
    """One angle as cells: given, calibrated, and a column for each respondent."""
    rows = []
    for row in case["node"]:
        votes = dict(entry.split(":") for entry in row.get(f"{angle}votes", "").split())
        typed = [votes.get(r) for r in respondents(case)]
        figures = [row.get(f"{angle}given"), row.get(f"{angle}calibrated")]
        rows.append(figures + [float(v) if v and v[0].isdigit() else v for v in typed])
    return rows


def people(case: Table) -> list[list[Any]]:
    return [list(each) for each in zip(*respondents(case).values(), strict=True)]


def settings(case: Table) -> list[list[Any]]:
    low, high = case.get("scale", (0, 5))
    rows = [["voice", case.get("voice", "person")], ["combine", case.get("combine", "mean")]]
    rows += [["low", low], ["high", high], *(["threshold", step] for step in case.get("thresholds", LADDER))]
    return rows + [[f"share:{tier}", share] for tier, share in case.get("tier_shares", {}).items()]


def roll_up_arguments(case: Table) -> tuple[list[list[Any]], ...]:
    return nodes(case), answers(case), answers(case, "other_"), people(case), settings(case)


@pytest.mark.parametrize("case", named("tree"))
def test_a_block_rolls_up_as_the_table_says(case: Table) -> None:
    found = dict(zip((row["id"] for row in case["node"]), call("ROLLUP", *roll_up_arguments(case)), strict=True))
    for id_, expected in case["expect"].items():
        value, low, high, coverage, level, _ = found[id_]
        figures = {"score": value, "low": low, "high": high, "coverage": coverage}
        for key, figure in figures.items():
            assert key not in expected or agrees(figure, expected[key]), (id_, key, figure)
        assert level == (expected.get("level", level) or ""), id_


@pytest.mark.parametrize("case", named("gap"))
def test_gaps_of_a_block_are_those_of_the_table(case: Table) -> None:
    found = dict(zip((row["id"] for row in case["node"]), call("ROLLUP", *roll_up_arguments(case)), strict=True))
    for id_, (gap, _) in case["expect"].items():
        assert agrees(found[id_][5], gap), (id_, found[id_])


def questions(section: str) -> list[Any]:
    """The questions of the table that people answered plainly: the mean by persons, nothing put above it."""
    return [
        pytest.param(case, row, case["expect"][row["id"]], id=f"{case['name']}: {row['id']}")
        for case in CASES[section]
        for row in case["node"]
        if case.get("voice", "person") == "person"
        and case.get("combine", "mean") == "mean"
        and row.get("votes")
        and not {"given", "calibrated", "in_scope"} & set(row)
        and "score" in case["expect"].get(row["id"], {})
        and case["expect"][row["id"]].get("in_scope") is not False
        and "source" not in case["expect"][row["id"]]
    ]


@pytest.mark.parametrize(("case", "row", "expected"), questions("tree"))
def test_a_question_is_scored_as_the_table_says(case: Table, row: Table, expected: Table) -> None:
    votes = dict(entry.split(":") for entry in row["votes"].split())
    typed = column(*(float(v) if v[0].isdigit() else v for v in votes.values()))
    weights = column(*(respondents(case)[r][0] for r in votes))
    assert agrees(call("SCORE", typed, weights, [list(case.get("scale", (0, 5)))]), expected["score"])


@pytest.mark.parametrize("case", named("level"))
def test_level(case: Table) -> None:
    assert call("LEVEL", [[cell(case["score"])]], ladder(case)) == (case["level"] or "")


@pytest.mark.parametrize("case", named("agreement"))
def test_agreement(case: Table) -> None:
    for row in case["node"]:
        expected = case["expect"].get(row["id"])
        if expected and row.get("votes"):
            votes = dict(entry.split(":") for entry in row["votes"].split())
            typed = column(*(float(v) if v[0].isdigit() else v for v in votes.values()))
            tiers = column(*(respondents(case)[r][1] for r in votes))
            [[n, spread, deviation, difference]] = call("AGREEMENT", typed, tiers)
            assert n == expected["n"]
            assert agrees(spread, expected["spread"])
            assert agrees(deviation if deviation == "" else deviation**2, expected["variance"])
            assert agrees(difference, expected["difference"])


@pytest.mark.parametrize("case", named("importance"))
def test_importance(case: Table) -> None:
    ids = list(case["shares"])
    shares = column(*(cell(case["shares"][id_]) for id_ in ids))
    sides = [column(*(cell(case[side].get(id_, "none")) for id_ in ids)) for side in ("target", "benchmark")]
    found = call("IMPORTANCE", shares, *sides, [[case["setting"]]])
    assert all(agrees(value, case["expect"].get(id_, "none")) for id_, [value] in zip(ids, found, strict=True))


INDICATOR = column(4, None, "NA", "n/a", 2), column(1, 2, 5, 5, 1)


def test_coverage_and_range_leave_out_what_is_not_applicable() -> None:
    assert call("SCORE", *INDICATOR) == 3
    assert call("COVERAGE", *INDICATOR) == 0.5
    assert call("RANGE", *INDICATOR) == [[1.5, 4.0]]
    assert call("COVERAGE", *INDICATOR, [["entfällt"]]) == 2 / 14
    assert call("COVERAGE", column("NA", "NA")) == ""
    assert call("RANGE", column("NA", "NA")) == [["", ""]]
    assert call("COVERAGE", column(3, 4), column(0, 0)) == 0
    assert call("RANGE", column("?"), None, None, [[1, 7]]) == [[1, 7]]


def test_gap() -> None:
    assert call("GAP", [[4]], [[3]]) == -1
    assert call("GAP", [["–"]], [[3]]) == ""
    assert call("GAP", column(4, 4, 1, 1), column(None, "", 3, 4), column(9, 9, 3, 1)) == 2.25


def test_level_name() -> None:
    names = [["Initial", "Repeatable"]]
    assert call("LEVEL_NAME", [[2.0]], names) == "Repeatable"
    assert call("LEVEL_NAME", [[""]], names) == ""


def test_version_is_that_of_the_package() -> None:
    import cmme_xl

    assert call("VERSION") == cmme_xl.__version__


NOT_SCORES = ["4", "NA", "DK", "", None, True, "#DIV/0!", "#N/A", -1, 5.01, math.nan, math.inf, "x" * 32_767, object()]


@pytest.mark.parametrize("odd", NOT_SCORES, ids=lambda odd: repr(odd)[:20])
def test_what_is_no_score_is_neither_a_score_nor_a_zero(odd: Any) -> None:
    assert call("SCORE", column(odd, 3, 5)) == 4
    assert call("SCORE", [[odd]]) == ""
    assert call("AGREEMENT", column(odd, 3, 5)) == [[2, 2, 1, ""]]
    assert call("ROLLUP", [["q", "", 1]], [[None, None, odd, 3, 5]])[0][0] == 4


def test_numbers_of_another_make_are_numbers() -> None:
    assert call("SCORE", column(Decimal("3.5"), 4)) == 3.75


BLOCK = [["D", "", ""], ["q", "D", 1]]
WRONG: list[tuple[str, Any, ErrorKind]] = [
    ("SCORE", (column(1, 2), column(1)), VALUE),
    ("SCORE", (column(1, 2), [[1, 1]]), VALUE),
    ("SCORE", (column(1, 2), column(1, -1)), NUM),
    ("SCORE", (column(1, 2), column(1, "#REF!")), VALUE),
    ("SCORE", ([[1]], None, [[5, 0]]), NUM),
    ("SCORE", ([[1]], None, [[5]]), VALUE),
    ("SCORE", ([[1]], None, [["a", "b"]]), VALUE),
    ("SCORE", (), VALUE),
    ("IMPORTANCE", ([[0.5]], [[1]]), VALUE),
    ("LEVEL", (column(1, 2),), VALUE),
    ("LEVEL", ([["#DIV/0!"]],), VALUE),
    ("LEVEL", ([[-1]],), NUM),
    ("LEVEL", ([[1]], [[2, 1]]), NUM),
    ("LEVEL", ([[1]], [[]]), NUM),
    ("LEVEL", ([[1]], [[0, "a"]]), VALUE),
    ("LEVEL_NAME", ([[6]], [["a"]]), NUM),
    ("LEVEL_NAME", ([[0]], [["a"]]), NUM),
    ("LEVEL_NAME", ([[1.5]], [["a", "b"]]), NUM),
    ("LEVEL_NAME", ([[1]], [["#N/A"]]), VALUE),
    ("LEVEL_NAME", ([[1]], [[7]]), VALUE),
    ("GAP", ([[1]], column(1, 2)), VALUE),
    ("COVERAGE", ([[1]], [[-1]]), NUM),
    ("AGREEMENT", ([[1]], column("a", "b")), VALUE),
    ("IMPORTANCE", ([[0.5]], [[1]], [[1]], [["smallest"]]), VALUE),
    ("IMPORTANCE", ([[2]], [[1]], [[None]]), NUM),
    ("ROLLUP", (BLOCK, column(1)), VALUE),
    ("ROLLUP", (BLOCK, [[1, 2], [1, 2]]), VALUE),
    ("ROLLUP", ([["D", ""]], column(1)), VALUE),
    ("ROLLUP", ([["D", "", 1], ["D", "", 1]], column(1, 2)), VALUE),
    ("ROLLUP", ([["D", "", 1], ["E", "", 1]], column(1, 2)), VALUE),
    ("ROLLUP", ([["D", "", 1], ["a", "b", 1], ["b", "a", 1]], column(1, 2, 3)), VALUE),
    ("ROLLUP", ([["D", "X", 1]], column(1)), VALUE),
    ("ROLLUP", ([["", "", 1]], column(1)), VALUE),
    ("ROLLUP", ([["D", "", "#REF!"]], column(1)), VALUE),
    ("ROLLUP", (BLOCK, [[None, None, 1], [None, 9, 1]]), NUM),
    ("ROLLUP", (BLOCK, column(1, 2), None, None, [["vioce", "tier"]]), VALUE),
    ("ROLLUP", (BLOCK, column(1, 2), None, None, [["voice", "loud"]]), VALUE),
    ("ROLLUP", (BLOCK, column(1, 2), None, None, [["threshold", 2], ["threshold", 1]]), NUM),
    ("ROLLUP", (BLOCK, column(1, 2), None, None, [["decimals", 1.5]]), NUM),
    ("ROLLUP", (BLOCK, column(1, 2), None, [[1], ["a"], ["b"]]), VALUE),
    ("VERSION", ([[1]],), VALUE),
]


@pytest.mark.parametrize(("name", "blocks", "kind"), WRONG)
def test_a_wrong_argument_is_an_error_of_its_kind(name: str, blocks: Any, kind: ErrorKind) -> None:
    assert call(name, *blocks) is kind


def test_a_tree_deeper_than_any_model_is_an_error_not_a_crash() -> None:
    rows = [[f"n{i}", f"n{i - 1}" if i else "", 1] for i in range(5000)]
    assert call("ROLLUP", rows, column(*[1] * 5000)) is VALUE


def whole(*cells: Any) -> list[list[Any]]:
    return [*column(*cells), *([None] for _ in range(WHOLE_COLUMN - len(cells)))]


def test_whole_columns_are_what_is_in_use_of_them() -> None:
    started = time.process_time()
    scores, weights = whole("Score", 4, None, 2), whole("Weight", 1, 1, 2)
    assert call("SCORE", scores, weights) == 8 / 3
    assert call("COVERAGE", scores, weights) == 0.75
    assert call("COVERAGE", whole(3, None, 4)) == 2 / 3
    assert call("RANGE", scores, weights) == [[2.0, 3.25]]
    assert call("AGREEMENT", scores) == [[2, 2, 1, ""]]
    assert call("GAP", scores, weights) == -1.5
    block = [["D", "", ""], ["q", "D", 1], *([None, None, None] for _ in range(WHOLE_COLUMN - 2))]
    assert call("ROLLUP", block, whole(None, 4)) == [[4, 4, 4, 1, 4, ""], [4, 4, 4, 1, 4, ""]]
    assert time.process_time() - started < 20


def test_a_million_scores_are_answered_in_bounded_time() -> None:
    full = [[3.0]] * WHOLE_COLUMN
    started = time.process_time()
    assert call("SCORE", full, full) == 3
    assert call("AGREEMENT", full, [["a"]] * WHOLE_COLUMN) == [[WHOLE_COLUMN, 0, 0, ""]]
    assert time.process_time() - started < 30


HUGE = "x" * 32_767
HOSTILE: dict[str, Any] = {
    "whole columns of text": [[HUGE]] * WHOLE_COLUMN,
    "whole columns of errors": [["#N/A"]] * WHOLE_COLUMN,
    "nested errors": [["#REF!", ["#VALUE!", ["#N/A"]]], [Exception("#NUM!"), {"#NAME?": "#NULL!"}]],
    "ragged rows": [[1], [1, 2, 3], [], [None]],
    "no rows": [],
    "no block at all": "=HYPERLINK(\"http://127.0.0.1\",1)",
    "paths and commands": [["..\\..\\x"], ["|cmd /c calc"], ["file:///etc/passwd"]],
    "endless numbers": [[math.nan, math.inf, -math.inf, 10**400]],
}
REACHING = ("open", "os.", "socket.", "subprocess.", "shutil.", "urllib.", "ctypes.", "exec", "compile", "import")
_seen: list[str] | None = None


def _watch(event: str, _: object) -> None:
    if _seen is not None and event.startswith(REACHING):
        _seen.append(event)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_hostile_arguments_end_in_an_answer_and_reach_nothing(name: str, hostile: str) -> None:
    """Every argument hostile at once; nothing is opened, started, connected or imported, no argument altered."""
    global _seen
    if not _hooked:
        sys.addaudithook(_watch)
        _hooked.append(True)
    block = HOSTILE[hostile]
    before = repr(block) if len(block) < WHOLE_COLUMN else block[0][0]
    started = time.process_time()
    _seen = []
    try:
        answer = FUNCTIONS[name](*[block for _ in arguments(name)])
    finally:
        reached, _seen = _seen, None
    assert reached == []
    assert isinstance(answer, (float, int, str, list, ErrorKind))
    assert (repr(block) if len(block) < WHOLE_COLUMN else block[0][0]) == before
    assert time.process_time() - started < 30


_hooked: list[bool] = []


def test_values_in_one_column_are_compared_with_whatever_tiers_the_answers_are_from() -> None:
    block = [["D", "", ""], ["a", "D", 1], ["b", "D", 3]]
    mine = [[None, None, None, None], [None, None, 2, 4], [None, None, 1, None]]
    people, settings = [[1, 1], ["top", "mid"]], [["voice", "tier"], ["share:top", 3], ["share:mid", 1]]
    found = call("ROLLUP", block, mine, column(None, 4, 5), people, settings)
    assert [row[0] for row in found] == [1.375, 2.5, 1]
    assert [row[5] for row in found] == [3.375, 1.5, 4]
    assert call("ROLLUP", block, mine, column(3, None, None), people, settings)[0][5] == 1.625


def test_tables_are_told_from_single_values() -> None:
    answers = {"CMME_LEVEL_NAME": [[[1]], [["Initial"]]], "CMME_ROLLUP": [[["q", "", 1]], [[3]]], "CMME_VERSION": []}
    for name, function in FUNCTIONS.items():
        needed = [[[1]] for optional in arguments(name).values() if not optional]
        answer = function(*answers.get(name, needed))
        assert not isinstance(answer, ErrorKind), name
        assert isinstance(answer, list) is (name in TABLES), name


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_every_function_and_argument_is_described_within_excels_limits(name: str) -> None:
    texts = [help_text(name), *(ARGUMENTS[argument] for argument in arguments(name))]
    assert all(0 < len(text) <= 255 and text.isascii() and "\n" not in text for text in texts)
