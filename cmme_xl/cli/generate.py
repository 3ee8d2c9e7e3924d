"""`cmme-xl generate`: one interview workbook per person."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser, file, folder
from cmme_xl.cli.ending import status_of, writing
from cmme_xl.cli.screen import echo, progress, say, show, shown
from cmme_xl.cli.source import add_source, again, chosen_catalogue

CHANGED = "GEN_001"


def arguments(parser: Parser) -> None:
    parser.add_argument("path", metavar="PLAN", type=file)
    parser.add_argument("-o", "--out", metavar="FOLDER", type=folder, help=say("option.out"))
    parser.add_argument("--reissue", action="store_true", help=say("option.reissue"))
    add_source(parser)


def run(given: Namespace) -> int:
    from cmme_xl.interview.generation import generate
    from cmme_xl.plan.issued import FILE_NAME
    from cmme_xl.summary.consolidation import usable_plan

    path = given.path
    plan, findings = usable_plan(path, chosen_catalogue(given.source))
    out = given.out or path.parent / "out"
    with writing(out), progress("generate") as advance:
        made = generate(plan, out, path.parent / FILE_NAME, reissue=given.reissue, progress=advance)
    findings += tuple(made.findings)
    show(findings)
    if changed := sum(finding.code == CHANGED for finding in made.findings):
        echo(say("generate_changed", changed=changed))
    counts = {"written": len(made.written), "skipped": len(made.skipped)}
    places = {"folder": shown(out), "dispatch": shown(made.dispatch_path)}
    echo(say("generate_done", **counts, **places, again=again(path, given.source)))
    return status_of(findings)
