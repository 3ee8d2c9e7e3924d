"""`cmme-xl check`: what was understood of returned files, and what was not."""

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmme_xl.cli.arguments import Parser, file, folder
from cmme_xl.cli.ending import REFUSED, Ended, status_of, writing
from cmme_xl.cli.screen import LANG, echo, say, show, shown
from cmme_xl.cli.source import add_source, chosen_catalogue

if TYPE_CHECKING:
    from cmme_xl.findings import Finding
    from cmme_xl.plan.model import Plan
    from cmme_xl.returned.model import Answer, ReturnedFile


def arguments(parser: Parser) -> None:
    parser.add_argument("files", metavar="FILES", nargs="+")
    parser.add_argument("--plan", metavar="PLAN", type=file, help=say("option.plan"))
    parser.add_argument("--json", dest="as_json", action="store_true", help=say("option.json_flag"))
    parser.add_argument("--clarify", metavar="OUT", type=folder, help=say("option.clarify"))
    add_source(parser)


def run(given: Namespace) -> int:
    from cmme_xl.plan import issued
    from cmme_xl.returned.read import read_with_attached
    from cmme_xl.summary.consolidation import usable_plan

    if given.clarify and not given.plan:
        echo(say("clarify_needs_plan"), err=True)
        raise Ended(REFUSED)
    catalogue = chosen_catalogue(given.source)
    plan = usable_plan(given.plan, catalogue)[0] if given.plan else None
    issues = issued.read(given.plan.parent / issued.FILE_NAME) if given.plan else None
    files = [Path(name) for name in given.files]
    checked = [each for path in files for each in read_with_attached(path, catalogue, issues, plan)]
    if given.as_json:
        import json

        echo(json.dumps([file_json(*each) for each in checked], ensure_ascii=False, indent=1))
    else:
        for each in checked:
            show_file(*each)
    findings = [finding for file, _ in checked for finding in file.findings]
    if given.clarify and plan:
        findings += ask_again(plan, files, given.clarify, given.plan.parent / issued.FILE_NAME, aside=given.as_json)
    return status_of(findings)


def show_file(file: "ReturnedFile", answers: "tuple[Answer, ...]") -> None:
    """One returned file, explained; what needs someone comes first."""
    from cmme_xl.findings import Severity
    from cmme_xl.returned.explanation import explained

    for line in explained(file, answers, LANG):
        echo(line)
    show(sorted(file.findings, key=lambda finding: list(Severity).index(finding.severity)), err=False)


def ask_again(plan: "Plan", files: "Iterable[Path]", target: Path, log: Path, *, aside: bool) -> "tuple[Finding, ...]":
    """Write the clarification copies and tell of them, beside the output where `aside`; their findings."""
    from cmme_xl.interview.clarification import clarify

    with writing(target):
        made = clarify(plan, files, target, log)
    show(made.findings, err=aside)
    for path, count in made.written.items():
        echo(say("clarified", file=shown(path), count=count), err=aside)
    if made.written:
        echo(say("clarify_done"), err=aside)
    return made.findings


def file_json(file: "ReturnedFile", answers: "tuple[Answer, ...]") -> dict[str, Any]:
    """One returned file as data."""
    return {
        "name": file.name,
        "sha256": file.sha256,
        "status": file.status.value,
        "respondent": file.respondent,
        "answers": dict(file.counts),
        "findings": [finding.as_json(LANG) for finding in file.findings],
        "read": [
            {
                "question": answer.question,
                "angle": answer.angle,
                "outcome": answer.outcome.value,
                "score": answer.score,
                "raw": answer.raw,
                "sheet": answer.sheet,
                "cell": answer.cell,
            }
            for answer in answers
        ],
    }
