"""One returned file explained: what was understood, in figures, and what is still open; its findings say the rest."""

from collections.abc import Iterator, Sequence

from cmme_xl.findings import message, visible
from cmme_xl.returned.model import Answer, Outcome, ReturnedFile, tally_by_angle

ANGLES = ("current", "target", "benchmark", "competitor", "customer")
MOST_LISTED = 12


def explained(file: ReturnedFile, answers: Sequence[Answer], lang: str) -> Iterator[str]:
    """The lines that go before the findings of a file; its answers as `returned.read.read_file` gives them."""

    def say(key: str, **values: object) -> str:
        return message(f"check.{key}", lang, **values)

    yield say("file", file=file.name)
    yield say("status", status=say(f"outcome.{file.status.value}"), respondent=file.respondent or "–")
    if file.saved_by or file.saved_at:
        yield say("saved", program=file.saved_by or "–", time=file.saved_at[:16].replace("T", " ") or "–")
    for angle, counts in tally_by_angle(answers).items():
        # without an issue log a file says itself for which angle it speaks
        name = say(f"angle.{angle}") if angle in ANGLES else visible(angle)
        yield say("counts", angle=name, **counts)
    rows = {answer.question: answer for answer in answers}
    evidence = sum(bool(answer.evidence) for answer in rows.values())
    if rows:
        yield say("written", evidence=evidence, comments=sum(bool(answer.comment) for answer in rows.values()))
    first = answers[0].angle if answers else ""
    open_ = [answer for answer in answers if answer.angle == first and answer.outcome is Outcome.BLANK]
    if open_:
        listed = ", ".join(f"{answer.question} ({answer.cell})" for answer in open_[:MOST_LISTED])
        more = " ..." if len(open_) > MOST_LISTED else ""
        yield say("open", count=len(open_), listed=listed + more)
