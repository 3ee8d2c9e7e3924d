"""`cmme-xl addin install`: the add-in goes where Excel on this computer loads it."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser
from cmme_xl.cli.ending import status_of, writing
from cmme_xl.cli.screen import echo, say, show, shown


def arguments(parser: Parser) -> None:
    """Nothing to say."""


def run(given: Namespace) -> int:
    from cmme_xl.hosts.computer import this_computer
    from cmme_xl.hosts.installation import install

    computer = this_computer()
    with writing(computer.addin):
        findings = install(computer)
    show(findings)
    echo(say("addin_install_done", file=shown(computer.addin)))
    return status_of(findings)
