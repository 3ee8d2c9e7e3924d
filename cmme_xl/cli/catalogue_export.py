"""`cmme-xl catalogue export`: the catalogue as a workbook that can be edited."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser, add_lang, file
from cmme_xl.cli.ending import DONE, spare, writing
from cmme_xl.cli.screen import echo, say, shown
from cmme_xl.cli.source import add_source, chosen_catalogue


def arguments(parser: Parser) -> None:
    parser.add_argument("path", metavar="OUT", type=file)
    add_lang(parser)
    parser.add_argument("--force", action="store_true", help=say("option.force"))
    add_source(parser)


def run(given: Namespace) -> int:
    from cmme_xl.catalogue.exporting import export

    spare(given.path, given.force)
    catalogue = chosen_catalogue(given.source)
    with writing(given.path):
        export(given.path, catalogue, given.lang)
    echo(say("catalogue_export_done", file=shown(given.path)))
    return DONE
