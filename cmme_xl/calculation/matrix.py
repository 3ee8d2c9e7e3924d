"""A matrix of answers, questions by respondents, as summary and scorecard lay it out."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby

from cmme_xl.catalogue import Catalogue
from cmme_xl.plan.model import Person
from cmme_xl.returned.model import Outcome
from cmme_xl.returned.replies import Pairs, Reply

Span = tuple[str, int, int]
"""A group of people who stand together: its id, first and last column."""


def spans(people: Iterable[Person], first: int) -> tuple[Span, ...]:
    """Each group among `people`, who stand one a column from `first` on."""
    found: list[Span] = []
    for group, members in groupby(person.group for person in people):
        last = first + len(list(members)) - 1
        found.append((group, first, last))
        first = last + 1
    return tuple(found)


def said(outcome: Outcome, catalogue: Catalogue, lang: str) -> str | None:
    """The catalogue's word for an outcome in `lang`, None where it has none."""
    words = {Outcome.NA: catalogue.na, Outcome.DK: catalogue.dk}
    return words[outcome].in_(lang) if outcome in words else None


def contents(
    replies: Iterable[Reply], words: dict[Outcome, str], angle: str, people: Sequence[str]
) -> dict[str, list[float | str | None]]:
    """By question what stands in each person's cell for an angle, in the order of `people`: a score, or what `words`
    has for the outcome; None where the person was not asked."""
    found: dict[str, list[float | str | None]] = {}
    columns = {person: column for column, person in enumerate(people)}

    @cache  # most people are asked what others are asked
    def rows(asked: Pairs) -> list[tuple[int, list[float | str | None]]]:
        places = [(place, question) for place, (question, of) in enumerate(asked) if of == angle]
        return [(place, found.setdefault(question, [None] * len(people))) for place, question in places]

    for reply in replies:
        if reply.respondent in columns:
            column, codes = columns[reply.respondent], reply.marks.codes
            shown = [words[mark.outcome] if mark.score is None else mark.score for mark in reply.marks.values]
            for place, row in rows(reply.asked):
                row[column] = shown[codes[place]]
    return found
