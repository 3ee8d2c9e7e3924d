"""What commands over returns have in common: the plan and the folder, and what may differ from the plan for one run."""

from argparse import Namespace
from typing import TYPE_CHECKING

from cmme_xl.cli.arguments import Parser, add_choice, add_lang, file, folder
from cmme_xl.cli.ending import REFUSED, Ended
from cmme_xl.cli.screen import echo, say, shown

if TYPE_CHECKING:
    from pathlib import Path

    from cmme_xl.summary.consolidation import Choices


def add_job(parser: Parser) -> None:
    """The plan and the folder of returns."""
    parser.add_argument("path", metavar="PLAN", type=file)
    parser.add_argument("folder", metavar="RETURNED", type=folder)


def add_choices(parser: Parser) -> None:
    """The options whose default is what the plan says, and the scorecard."""
    parser.add_argument("--scorecard", metavar="SCORECARD", type=file, help=say("option.scorecard"))
    add_choice(parser, "--scope", ("standard", "key"), say("option.scope"))
    add_lang(parser, default=None)
    add_choice(parser, "--audience", ("client", "consultant"), say("option.audience"))
    add_choice(parser, "--prefer", ("newest",), say("option.prefer_newest"))


def choices(given: Namespace) -> "Choices":
    """What was chosen for this run."""
    from cmme_xl.summary.consolidation import Choices

    return Choices(given.scope, given.lang, given.audience, True if given.prefer else None, given.scorecard)


def require_folder(folder: "Path") -> None:
    """Raises Ended, after a word, where there is no such folder."""
    if not folder.is_dir():
        echo(say("folder_missing", folder=shown(folder)), err=True)
        raise Ended(REFUSED)
