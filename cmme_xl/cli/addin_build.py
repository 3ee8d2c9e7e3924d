"""`cmme-xl addin build`: the functions as an add-in for Excel or an extension for LibreOffice."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser, file
from cmme_xl.cli.ending import DONE, writing
from cmme_xl.cli.screen import echo, say, shown


def arguments(parser: Parser) -> None:
    parser.add_argument("-o", "--out", metavar="FILE", type=file, required=True, help=say("option.addin"))


def run(given: Namespace) -> int:
    from cmme_xl.findings import Finding, Refusal
    from cmme_xl.hosts import addin, extension

    builders = {".xlam": addin.build, ".oxt": extension.build}
    build = builders.get(given.out.suffix.lower())
    if build is None:
        raise Refusal([Finding("OUT_001", values={"file": given.out.name, "suffix": ", ".join(builders)})])
    with writing(given.out):
        build(given.out)
    echo(say("addin_build_done", file=shown(given.out)))
    return DONE
