"""`cmme-xl plan new`: a plan workbook to fill in."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser, add_lang, file, whole
from cmme_xl.cli.ending import DONE, spare, writing
from cmme_xl.cli.screen import echo, say, shown
from cmme_xl.cli.source import add_source, again, chosen_catalogue

FEWEST, USUAL, MOST = 1, 60, 1000


def arguments(parser: Parser) -> None:
    people = say("option.people", low=FEWEST, high=MOST, usual=USUAL)
    parser.add_argument("path", metavar="PLAN", type=file)
    add_lang(parser)
    parser.add_argument("--people", metavar="N", type=whole(FEWEST, MOST), default=USUAL, help=people)
    parser.add_argument("--force", action="store_true", help=say("option.force"))
    add_source(parser)


def run(given: Namespace) -> int:
    from cmme_xl.findings import Finding, Refusal
    from cmme_xl.plan.write import new_plan

    path = given.path
    if path.suffix.lower() != ".xlsx":
        raise Refusal([Finding("OUT_001", values={"file": path.name, "suffix": ".xlsx"})])
    spare(path, given.force)
    catalogue = chosen_catalogue(given.source)
    with writing(path):
        new_plan(path, catalogue, given.lang, people_slots=given.people)
    echo(say("plan_new_done", file=shown(path), again=again(path, given.source)))
    return DONE
