"""`cmme-xl plan check`: every fault of a plan at once."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser, file
from cmme_xl.cli.ending import DONE, REFUSED, status_of
from cmme_xl.cli.screen import echo, say, show
from cmme_xl.cli.source import add_source, again, chosen_catalogue


def arguments(parser: Parser) -> None:
    parser.add_argument("path", metavar="PLAN", type=file)
    add_source(parser)


def run(given: Namespace) -> int:
    from cmme_xl.findings import Refusal
    from cmme_xl.summary.consolidation import usable_plan

    catalogue = chosen_catalogue(given.source)
    try:
        plan, findings = usable_plan(given.path, catalogue)
    except Refusal as refusal:
        show(refusal.findings, err=False)
        echo(say("plan_check_refused"))
        return REFUSED
    show(findings, err=False)
    questions = sum(plan.in_scope(question) for question in plan.catalogue.questions)
    status = status_of(findings)
    wording = "plan_check_clean" if status == DONE else "plan_check_usable"
    echo(say(wording, people=len(plan.people), questions=questions, again=again(given.path, given.source)))
    return status
