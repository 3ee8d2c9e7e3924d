"""`cmme-xl report`: the written diagnosis, or the deck for the feedback workshop."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser, file
from cmme_xl.cli.consolidate import outcome
from cmme_xl.cli.ending import status_of, writing
from cmme_xl.cli.job import add_choices, add_job, choices, require_folder
from cmme_xl.cli.screen import echo, progress, say, show, shown
from cmme_xl.cli.source import add_source, chosen_catalogue


def arguments(parser: Parser) -> None:
    add_job(parser)
    parser.add_argument("-o", "--out", metavar="REPORT", type=file, required=True, help=say("option.report"))
    add_choices(parser)
    add_source(parser)


def run(given: Namespace) -> int:
    from cmme_xl.report.making import make

    require_folder(given.folder)
    catalogue = chosen_catalogue(given.source)
    with writing(given.out), progress("consolidate") as advance:
        done = make(given.path, given.folder, given.out, catalogue, choices(given), advance)
    show(done.findings, few=True)
    echo(say("report_done", **outcome(done.results), file=shown(done.file)))
    echo(say(f"read_through.{done.file.suffix.lower().removeprefix('.')}"))
    return status_of(done.findings)
