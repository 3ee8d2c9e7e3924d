"""`cmme-xl check`: what was understood of returned files, and what was not."""

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from cmme_xl.cli.arguments import Parser, file
from cmme_xl.cli.ending import status_of, writing
from cmme_xl.cli.screen import LANG, echo, say, show
from cmme_xl.cli.source import add_source, chosen_catalogue
from cmme_xl.wordings import visible

if TYPE_CHECKING:
    from cmme_xl.returned.model import Answer, ReturnedFile


def arguments(parser: Parser) -> None:
    parser.add_argument("files", metavar="FILES", nargs="+")
    parser.add_argument("--plan", metavar="PLAN", type=file, help=say("option.plan"))
    parser.add_argument("--json", dest="as_json", action="store_true", help=say("option.json_flag"))
    add_source(parser)


def run(given: Namespace) -> int:
    from pathlib import Path

    from cmme_xl.plan import issued
    from cmme_xl.returned.read import read_file
    from cmme_xl.summary.consolidation import usable_plan

    catalogue = chosen_catalogue(given.source)
    plan = usable_plan(given.plan, catalogue)[0] if given.plan else None
    with writing(given.plan):
        issues = issued.read(given.plan.parent / issued.FILE_NAME) if given.plan else None
    checked = [read_file(Path(name), catalogue, issues, plan) for name in given.files]
    if given.as_json:
        import json

        echo(json.dumps([file_json(*each) for each in checked], ensure_ascii=False, indent=1))
    else:
        for each in checked:
            show_file(*each)
    return status_of(finding for file, _ in checked for finding in file.findings)


def show_file(file: "ReturnedFile", answers: "tuple[Answer, ...]") -> None:
    """One returned file, explained."""
    status, respondent = say(f"status.{file.status.value}"), visible(file.respondent) or "–"
    echo(say("check_file", file=visible(file.name), status=status, respondent=respondent))
    for angle in dict.fromkeys(answer.angle for answer in answers):
        of_angle = [answer.outcome.value for answer in answers if answer.angle == angle]
        counts = {name: of_angle.count(name) for name in ("scored", "na", "dk", "blank", "rejected")}
        echo(say("check_counts", angle=say(f"angle.{angle}"), **counts))
    show(file.findings, err=False)


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
