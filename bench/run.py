"""The measurements: ours, floors and rivals side by side in one run, and what is to be reached.

    python bench/run.py [--n 200] [--rounds 5] [--only generate|consolidate|scorecard|memory|help] [--markdown]

CPU time, children included; medians of the rounds; a ratio is the median of the rounds' own ratios. What the
contenders come to is compared before any of them is timed.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import consolidation
import generation
import memory
import scorecard
import startup
from clock import Times, race
from engagement import sample

PANEL = 40
"""How many respondents the scorecard is measured with."""
MANY = 10
"""How many times more returns the memory is measured with."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what, how much, and what is to be reached. `least`: whether more is better."""

    name: str
    figure: str
    value: float | None = None
    reach: float | None = None
    stretch: float | None = None
    least: bool = False

    @property
    def verdict(self) -> str:
        """What was reached, "" where nothing is to be."""
        if self.value is None or self.reach is None:
            return ""
        targets = (("stretch", self.stretch), ("reach", self.reach))
        met = (name for name, goal in targets if goal and (self.value >= goal if self.least else self.value <= goal))
        return next(met, "missed")

    @property
    def goals(self) -> str:
        if self.reach is None:
            return ""
        sign = ">=" if self.least else "<="
        return " / ".join(f"{sign} {goal:g}" for goal in (self.reach, self.stretch) if goal is not None)


@dataclass(frozen=True, slots=True)
class Options:
    n: int
    rounds: int


def generate(options: Options) -> list[Row]:
    """The workbooks of everybody."""
    contest = generation.Generation(sample(options.n))
    contest.verify()
    times = race(contest.contenders(), options.rounds)
    return [
        *_plain(times, generation.FLOOR),
        _faster("XlsxWriter / ours", times, generation.XLSXWRITER, generation.OURS, 50, 100),
        _faster("openpyxl / ours", times, generation.OPENPYXL, generation.OURS, 100, 200),
        _faster("XlsxWriter / ours, all in one language", times, generation.XLSXWRITER, generation.ONE_LANGUAGE),
        _faster("XlsxWriter / ours, the stamping alone", times, generation.XLSXWRITER, generation.STAMPING),
    ]


def consolidate(options: Options) -> list[Row]:
    """The summary of all that came back."""
    contest = consolidation.Consolidation(sample(options.n))
    contest.verify()
    times = race(contest.contenders(), options.rounds)
    against = times.ratio(consolidation.OURS, consolidation.CALAMINE)
    return [
        *_plain(times, consolidation.FLOOR),
        _faster("pandas loop / ours", times, consolidation.PANDAS, consolidation.OURS, 8, 14),
        Row("ours / calamine reading alone", f"{against:.2f}", against, 3, 1.5),
    ]


def remember(options: Options) -> list[Row]:
    """The most memory held."""
    few, many = sample(options.n), sample(options.n * MANY)
    read_few, read_many, whole = (memory.peak(*each) for each in (("read", few), ("read", many), ("whole", many)))
    ratio = read_many / read_few
    return [
        Row("start: catalogue loaded", f"{memory.peak('start', few):.0f} MiB"),
        Row(f"reading and scoring {few.size}", f"{read_few:.0f} MiB"),
        Row(f"reading and scoring {many.size}", f"{read_many:.0f} MiB"),
        Row(f"{many.size} / {few.size}", f"{ratio:.2f}", ratio, 1.5, 1.2),
        Row(f"the whole consolidation of {many.size}, MiB", f"{whole:.0f}", whole, 1024),
    ]


def start(options: Options) -> list[Row]:
    """The start of the program: cheap, so more rounds."""
    contest = startup.Startup()
    contest.verify()
    times = race(contest.contenders(), 2 * options.rounds + 1)
    ratio = times.ratio(startup.HELP, startup.PYTHON)
    return [*_plain(times, startup.PYTHON), Row("--help / python -c pass", f"{ratio:.2f}", ratio, 5, 3)]


def calibrate(options: Options) -> list[Row]:
    """The scorecard of a panel, and the functions that compute in it."""
    contest = scorecard.Scorecard(sample(PANEL))
    contest.verify()
    times = race(contest.contenders(), options.rounds)
    ratio = times.ratio(scorecard.SCALAR, scorecard.ARRAY)
    return [
        *(Row(name, f"{times.typical(name) * 1000:,.0f} ms") for name in times.seconds),
        Row("calls into Python at an edit", f"1 instead of {contest.calls:,}"),
        Row("a call for every cell / one for all", f"{ratio:.1f}x"),
        Row(f"size of the scorecard of {PANEL}", f"{len(contest.written()) / 2**20:.1f} MiB"),
    ]


PARTS: dict[str, Callable[[Options], list[Row]]] = {
    "generate": generate,
    "consolidate": consolidate,
    "scorecard": calibrate,
    "memory": remember,
    "help": start,
}


def _plain(times: Times, floor: str) -> Iterable[Row]:
    """Every contender's own time, and how many times the floor that is."""
    for name in times.seconds:
        yield Row(name, f"{times.typical(name) * 1000:,.0f} ms = {times.ratio(name, floor):.1f} x floor")


def _faster(
    name: str, times: Times, rival: str, ours: str, reach: float | None = None, stretch: float | None = None
) -> Row:
    ratio = times.ratio(rival, ours)
    return Row(name, f"{ratio:.1f}x", ratio, reach, stretch, least=True)


def show(title: str, rows: list[Row], markdown: bool) -> None:
    """A part's table, as text or as Markdown."""
    lines = [(row.name, row.figure, row.goals, row.verdict) for row in rows]
    if markdown:
        print(f"\n### {title}\n\n| | measured | reach / stretch | |\n|---|---|---|---|")
        print("\n".join(f"| {' | '.join(line)} |" for line in lines))
    else:
        print(f"\n{title}")
        for name, figure, goals, verdict in lines:
            print(f"  {name:48}{figure:>30}   {goals:16} {verdict}".rstrip())
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=200, help="people (default: 200)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default: 5)")
    parser.add_argument("--only", choices=PARTS, help="this part alone")
    parser.add_argument("--markdown", action="store_true", help="as Markdown")
    given = parser.parse_args()
    options = Options(given.n, given.rounds)
    for name, part in PARTS.items():
        if given.only in (None, name):
            show(f"{name}, n = {options.n}", part(options), given.markdown)


if __name__ == "__main__":
    main()
