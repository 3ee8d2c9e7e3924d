"""`cmme-xl generate`: one interview workbook per person, or one interviewer's record."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser, file, folder
from cmme_xl.cli.ending import status_of, writing
from cmme_xl.cli.job import require_folder
from cmme_xl.cli.screen import echo, progress, say, show, shown
from cmme_xl.cli.source import add_source, again, chosen_catalogue

CHANGED, REMADE = "GEN_001", "GEN_011"
RECORDS = "records"


def arguments(parser: Parser) -> None:
    parser.add_argument("path", metavar="PLAN", type=file)
    parser.add_argument("-o", "--out", metavar="FOLDER", type=folder, help=say("option.out"))
    parser.add_argument("--record", metavar="RETURNED", type=folder, help=say("option.record"))
    parser.add_argument("--reissue", action="store_true", help=say("option.reissue"))
    add_source(parser)


def run(given: Namespace) -> int:
    from cmme_xl.interview.generation import generate
    from cmme_xl.plan.issued import FILE_NAME
    from cmme_xl.summary.consolidation import usable_plan

    if given.record:
        return records(given)
    path = given.path
    plan, findings = usable_plan(path, chosen_catalogue(given.source))
    out = given.out or path.parent / "out"
    with writing(out), progress("generate") as advance:
        made = generate(plan, out, path.parent / FILE_NAME, reissue=given.reissue, progress=advance)
    findings += tuple(made.findings)
    show(findings)
    if changed := sum(finding.code == CHANGED for finding in made.findings):
        echo(say("generate_changed", changed=changed))
    remade = sum(finding.code == REMADE for finding in made.findings)
    counts = {"written": len(made.written), "remade": remade, "skipped": len(made.skipped)}
    places = {"folder": shown(out), "dispatch": shown(made.dispatch_path)}
    echo(say("generate_done", **counts, **places, again=again(path, given.source)))
    return status_of(findings)


def records(given: Namespace) -> int:
    """Write the interviewer's records, prefilled from the folder of returns."""
    from cmme_xl.interview.record.generation import record
    from cmme_xl.plan.issued import FILE_NAME
    from cmme_xl.summary.consolidation import usable_plan

    path, returned = given.path, given.record
    require_folder(returned)
    plan, findings = usable_plan(path, chosen_catalogue(given.source))
    out = given.out or path.parent / RECORDS
    with writing(out), progress("record") as advance:
        made = record(plan, returned, out, path.parent / FILE_NAME, reissue=given.reissue, progress=advance)
    findings += made.findings
    show(findings)
    counts = {"written": len(made.written), "skipped": len(made.skipped)}
    places = {"folder": shown(out), "returned": shown(returned), "again": again(path, given.source)}
    echo(say("record_done", **counts, **places))
    return status_of(findings)
