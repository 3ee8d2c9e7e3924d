"""The client's edition gives nobody away (scoring.md rule 15): not by what it holds, nor by what follows from it.

Every answer has decimals of its own, so that a number found in the file can be traced; and each attack is also made on
an edition that is broken on purpose, where it has to succeed.
"""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import pytest
import recovery
import summary_cases as cases

from cmme_xl.findings import Refusal
from cmme_xl.results import audience
from cmme_xl.results.audience import exposed, sealed, withheld
from cmme_xl.results.compute import compute
from cmme_xl.results.export import as_json
from cmme_xl.results.model import Results
from cmme_xl.returned.model import Answer, Answers, Outcome
from cmme_xl.spreadsheet import Brand
from cmme_xl.summary.target import refuse_recognisable
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))
FEW = {"D1-02": {"P0"}, "D2-03": {"P3", "P4"}, "D3-02": {"P5"}}
"""Who alone scored an indicator; D3-02 is a key one."""
LEAST = 3


@cache
def results() -> Results:
    """Eight people, two of them on the front line, who answer everything but what few answer."""
    plan = cases.plan_of(angles=("target",), count=8, dimensions=3, audience="client")
    plan = replace(plan, people=tuple(replace(person, weight=1.0) for person in plan.people))
    everything = tuple(plan.catalogue.questions)
    plan = replace(plan, assigned={person.id: everything for person in plan.people})
    rnd = random.Random(3)

    def answer(respondent: str, question: str, angle: str) -> Answer:
        own = FEW.get(plan.catalogue.indicator_of[question].id, {respondent})
        score = round(rnd.uniform(0.5, 4.5), 9)
        outcome = Outcome.SCORED if respondent in own else Outcome.DK
        return Answer(respondent, question, angle, outcome, score if outcome is Outcome.SCORED else None)

    found = [answer(p.id, q, angle) for p in plan.people for q in everything for angle in plan.angles(p)]
    return compute(plan, replace(cases.answers_of(plan), answers=Answers.of(found)))


def editions() -> Iterator[set[float]]:
    """The numbers of the workbook in both languages, and of the JSON."""
    for lang in ("zh", "en"):
        yield recovery.numbers(summary_bytes(results(), lang, BRAND, "client"))
    yield {float(text) for text in recovery.NUMBER.findall(json.dumps(as_json(results(), "en")))}


def weights(node: str, default: float) -> float:
    return results().plan.weight(node, default)


def indicators_recovered(numbers: set[float]) -> dict[str, float]:
    """What a reader who knows the weights works out of the indicators that few scored."""
    scopes, catalogue = results().scopes, results().plan.catalogue
    wholes: dict[str, float | None] = {}
    parts = {}
    for scope in ("standard", "key"):
        nodes = scopes[scope].angles["current"].nodes
        for dimension in catalogue.dimensions:
            score = nodes[dimension.id].score
            wholes[f"{scope} {dimension.id}"] = score if score and recovery.holds(numbers, score) else None
            parts[f"{scope} {dimension.id}"] = [
                (each.id, weights(each.id, each.weight))
                for each in dimension.indicators
                if each.key or scope == "standard"
            ]
    nodes = scopes["standard"].angles["current"].nodes
    scores = {each.id: nodes[each.id].score for each in catalogue.indicators}
    known = {id_: score for id_, score in scores.items() if score is not None and recovery.holds(numbers, score)}
    found = recovery.solved(wholes, parts, known)
    return {id_: found[id_] for id_ in FEW if id_ in found and abs(found[id_] - (scores[id_] or 0.0)) < 1e-6}


def tiers_recovered(numbers: set[float]) -> dict[str, float]:
    """What a reader who knows how many each tier has works out of the front line's means."""
    found = {}
    sizes = {"senior": 3, "middle": 3, "front": 2}
    nodes = results().scopes["standard"].angles["current"].nodes
    for each in results().plan.catalogue.indicators:
        means, score = results().agreement[each.id].tiers, nodes[each.id].score
        if each.id not in FEW and score is not None and recovery.holds(numbers, score):
            known: Mapping[str, float] = {t: mean for t, mean in means.items() if recovery.holds(numbers, mean)}
            solved = recovery.solved({"all": score}, {"all": list(sizes.items())}, known)
            if abs(solved.get("front", -9.0) - means["front"]) < 1e-6:
                found[each.id] = solved["front"]
    return found


def test_no_answer_lies_anywhere_in_it() -> None:
    answers = {answer.score for answer in results().returned.answers if answer.score is not None}
    assert len(answers) > 500
    for numbers in editions():
        assert not [score for score in answers if recovery.holds(numbers, score)]


def test_nothing_hidden_lies_anywhere_in_it() -> None:
    nodes, catalogue = results().chosen.angles["current"].nodes, results().plan.catalogue
    hidden = withheld(results(), "client")
    assert {("current", id_) for id_ in FEW} < hidden
    secrets = [results().chosen.angles[angle].nodes[id_].score for angle, id_ in hidden]
    secrets += [nodes[question].score for question in sealed(results(), "current")]
    secrets += [results().agreement[each.id].tiers.get("front") for each in catalogue.indicators]
    for numbers in editions():
        assert not [value for value in secrets if value is not None and recovery.holds(numbers, value)]


def test_no_indicator_that_few_scored_can_be_worked_out() -> None:
    for numbers in editions():
        assert indicators_recovered(numbers) == {}


def test_no_small_tier_can_be_worked_out() -> None:
    for numbers in editions():
        assert tiers_recovered(numbers) == {}


def test_the_attacks_succeed_where_an_edition_hides_too_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        audience._Family,
        "hidden",
        lambda family, least: tuple(id_ for id_, people in family.people.items() if len(people) < least),
    )
    monkeypatch.setattr(
        audience, "_barred", lambda scored, _, least: frozenset(t for t, own in scored.items() if 0 < len(own) < least)
    )
    for numbers in editions():
        assert indicators_recovered(numbers).keys() == FEW.keys()
        assert len(tiers_recovered(numbers)) > 15


def test_blocks_count_no_withheld_indicator() -> None:
    found = as_json(results(), "en")["views"]["blocks"]  # type: ignore[index]
    hidden = {id_ for angle, id_ in withheld(results(), "client") if angle == "current"}
    nodes = results().chosen.angles["current"].nodes
    block = next(i.block for i in results().plan.catalogue.indicators if i.id == "D1-02")
    members = [i for i in results().plan.catalogue.indicators if i.block == block]
    assert hidden & {each.id for each in members}
    shown = [nodes[each.id].score or 0.0 for each in members if each.id not in hidden]
    assert min(shown) <= found[block]["scores"]["current"] <= max(shown)


def test_what_cannot_be_hidden_is_refused() -> None:
    """The only key indicator of a dimension, scored by one person: its key total would be that person's."""
    made = results()
    others = {i.id for i in made.plan.catalogue.dimensions[2].indicators if i.key} - {"D3-02"}
    alone = compute(replace(made.plan, dropped=frozenset(others)), made.returned)
    assert exposed(alone) == ("D3-02",)
    with pytest.raises(Refusal) as refused:
        list(refuse_recognisable(alone))
    assert [finding.code for finding in refused.value.findings] == ["OUT_014"]
    assert [finding.code for finding in refuse_recognisable(made)] == ["OUT_006"]


def test_a_target_of_two_people_is_none() -> None:
    made = results()
    few = [
        a._replace(outcome=Outcome.BLANK, score=None) if a.angle == "target" and a.respondent not in ("P0", "P1") else a
        for a in made.returned.answers
    ]
    found = compute(made.plan, replace(made.returned, answers=Answers.of(few)))
    assert not found.chosen.angles["target"].present
    assert "RES_003" in [finding.code for finding in found.returned.findings]
