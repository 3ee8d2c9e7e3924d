"""`cmme-xl plan adopt`: settings changed in a summary, written into the plan."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser, file
from cmme_xl.cli.ending import status_of, writing
from cmme_xl.cli.screen import LANG, echo, say, show, shown
from cmme_xl.cli.source import add_source, again, chosen_catalogue
from cmme_xl.wordings import visible


def arguments(parser: Parser) -> None:
    parser.add_argument("path", metavar="PLAN", type=file)
    parser.add_argument("summary", metavar="SUMMARY", type=file)
    add_source(parser)


def run(given: Namespace) -> int:
    from cmme_xl.summary.adoption import adopt
    from cmme_xl.summary.kept import said

    catalogue = chosen_catalogue(given.source)
    with writing(given.path):
        done = adopt(given.path, given.summary, catalogue)
    show(done.findings)
    for change in done.changes:
        echo(f"  {visible(said(change, catalogue, LANG))}")
    if done.kept:
        names = {"file": shown(given.path), "kept": shown(done.kept), "again": again(given.path, given.source)}
        echo(say("plan_adopt_done", count=len(done.changes), **names))
    else:
        echo(say("plan_adopt_none"))
    return status_of(done.findings)
