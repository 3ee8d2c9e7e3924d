"""`cmme-xl report`: the written diagnosis, or the deck for the feedback workshop."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser, add_choice, add_lang, file, folder
from cmme_xl.cli.consolidate import outcome
from cmme_xl.cli.ending import REFUSED, Ended, status_of, writing
from cmme_xl.cli.screen import echo, progress, say, show, shown
from cmme_xl.cli.source import add_source, chosen_catalogue


def arguments(parser: Parser) -> None:
    parser.add_argument("path", metavar="PLAN", type=file)
    parser.add_argument("folder", metavar="RETURNED", type=folder)
    parser.add_argument("-o", "--out", metavar="REPORT", type=file, required=True, help=say("option.report"))
    parser.add_argument("--scorecard", metavar="SCORECARD", type=file, help=say("option.scorecard"))
    add_choice(parser, "--scope", ("standard", "key"), say("option.scope"))
    add_lang(parser, default=None)
    add_choice(parser, "--audience", ("client", "consultant"), say("option.audience"))
    add_choice(parser, "--prefer", ("newest",), say("option.prefer_newest"))
    add_source(parser)


def run(given: Namespace) -> int:
    from cmme_xl.report.making import make
    from cmme_xl.summary.consolidation import Choices

    if not given.folder.is_dir():
        echo(say("folder_missing", folder=shown(given.folder)), err=True)
        raise Ended(REFUSED)
    choices = Choices(given.scope, given.lang, given.audience, True if given.prefer else None, given.scorecard)
    catalogue = chosen_catalogue(given.source)
    with writing(given.out), progress("consolidate") as advance:
        done = make(given.path, given.folder, given.out, catalogue, choices, advance)
    show(done.findings, few=True)
    echo(say("report_done", **outcome(done.results), file=shown(done.file)))
    echo(say(f"read_through.{done.file.suffix.lower().removeprefix('.')}"))
    return status_of(done.findings)
