"""`cmme-xl demo`: the whole story on a made-up engagement."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser, add_lang, folder
from cmme_xl.cli.ending import DONE, writing
from cmme_xl.cli.screen import echo


def arguments(parser: Parser) -> None:
    parser.add_argument("folder", metavar="FOLDER", nargs="?", type=folder, default="demo")
    add_lang(parser)


def run(given: Namespace) -> int:
    from cmme_xl.demo import tell

    with writing(given.folder):
        tell(given.folder, given.lang, echo)
    return DONE
