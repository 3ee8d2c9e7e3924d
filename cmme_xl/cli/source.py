"""Which catalogue a command works with: the program's own, or the one that was named."""

from typing import TYPE_CHECKING

from cmme_xl.cli.arguments import Parser
from cmme_xl.cli.screen import say, shown
from cmme_xl.wordings import visible

if TYPE_CHECKING:
    from pathlib import Path

    from cmme_xl.catalogue import Catalogue


def add_source(parser: Parser) -> None:
    """The option that names another catalogue than the program's own."""
    parser.add_argument("--catalogue", dest="source", metavar="SOURCE", help=say("option.catalogue"))


def chosen_catalogue(source: str | None) -> "Catalogue":
    """The catalogue to work with. One that did not come with the program is checked before anything is done with it.

    Raises Refusal with all its findings where any of them is an error.
    """
    from cmme_xl.catalogue import examine, load
    from cmme_xl.findings import Refusal, Severity

    if source is None:
        return load()
    found, findings = examine(source)
    if found is None or any(finding.severity is Severity.ERROR for finding in findings):
        raise Refusal(findings)
    return found


def again(path: "Path", source: str | None) -> str:
    """What follows the name of the next command: the plan, and the catalogue where it was named."""
    return f"{shown(path)} --catalogue {visible(source)}" if source else shown(path)
