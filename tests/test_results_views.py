"""The same scores cut otherwise: by block and realm, and customers beside current; worked out by hand."""

from dataclasses import replace

import pytest
from small_engagement import catalogue, plan, returned, together

from cmme_xl.catalogue import Group
from cmme_xl.plan.model import Plan
from cmme_xl.results.compute import compute
from cmme_xl.results.customers import Compared, compared, shown
from cmme_xl.results.export import as_json
from cmme_xl.results.frame import scores_frame
from cmme_xl.results.model import CUSTOMER, Results
from cmme_xl.results.views import blocks, realm
from cmme_xl.returned.model import Returned

OWN = """
       p1 p2
A1-a   4  2
A1-b   5  .
A2-a   1  1
B2-a   3  3
"""
THEIRS = """
       c1 c2 c3
A1-a   1  2  3
B1-a   4  4  DK
"""


def made(people: str, **settings: object) -> Plan:
    """The small engagement with a group of customers."""
    base = plan("")
    groups = (*base.catalogue.groups, Group("customer", catalogue().name, CUSTOMER))
    found = plan(people, **settings)  # type: ignore[arg-type]
    return replace(found, catalogue=replace(found.catalogue, groups=groups))


def computed(*parts: Returned, **settings: object) -> Results:
    return compute(made("p1:top p2:mid c1:customer c2:customer c3:customer", **settings), together(*parts))


def seen(found: dict[str, Compared]) -> dict[str, tuple[float | int | None, ...]]:
    return {each.id: (each.customers, each.matched, each.own, each.difference, each.scored) for each in found.values()}


# --- customers


def test_customers_are_never_mixed_into_current() -> None:
    alone, both = computed(returned(OWN)), computed(returned(OWN), returned(THEIRS, CUSTOMER))
    for scope in ("standard", "key"):
        for angle in ("current", "target", "benchmark", "competitor"):
            assert both.scopes[scope].angles[angle] == alone.scopes[scope].angles[angle]
        assert both.scopes[scope].gaps == alone.scopes[scope].gaps
        assert both.scopes[scope].importance == alone.scopes[scope].importance
        assert CUSTOMER not in alone.scopes[scope].angles
    assert both.agreement == alone.agreement


def test_customers_are_computed_over_their_own_questions() -> None:
    nodes = computed(returned(OWN), returned(THEIRS, CUSTOMER)).chosen.angles[CUSTOMER].nodes
    # A = A1 = A1-a = (1 + 2 + 3) / 3; B = B1 = B1-a = 4; dimensions weigh 3 and 1
    assert {node: nodes[node].score for node in ("A1-a", "A", "B1-a", "B", "total")} == {
        "A1-a": 2.0, "A": 2.0, "B1-a": 4.0, "B": 4.0, "total": 2.5,
    }  # fmt: skip
    assert nodes["total"].coverage == 1.0
    assert not nodes["A1-b"].in_scope


def test_own_scores_stand_beside_over_the_same_questions_and_differences_are_like_for_like() -> None:
    found = seen(compared(computed(returned(OWN), returned(THEIRS, CUSTOMER)), "consultant"))
    # own on A1-a is (4 + 2) / 2, whatever A1-b and A2 say; on B1-a there is none, so only A can be compared: there
    # customers give 2, though 2.5 over all that they scored
    assert found == {
        "total": (2.5, 2.0, 3.0, -1.0, 5), **dict.fromkeys(("A", "A1", "A1-a"), (2.0, 2.0, 3.0, -1.0, 3)),
        **dict.fromkeys(("B", "B1", "B1-a"), (4.0, None, None, None, 2)),
    }  # fmt: skip


def test_too_few_customers_leave_a_finding() -> None:
    results = computed(returned(OWN), returned("c1 c2\nA1-a 1 2", CUSTOMER))
    assert CUSTOMER not in results.chosen.angles
    assert [(f.code, f.values) for f in results.returned.findings] == [("RES_002", {"found": 2, "needed": 3})]
    assert compared(results, "consultant") == {}


def test_a_client_sees_no_question_of_fewer_than_three_customers() -> None:
    three = "p1 p2 p3\nA1-a 4 2 3\nA1-b 5 5 5\nB1-a 1 1 ."
    people = "p1:top p2:mid p3:mid c1:customer c2:customer c3:customer"
    results = compute(made(people), together(returned(three), returned(THEIRS, CUSTOMER)))
    assert shown(results, "consultant") is results
    # B1-a has two customers' scores and leaves their angle with all that rests on it
    found = seen(compared(shown(results, "client"), "client"))
    assert found == dict.fromkeys(("total", "A", "A1", "A1-a"), (2.0, 2.0, 3.0, -1.0, 3))
    written = as_json(results, "en")
    assert set(written["views"]["customers"]) == set(found)  # type: ignore[index]
    assert written["roles"][CUSTOMER]["questions"]["B1-a"]["score"] is None  # type: ignore[index]


def test_a_client_sees_no_own_score_of_fewer_than_three_people() -> None:
    results = computed(returned(OWN), returned(THEIRS, CUSTOMER))
    assert seen(compared(shown(results, "client"), "client"))["A1-a"] == (2.0, None, None, None, 3)


def test_the_json_and_the_frame_carry_customers_where_there_are_any() -> None:
    results = computed(returned(OWN), returned(THEIRS, CUSTOMER), audience="consultant")
    written = as_json(results, "en")
    assert written["roles"][CUSTOMER]["total"]["score"] == 2.5  # type: ignore[index]
    difference = written["views"]["customers"]["A"]  # type: ignore[index]
    assert difference == {"customers": 2.0, "matched": 2.0, "own": 3.0, "difference": -1.0, "scored": 3}
    frame = scores_frame(results)
    assert float(frame[(frame.angle == CUSTOMER) & (frame.node == "total")].score.iloc[0]) == 2.5
    without = as_json(computed(returned(OWN), audience="consultant"), "en")
    assert CUSTOMER not in without["roles"]  # type: ignore[operator]
    assert set(without["views"]) == {"blocks", "realm"}  # type: ignore[call-overload]


# --- blocks and realms


def cut(results_plan: Plan) -> Plan:
    """A1 and B2 in the first block, A2 in the second, B1 in none that has a score."""
    blocks_ = {"A1": "one", "A2": "two", "B1": "two", "B2": "one"}
    model = results_plan.catalogue
    dimensions = tuple(
        replace(d, indicators=tuple(replace(i, block=blocks_[i.id]) for i in d.indicators)) for d in model.dimensions
    )
    return replace(results_plan, catalogue=replace(model, dimensions=dimensions))


def test_a_block_is_its_indicators_weighted_by_their_share() -> None:
    results = compute(cut(plan("p1:top p2:mid", "benchmark:A1:5 benchmark:B2:3")), returned(OWN))
    found = blocks(results)
    # A weighs 3/4, half each for A1 = (3 + 3 * 5) / 4 = 4.5 and A2 = 1; B weighs 1/4, all of it B2 = 3
    assert found["one"].scores["current"] == pytest.approx((4.5 * 3 / 8 + 3 * 1 / 4) / (5 / 8))
    assert (found["two"].scores["current"], found["two"].indicators) == (1.0, ("A2", "B1"))
    assert [found[each].share for each in ("one", "two")] == pytest.approx([5 / 8, 3 / 8])
    assert [found[each].level for each in ("one", "two")] == [4, 1]
    # benchmark: A1 alone stands for A, B2 for B, so they weigh 3/4 and 1/4; gaps weigh as current does
    assert found["one"].scores["benchmark"] == pytest.approx(5 * 3 / 4 + 3 / 4)
    assert found["one"].gaps["benchmark"] == pytest.approx((0.5 * 3 / 8 + 0 * 1 / 4) / (5 / 8))
    assert (found["two"].scores["benchmark"], found["two"].gaps["benchmark"]) == (None, None)
    assert found["one"].scores["target"] is None


def test_blocks_follow_the_scope() -> None:
    results = compute(cut(plan("p1:top p2:mid")), returned(OWN), "key")
    # key indicators: A1 and B1; B1 has no score
    assert {id_: (b.scores["current"], b.indicators) for id_, b in blocks(results).items()} == {
        "one": (4.5, ("A1",)), "two": (None, ("B1",)),
    }  # fmt: skip


@pytest.mark.parametrize(("score", "number"), [("0", 1), ("1", 1), ("1.24", 1), ("1.25", 2), ("2.5", 3), ("5", 4)])
def test_realms_are_equal_parts_of_the_scale_decided_on_what_is_shown(score: str, number: int) -> None:
    """Four realms over 0-5, lower-inclusive."""
    reached = realm(compute(plan("p1:top"), returned(f"p1\nA1-a {score}")))
    assert reached is not None
    assert reached.number == number


def test_no_realm_without_a_total_or_without_realms() -> None:
    assert realm(compute(plan("p1:top"), returned("p1\nA1-a DK"))) is None
    made_ = plan("p1:top")
    bare = replace(made_, catalogue=replace(made_.catalogue, realms=(), blocks=()))
    results = compute(bare, returned("p1\nA1-a 4"))
    assert (realm(results), blocks(results)) == (None, {})
