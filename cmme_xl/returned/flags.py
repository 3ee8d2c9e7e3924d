"""What an interviewer should ask about: flags that never change a score (scoring.md rule 12)."""

from collections.abc import Iterable, Iterator

from cmme_xl.catalogue import Catalogue, Dimension
from cmme_xl.findings import Finding, Place
from cmme_xl.returned.model import Answer, Outcome

STRAIGHT_LINE_FROM = 6


def flags(answers: Iterable[Answer], catalogue: Catalogue) -> Iterator[Finding]:
    """The flags over one person's answers, targets left out: a dimension with at least six scored answers that
    are all equal (ANS_023), and the scale's top score without evidence (ANS_024)."""
    scored: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        if answer.outcome is not Outcome.SCORED or answer.angle == "target":
            continue
        dimension = catalogue.dimension_of[answer.question]
        scored.setdefault((dimension.id, answer.angle), []).append(answer)
        if answer.score == catalogue.scale_max and not answer.evidence:
            yield Finding("ANS_024", _place(answer), answer.raw, {"score": f"{answer.score:g}"})
    dimensions = {dimension.id: dimension for dimension in catalogue.dimensions}
    for (dimension_id, _), given in scored.items():
        if len(given) >= STRAIGHT_LINE_FROM and len({answer.score for answer in given}) == 1:
            yield _straight_line(dimensions[dimension_id], given)


def _straight_line(dimension: Dimension, given: list[Answer]) -> Finding:
    values = {"dimension": dimension.name, "count": len(given), "score": f"{given[0].score:g}"}
    return Finding("ANS_023", Place(given[0].file, given[0].sheet), values=values)


def _place(answer: Answer) -> Place:
    return Place(answer.file, answer.sheet, answer.cell, answer.question)
