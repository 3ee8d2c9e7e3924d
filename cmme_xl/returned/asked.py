"""What was asked: of whom which questions in which angles, by the issues that went out."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

from cmme_xl.catalogue import Catalogue
from cmme_xl.plan.issued import Asked, Issue
from cmme_xl.returned.replies import Pair, Pairs, shared_pairs


def expected(catalogue: Catalogue, asking: Iterable[Issue], issues: Mapping[str, Issue]) -> Pairs:
    """Question and angle of all that was asked; a clarification adds to what its predecessors asked."""
    asked = []
    for issue in asking:
        for each in (issue, *before(issue, issues)):
            asked.append(pairs(each.questions, each.angles))
            if each.kind != "clarification":
                break
    return _known(tuple(asked), frozenset(catalogue.questions))


# Most people are asked what many others are asked.
@lru_cache(256)
def pairs(questions: tuple[Asked, ...], angles: tuple[str, ...]) -> Pairs:
    """Each question with each angle, in the order of the questionnaire."""
    return Pairs((question.id, angle) for question in questions for angle in angles)


@lru_cache(256)
def _known(asked: tuple[Pairs, ...], questions: frozenset[str]) -> Pairs:
    """All pairs, each once, of those questions that there are."""
    return shared_pairs(Pairs(pair for pair in dict.fromkeys(chain(*asked)) if pair[0] in questions))


@lru_cache(256)
def questions(asked: Pairs) -> frozenset[str]:
    """The questions that stand among the pairs."""
    return frozenset(question for question, _ in asked)


@lru_cache(256)
def left(given: Pairs, expected: Pairs) -> frozenset[Pair]:
    """What was given though it is not expected."""
    return frozenset(given) - frozenset(expected)


def before(issue: Issue, issues: Mapping[str, Issue]) -> Iterator[Issue]:
    """The predecessors of an issue, nearest first."""
    seen = {issue.id}
    while (before := issues.get(issue.predecessor)) is not None and before.id not in seen:
        seen.add(before.id)
        yield before
        issue = before
