"""Made-up engagements for the tests of the summary: plan and answers from a few figures, always the same."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cmme_xl import catalogue
from cmme_xl.findings import Finding
from cmme_xl.plan.model import Engagement, Given, Person, Plan, Settings
from cmme_xl.results.compute import compute
from cmme_xl.results.model import Results
from cmme_xl.returned.calibrations import Calibration
from cmme_xl.returned.model import Answer, Answers, Outcome, Returned, ReturnedFile, Status

OFFSETS = {"current": 0.0, "target": 1.4, "benchmark": 1.0, "competitor": 0.4, "customer": -0.5}
PREFIXES = {"benchmark": "B", "competitor": "C", "customer": "U"}
ODD = (
    (0.04, Outcome.NA),
    (0.07, Outcome.DK),
    (0.09, Outcome.BLANK),
    (0.10, Outcome.REJECTED),
    (0.11, Outcome.MISSING),
    (0.12, Outcome.CONFLICT),
)


def given(angle: str, node: str, value: float) -> Given:
    return Given(angle, node, value, "Trade survey", 2025, 18, "Furniture", "large")


def people(count: int, angles: Sequence[str]) -> tuple[Person, ...]:
    """`count` of the enterprise's own over the three tiers, and outsiders for the angles asked for."""

    def person(id_: str, name: str, group: str, weight: float = 1.0) -> Person:
        return Person(id_, name, group, "Sales", "", "zh", "", "", None, 75.0, weight)

    tiers = ("senior", "middle", "front")
    own = [person(f"P{i}", f"Respondent {i}", tiers[i % 3], 1.0 + i % 2) for i in range(count)]
    outside = {"benchmark": 2, "competitor": 3, "customer": 4}
    own += [
        person(f"{PREFIXES[angle]}{i}", f"Outsider {angle} {i}", angle)
        for angle, n in outside.items()
        if angle in angles
        for i in range(n)
    ]
    return tuple(own)


def plan_of(
    count: int = 9,
    angles: Sequence[str] = ("target", "benchmark", "competitor"),
    dimensions: int | None = None,
    figures: Sequence[Given] = (),
    dropped: Sequence[str] = (),
    **settings: object,
) -> Plan:
    model = catalogue.load()
    if dimensions:
        model = replace(model, dimensions=model.dimensions[:dimensions])
    staff = people(count, angles)
    engagement = Engagement(
        "E1",
        "Annual assessment",
        "Northwind Home",
        "Furniture",
        "large",
        date(2026, 11, 2),
        None,
        "zh",
        "",
        "",
        "Rival",
    )
    shares = {"senior": 50.0, "middle": 30.0, "front": 20.0}
    base = Settings(tier_shares=shares, ask_target="target" in angles, audience="consultant")
    asked = {person.id: tuple(question.id for question in model.asked_of(person.group)) for person in staff}
    chosen = replace(base, **settings)  # type: ignore[arg-type]
    return Plan(model, engagement, chosen, staff, asked, {}, frozenset(dropped), tuple(figures))


def answers_of(plan: Plan, seed: int = 7, na: str = "") -> Returned:
    """Random answers to everything asked; everyone says N/A to the questions of the indicator `na`."""
    rnd = random.Random(seed)
    level = {indicator.id: rnd.uniform(0.8, 3.8) for indicator in plan.catalogue.indicators}
    found = []
    for person in plan.people:
        for question in plan.assigned[person.id]:
            indicator = plan.catalogue.indicator_of[question].id
            for angle in plan.angles(person):
                draw = rnd.random()
                outcome = next((kind for limit, kind in ODD if draw < limit), Outcome.SCORED)
                outcome = Outcome.NA if indicator == na else outcome
                score = None
                if outcome is Outcome.SCORED:
                    score = float(min(5, max(0, round(level[indicator] + OFFSETS[angle] + rnd.gauss(0, 0.8)))))
                first = angle == plan.angles(person)[0]
                evidence = f"Secret evidence {person.id} {question}" if first and draw > 0.97 else ""
                found.append(
                    Answer(
                        person.id, question, angle, outcome, score, "", f"{person.id}.xlsx", "Sheet", "C9", evidence,
                        "=not a formula" if evidence else "",
                    )
                )  # fmt: skip
    files = tuple(
        ReturnedFile(f"{person.id} {person.name}.xlsx", "0" * 64, 9, Status.ACCEPTED, person.id, counts={"scored": 3})
        for person in plan.people
    )
    unread = ReturnedFile("Letter from Respondent 1.pdf", "1" * 64, 9, Status.UNREADABLE)
    return Returned((*files, unread), Answers.of(found), (Finding("RES_001", values={"found": 1, "needed": 3}),))


def results_of(na: str = "", calibrations: Sequence[Calibration] = (), **plan: object) -> Results:
    made = plan_of(**plan)  # type: ignore[arg-type]
    return compute(made, answers_of(made, na=na), calibrations=calibrations)


def calibrated(*entries: str) -> tuple[Calibration, ...]:
    """"current:D1-01:4" each: angle, node, and a score or NA."""
    made = []
    for entry in entries:
        angle, node, score = entry.split(":")
        value = None if score == "NA" else float(score)
        reason = "Minutes of the weekly review were shown."
        made.append(Calibration(angle, node, value, "Secret consultant", date(2026, 11, 20), reason))
    return tuple(made)
