"""What is asked: the frozen model of a catalogue. Dimensions hold indicators, indicators hold questions."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cached_property

ROOT = "total"


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
    and in interviews with outsiders; `rev` grows with every change of wording.
    """

    id: str
    rev: int
    text: Text
    tiers: tuple[str, ...]
    minutes: float
    weight: float
    short: bool

    @cached_property
    def text_hash(self) -> str:
        """Twelve hexadecimal digits that change with any wording."""
        return _digest(self.text.zh, self.text.en)[:12]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A second-level indicator. `number` runs through the whole model; `short` carries | where a label may break."""

    id: str
    number: int
    name: Text
    short: Text
    statement: Text
    key: bool
    weight: float
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
class Group:
    """People who are asked alike: a tier of the enterprise, or outsiders who speak for another angle.

    `angle` is "current" for tiers; outsiders answer for "benchmark" or "competitor".
    """

    id: str
    name: Text
    angle: str

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
    tier_shown_min: int
    spread_shown_min: int
    provisional_below: float
    applicability_na_share: float
    agenda_size: int
    decimals: int
    importance_decimals: int


@dataclass(frozen=True)
class Catalogue:
    """The whole instrument. Everything the rest of the program knows of the model it knows from here."""

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
    groups: tuple[Group, ...]
    limits: Limits
    dimensions: tuple[Dimension, ...]

    @property
    def scale_min(self) -> float:
        return self.steps[0].value

    @property
    def scale_max(self) -> float:
        return self.steps[-1].value

    @cached_property
    def tiers(self) -> tuple[Group, ...]:
        """The enterprise's own groups, from the top down."""
        return tuple(group for group in self.groups if not group.external)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in catalogue order."""
        return tuple(indicator for dimension in self.dimensions for indicator in dimension.indicators)

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
        """The questions a group is asked by default: a tier its own, outsiders the short form."""
        external = self.group(group_id).external
        return (q for q in self.questions.values() if (q.short if external else group_id in q.tiers))

    @cached_property
    def hash(self) -> str:
        """Sixteen hexadecimal digits that change with every wording, weight, threshold and setting of the catalogue."""
        return _digest(json.dumps(astuple(self), ensure_ascii=False))[:16]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
