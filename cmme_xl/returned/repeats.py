"""Questions given more than once in a workbook: one answer stands, or they conflict."""

from cmme_xl.findings import Finding, Place
from cmme_xl.returned.model import Answer, Outcome

Standing = dict[tuple[str, str], Answer]
"""What stands by question and angle."""


def merge_sheet(answers: Standing, found: Standing, sheet: str, findings: list[Finding]) -> None:
    """Adds the answers `found` on a further sheet: a copy is noted once (ANS_025), differences are conflicts."""
    common = answers.keys() & found.keys()
    if common and all(_same(answers[key], found[key]) for key in common):
        place = Place(next(iter(found.values())).file, sheet)
        findings.append(Finding("ANS_025", place, values={"other": answers[next(iter(common))].sheet}))
    else:
        for key in sorted(common):
            if not _same(answers[key], found[key]):
                answers[key] = either(answers[key], found[key], findings)
    answers |= {key: answer for key, answer in found.items() if key not in common}


def either(first: Answer, second: Answer, findings: list[Finding]) -> Answer:
    """What stands of a question given twice: the one that is filled in, or a conflict where both are and differ
    (findings ANS_014, ANS_013)."""
    values = {"other": f"{first.sheet}!{first.cell}", "first": first.raw}
    place = Place(second.file, second.sheet, second.cell, second.question)
    if (first.outcome, first.score, first.raw) == (second.outcome, second.score, second.raw) or Outcome.BLANK in (
        first.outcome,
        second.outcome,
    ):
        findings.append(Finding("ANS_014", place, second.raw, values))
        kept, other = (second, first) if first.outcome is Outcome.BLANK else (first, second)
        return kept._replace(
            evidence=joined(kept.evidence, other.evidence),
            comment=joined(kept.comment, other.comment),
            proof=kept.proof or other.proof,
        )
    findings.append(Finding("ANS_013", place, second.raw, values))
    return first._replace(
        outcome=Outcome.CONFLICT,
        score=None,
        raw=f"{first.raw} | {second.raw}",
        evidence=joined(first.evidence, second.evidence),
        comment=joined(first.comment, second.comment),
        proof=first.proof or second.proof,
    )


def _same(first: Answer, second: Answer) -> bool:
    return (first.outcome, first.score, first.evidence, first.comment) == (
        second.outcome,
        second.score,
        second.evidence,
        second.comment,
    ) and (first.outcome is not Outcome.REJECTED or first.raw == second.raw)


def joined(first: str, second: str) -> str:
    """Two texts as one, each once."""
    return first if second in ("", first) else f"{first}\n{second}" if first else second
