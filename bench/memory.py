"""The most memory a consolidation ever holds, measured in a process of its own: memory.py read|whole PLAN RETURNED."""

import resource
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from engagement import Sample
from startup import run

MIB = 2**20


def peak(what: str, sample: Sample) -> float:
    """MiB at the most: "read" reads and scores, "whole" consolidates, "start" only imports what both need."""
    return float(run(__file__, what, str(sample.plan_path), str(sample.returned)))


def read(plan_path: Path, returned: Path) -> None:
    from cmme_xl.catalogue import load
    from cmme_xl.plan import issued
    from cmme_xl.results.compute import compute
    from cmme_xl.returned.read import read_folder
    from cmme_xl.summary.consolidation import usable_plan

    plan, _ = usable_plan(plan_path, load())
    results = compute(plan, read_folder(plan, issued.read(plan_path.parent / issued.FILE_NAME), returned))
    assert results.chosen.angles["current"].n == len(plan.people)


def whole(plan_path: Path, returned: Path) -> None:
    from cmme_xl.catalogue import load
    from cmme_xl.summary.consolidation import consolidate

    with TemporaryDirectory() as folder:
        consolidate(plan_path, returned, Path(folder) / "summary.xlsx", load())


def start(plan_path: Path, returned: Path) -> None:
    from cmme_xl.catalogue import load

    load()


def held() -> float:
    """MiB this program held at the most, and it alone: Linux counts in ru_maxrss what the parent held at the fork."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / MIB
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / MIB if sys.platform == "darwin" else most * 1024 / MIB


if __name__ == "__main__":
    {"read": read, "whole": whole, "start": start}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
    print(held())
