"""`cmme-xl consolidate`: from a plan and a folder of returns to the summary workbook."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from cmme_xl.cli.arguments import Parser, file
from cmme_xl.cli.ending import REFUSED, Ended, status_of, writing
from cmme_xl.cli.job import add_choices, add_job, choices, require_folder
from cmme_xl.cli.screen import echo, progress, say, show, shown
from cmme_xl.cli.source import add_source, chosen_catalogue
from cmme_xl.wordings import visible

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from cmme_xl.results.model import Results


def arguments(parser: Parser) -> None:
    add_job(parser)
    parser.add_argument("-o", "--out", metavar="SUMMARY", type=file, required=True, help=say("option.summary"))
    add_choices(parser)
    parser.add_argument("--fresh", action="store_true", help=say("option.fresh"))
    parser.add_argument("--json", metavar="FILE", type=file, help=say("option.json"))
    parser.add_argument("--scheduler", metavar="ADDRESS", help=say("option.scheduler"))
    add_source(parser)


def run(given: Namespace) -> int:
    from cmme_xl.summary.consolidation import consolidate

    require_folder(given.folder)
    catalogue, chosen = chosen_catalogue(given.source), choices(given)
    with workers(given.scheduler) as executor, writing(given.out), progress("consolidate") as advance:
        done = consolidate(
            given.path, given.folder, given.out, catalogue, chosen, given.json, advance, executor, fresh=given.fresh
        )
    show(done.findings, few=True)
    echo(say("consolidate_done", **outcome(done.results), file=shown(done.summary)))
    return status_of(done.findings)


@contextmanager
def workers(scheduler: str | None) -> "Iterator[Executor | None]":
    """Who reads: the cluster of a Dask scheduler, or None for this machine. Raises Ended where there is no cluster."""
    from cmme_xl.returned.batches import cluster

    with ExitStack() as held:
        executor = None
        if scheduler:
            try:
                executor = held.enter_context(cluster(scheduler))
            except ImportError as absent:
                echo(say("no_cluster"), err=True)
                raise Ended(REFUSED) from absent
            except (OSError, ValueError) as error:
                echo(say("cluster_unreachable", address=visible(scheduler), detail=visible(str(error))), err=True)
                raise Ended(REFUSED) from error
        yield executor


def outcome(results: "Results") -> dict[str, object]:
    """The figures of a consolidation for its closing lines."""
    from cmme_xl.catalogue import ROOT
    from cmme_xl.scoring import round_half_away

    total = results.chosen.angles["current"].nodes[ROOT]
    levels = {level.number: level.name for level in results.plan.catalogue.levels}
    accepted = sum(file.status.counted for file in results.returned.files)
    key = "level_provisional" if total.provisional else "level"
    level = say(key, number=total.level, name=levels[total.level]) if total.level else say("no_value")
    return {
        **results.returned.tally(),
        "accepted": accepted,
        "aside": len(results.returned.files) - accepted,
        "score": "–" if total.score is None else f"{round_half_away(total.score):.2f}",
        "level": level,
        "coverage": "–" if total.coverage is None else f"{total.coverage:.0%}",
    }
