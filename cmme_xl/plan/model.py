"""Who is asked what: the frozen plan of one engagement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from cmme_xl.catalogue import Catalogue, Question

UNKNOWN = ""
"""What stands for the group of a person whose group cannot be read."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """The assessment itself. `id` is short and safe in file names; `due` is when answers are to be back;
    `contact` is whom an interviewee asks (name, e-mail, telephone in one line)."""

    id: str
    name: str
    enterprise: str
    industry: str
    size: str
    starts: date
    due: date | None
    lang: str
    contact: str
    consultancy: str
    competitor: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of scoring.md that a plan decides.

    scope: "standard" | "key"; voice: "person" | "tier"; combine: "mean" | "median"; importance: "target" |
    "benchmark" | "larger"; form: "full" | "short"; audience: "client" | "consultant"; tier_shares: tier id ->
    share (only proportions matter); prefer_newest: of two versions from one person the newer counts.
    """

    scope: str = "standard"
    voice: str = "person"
    combine: str = "mean"
    importance: str = "larger"
    form: str = "full"
    audience: str = "client"
    gates: bool = False
    ask_target: bool = True
    self_assessment: bool = False
    prefer_newest: bool = False
    askers_min: int = 2
    tier_shares: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """A respondent. `group` is a tier id for the enterprise's own people, "benchmark" or "competitor" for
    outsiders; `minutes` is the length of the appointment; `weight` >= 0 counts where voice is per person."""

    id: str
    name: str
    group: str
    department: str
    title: str
    lang: str
    email: str
    interviewer: str
    appointment: datetime | None
    minutes: float | None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Given:
    """A figure given for a node instead of being asked (scoring.md rule 2): a target, benchmark or competitor value."""

    angle: str
    node: str
    value: float
    source: str
    year: int | None
    n: int | None
    industry: str
    size: str


class Unread(NamedTuple):
    """What stands in faulty rows and so not in the plan: the group, or UNKNOWN, of each person, the angle of each
    figure."""

    groups: tuple[str, ...] = ()
    angles: tuple[str, ...] = ()


ALL_READ = Unread()


@dataclass(frozen=True)
class Plan:
    """The record of every setting of an engagement, tied to one catalogue by id, version and hash.

    `assigned`: person id -> ids of the questions that person is asked, in catalogue order.
    `weights`: node id (dimension, indicator or question) -> weight >= 0 where the plan differs from the catalogue.
    `dropped`: ids of nodes taken out of scope by the plan.
    """

    catalogue: Catalogue
    engagement: Engagement
    settings: Settings
    people: tuple[Person, ...]
    assigned: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, float]
    dropped: frozenset[str]
    given: tuple[Given, ...]

    @cached_property
    def by_id(self) -> dict[str, Person]:
        return {person.id: person for person in self.people}

    def weight(self, node: str, catalogue_weight: float) -> float:
        """The weight of a node: the plan's, else the catalogue's."""
        return self.weights.get(node, catalogue_weight)

    def angles(self, person: Person) -> tuple[str, ...]:
        """The angles a person answers for: outsiders their own; the others current and, where asked, target."""
        own = self.catalogue.group(person.group).angle
        return (own, "target") if own == "current" and self.settings.ask_target else (own,)

    def questions_for(self, person: Person) -> tuple[Question, ...]:
        """The questions a person is asked, in catalogue order."""
        return tuple(self.catalogue.questions[question] for question in self.assigned.get(person.id, ()))

    def in_scope(self, question: str) -> bool:
        """Whether neither the question nor a node above it has been dropped."""
        indicator = self.catalogue.indicator_of[question]
        dimension = self.catalogue.dimension_of[question]
        return self.dropped.isdisjoint((question, indicator.id, dimension.id))
