"""`cmme-xl status`: who has answered what, and whom to remind."""

from argparse import Namespace

from cmme_xl.cli.arguments import Parser, add_lang, file
from cmme_xl.cli.ending import NEEDS_SOMEONE, status_of, writing
from cmme_xl.cli.job import add_job, require_folder
from cmme_xl.cli.screen import LANG, echo, progress, say, shown
from cmme_xl.cli.source import add_source, chosen_catalogue


def arguments(parser: Parser) -> None:
    add_job(parser)
    parser.add_argument("-o", "--out", metavar="STATUS", type=file, help=say("option.status"))
    add_lang(parser, default=None)
    parser.add_argument("--json", dest="as_json", action="store_true", help=say("option.json_flag"))
    add_source(parser)


def run(given: Namespace) -> int:
    from datetime import date

    from cmme_xl.status.export import as_json
    from cmme_xl.status.text import lines
    from cmme_xl.status.write import status
    from cmme_xl.summary.consolidation import usable_plan

    require_folder(given.folder)
    plan, _ = usable_plan(given.path, chosen_catalogue(given.source))
    with writing(given.out or given.path), progress("consolidate") as advance:
        done = status(plan, given.path, given.folder, date.today(), given.out, given.lang or "", advance)
    if given.as_json:
        import json

        echo(json.dumps(as_json(done, given.lang or LANG), ensure_ascii=False, indent=1))
    else:
        for line in lines(done, given.lang or LANG):
            echo(line)
    if given.out:
        echo(say("status_done", file=shown(given.out)), err=given.as_json)
    return NEEDS_SOMEONE if done.waiting_for else status_of(done.returned.told)
