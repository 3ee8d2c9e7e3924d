"""`cmme-xl scorecard`: the consultants' live workbook, made or refreshed."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser, add_choice, add_lang, file
from cmme_xl.cli.consolidate import outcome
from cmme_xl.cli.ending import status_of, writing
from cmme_xl.cli.job import add_job, require_folder
from cmme_xl.cli.screen import echo, progress, say, show, shown
from cmme_xl.cli.source import add_source, chosen_catalogue


def arguments(parser: Parser) -> None:
    add_job(parser)
    parser.add_argument("-o", "--out", metavar="SCORECARD", type=file, required=True, help=say("option.scorecard_out"))
    add_choice(parser, "--scope", ("standard", "key"), say("option.scope"))
    add_lang(parser, default=None)
    add_choice(parser, "--prefer", ("newest",), say("option.prefer_newest"))
    add_source(parser)


def run(given: Namespace) -> int:
    from dataclasses import replace
    from datetime import date

    from cmme_xl.scorecard.making import make
    from cmme_xl.summary.consolidation import usable_plan

    require_folder(given.folder)
    plan, findings = usable_plan(given.path, chosen_catalogue(given.source))
    told = {"scope": given.scope, "prefer_newest": True if given.prefer else None}
    chosen = {name: value for name, value in told.items() if value is not None}
    plan = replace(plan, settings=replace(plan.settings, **chosen))
    with writing(given.out), progress("consolidate") as advance:
        done = make(plan, given.path, given.folder, given.out, date.today(), given.lang or "", advance)
    findings += done.findings
    show(findings, few=True)
    made = outcome(done.results) | {"calibrations": len(done.results.calibrations)}
    echo(say("scorecard_done", **made, file=shown(done.file)))
    return status_of(findings)
