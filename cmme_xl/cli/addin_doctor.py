"""`cmme-xl addin doctor`: what is wrong with the add-in on this computer, and how to mend it."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser
from cmme_xl.cli.ending import status_of
from cmme_xl.cli.screen import echo, say, show


def arguments(parser: Parser) -> None:
    """Nothing to say."""


def run(given: Namespace) -> int:
    from cmme_xl.hosts.computer import this_computer
    from cmme_xl.hosts.installation import doctor

    findings = doctor(this_computer())
    show(findings, err=False)
    if not findings:
        echo(say("addin_doctor_well"))
    return status_of(findings)
