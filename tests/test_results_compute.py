"""From answers to results, on an engagement worked out by hand."""

import time
from dataclasses import replace

import pytest
from small_engagement import plan, returned, together

from cmme_xl.catalogue import ROOT, load
from cmme_xl.findings import LANGUAGES
from cmme_xl.results.compute import compute
from cmme_xl.results.model import Results
from cmme_xl.returned.model import Answer, Answers, Outcome, Returned

PEOPLE = "t1:top t2:top:2 f1:floor"
ANSWERS = """
       t1 t2 f1
A1-a   4  1  .
A1-b   NA 5  .
A2-a   -  -  .
B1-a   3  3  3
B2-a   .  .  1
"""
OUTSIDERS = """
       c1 c2 c3
A1-a   3  4  5
B1-a   2  2  DK
"""


def score(results: Results, node: str, angle: str = "current", scope: str = "standard") -> float | None:
    return results.scopes[scope].angles[angle].nodes[node].score


def test_both_scopes_are_computed() -> None:
    results = compute(plan(PEOPLE), returned(ANSWERS))
    assert score(results, "A1-a") == 2  # (4 + 2*1)/3
    assert score(results, "A1") == 4.25  # (2 + 3*5)/4
    assert score(results, "A2") is None
    assert score(results, "B") == 2  # (3 + 1)/2
    assert score(results, ROOT) == 3.6875  # (3*4.25 + 2)/4
    assert score(results, ROOT, scope="key") == 3.9375  # (3*4.25 + 3)/4, of A1 and B1 alone
    total = results.scopes["standard"].angles["current"].nodes[ROOT]
    assert (total.coverage, total.level, total.provisional) == (0.5625, 4, True)  # (3*1/2 + 3/4)/4
    assert results.scopes["key"].angles["current"].nodes[ROOT].coverage == 1
    assert not results.scopes["key"].angles["current"].nodes["A2"].in_scope


def test_the_scope_shown_is_the_argument_else_the_plan() -> None:
    assert compute(plan(PEOPLE, scope="key"), returned(ANSWERS)).chosen.id == "key"
    assert compute(plan(PEOPLE, scope="key"), returned(ANSWERS), "standard").chosen.id == "standard"
    with pytest.raises(ValueError, match="'all' is none of standard, key"):
        compute(plan(PEOPLE), returned(ANSWERS), "all")


def test_the_plan_decides_weights_and_what_is_dropped() -> None:
    results = compute(plan(PEOPLE, weights="A:1 B1-a:7 B1:3", dropped="A1-a"), returned(ANSWERS))
    assert score(results, "A1") == 5
    assert score(results, "B") == 2.5  # (3*3 + 1)/4
    assert score(results, ROOT) == 3.75
    assert compute(plan(PEOPLE, dropped="A B1"), returned(ANSWERS)).chosen.angles["current"].nodes[ROOT].score == 1


def test_without_gaps_the_weakest_are_the_lowest() -> None:
    scope = compute(plan(PEOPLE), returned(ANSWERS)).chosen
    assert scope.strengths == ("A1", "B1", "B2")  # A2 has no value
    assert scope.weaknesses == ("B2", "B1", "A1")
    assert (scope.importance, scope.importance_order) == ({}, ())


def test_gaps_are_like_for_like_and_lead_to_importance() -> None:
    scope = compute(plan(PEOPLE, given="target:A1:5 target:B1:5 target:B2:0.5"), returned(ANSWERS)).chosen
    found = scope.gaps["target"]
    assert (found["A1"].value, found["B1"].value, found["A2"].value) == (0.75, 2, None)
    assert (found["A"].value, found["A"].weight_share) == (0.75, 0.5)
    assert found["B"].value == 0.75  # (2 - 0.5)/2
    assert scope.importance == {"A1": 0.5625, "B1": 0.25, "B2": 0}  # shares of what is valued: 3/4, 1/8, 1/8
    assert scope.importance_order == scope.weaknesses == ("A1", "B1")
    assert scope.gaps["benchmark"][ROOT].value is None


@pytest.mark.parametrize(
    ("setting", "order"), [("target", ("A1", "B1")), ("benchmark", ("B1",)), ("larger", ("A1", "B1"))]
)
def test_importance_follows_the_setting(setting: str, order: tuple[str, ...]) -> None:
    given = "target:A1:5 target:B1:3.5 benchmark:A1:2 benchmark:B1:5"
    assert compute(plan(PEOPLE, given=given, importance=setting), returned(ANSWERS)).chosen.importance_order == order


def test_everything_ahead_is_no_weakness() -> None:
    scope = compute(plan(PEOPLE, given="benchmark:A1:1"), returned(ANSWERS)).chosen
    assert scope.importance == {"A1": 0}
    assert scope.weaknesses == ()


def test_importance_is_ranked_as_shown_with_ties_in_catalogue_order() -> None:
    # 1.95, 1.998 and 2 times an eighth of the total: 0.24375, 0.24975, 0.25
    scope = compute(plan(PEOPLE, given="target:B1:4.95 target:B2:3"), returned(ANSWERS)).chosen
    assert scope.importance_order == ("B2", "B1")  # 0.244 and 0.250
    scope = compute(plan(PEOPLE, given="target:B1:4.998 target:B2:3"), returned(ANSWERS)).chosen
    assert scope.importance["B1"] < scope.importance["B2"]
    assert scope.importance_order == ("B1", "B2")  # both are shown as 0.250


def test_a_displaced_figure_stands_beside_the_given_one() -> None:
    asked = together(returned(ANSWERS), returned("t1\nB1-a 4", "target"))
    node = compute(plan(PEOPLE, given="target:B1:5", audience="consultant"), asked).chosen.angles["target"].nodes["B1"]
    assert (node.score, node.raw, node.source) == (5, 4, "given")


def test_each_angle_hears_its_own_people() -> None:
    asked = together(
        returned("t1 b1\nB1-a 3 5"),
        returned("t1 b1\nB1-a 4 1", "target"),
        returned("t1 b1\nB1-a 0 5", "benchmark"),
    )
    results = compute(plan("t1:top b1:benchmark", audience="consultant"), asked)
    assert [score(results, "B1", angle) for angle in ("current", "target", "benchmark", "competitor")] == [
        3,
        4,
        5,
        None,
    ]
    angles = results.chosen.angles
    assert [angle.present for angle in angles.values()] == [True, True, True, False]
    assert [angle.n for angle in angles.values()] == [1, 1, 1, 0]
    assert results.chosen.gaps["benchmark"]["B1"].value == 2


def test_respondents_are_those_who_scored_within_the_scope() -> None:
    results = compute(plan(PEOPLE), returned("t1 t2 f1\nA2-a 3 DK 4\nB1-a 2 NA ."))
    assert results.scopes["standard"].angles["current"].n == 2
    assert results.scopes["key"].angles["current"].n == 1


def test_who_is_no_longer_in_the_plan_is_not_counted() -> None:
    results = compute(plan("t1:top"), returned("t1 gone\nB1-a 3 5"))
    assert (score(results, "B1"), results.chosen.angles["current"].nodes["B1"].asked) == (3, 1)


def test_a_target_left_blank_is_no_score_but_was_asked() -> None:
    results = compute(plan("t1:top t2:top", audience="consultant"), returned("t1 t2\nB1-a 4 -", "target"))
    node = results.chosen.angles["target"].nodes["B1-a"]
    assert (node.score, node.asked, node.blank, node.response_rate) == (4, 2, 1, 0.5)


def test_rejected_missing_and_conflicting_answers_are_open() -> None:
    node = compute(plan(PEOPLE), returned("t1 t2 f1\nB1-a ? ! 2")).chosen.angles["current"].nodes["B1-a"]
    assert (node.score, node.asked, node.open) == (2, 3, 2)


def test_a_competitor_needs_enough_of_its_people() -> None:
    people = "c1:competitor c2:competitor c3:competitor"
    results = compute(plan(people), returned(OUTSIDERS, "competitor"))
    assert score(results, "A1-a", "competitor") == 4
    assert results.returned.findings == ()
    few = returned(OUTSIDERS.replace("4  5", "4  DK"), "competitor")
    results = compute(plan(people, given="competitor:B1:4"), few)
    assert score(results, "A1-a", "competitor") is None
    assert results.chosen.angles["competitor"].nodes["A1-a"].asked == 0
    assert score(results, "B1", "competitor") == 4
    assert [(finding.code, dict(finding.values)) for finding in results.returned.findings] == [
        ("RES_001", {"found": 2, "needed": 3})
    ]
    assert all(
        finding.reason(lang) and finding.fix(lang) for finding in results.returned.findings for lang in LANGUAGES
    )


def test_no_competitor_asked_is_no_finding() -> None:
    assert compute(plan(PEOPLE), returned(ANSWERS)).returned.findings == ()


def test_voice_of_tiers_is_for_the_enterprise() -> None:
    asked = together(returned("t1 f1 f2\nB1-a 5 1 2"), returned("b1 b2\nB1-a 4 1", "benchmark"))
    people = "t1:top f1:floor f2:floor b1:benchmark b2:benchmark:2"
    results = compute(plan(people, voice="tier", tier_shares={"top": 1, "floor": 3}), asked)
    assert score(results, "B1-a") == 2.375  # (5 + 3*1.5)/4
    assert score(results, "B1-a", "benchmark") == 2  # (4 + 2*1)/3, by person


def test_median() -> None:
    assert score(compute(plan(PEOPLE, combine="median"), returned("t1 t2 f1\nB1-a 0 5 1")), "B1-a") == 1


def test_the_short_form_leaves_out_what_nobody_was_asked() -> None:
    table = "t1\nA1-a 4\nA2-a 3\nB1-a 3\nB2-a 1"
    full, short = (compute(plan("t1:top", form=form), returned(table)) for form in ("full", "short"))
    assert full.chosen.angles["current"].nodes[ROOT].coverage == pytest.approx((3 * 0.625 + 0.75) / 4)
    assert short.chosen.angles["current"].nodes[ROOT].coverage == 1
    assert not short.chosen.angles["target"].nodes["A1-b"].in_scope
    asked = compute(plan("t1:top", form="short"), returned(table + "\nA1-b DK")).chosen.angles["current"].nodes
    assert (asked["A1-b"].in_scope, asked["A1"].coverage, asked["B2-b"].in_scope) == (True, 0.25, False)
    assigned = replace(plan("t1:top", form="short"), assigned={"t1": ("B2-b",)})
    assert compute(assigned, returned(table)).chosen.angles["current"].nodes["B2-b"].in_scope


def test_gates_are_off_unless_asked_for() -> None:
    assert compute(plan(PEOPLE), returned(ANSWERS)).gated_level is None
    assert compute(plan(PEOPLE, gates=True), returned(ANSWERS)).gated_level == 3  # total 4; B is at level 2


def test_agreement_is_that_of_the_enterprise_now() -> None:
    asked = together(
        returned("t1 t2 f1\nA1-a 5 4 1\nA1-b NA 0 5"),
        returned("t1 t2\nA1-a 0 0", "target"),
        returned("b1\nA1-a 0", "benchmark"),
    )
    found = compute(plan(PEOPLE + " b1:benchmark"), asked).agreement
    assert (found["A1-a"].n, found["A1-a"].spread, dict(found["A1-a"].tiers)) == (3, 4, {"top": 4.5, "floor": 1})
    assert dict(found["A1"].tiers) == {"top": 3, "floor": 4}  # own means 5, (4 + 0)/4 = 1, (1 + 15)/4 = 4
    assert found["B1"].n == 0
    assert list(found)[:4] == ["A1", "A1-a", "A1-b", "A2"]


def test_the_agenda_is_the_disagreement_that_weighs_then_applicability() -> None:
    table = "t1 t2 f1\nA1-a 3 3 3\nA2-a 5 5 1\nB1-a 5 5 0\nB2-a NA NA 4\nB2-b NA NA NA"
    assert compute(plan(PEOPLE), returned(table)).agenda == ("A2", "B1", "B2-a", "B2-b")  # 3/8 * 4, 1/8 * 5
    assert compute(plan(PEOPLE), returned(table), "key").agenda == ("B1",)
    assert compute(plan(PEOPLE, dropped="B2"), returned(table)).agenda == ("A2", "B1")


def test_a_client_is_not_told_of_the_na_of_one_of_two() -> None:
    asked = returned("t1 t2 f1\nA1-a 3 3 3\nB2-a NA 4 .\nB2-b NA NA 4")
    assert compute(plan(PEOPLE), asked).agenda == ("B2-b",)
    assert compute(plan(PEOPLE, audience="consultant"), asked).agenda == ("B2-a", "B2-b")


def test_nothing_returned_is_no_value_anywhere() -> None:
    results = compute(plan(PEOPLE), returned("t1"))
    assert not any(angle.present for angle in results.chosen.angles.values())
    assert results.chosen.weaknesses == results.agenda == ()


def test_two_hundred_respondents_are_fast() -> None:
    """As many as 200 people would give to 320 questions from two angles: both scopes in under a second of CPU time."""
    catalogue = load()
    tiers = [tier.id for tier in catalogue.tiers]
    number = 200 * 320 // len(catalogue.questions)
    people = " ".join(f"p{i}:{tiers[i % len(tiers)]}" for i in range(number))
    big = replace(plan(people), catalogue=catalogue)
    answers = tuple(
        Answer(person.id, question, angle, Outcome.SCORED, float(i % 6))
        for person in big.people
        for angle in ("current", "target")
        for i, question in enumerate(catalogue.questions)
    )
    start = time.process_time()
    results = compute(big, Returned((), Answers.of(answers)))
    assert time.process_time() - start < 1
    assert results.chosen.angles["target"].nodes[ROOT].scored == len(answers) // 2
