"""Checks of a catalogue's content: the shipped one passes, and each rule is broken once, by a small edit."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import catalogue_parts
import pytest
from catalogue_parts import BANDS, BLOCKS

from cmme_xl.catalogue import (
    Band,
    Catalogue,
    Dimension,
    Group,
    Indicator,
    Level,
    Question,
    Realm,
    Rubric,
    Step,
    Text,
    check,
    load,
)


def text(name: str) -> Text:
    return Text(f"{name}甲", f"{name} a")


def question(id_: str, tiers: tuple[str, ...] = ("top", "base"), **more: Any) -> Question:
    return catalogue_parts.question(id_, tiers, **{"minutes": 5.0, "text": text(id_)} | more)


def indicator(id_: str, number: int, **more: Any) -> Indicator:
    return catalogue_parts.indicator(id_, number, question(f"{id_}-Q1"), **{"key": False} | more)


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
    realms = tuple(Realm(number, text("r")) for number in (1, 2))
    ladders = levels, realms, BANDS, BLOCKS
    head = "small", "1", text("n"), text("s"), steps, na, dk, na, dk
    return Catalogue(*head, *ladders, groups, limits, ("A-1-Q9",), dimensions)


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
OUTSIDE = Group("outside", text("outside"), "benchmark")


def with_outsiders(*, off: Question | None = None, **change: Any) -> Catalogue:
    kept = (off,) if off else ()
    return replace(small(), groups=(*small().groups[:2], replace(OUTSIDE, **change)), off=kept)


def with_needs(**needs: tuple[str, ...]) -> Catalogue:
    """The small catalogue with prerequisites; keyword A_1 stands for indicator A-1."""
    wanted = {name.replace("_", "-"): others for name, others in needs.items()}
    dimensions = tuple(
        replace(d, indicators=tuple(replace(i, prerequisites=wanted.get(i.id, ())) for i in d.indicators))
        for d in small().dimensions
    )
    return replace(small(), dimensions=dimensions)


def first_indicator() -> Indicator:
    return small().dimensions[0].indicators[0]


def two_alike(zh: tuple[str, str], en: tuple[str, str]) -> Catalogue:
    first, second = (question(f"A-1-Q{n}", text=Text(zh[n - 1], en[n - 1])) for n in (1, 2))
    return with_limits_of(with_indicator(questions=(first, second)))


def with_limits_of(catalogue: Catalogue) -> Catalogue:
    return replace(catalogue, limits=replace(catalogue.limits, minutes_max=90))

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
    ("CAT_004", IND, lambda: with_indicator(why=Text("x", ""))),
    ("CAT_004", IND, lambda: with_indicator(rubric=Rubric(text("1"), Text("", "x"), text("5")))),
    ("CAT_004", IND, lambda: with_indicator(tactical={"low": text("l"), "high": Text("", "x")})),
    ("CAT_004", Q, lambda: with_question(evidence=Text("x", ""))),
    ("CAT_004", "realm 1", lambda: with_first("realms", name=Text("x", ""))),
    ("CAT_004", "band low", lambda: with_first("bands", name=Text("x", ""))),
    ("CAT_004", "block one", lambda: with_first("blocks", name=Text("x", ""))),
    ("CAT_005", IND, lambda: with_indicator(diagnosis={"low": Text("OK", "OK"), "high": text("h")})),
    ("CAT_006", "realm 1", lambda: with_first("realms", number=2)),
    ("CAT_012", "", lambda: with_outsiders(minutes_min=16)),
    ("CAT_012", "", lambda: with_outsiders(minutes_min=1, questions=(Q,), minutes_max=4)),
    ("CAT_016", Q, lambda: with_question(next=Text(LONG, "short"))),
    ("CAT_016", IND, lambda: with_indicator(strategic={"low": text("l"), "high": Text(LONG, "x")})),
    ("CAT_019", "outside", lambda: with_outsiders(angle="target")),
    ("CAT_020", "", lambda: with_outsiders(minutes_min=15, minutes_max=14)),
    ("CAT_021", IND, lambda: with_indicator(block="three")),
    ("CAT_021", IND, lambda: with_indicator(nature="hope")),
    ("CAT_021", IND, lambda: with_indicator(effort=0)),
    ("CAT_021", IND, lambda: with_indicator(effort=6)),
    ("CAT_022", IND, lambda: with_needs(A_1=("A-9",))),
    ("CAT_022", IND, lambda: with_needs(A_1=("A-2-Q1",))),
    ("CAT_023", IND, lambda: with_needs(A_1=("A-1",))),
    ("CAT_023", IND, lambda: with_needs(A_1=("B-1",), B_1=("A-2",), A_2=("A-1",))),
    ("CAT_024", IND, lambda: with_indicator(tactical={"low": text("l")})),
    ("CAT_024", IND, lambda: with_indicator(diagnosis={**first_indicator().diagnosis, "best": text("b")})),
    ("CAT_024", IND, lambda: replace(small(), bands=(*BANDS, Band("best", text("b"), 2.0)))),
    ("CAT_025", "A-1-Q2", lambda: two_alike(("定期检查客户的数据吗？", "每月检查客户的数据吗？"), ("1?", "2?"))),
    ("CAT_025", "A-1-Q2", lambda: two_alike(("一？", "二？"), ("Do you check the data?", "Do we check the data?"))),
    ("CAT_026", "A-1-Q9", lambda: with_question(id="A-1-Q9")),
    ("CAT_027", "outside", lambda: with_outsiders(questions=("A-1-Q1", "A-1-Q7"), minutes_min=0)),
    ("CAT_027", "top", lambda: with_first("groups", questions=(Q,))),
    ("CAT_028", "", lambda: with_first("bands", threshold=0.5)),
    ("CAT_028", "", lambda: with_first("bands", threshold=2.0)),
    ("CAT_029", Q, lambda: with_question(rev=0)),
    ("CAT_030", "A-1-Q 1", lambda: with_question(id="A-1-Q 1")),
    ("CAT_030", "A-1-Q=1", lambda: with_question(id="A-1-Q=1")),
    ("CAT_005", Q, lambda: with_question(text=Text("Same thing", " same  THING"))),
    ("CAT_008", DIM, lambda: with_dimension(weight=1e300)),
    ("CAT_015", "", lambda: with_first("levels", threshold=float("nan"))),
    ("CAT_015", "", lambda: replace(small(), levels=(small().levels[0], replace(small().levels[1], threshold=3.5)))),
    ("CAT_016", "level 1", lambda: with_first("levels", name=Text("级" * 30, "Level"))),
    ("CAT_017", Q, lambda: with_question(minutes=1e9)),
    ("CAT_020", "", lambda: with_limits(decimals=7)),
    ("CAT_020", "", lambda: with_limits(window_days=10**9)),
    ("CAT_020", "", lambda: with_outsiders(minutes_max=-1.0)),
    ("CAT_026", Q, lambda: replace(small(), off=(question(Q),))),
    ("CAT_045", Q, lambda: with_question(weight=0.0)),
    ("CAT_045", "A-1", lambda: with_dimension(indicators=(replace(first_indicator(), weight=0.0),))),
    ("CAT_045", DIM, lambda: replace(small(), dimensions=(replace(small().dimensions[0], weight=0.0),))),
    ("CAT_046", Q, lambda: with_question(tiers=())),
    ("CAT_047", Q, lambda: with_question(text=Text("问什么？", "问的是客户？"))),
    ("CAT_047", Q, lambda: with_question(text=Text("Is it asked in Chinese?", "Is it?"))),
    ("CAT_047", "level 1", lambda: with_first("levels", meaning=Text("同样", "同样"))),
    ("CAT_048", Q, lambda: with_question(evidence=Text(LONG * 4, "short"))),
]  # fmt: skip


@pytest.mark.parametrize(("code", "node", "broken"), BROKEN)
def test_a_broken_rule_is_found_where_it_is_broken(code: str, node: str, broken: Callable[[], Catalogue]) -> None:
    assert (code, node) in found(broken())


def test_every_code_of_the_checks_is_triggered_here() -> None:
    assert {code for code, _, _ in BROKEN} == {f"CAT_{number:03}" for number in (*range(3, 31), *range(45, 49))}


@pytest.mark.parametrize(
    "fine",
    [
        lambda: with_indicator(weight=0.0),
        lambda: with_outsiders(questions=("A-1-Q1", "A-1-Q7"), minutes_min=0, off=question("A-1-Q7")),
        lambda: with_question(text=Text("Net Promoter Score?", "How is guanxi (\u5173\u7cfb) kept alive?")),
        lambda: replace(small(), na=Text("N/A", "N/A")),
        lambda: with_limits(minutes_min=15, minutes_max=15),
        lambda: replace(small(), groups=small().groups[:2]),
        lambda: replace(small(), steps=tuple(replace(step, value=2 * step.value) for step in small().steps)),
        lambda: with_outsiders(questions=(Q,), minutes_min=5, minutes_max=5),
        lambda: replace(small(), realms=()),
        lambda: with_needs(A_1=("B-1",), A_2=("B-1", "A-1")),
        lambda: two_alike(("公司是否检查数据？", "员工能否改价？"), ("Is data checked?", "Can staff cut a price?")),
    ],
)
def test_what_is_allowed(fine: Callable[[], Catalogue]) -> None:
    assert found(fine()) == []


def test_a_circle_is_named_once_and_in_full() -> None:
    circles = [f for f in check(with_needs(A_1=("B-1",), B_1=("A-2",), A_2=("A-1",))) if f.code == "CAT_023"]
    assert [f.values["circle"] for f in circles] == ["A-1 → B-1 → A-2 → A-1"]


def test_all_faults_at_once() -> None:
    catalogue = with_question(weight=-1.0, minutes=0.0, short=False, text=Text("", ""))
    assert {"CAT_004", "CAT_008", "CAT_010", "CAT_017"} <= {code for code, _ in found(catalogue)}
