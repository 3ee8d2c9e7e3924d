"""Checks of a catalogue's content: the shipped one passes, and each rule is broken once, by a small edit."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from cmme_xl.catalogue import Catalogue, Dimension, Group, Indicator, Level, Question, Step, Text, check, load


def text(name: str) -> Text:
    return Text(f"{name}甲", f"{name} a")


def question(id_: str, tiers: tuple[str, ...] = ("top", "base"), **more: Any) -> Question:
    return Question(
        **{"id": id_, "rev": 1, "text": text(id_), "tiers": tiers, "minutes": 5.0, "weight": 1.0, "short": True, **more}
    )


def indicator(id_: str, number: int, **more: Any) -> Indicator:
    words = {name: text(id_ + name) for name in ("name", "short", "statement")}
    return Indicator(
        **{
            "id": id_,
            "number": number,
            **words,
            "key": False,
            "weight": 1.0,
            "questions": (question(f"{id_}-Q1"),),
            **more,
        }
    )


@cache
def small() -> Catalogue:
    """Two dimensions, three indicators, three questions of five minutes each; no faults."""
    words = {name: text(name) for name in ("name", "short", "statement")}
    dimensions = (
        Dimension("A", 1, **words, weight=1.0, indicators=(indicator("A-1", 1), indicator("A-2", 2))),
        Dimension("B", 2, **words, weight=1.0, indicators=(indicator("B-1", 3),)),
    )
    steps = tuple(Step(value, text("s"), text("l"), text("m")) for value in range(4))
    levels = tuple(Level(number, text("v"), threshold, text("m")) for number, threshold in ((1, 0.0), (2, 1.5)))
    groups = (
        Group("top", text("top"), "current"),
        Group("base", text("base"), "current"),
        Group("outside", text("outside"), "benchmark"),
    )
    limits = replace(load().limits, minutes_min=10, minutes_max=20)
    na, dk = text("na"), text("dk")
    return Catalogue("small", "1", text("n"), text("s"), steps, na, dk, na, dk, levels, groups, limits, dimensions)


def with_question(**change: Any) -> Catalogue:
    """The small catalogue with its first question changed."""
    return with_indicator(questions=(replace(small().dimensions[0].indicators[0].questions[0], **change),))


def with_indicator(**change: Any) -> Catalogue:
    first, *others = small().dimensions[0].indicators
    return with_dimension(indicators=(replace(first, **change), *others))


def with_dimension(**change: Any) -> Catalogue:
    first, *others = small().dimensions
    return replace(small(), dimensions=(replace(first, **change), *others))


def with_first(part: str, **change: Any) -> Catalogue:
    """The small catalogue with the first of its steps, levels or groups changed."""
    first, *others = getattr(small(), part)
    changed: dict[str, Any] = {part: (replace(first, **change), *others)}
    return replace(small(), **changed)


def with_limits(**change: Any) -> Catalogue:
    return replace(small(), limits=replace(small().limits, **change))


def found(catalogue: Catalogue) -> list[tuple[str, str]]:
    findings = check(catalogue)
    assert all(finding.reason(lang) and finding.fix(lang) for finding in findings for lang in ("zh", "en"))
    return [(finding.code, finding.place.question) for finding in findings]


def test_the_shipped_catalogue_has_no_fault() -> None:
    assert [f"{finding.place} {finding.reason('en')}" for finding in check(load())] == []


def test_the_small_catalogue_has_no_fault() -> None:
    assert found(small()) == []


Q, IND, DIM = "A-1-Q1", "A-1", "A"
LONG = "字" * 300

BROKEN: list[tuple[str, str, Callable[[], Catalogue]]] = [
    ("CAT_003", "A-2", lambda: with_indicator(id="A-2", questions=(question("A-2-Q2"),))),
    ("CAT_003", "A-2-Q1", lambda: with_indicator(questions=(question(Q), question("A-2-Q1", text=text("other"))))),
    ("CAT_003", "base", lambda: with_first("groups", id="base")),
    ("CAT_004", Q, lambda: with_question(text=Text("", "only English?"))),
    ("CAT_004", Q, lambda: with_question(text=Text("只有中文？", ""))),
    ("CAT_004", IND, lambda: with_indicator(name=Text("", "x"))),
    ("CAT_004", IND, lambda: with_indicator(short=Text("", "x"))),
    ("CAT_004", IND, lambda: with_indicator(statement=Text("", "x"))),
    ("CAT_004", DIM, lambda: with_dimension(name=Text("", "x"))),
    ("CAT_004", "small", lambda: replace(small(), na=Text("", "x"))),
    ("CAT_004", "small", lambda: replace(small(), dk_meaning=Text("x", ""))),
    ("CAT_004", "step 0", lambda: with_first("steps", label=Text("", "x"))),
    ("CAT_004", "level 1", lambda: with_first("levels", meaning=Text("", "x"))),
    ("CAT_004", "group top", lambda: with_first("groups", name=Text("x", ""))),
    ("CAT_005", Q, lambda: with_question(text=Text("same", "same"))),
    ("CAT_006", DIM, lambda: with_dimension(number=3)),
    ("CAT_006", IND, lambda: with_indicator(number=9)),
    ("CAT_006", "level 1", lambda: with_first("levels", number=2)),
    ("CAT_007", Q, lambda: with_question(tiers=("top", "base", "nobody"))),
    ("CAT_007", Q, lambda: with_question(tiers=("top", "base", "outside"))),
    ("CAT_008", Q, lambda: with_question(weight=-1.0)),
    ("CAT_008", Q, lambda: with_question(weight=float("nan"))),
    ("CAT_008", IND, lambda: with_indicator(weight=float("inf"))),
    ("CAT_008", DIM, lambda: with_dimension(weight=-0.5)),
    ("CAT_009", DIM, lambda: with_dimension(indicators=())),
    ("CAT_009", IND, lambda: with_indicator(questions=())),
    ("CAT_010", IND, lambda: with_question(short=False)),
    ("CAT_011", IND, lambda: with_question(tiers=("top",))),
    ("CAT_012", "", lambda: with_limits(minutes_min=16)),
    ("CAT_012", "", lambda: with_limits(minutes_max=14)),
    ("CAT_013", "A-2-Q1", lambda: with_question(text=Text("别的？", "a-2-q1  A!"))),
    ("CAT_013", "A-2-Q1", lambda: with_question(text=Text("A-2-Q1甲？", "other?"))),
    ("CAT_014", "X-1", lambda: with_indicator(id="X-1", questions=(question("X-1-Q1"),))),
    ("CAT_014", "A-9-Q1", lambda: with_question(id="A-9-Q1")),
    ("CAT_015", "", lambda: with_first("levels", threshold=0.5)),
    ("CAT_015", "", lambda: with_first("levels", threshold=1.5)),
    ("CAT_015", "", lambda: replace(small(), levels=())),
    ("CAT_016", Q, lambda: with_question(text=Text(LONG, "short"))),
    ("CAT_016", IND, lambda: with_indicator(statement=Text("短", "long " * 60))),
    ("CAT_016", DIM, lambda: with_dimension(name=Text("短", "long " * 12))),
    ("CAT_017", Q, lambda: with_question(minutes=0.0)),
    ("CAT_017", Q, lambda: with_question(minutes=float("nan"))),
    ("CAT_018", "", lambda: with_first("steps", value=1)),
    ("CAT_018", "", lambda: replace(small(), steps=small().steps[:1])),
    ("CAT_018", "", lambda: replace(small(), steps=())),
    ("CAT_019", "top", lambda: with_first("groups", angle="past")),
    ("CAT_019", "small", lambda: replace(small(), groups=small().groups[2:])),
    ("CAT_020", "", lambda: with_limits(minutes_min=30)),
    ("CAT_020", "", lambda: with_limits(provisional_below=60)),
    ("CAT_020", "", lambda: with_limits(applicability_na_share=-0.1)),
    ("CAT_020", "", lambda: with_limits(askers_min=-1)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "node", "broken"), BROKEN)
def test_a_broken_rule_is_found_where_it_is_broken(code: str, node: str, broken: Callable[[], Catalogue]) -> None:
    assert (code, node) in found(broken())


def test_every_code_of_the_checks_is_triggered_here() -> None:
    assert {code for code, _, _ in BROKEN} == {f"CAT_{number:03}" for number in range(3, 21)}


@pytest.mark.parametrize(
    "fine",
    [
        lambda: with_question(weight=0.0),
        lambda: with_limits(minutes_min=15, minutes_max=15),
        lambda: replace(small(), groups=small().groups[:2]),
        lambda: replace(small(), steps=tuple(replace(step, value=2 * step.value) for step in small().steps)),
    ],
)
def test_what_is_allowed(fine: Callable[[], Catalogue]) -> None:
    assert found(fine()) == []


def test_all_faults_at_once() -> None:
    catalogue = with_question(weight=-1.0, minutes=0.0, short=False, text=Text("", ""))
    assert {"CAT_004", "CAT_008", "CAT_010", "CAT_017"} <= {code for code, _ in found(catalogue)}
