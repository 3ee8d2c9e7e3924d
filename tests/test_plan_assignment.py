"""The rule of who is asked what."""

from dataclasses import replace

import pytest
from plan_samples import people, sample, sample_choices, small_catalogue

from cmme_xl.plan.assignment import Choices, Mark, assign, catalogue_marks, choices_of

CATALOGUE = small_catalogue()
SENIOR = replace(people()[0], id="S", group="senior")
EXPERT = replace(people()[0], id="B", group="benchmark")
D1 = CATALOGUE.dimensions[0]
FIRST, SECOND = D1.indicators[0], D1.indicators[1]


def asked(marks=None, *, question_marks=None, form="full", dropped=(), person=SENIOR):
    """The questions of D1 that one person is asked."""
    found = assign(
        CATALOGUE,
        [person],
        {person.id: marks or {}},
        question_marks or catalogue_marks(CATALOGUE),
        form,
        frozenset(dropped),
    )[person.id]
    return [question for question in found if CATALOGUE.dimension_of[question].id == D1.id]


def of(indicator, found):
    return [question for question in found if CATALOGUE.indicator_of[question].id == indicator.id]


def ids(questions):
    return [question.id for question in questions]


def test_without_marks_a_tier_is_asked_what_the_catalogue_says():
    assert of(FIRST, asked()) == [q.id for q in FIRST.questions if "senior" in q.tiers]


def test_outsiders_are_asked_the_short_form():
    assert of(FIRST, asked(person=EXPERT)) == [q.id for q in FIRST.questions if q.short]


def test_all_means_every_question_of_the_indicator():
    assert of(FIRST, asked({FIRST.id: Mark.ALL})) == ids(FIRST.questions)


def test_none_means_no_question_of_the_indicator():
    found = asked({FIRST.id: Mark.NONE})
    assert of(FIRST, found) == []
    assert of(SECOND, found) == of(SECOND, asked())


def test_a_dimension_mark_holds_for_its_indicators_unless_they_carry_their_own():
    found = asked({D1.id: Mark.NONE, FIRST.id: Mark.ALL})
    assert found == ids(FIRST.questions)


def test_all_does_not_bring_back_what_is_dropped():
    dropped = [FIRST.questions[0].id, SECOND.id]
    found = asked({D1.id: Mark.ALL}, dropped=dropped)
    assert of(FIRST, found) == ids(FIRST.questions[1:])
    assert of(SECOND, found) == []
    assert asked({D1.id: Mark.ALL}, dropped=[D1.id]) == []


def test_the_short_form_uses_short_questions_only():
    assert of(FIRST, asked({FIRST.id: Mark.ALL}, form="short")) == [q.id for q in FIRST.questions if q.short]


def test_question_marks_replace_the_catalogue_defaults():
    nobody: frozenset[str] = frozenset()
    marks = dict.fromkeys(CATALOGUE.questions, nobody)
    marks[FIRST.questions[2].id] = frozenset(("senior",))
    assert asked(question_marks=marks) == [FIRST.questions[2].id]


def test_choices_are_found_again_from_an_assignment():
    plan = sample(CATALOGUE)
    found = choices_of(plan)
    assert assign(
        CATALOGUE, plan.people, found.marks, found.question_marks, plan.settings.form, plan.dropped
    ) == dict(plan.assigned)


def test_a_changed_default_of_a_group_is_found_again():
    marks = catalogue_marks(CATALOGUE)
    other = next(q.id for q in FIRST.questions if "front" not in q.tiers)
    marks[other] |= {"front"}
    plan = sample(CATALOGUE, choices=Choices({}, marks))
    assert all(other in plan.assigned[person.id] for person in plan.people if person.group == "front")
    found = choices_of(plan)
    settings = (plan.settings.form, plan.dropped)
    assert assign(CATALOGUE, plan.people, found.marks, found.question_marks, *settings) == dict(plan.assigned)


def test_an_assignment_that_marks_cannot_say_is_refused():
    plan = sample(CATALOGUE, choices=Choices({}, catalogue_marks(CATALOGUE)))
    first, second = [person.id for person in plan.people if person.group == "senior"][:2]
    own = [question.id for question in FIRST.questions]
    rest = [q for q in plan.assigned[first] if q not in own]
    assigned = dict(plan.assigned) | {first: (own[0], *rest), second: (own[1], *rest)}
    with pytest.raises(ValueError, match=FIRST.id):
        choices_of(replace(plan, assigned=assigned))


def test_the_sample_choices_make_a_difference():
    plain = sample(CATALOGUE, choices=Choices({}, catalogue_marks(CATALOGUE)))
    marked = sample(CATALOGUE, choices=sample_choices(CATALOGUE))
    assert {p for p in plain.assigned if plain.assigned[p] != marked.assigned[p]} == {"P01", "P03", "P05"}
