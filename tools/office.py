"""LibreOffice as a converter: many files in one start, formulas always recalculated.

As a program: `office.py FOLDER PICTURES` turns every page of every workbook below FOLDER into a PNG.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

# 0 = always: without it cached values are trusted, and a recalculation proves nothing
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">\
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
FILTERS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "pdf": "pdf"}
MAC = Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")


def program() -> str | None:
    """The LibreOffice of this machine, None where there is none."""
    return shutil.which("soffice") or (str(MAC) if MAC.is_file() else None)


@cache
def version() -> tuple[int, int] | None:
    """Its version, as (25, 2); None where there is none or it does not start."""
    office = program()
    if office is None:
        return None
    try:
        shown = subprocess.run([office, "--version"], capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r"(\d+)\.(\d+)", shown)
    return (int(match[1]), int(match[2])) if match else None


def convert(paths: Iterable[Path], kind: str, out: Path) -> dict[Path, Path]:
    """Convert each file to `kind` ("xlsx" or "pdf") in one start of LibreOffice, under a profile of its own.

    Returns source -> result; results lie in `out` under numbered names, so equal file names do not collide.
    Raises RuntimeError naming the files that LibreOffice did not convert.
    """
    office, sources = program(), list(paths)
    if office is None:
        raise RuntimeError("LibreOffice is not installed")
    if not sources:
        return {}
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cmme-office-") as folder:
        work = Path(folder)
        (work / "profile" / "user").mkdir(parents=True)
        (work / "profile" / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
        staged = {source: work / f"{number:04d}{source.suffix}" for number, source in enumerate(sources)}
        for source, copy in staged.items():
            shutil.copyfile(source, copy)
        command = [
            office,
            f"-env:UserInstallation={(work / 'profile').as_uri()}",
            "--headless",
            "--norestore",
        ]
        command += ["--convert-to", FILTERS[kind], "--outdir", str(work / "out"), *map(str, staged.values())]
        env = os.environ | {"LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
        limit = 120 + 15 * len(sources)
        done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=limit)
        results = {source: work / "out" / f"{copy.stem}.{kind}" for source, copy in staged.items()}
        if lost := [str(source) for source, result in results.items() if not result.is_file()]:
            raise RuntimeError(f"LibreOffice did not convert {', '.join(lost)}: {done.stderr.strip()}")
        batch = Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=out))
        return {source: Path(shutil.move(result, batch / result.name)) for source, result in results.items()}


def pages(pdf: Path, stem: Path, dpi: int = 80) -> list[Path]:
    """Each page of a PDF as a picture `stem-1.png`, `stem-2.png`, ... Raises CalledProcessError."""
    subprocess.run(["pdftoppm", "-png", "-r", str(dpi), str(pdf), str(stem)], check=True, capture_output=True)
    return sorted(stem.parent.glob(f"{stem.name}-*.png"))


def main(folder: Path, out: Path) -> int:
    """Picture every workbook below `folder`; the folders below it show in the pictures' names."""
    books = [path for path in sorted(folder.rglob("*.xlsx")) if not path.name.startswith("~$")]
    if not books:
        print(f"no workbooks below {folder}: run `make demo` first")
        return 1
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as work:
        for book, pdf in convert(books, "pdf", Path(work)).items():
            name = "-".join(book.relative_to(folder).with_suffix("").parts)
            print(f"{name}: {len(pages(pdf, out / name))} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
