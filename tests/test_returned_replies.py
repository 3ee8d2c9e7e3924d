"""Answers kept in columns: they give back what was put in, in any order asked for, and take little room."""

import sys

import pytest

from cmme_xl.returned.column import Column
from cmme_xl.returned.model import Answer, Answers, Outcome, Returned, tally_by_angle
from cmme_xl.returned.replies import Pairs, Reply


def answer(respondent: str, question: str, outcome: Outcome = Outcome.SCORED, **said: str) -> Answer:
    score = 3.0 if outcome is Outcome.SCORED else None
    return Answer(respondent, question, "current", outcome, score, **said)


GIVEN = (
    answer("P1", "Q1", raw="3", file="a.xlsx", sheet="S", cell="C5", evidence="minutes", comment="spoken"),
    answer("P1", "Q2", Outcome.REJECTED, raw="three or so", file="a.xlsx", sheet="S", cell="C6"),
    answer("P1", "Q3", Outcome.MISSING),
    answer("P2", "Q1", Outcome.NA, raw="N/A", file="b.xlsx", sheet="T", cell="D9", evidence="minutes"),
)


def test_answers_come_back_as_they_were_given() -> None:
    answers = Answers.of(GIVEN)
    assert tuple(answers) == GIVEN == answers
    assert [answers[place] for place in range(-4, 4)] == [*GIVEN, *GIVEN]
    assert answers[1:3] == GIVEN[1:3]
    assert len(answers) == 4
    assert answers != GIVEN[:3]
    with pytest.raises(IndexError):
        answers[4]


def test_they_are_counted_by_outcome() -> None:
    answers = Answers.of(GIVEN)
    counts = {"expected": 4, "scored": 1, "na": 1, "dk": 0, "blank": 0, "rejected": 1, "missing": 1, "conflict": 0}
    assert Returned((), answers).tally() == tally_by_angle(answers)["current"] == counts


def test_what_is_expected_comes_in_its_order_and_what_is_not_given_is_missing() -> None:
    reply = Reply.of("P1", GIVEN[:3])
    expected = Pairs((("Q2", "current"), ("Q1", "target"), ("Q1", "current")))
    missing = Answer("P1", "Q1", "target", Outcome.MISSING)
    assert tuple(reply.standing(expected)) == (GIVEN[1], missing, GIVEN[0])
    assert tuple(reply.standing(Pairs([("Q1", "current")]))) == GIVEN[:1]
    assert tuple(Reply.of("P1", ()).standing(Pairs([("Q1", "target")]))) == (missing,)


@pytest.mark.parametrize("different", [1, 2, 256, 257, 70_000])
def test_a_column_holds_any_number_of_different_values(different: int) -> None:
    values = [f"text {number}" for number in range(different)] * 2
    column = Column.of(values)
    assert list(column) == values
    assert list(column.picked(range(different, len(values)), "")) == values[different:]
    assert list(column.picked((0, len(values)), "none")) == ["text 0", "none"]
    assert dict(column.counts()) == dict.fromkeys(values, 2)


def test_people_who_are_asked_the_same_share_what_they_have_in_common() -> None:
    questions = [f"Q{number}" for number in range(300)]
    first, second = (
        Reply.of(who, [answer(who, question, raw="3", sheet="S", cell=f"C{question}") for question in questions])
        for who in ("P1", "P2")
    )
    assert first.asked is second.asked
    assert first.places is second.places
    columns = (second.marks, second.files, second.evidence, second.comments)
    assert sum(sys.getsizeof(column.codes) for column in columns) < 5 * len(questions)
