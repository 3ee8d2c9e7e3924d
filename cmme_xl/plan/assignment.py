"""The one rule of who is asked what: defaults per group, marks per person, scope and form."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import chain

from cmme_xl.catalogue import Catalogue, Indicator
from cmme_xl.plan.model import Person, Plan


class Mark(StrEnum):
    """What a person's cell says of a dimension or an indicator; no mark = the group's default."""

    ALL = "all"
    NONE = "none"


Marks = Mapping[str, Mapping[str, Mark]]
QuestionMarks = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a plan's sheets say: person id -> node id -> mark, and question id -> ids of the groups asked by default."""

    marks: Marks = field(default_factory=dict)
    question_marks: QuestionMarks = field(default_factory=dict)


def assign(
    catalogue: Catalogue,
    people: Iterable[Person],
    marks: Marks,
    question_marks: QuestionMarks,
    form: str,
    dropped: frozenset[str],
) -> dict[str, tuple[str, ...]]:
    """Person id -> ids of the questions asked, in catalogue order.

    A question is used unless it or a node above it is dropped; the form "short" uses short questions only. Of an
    indicator a person is asked all used questions (mark ALL), none (NONE), or those of the person's group. An
    indicator's own mark beats its dimension's.
    """
    used = used_questions(catalogue, form, dropped)

    same: dict[tuple[str, ...], tuple[str, ...]] = {}

    @cache  # most people are asked what others are asked
    def asked(group: str, marked: frozenset[tuple[str, Mark]]) -> tuple[str, ...]:
        own = dict(marked)
        marks = ((used[each.id], _mark(catalogue, own, each)) for each in catalogue.indicators)
        parts = (_of_indicator(questions, mark, group, question_marks) for questions, mark in marks)
        found = tuple(chain.from_iterable(parts))
        return same.setdefault(found, found)

    return {person.id: asked(person.group, frozenset(marks.get(person.id, {}).items())) for person in people}


def used_questions(catalogue: Catalogue, form: str, dropped: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Indicator id -> ids of its questions that this plan uses."""
    used: dict[str, tuple[str, ...]] = {}
    for dimension in catalogue.dimensions:
        for indicator in dimension.indicators:
            out = not dropped.isdisjoint((dimension.id, indicator.id))
            used[indicator.id] = tuple(
                question.id
                for question in indicator.questions
                if not out and question.id not in dropped and (form != "short" or question.short)
            )
    return used


def catalogue_marks(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """The catalogue's own defaults: question id -> ids of the groups asked."""
    asked = {group.id: {question.id for question in catalogue.asked_of(group.id)} for group in catalogue.groups}
    return {
        question: frozenset(group for group, questions in asked.items() if question in questions)
        for question in catalogue.questions
    }


def choices_of(plan: Plan) -> Choices:
    """Choices under which `assign` gives exactly the plan's assignment: defaults first, marks only where needed.

    Raises ValueError where there are none: two people of one group with two different selections within an indicator.
    """
    catalogue = plan.catalogue
    question_marks = catalogue_marks(catalogue)
    used = used_questions(catalogue, plan.settings.form, plan.dropped)
    marks: dict[str, dict[str, Mark]] = {person.id: {} for person in plan.people}
    for indicator in catalogue.indicators:
        everything = used[indicator.id]
        asked = {
            person.id: tuple(q for q in everything if q in frozenset(plan.assigned.get(person.id, ())))
            for person in plan.people
        }
        for group in catalogue.groups:
            members = [person.id for person in plan.people if person.group == group.id]
            default = tuple(q for q in everything if group.id in question_marks[q])
            odd = Counter(asked[p] for p in members if asked[p] not in (default, everything, ()))
            if odd:
                default = odd.most_common(1)[0][0]
                for q in everything:
                    others = question_marks[q] - {group.id}
                    question_marks[q] = others | {group.id} if q in default else others
            for person in members:
                if asked[person] == default:
                    continue
                if asked[person] not in (everything, ()):
                    raise ValueError(f"{person} {indicator.id}: not a selection that a plan can hold")
                marks[person][indicator.id] = Mark.ALL if asked[person] else Mark.NONE
    return Choices({person: found for person, found in marks.items() if found}, question_marks)


def _mark(catalogue: Catalogue, marks: Mapping[str, Mark], indicator: Indicator) -> Mark | None:
    dimension = catalogue.dimension_of[indicator.id]
    return marks.get(indicator.id, marks.get(dimension.id))


def _of_indicator(
    used: tuple[str, ...], mark: Mark | None, group: str, question_marks: QuestionMarks
) -> tuple[str, ...]:
    if mark is Mark.ALL:
        return used
    if mark is Mark.NONE:
        return ()
    return tuple(question for question in used if group in question_marks.get(question, ()))
