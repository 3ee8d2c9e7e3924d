"""What is said of results: by rule, with the results' own figures, and nothing that the audience may not know."""

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from small_engagement import plan, returned, together
from summary_cases import given, results_of

from cmme_xl.catalogue import ROOT
from cmme_xl.results import headlines
from cmme_xl.results.advice import AT_ONCE, WAVES, advice, agenda, gained, path_to_next
from cmme_xl.results.compute import compute
from cmme_xl.results.customers import Compared
from cmme_xl.results.diagnosis import diagnosis
from cmme_xl.results.facts import Facts, facts
from cmme_xl.results.model import Results
from cmme_xl.results.remarks import customers
from cmme_xl.results.sentence import Figure, Sentence, Shape, Value
from cmme_xl.results.verdict import scatter, tensions, verdict
from cmme_xl.scoring import round_half_away
from cmme_xl.templates import template

ASKED = "p1:top p2:mid p3:floor"


def computed(answers: str, target: str = "", people: str = ASKED, **settings: object) -> Results:
    parts = [returned(answers)] + ([returned(target, "target")] if target else [])
    return compute(plan(people, audience="consultant", **settings), together(*parts))  # type: ignore[arg-type]


def all_said(known: Facts) -> list[Sentence]:
    said = [*verdict(known), *tensions(known), *agenda(known), *gained(known, advice(known))]
    for dimension in known.dimensions:
        found = diagnosis(known, dimension)
        said += [found.headline, *found.sentences]
    route = path_to_next(known)
    return said + ([route[1]] if route else [])


def rules(sentences: Iterable[Sentence]) -> set[str]:
    return {each.rule for each in sentences}


@pytest.mark.parametrize("case", ["whole", "bare", "one", "key", "na"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sentence_is_whole_and_shows_its_figures(case: str, lang: str) -> None:
    results = {
        "whole": lambda: results_of(angles=("target", "benchmark", "competitor", "customer")),
        "bare": lambda: results_of(angles=()),
        "one": lambda: results_of(count=1, dimensions=1, angles=("target",)),
        "key": lambda: results_of(scope="key"),
        "na": lambda: results_of(na="D1-01", figures=[given("benchmark", "D2", 4.0)], audience="client"),
    }[case]()
    for each in all_said(facts(results)):
        text = each.text(lang)
        assert not re.search(r"[{}]|None|nan", text), text
        wording = template("report")["sentence"][each.rule][lang]
        for name, figure in each.figures.items():
            assert f"{{{name}}}" not in wording or str(figure) in text or figure.value == 1, (each.rule, name, text)


def test_an_agenda_does_not_speak_of_one_of_one_people() -> None:
    said = {each.text("en").split(": ", 1)[1].split(".")[0] for each in agenda(facts(results_of(count=1, angles=())))}
    assert said == {"the one person asked says it does not apply"}


def test_different_results_are_never_told_alike() -> None:
    known = facts(results_of())
    told = [tuple(s.text("zh") for s in diagnosis(known, d).sentences) for d in known.dimensions]
    assert len(set(told)) == len(known.dimensions)
    first = compute(plan(ASKED), returned("q p1 p2 p3\nA1-a 4 4 4".replace("q ", "")))
    other = compute(plan(ASKED), returned("q p1 p2 p3\nA1-a 4 4 3".replace("q ", "")))
    assert [s.text("en") for s in verdict(facts(first))] != [s.text("en") for s in verdict(facts(other))]


def test_figures_are_those_of_the_results() -> None:
    results = results_of()
    known = facts(results)
    nodes, gaps = results.chosen.angles["current"].nodes, results.chosen.gaps
    for dimension in known.dimensions:
        said = {each.rule: each for each in diagnosis(known, dimension).sentences}
        score = nodes[dimension.id].score
        assert score is not None
        level = said.get("level_plain") or said["level_plain_provisional"]
        assert f"{round_half_away(score):.2f}" in level.text("en")
        gap = gaps["target"][dimension.id].value
        assert gap is not None
        how = "behind" if gap > 0 else "ahead"
        assert f"{abs(round_half_away(gap)):.2f}" in said[f"target_{how}"].text("zh")


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ("p1 p2 p3\nA1-a 5 4 2\nA2-a 5 4 2", "tiers_above"),
        ("p1 p2 p3\nA1-a 2 4 5\nA2-a 2 4 5", "tiers_below"),
        ("p1 p2 p3\nA1-a 3 3 3\nA2-a 3 3 3", "tiers_alike"),
        ("p1 p2 p3\nA1-a 3 DK -\nA2-a 3 NA -", "tiers_one"),
        ("p1 p2 p3\nA1-a 3 DK -\nA2-a - 2 4", "tiers_apart"),
    ],
)
def test_tiers_are_compared_by_their_difference(answers: str, rule: str) -> None:
    assert rule in rules(tensions(facts(computed(answers))))


def test_one_person_agrees_with_nobody() -> None:
    assert not {"scatter", "scatter_none"} & rules(scatter(facts(computed("p1 p2 p3\nA1-a 3 - -\nA2-a 4 - -"))))
    assert "scatter_none" in rules(scatter(facts(computed("p1 p2 p3\nA1-a 3 3 -\nA2-a 4 - -"))))


def test_a_provisional_level_and_a_gap_over_little_weight_say_so_in_the_title() -> None:
    """A1-a is a quarter of A1, and A1 about a third of the total."""
    title = headlines.of_total(facts(computed("p1 p2 p3\nA1-a 3 3 3", "p1 p2 p3\nA1-a 4 4 4")))
    assert title.text("en").startswith("Level 3, level 3 (provisional): 3.00 points, 1.00 behind")
    assert re.search(r"over \d+% of the weight", title.text("en"))
    everything = "p1 p2 p3\n" + "\n".join(f"{q} 3 3 3" for q in ("A1-a", "A1-b", "A2-a", "B1-a", "B2-a", "B2-b"))
    assert headlines.of_total(facts(computed(everything))).text("en") == "Level 3, level 3: 3.00 points in total"


def test_a_plan_is_told_with_the_waves_it_has() -> None:
    found = facts(results_of())
    chosen = advice(found)
    waves = len({each.wave for each in chosen})
    assert waves > 1
    assert f"in {waves} waves" in headlines.of_plan(found, chosen).text("en")
    first = [each for each in chosen if each.wave == 1]
    assert "wave" not in headlines.of_plan(found, first).text("en")
    assert headlines.of_plan(found, first[:1]).text("en").startswith("One improvement would raise the total")


def test_what_is_missing_is_said() -> None:
    known = facts(computed("p1 p2 p3\nA1-a 3 3 3"))
    assert {"absent", "weakest"} <= rules(verdict(known))
    assert "uncertain" in rules(verdict(known))
    assert rules(diagnosis(known, known.dimensions[1]).sentences) == {"no_score"}
    assert rules(verdict(facts(computed("p1 p2 p3\nA1-a DK DK DK")))) == {"no_score"}


def test_a_target_two_levels_up_is_more_than_can_be_carried() -> None:
    known = facts(computed("p1 p2 p3\nA1-a 1 1 1\nA2-a 1 1 1", "p1 p2 p3\nA1-a 4 4 4\nA2-a 4 4 4"))
    assert "expectation" in rules(diagnosis(known, known.dimensions[0]).sentences)
    near = facts(computed("p1 p2 p3\nA1-a 3 3 3\nA2-a 3 3 3", "p1 p2 p3\nA1-a 4 4 4\nA2-a 4 4 4"))
    assert "expectation" not in rules(diagnosis(near, near.dimensions[0]).sentences)


def test_a_score_close_to_a_threshold_says_so() -> None:
    assert "barely" in rules(verdict(facts(computed("p1 p2\nA1-a 2 3\nA1-b 2 3\nA2-a 2 3"))))
    assert "barely" not in rules(verdict(facts(computed("p1 p2\nA1-a 3 3\nA1-b 3 3\nA2-a 3 3"))))


@pytest.mark.parametrize(("everything", "rule"), [(2.0, "customers_below"), (2.8, "customers_below_part")])
def test_what_customers_say_stands_beside_own_scores_over_the_same_questions(everything: float, rule: str) -> None:
    known = facts(computed("p1 p2\nA1-a 3 3\nA2-a 3 3"))
    held = replace(known, customers={ROOT: Compared(ROOT, everything, 2.0, 3.0, -1.0, 5)})
    (said,) = customers(held, ROOT)
    assert said.rule == rule
    assert "2.00" in said.text("en")
    assert said.text("en").count("2.80") == (rule == "customers_below_part")


def test_what_comes_first_is_advised_first() -> None:
    chosen = advice(facts(results_of()))
    order = [each.indicator.id for each in chosen]
    waves = {each.indicator.id: each.wave for each in chosen}
    assert chosen
    for each in chosen:
        for before in each.indicator.prerequisites:
            if before in order:
                assert order.index(before) < order.index(each.indicator.id)
                assert waves[before] <= each.wave
    assert all(list(waves.values()).count(wave) <= AT_ONCE for wave in range(1, WAVES))


def test_advice_follows_the_band_of_the_score() -> None:
    known = facts(results_of())
    for each in advice(known):
        band = known.band(each.indicator.id)
        assert band is not None
        assert each.tactical == each.indicator.tactical[band.id]


def test_a_client_is_told_nothing_of_few_people() -> None:
    answers = "p1 p2 p3 p4\nA1-a 5 5 5 5\nA2-a 1 1 . .\nB1-a 4 4 4 4"
    people = "p1:top p2:top p3:floor p4:floor"
    client = facts(compute(plan(people, audience="client"), returned(answers)))
    assert client.score("A2") is None
    assert client.score("A1") == 5
    assert "A2" not in {each.indicator.id for each in advice(client)}
    assert client.perception() is None
    assert "tiers_withheld" in rules(tensions(client))
    assert facts(compute(plan(people, audience="consultant"), returned(answers))).score("A2") == 1


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (Figure(2.345), "2.35"),
        (Figure(-0.455, Shape.DISTANCE), "0.46"),
        (Figure(0.0765, Shape.POINTS), "0.077"),
        (Figure(0.325, Shape.PERCENT), "33%"),
        (Figure(12, Shape.COUNT), "12"),
    ],
)
def test_figures_are_rounded_half_away_from_zero(figure: Figure, shown: str) -> None:
    assert str(figure) == shown


def test_texts_from_outside_are_only_text() -> None:
    values: dict[str, Value] = {"angle": "{name} <b>&", "gap": Figure(1.0, Shape.DISTANCE), "basis": ""}
    assert "{name} <b>&" in Sentence("competitor_behind", "total", values).text("en")


def test_both_languages_have_the_same_wordings_and_blanks() -> None:
    for rule, wording in template("report")["sentence"].items():
        blanks = [set(re.findall(r"{(\w+)}", wording[lang])) for lang in ("zh", "en")]
        assert blanks[0] == blanks[1], rule
