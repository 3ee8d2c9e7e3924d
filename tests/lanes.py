"""Lanes: groups of tests that need more than Python.

A test says `@pytest.mark.lane("libreoffice")`. Where the lane's tools are missing it is skipped, the run's
last line names the lane, and under CI that is a failure. A new lane is one more entry in LANES.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import office

ROOT = Path(__file__).resolve().parent.parent
RECENT_OFFICE = (24, 8)
CORPUS = "CMME_CORPUS"
# what no installation brings: missed and named as well, but no failure under CI
ELSEWHERE = frozenset(("corpus",))
RESAVERS = ("xlsx", "exceljs", "xlsx-populate")


@cache
def validator() -> Path | None:
    """The Open XML SDK's executable, put into .lanes by `make lanes`."""
    found = sorted((ROOT / ".lanes" / "node_modules" / "@xarsh").glob("ooxml-validator-*/ooxml-validator*"))
    return next((path for path in found if path.suffix in {"", ".exe"}), None)


def no_office() -> str | None:
    return None if office.version() else "LibreOffice is not installed"


def no_recent_office() -> str | None:
    have = office.version() or (0, 0)
    wanted = ".".join(map(str, RECENT_OFFICE))
    return (
        None if have >= RECENT_OFFICE else f"LibreOffice is {'.'.join(map(str, have))}, not {wanted} or newer"
    )


def no_validator() -> str | None:
    return None if validator() else "the Open XML SDK validator is not installed (npm)"


def no_corpus() -> str | None:
    return None if corpus().is_dir() else f"{CORPUS} names no folder of spreadsheets to try"


def corpus() -> Path:
    """The folder of other people's spreadsheets: the one that CMME_CORPUS names, else shared/corpus beside the
    project."""
    named = os.environ.get(CORPUS)
    return Path(named) if named else ROOT.parent / "shared" / "corpus"


def node_module(name: str) -> Path | None:
    """A package put into .lanes by `make lanes`."""
    path = ROOT / ".lanes" / "node_modules" / name
    return path if path.is_dir() and shutil.which("node") else None


def no_resavers() -> str | None:
    absent = [name for name in RESAVERS if not node_module(name)]
    absent += [] if shutil.which("ssconvert") else ["gnumeric"]
    absent += [] if find_spec("ironcalc") else ["ironcalc"]
    return f"not installed: {', '.join(absent)}" if absent else no_office()


def no_fonts() -> str | None:
    if not shutil.which("pdftoppm"):
        return "pdftoppm (poppler) is not installed"
    if not shutil.which("fc-list"):
        return "fontconfig is not installed"
    known = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True).stdout.strip()
    return None if known else "no Chinese font is installed"


LANES: dict[str, Callable[[], str | None]] = {
    "libreoffice": no_office,
    "libreoffice-24.8": no_recent_office,
    "validator": no_validator,
    "fonts": no_fonts,
    "resavers": no_resavers,
    "corpus": no_corpus,
}


@cache
def missing(lane: str) -> str | None:
    """Why a lane cannot run on this machine; None where it can. Raises KeyError for an unknown lane."""
    return LANES[lane]()


def not_run(ran: Iterable[str], lanes: Iterable[str] = LANES) -> dict[str, str]:
    """lane -> reason, for each lane of which no test ran."""
    done = set(ran)
    return {lane: missing(lane) or "no test of it was in this run" for lane in lanes if lane not in done}


def closing_line(absent: dict[str, str]) -> str:
    """The last line of a test run."""
    if not absent:
        return "all lanes ran"
    return "lanes not run: " + "; ".join(f"{lane} ({reason})" for lane, reason in absent.items())


def validate(paths: Iterable[Path], version: str = "Microsoft365") -> dict[Path, list[str]]:
    """What the Open XML SDK says against each workbook, as "part: description"; [] for a valid file.

    version: Office2007, 2010, 2013, 2016, 2019, 2021 or Microsoft365. Raises CalledProcessError.
    """
    tool = validator()
    assert tool is not None, "ask for the lane validator"

    def errors(path: Path) -> list[str]:
        done = subprocess.run([str(tool), str(path), version], capture_output=True, check=True)
        found = json.loads(done.stdout)["errors"]
        return [f"{error['path'] or path.name}: {error['description']}" for error in found]

    files = list(paths)
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(files, pool.map(errors, files), strict=True))


def audit(paths: Iterable[Path]) -> dict[Path, list[str]]:
    """The same from openxml-audit, which is pure Python and needs no lane; it knows fewer rules."""
    from openxml_audit import FileFormat, OpenXmlValidator

    checker = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365)
    return {path: [str(error) for error in checker.validate(str(path)).errors] for path in paths}


class Office:
    """LibreOffice for the tests of one session; a file it has converted is not converted again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.done: dict[tuple[Path, int, str], Path] = {}

    def recalculated(self, paths: Iterable[Path]) -> dict[Path, Path]:
        """Each workbook as LibreOffice saves it after a full recalculation. Give many: one start, 1 s."""
        return self._converted(paths, "xlsx")

    def pdf(self, paths: Iterable[Path]) -> dict[Path, Path]:
        """Each workbook as printed."""
        return self._converted(paths, "pdf")

    def _converted(self, paths: Iterable[Path], kind: str) -> dict[Path, Path]:
        keys = {path: (path, path.stat().st_mtime_ns, kind) for path in paths}
        new = office.convert([path for path, key in keys.items() if key not in self.done], kind, self.folder)
        self.done |= {keys[path]: result for path, result in new.items()}
        return {path: self.done[key] for path, key in keys.items()}
