"""A made-up engagement small enough to work out by hand: two dimensions, four indicators, six questions."""

from dataclasses import replace
from datetime import date

import catalogue_parts
from catalogue_parts import BANDS, BLOCKS, indicator, text

from cmme_xl.catalogue import Catalogue, Dimension, Group, Level, Limits, Question, Realm, Step
from cmme_xl.plan.model import Engagement, Given, Person, Plan, Settings
from cmme_xl.returned.model import Answer, Answers, Outcome, Returned, ReturnedFile, Status

WORDS = {"NA": Outcome.NA, "DK": Outcome.DK, "-": Outcome.BLANK, "?": Outcome.MISSING, "!": Outcome.REJECTED}


def question(id_: str, weight: float = 1.0, short: bool = True) -> Question:
    return catalogue_parts.question(id_, ("top", "mid", "floor"), weight=weight, short=short)


def catalogue() -> Catalogue:
    """A (weight 3) of A1 (key: A1-a, A1-b) and A2 (A2-a); B (weight 1) of B1 (key: B1-a) and B2 (B2-a, B2-b).

    A1-b weighs 3; A1-b and B2-b are not in the short form.
    """
    first = (
        indicator("A1", 1, question("A1-a"), question("A1-b", 3.0, short=False)),
        indicator("A2", 2, question("A2-a"), key=False),
    )
    second = (
        indicator("B1", 3, question("B1-a")),
        indicator("B2", 4, question("B2-a"), question("B2-b", short=False), key=False),
    )
    return Catalogue(
        id="small",
        version="1",
        name=text("Total"),
        subject=text("Subject"),
        steps=tuple(Step(i, text(f"step {i}"), text(str(i)), text(str(i))) for i in range(6)),
        na=text("N/A"),
        dk=text("DK"),
        na_meaning=text("N/A"),
        dk_meaning=text("DK"),
        levels=tuple(
            Level(i, text(f"level {i}"), threshold, text(str(i)))
            for i, threshold in enumerate((0.0, 1.5, 2.5, 3.5, 4.5), 1)
        ),
        realms=tuple(Realm(i, text(f"realm {i}")) for i in range(1, 5)),
        bands=BANDS,
        blocks=BLOCKS,
        groups=(
            Group("top", text("Top"), "current"),
            Group("mid", text("Mid"), "current"),
            Group("floor", text("Floor"), "current"),
            Group("benchmark", text("Benchmark"), "benchmark"),
            Group("competitor", text("Competitor"), "competitor"),
        ),
        limits=Limits(60, 90, 14, 2, 3, 3, 3, 5, 0.6, 0.5, 12, 2, 3),
        retired=(),
        dimensions=(
            Dimension("A", 1, text("A"), text("A"), text("A"), 3.0, first),
            Dimension("B", 2, text("B"), text("B"), text("B"), 1.0, second),
        ),
    )


def plan(people: str, given: str = "", weights: str = "", dropped: str = "", **settings: object) -> Plan:
    """people "p1:top p2:floor:2" (id, group, weight); given "target:A1:4"; weights "A1:2"; dropped "A2 B"."""
    made = [_person(*entry.split(":")) for entry in people.split()]
    model = catalogue()
    return Plan(
        catalogue=model,
        engagement=Engagement(
            "E1", "Check-up", "Made-up Ltd", "", "", date(2026, 3, 2), None, "en", "", "", "Other Ltd"
        ),
        settings=replace(Settings(), **settings),  # type: ignore[arg-type]
        people=tuple(made),
        assigned={person.id: () for person in made},
        weights={node: float(weight) for node, weight in (entry.split(":") for entry in weights.split())},
        dropped=frozenset(dropped.split()),
        given=tuple(
            Given(angle, node, float(value), "a study", 2025, None, "", "")
            for angle, node, value in (entry.split(":") for entry in given.split())
        ),
    )


def _person(id_: str, group: str, weight: str = "1") -> Person:
    return Person(id_, f"Name of {id_}", group, "", "", "en", "", "", None, None, float(weight))


def returned(table: str, angle: str = "current") -> Returned:
    """A table of answers in one angle: a head of respondents, then a question and their answers a line.

    A score, NA, DK, - (blank), ? (missing), ! (rejected), or . where the respondent was not asked.
    """
    head, *lines = (line.split() for line in table.strip().splitlines())
    answers = [
        _answer(respondent, cells[0], angle, typed)
        for cells in lines
        for respondent, typed in zip(head, cells[1:], strict=True)
        if typed != "."
    ]
    files = tuple(ReturnedFile(f"{name}.xlsx", "ab" * 32, 10, Status.ACCEPTED, name) for name in head)
    return Returned(files, Answers.of(answers))


def _answer(respondent: str, question: str, angle: str, typed: str) -> Answer:
    outcome = WORDS.get(typed, Outcome.SCORED)
    score = float(typed) if outcome is Outcome.SCORED else None
    return Answer(
        respondent, question, angle, outcome, score, typed, f"{respondent}.xlsx", "S", "C5", f"seen by {respondent}"
    )


def together(*parts: Returned) -> Returned:
    """Answers of several angles as one return."""
    return Returned(
        tuple({file.name: file for part in parts for file in part.files}.values()),
        Answers.of(answer for part in parts for answer in part.answers),
    )
