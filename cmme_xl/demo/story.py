"""The made-up engagement: its plan, and how each of its people would answer."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import tomli

from cmme_xl.catalogue import Catalogue, Question
from cmme_xl.plan.assignment import assign, catalogue_marks
from cmme_xl.plan.model import Engagement, Given, Person, Plan, Settings

NOISE = 0.6
SEED = "a made-up engagement"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person types into one row: the score (a number or words), the target and the evidence, "" for nothing."""

    score: int | str
    target: int | str
    evidence: str


@cache
def story() -> dict[str, Any]:
    """The story as told in story.toml."""
    return tomli.loads(files("cmme_xl.demo").joinpath("story.toml").read_text("utf-8"))


def demo_plan(catalogue: Catalogue, lang: str) -> Plan:
    """The plan of the made-up engagement; its workbook is in `lang`."""
    told = story()["engagement"]
    engagement = Engagement(
        id=told["id"],
        name=told["name"][lang],
        enterprise=told["enterprise"][lang],
        industry=told["industry"][lang],
        size=told["size"][lang],
        starts=told["starts"],
        due=told["due"],
        lang=lang,
        contact=told["contact"][lang],
        consultancy=told["consultancy"][lang],
        competitor=told["competitor"][lang],
    )
    people = tuple(_person(entry, engagement, catalogue, lang) for entry in story()["person"])
    return Plan(
        catalogue=catalogue,
        engagement=engagement,
        settings=Settings(audience="consultant", tier_shares={tier.id: 1.0 for tier in catalogue.tiers}),
        people=people,
        assigned=assign(catalogue, people, {}, catalogue_marks(catalogue), "full", frozenset()),
        weights={},
        dropped=frozenset(),
        given=tuple(_given(entry, lang) for entry in story()["figure"]),
    )


def replies(plan: Plan, person: Person) -> dict[str, Reply]:
    """What `person` types, by question id; the same at every run."""
    dice = random.Random(f"{SEED} {person.id}")
    odds = story()["odds"]
    manner = _entry(person.id)
    slips = {slip["question"]: slip["typed"] for slip in story()["slip"] if slip["person"] == person.id}
    angle = plan.angles(person)[0]
    typed: dict[str, Reply] = {}
    for number, question in enumerate(plan.questions_for(person), 1):
        score = _score(plan.catalogue, question, angle, manner["bias"], dice)
        chance = dice.random()
        target = "" if dice.random() < odds["target_blank"] else _target(plan.catalogue, question, score, dice)
        evidence = _evidence(score, person.lang, dice) if dice.random() < manner["careful"] else ""
        if number in slips:
            typed[question.id] = Reply(slips[number], target, evidence)
        elif chance < odds["blank"]:
            typed[question.id] = Reply("", "", "")
        elif chance < odds["blank"] + odds["na"]:
            typed[question.id] = Reply(plan.catalogue.na.in_(person.lang), "", "")
        elif chance < odds["blank"] + odds["na"] + odds["dk"]:
            typed[question.id] = Reply(plan.catalogue.dk.in_(person.lang), "", "")
        else:
            typed[question.id] = Reply(score, target, evidence)
    return typed


def _entry(person: str) -> Mapping[str, Any]:
    return next(entry for entry in story()["person"] if entry["id"] == person)


def _person(entry: Mapping[str, Any], engagement: Engagement, catalogue: Catalogue, lang: str) -> Person:
    day = engagement.starts + timedelta(days=entry["day"])
    return Person(
        id=entry["id"],
        name=entry["name"][entry["lang"] if catalogue.group(entry["group"]).angle == "current" else lang],
        group=entry["group"],
        department=entry["department"][lang],
        title=entry["title"][lang],
        lang=entry["lang"],
        email=f"{entry['id'].lower()}@example.com",
        interviewer=story()["engagement"]["interviewer"][lang],
        appointment=datetime.combine(day, time(entry["hour"])),
        minutes=entry.get("minutes", 90.0),
    )


def _given(entry: Mapping[str, Any], lang: str) -> Given:
    told = story()["engagement"]
    return Given(
        angle=entry["angle"],
        node=entry["node"],
        value=entry["value"],
        source=entry["source"][lang],
        year=entry["year"],
        n=entry.get("n"),
        industry=told["industry"][lang],
        size="",
    )


def _score(catalogue: Catalogue, question: Question, angle: str, bias: float, dice: random.Random) -> int:
    dimension = catalogue.dimension_of[question.id].id
    stand = story()["stand"][angle][dimension]
    stand += story()["adds"].get(angle, {}).get(catalogue.indicator_of[question.id].id, 0.0)
    if angle == "current":
        stand += bias * story()["view"].get(dimension, 1.0)
    return _step(catalogue, stand + dice.gauss(0, NOISE))


def _target(catalogue: Catalogue, question: Question, score: int, dice: random.Random) -> int:
    stand = story()["stand"]["target"][catalogue.dimension_of[question.id].id]
    return max(score, _step(catalogue, stand + dice.gauss(0, NOISE / 2)))


def _step(catalogue: Catalogue, value: float) -> int:
    return int(min(catalogue.scale_max, max(catalogue.scale_min, round(value))))


def _evidence(score: int, lang: str, dice: random.Random) -> str:
    band = "low" if score <= 1 else "middle" if score <= 3 else "high"
    return str(dice.choice(story()["evidence"][band])[lang])
