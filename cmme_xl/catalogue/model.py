"""What is asked: the frozen model of a catalogue. Dimensions hold indicators, indicators hold questions."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

ROOT = "total"
NATURES = ("intention", "reality")
GROUP_ANGLES = ("current", "benchmark", "competitor", "customer")
EFFORTS = (1, 5)
WEIGHT_MOST = 1_000_000
MINUTES = (0.1, 60)
"""From and to: what a question may take."""


@dataclass(frozen=True, slots=True)
class Text:
    """One wording in each language."""

    zh: str
    en: str

    def in_(self, lang: str) -> str:
        """The wording in `lang` ("zh" or "en")."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class Question:
    """A third-level indicator: one observable thing, scored on the catalogue's scale.

    `tiers` are the tier ids it is asked of by default; `minutes` the interview time it takes; `weight` >= 0
    counts among its siblings; `short` marks the question that stands for its indicator in the short form
    and in interviews with outsiders; `rev` grows with every change of wording. `evidence` is what would prove a
    score near the top of the scale, `next` what typically earns the next point.
    """

    id: str
    rev: int
    text: Text
    tiers: tuple[str, ...]
    minutes: float
    weight: float
    short: bool
    evidence: Text
    next: Text

    @cached_property
    def text_hash(self) -> str:
        """Twelve hexadecimal digits that change with any wording."""
        return text_hash(self.text)


@dataclass(frozen=True, slots=True)
class Rubric:
    """What an indicator looks like in practice low on the scale, half way up and at its top, so that two
    interviewers score alike (on a scale of 0-5: at 1, 3 and 5)."""

    one: Text
    three: Text
    five: Text


@dataclass(frozen=True, slots=True)
class Indicator:
    """A second-level indicator. `number` runs through the whole model; `short` carries | where a label may break.

    `block` is the id of its building block; `nature` one of NATURES: having a policy, or living it; `effort` what
    raising it by one level typically takes, 1 (little) to 5; `prerequisites` the ids of indicators that come first;
    `owner` the typical function in charge; `why` the business effect. `diagnosis`, `tactical` and `strategic`
    hold one text per band id.
    """

    id: str
    number: int
    name: Text
    short: Text
    statement: Text
    key: bool
    weight: float
    block: str
    nature: str
    effort: int
    prerequisites: tuple[str, ...]
    owner: Text
    why: Text
    rubric: Rubric
    diagnosis: Mapping[str, Text]
    tactical: Mapping[str, Text]
    strategic: Mapping[str, Text]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A first-level indicator."""

    id: str
    number: int
    name: Text
    short: Text
    statement: Text
    weight: float
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the answer scale: its value, its name, its short label and what it looks like."""

    value: int
    name: Text
    label: Text
    meaning: Text


@dataclass(frozen=True, slots=True)
class Level:
    """A maturity level: reached from `threshold` on (lower-inclusive, in points of the scale)."""

    number: int
    name: Text
    threshold: float
    meaning: Text


@dataclass(frozen=True, slots=True)
class Block:
    """A building block: another way to cut the same indicators."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Realm:
    """A realm of practice: a step of the second ladder, whose steps are equal parts of the scale."""

    number: int
    name: Text


@dataclass(frozen=True, slots=True)
class Band:
    """Results that are advised alike: from `threshold` on (lower-inclusive, in points of the scale)."""

    id: str
    name: Text
    threshold: float


@dataclass(frozen=True, slots=True)
class Group:
    """People who are asked alike: a tier of the enterprise, or outsiders who speak for another angle.

    `angle` is one of GROUP_ANGLES, "current" for tiers. `questions`: the ids an outsider group is asked by default
    (none: the short form). `minutes_min`, `minutes_max`: bounds of an interview where they differ from the limits.
    """

    id: str
    name: Text
    angle: str
    questions: tuple[str, ...] = ()
    minutes_min: float | None = None
    minutes_max: float | None = None

    @property
    def external(self) -> bool:
        return self.angle != "current"


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds an assessment is checked against (minutes, days, people; coverage as a share of 1).

    `decimals`: to how many scores are shown and compared; `importance_decimals`: the same for points of total and for
    the agenda, which are small.
    """

    minutes_min: float
    minutes_max: float
    window_days: int
    askers_min: int
    competitor_min: int
    customer_min: int
    tier_shown_min: int
    spread_shown_min: int
    provisional_below: float
    applicability_na_share: float
    agenda_size: int
    decimals: int
    importance_decimals: int


@dataclass(frozen=True)
class Catalogue:
    """The whole instrument. Everything the rest of the program knows of the model it knows from here.

    `retired`: ids of questions that were once asked; they are never used again. `off`: questions that are switched
    off, asked of nobody and no part of any indicator, but kept so that they can be switched on again.
    """

    id: str
    version: str
    name: Text
    subject: Text
    steps: tuple[Step, ...]
    na: Text
    dk: Text
    na_meaning: Text
    dk_meaning: Text
    levels: tuple[Level, ...]
    realms: tuple[Realm, ...]
    bands: tuple[Band, ...]
    blocks: tuple[Block, ...]
    groups: tuple[Group, ...]
    limits: Limits
    retired: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    off: tuple[Question, ...] = ()

    @property
    def scale_min(self) -> float:
        return self.steps[0].value

    @property
    def scale_max(self) -> float:
        return self.steps[-1].value

    @cached_property
    def realm_thresholds(self) -> tuple[float, ...]:
        """Where each realm begins: equal parts of the scale (scoring.md rule 7)."""
        reach = self.scale_max - self.scale_min
        return tuple(self.scale_min + reach * number / len(self.realms) for number in range(len(self.realms)))

    @cached_property
    def tiers(self) -> tuple[Group, ...]:
        """The enterprise's own groups, from the top down."""
        return tuple(group for group in self.groups if not group.external)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in catalogue order."""
        return tuple(indicator for dimension in self.dimensions for indicator in dimension.indicators)

    @property
    def nodes(self) -> Iterator[Dimension | Indicator | Question]:
        """Every dimension, indicator and question, each before what is below it."""
        for dimension in self.dimensions:
            yield dimension
            for indicator in dimension.indicators:
                yield indicator
                yield from indicator.questions

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All questions by id, in catalogue order."""
        return {question.id: question for indicator in self.indicators for question in indicator.questions}

    @cached_property
    def indicator_of(self) -> dict[str, Indicator]:
        """The indicator that each question id belongs to."""
        return {question.id: indicator for indicator in self.indicators for question in indicator.questions}

    @cached_property
    def dimension_of(self) -> dict[str, Dimension]:
        """The dimension that each indicator id and each question id belongs to."""
        return {
            child: dimension
            for dimension in self.dimensions
            for indicator in dimension.indicators
            for child in (indicator.id, *(question.id for question in indicator.questions))
        }

    @cached_property
    def names(self) -> dict[str, Text]:
        """The name of every node above the questions: the root, dimensions, indicators."""
        dimensions = {dimension.id: dimension.name for dimension in self.dimensions}
        return {ROOT: self.name, **dimensions, **{each.id: each.name for each in self.indicators}}

    def group(self, group_id: str) -> Group:
        """The group with that id. Raises KeyError where there is none."""
        return {group.id: group for group in self.groups}[group_id]

    def asked_of(self, group_id: str) -> Iterator[Question]:
        """The questions a group is asked by default: a tier its own, outsiders those listed, else the short form."""
        group = self.group(group_id)
        listed = frozenset(group.questions)
        for question in self.questions.values():
            if not group.external:
                asked = group_id in question.tiers
            else:
                asked = question.id in listed if listed else question.short
            if asked:
                yield question

    def minutes_of(self, group_id: str) -> tuple[float, float]:
        """How long an interview of a group should take, from and to, in minutes."""
        group, limits = self.group(group_id), self.limits
        low, high = group.minutes_min, group.minutes_max
        return limits.minutes_min if low is None else low, limits.minutes_max if high is None else high

    @cached_property
    def hash(self) -> str:
        """Sixteen hexadecimal digits that change with every wording, weight, threshold and setting of the catalogue;
        what is switched off has no part in it."""
        kept = [getattr(self, field.name) for field in fields(self) if field.name != "off"]
        return _digest(json.dumps(kept, ensure_ascii=False, sort_keys=True, default=_values))[:16]


def text_hash(text: Text) -> str:
    """Twelve hexadecimal digits that change with the wording in any language."""
    return _digest(text.zh, text.en)[:12]


def _values(part: Any) -> list[object]:
    return [getattr(part, field.name) for field in fields(part)]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
