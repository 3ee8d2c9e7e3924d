"""`cmme-xl catalogue check`: every fault of a catalogue at once, and the minutes it asks of each group."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser
from cmme_xl.cli.ending import REFUSED, status_of
from cmme_xl.cli.screen import LANG, echo, say, show
from cmme_xl.cli.source import add_source, again
from cmme_xl.wordings import message


def arguments(parser: Parser) -> None:
    add_source(parser)


def run(given: Namespace) -> int:
    from pathlib import Path

    from cmme_xl.catalogue import examine
    from cmme_xl.findings import Refusal, Severity

    found, findings = examine(given.source)
    if found is None:
        raise Refusal(findings)
    show(findings, err=False)
    for group in found.groups:
        asked = list(found.asked_of(group.id))
        minutes = f"{sum(question.minutes for question in asked):g}"
        echo(message("catalogue.tier_minutes", LANG, group=group.name, questions=len(asked), minutes=minutes))
    echo(
        message(
            "catalogue.faults" if findings else "catalogue.checked",
            LANG,
            id=found.id,
            version=found.version,
            dimensions=len(found.dimensions),
            indicators=len(found.indicators),
            questions=len(found.questions),
            faults=len(findings),
        )
    )
    if any(finding.severity is Severity.ERROR for finding in findings):
        return REFUSED
    if given.source:
        echo(say("catalogue_check_next", again=again(Path("plan.xlsx"), given.source)))
    return status_of(findings)
