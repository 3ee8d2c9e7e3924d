"""Contenders for the same job, timed in turn: CPU seconds of this process and its children, ratios within a round."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

Job = Callable[[Path], object]
"""What is timed; it is handed an empty folder of its own, made and removed off the clock."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One way of doing a job."""

    name: str
    job: Job


@dataclass(frozen=True, slots=True)
class Times:
    """CPU seconds by contender, one figure per round, rounds in the same order for all."""

    seconds: dict[str, list[float]]

    def typical(self, name: str) -> float:
        """The median over the rounds."""
        return median(self.seconds[name])

    def ratio(self, name: str, other: str) -> float:
        """How many times the CPU of `other` the contender `name` takes: the median of the rounds' own ratios."""
        return median(mine / theirs for mine, theirs in zip(self.seconds[name], self.seconds[other], strict=True))


def race(contenders: Sequence[Contender], rounds: int) -> Times:
    """Each contender once a round, one after the other: what disturbs the machine disturbs them all."""
    seconds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for _ in range(rounds):
        for contender in contenders:
            seconds[contender.name].append(cpu(contender.job))
    return Times(seconds)


def cpu(job: Job) -> float:
    """The CPU seconds of one run of `job`, children included."""
    with TemporaryDirectory() as folder:
        gc.collect()
        start = _spent()
        job(Path(folder))
        return _spent() - start


def _spent() -> float:
    children = getrusage(RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime
