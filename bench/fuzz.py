"""Files that nobody sent: mutants of our own returned workbooks, or any folder of spreadsheets, read one by one.

    python bench/fuzz.py [--seconds 60] [--seed 1] [--seeds FILE ...] [--files FOLDER ...]

Demanded of each file: no exception, 5 s at most, accounted for; of all together: 512 MiB at most. What breaks that is
named, with its mutant kept in bench/.data/mutants, and the exit status is 1.
"""

import argparse
import io
import random
import re
import sys
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from engagement import DATA, sample
from memory import held

from cmme_xl.plan import issued
from cmme_xl.plan.issued import Issue
from cmme_xl.plan.model import Plan
from cmme_xl.returned.model import Outcome
from cmme_xl.returned.read import read_folder

SECONDS, MEBIBYTES = 5.0, 512
FAULT = "FIL_028"
NUMBERS = (b"0", b"-1", b"1", b"99999999999", b"1e999", b"NaN", b"4294967295", b"1048577", b"", b"0x10", "٤".encode())
HOSTILE = (
    b"<!DOCTYPE a>", b"&x;", b"&#0;", b"&#xD800;", b"]]>", b"<![CDATA[4]]>", b"<!--", b"_x0000_", b"_xD800_", b"\0",
    b"\xff", b'<c r="A1"><v>4</v></c>', b'<c r="XFE0"><v>4</v></c>', b"<row/>", b"<is><t>4</t></is>", b"<f>1+1</f>",
    b"</row>",
)  # fmt: skip


@dataclass
class Report:
    """What came of the files."""

    statuses: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def files(self) -> int:
        return self.statuses.total()

    def __str__(self) -> str:
        came = ", ".join(f"{count} {status}" for status, count in sorted(self.statuses.items()))
        return f"{self.files} files: {came}; slowest {self.slowest:.2f} s; at most {held():.0f} MiB"


def mutant(data: bytes, chance: random.Random) -> bytes:
    """`data` with one to three things spoiled: its bytes, the entries of its zip or what is in them."""
    for _ in range(chance.randint(1, 3)):
        entries = _entries(data)
        way = chance.randrange(9) if entries else 0
        data = spoiled(data, chance) if way == 0 else _zipped((_shuffled if way < 3 else _within)(entries, chance))
    return data


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """Bytes flipped, cut out, doubled or put in."""
    at = chance.randrange(len(data) + 1)
    end = min(len(data), at + int(chance.expovariate(1 / 40)))
    return chance.choice(
        (
            data[:at] + bytes(byte ^ 1 << chance.randrange(8) for byte in data[at:end]) + data[end:],
            data[:at] + data[end:],
            data[:end] + data[at:],
            data[:at] + chance.randbytes(end - at) + data[at:],
            data[:at],
        )
    )


def _within(entries: list[tuple[str, bytes]], chance: random.Random) -> list[tuple[str, bytes]]:
    at = chance.randrange(len(entries))
    name, data = entries[at]
    change = _marked_up if name.endswith((".xml", ".rels")) and chance.random() < 0.8 else spoiled
    return [*entries[:at], (name, change(data, chance)), *entries[at + 1 :]]


def _marked_up(data: bytes, chance: random.Random) -> bytes:
    """XML with an element gone, doubled or moved, another value in an attribute or a text, something hostile."""
    spots = [match.span() for match in re.finditer(rb"<[^>]*>|(?<=>)[^<]+|(?<=\")[^\"<>]*(?=\")", data)]
    if not spots:
        return data
    first, last = chance.choice(spots)
    other, until = chance.choice(spots)
    piece = data[first:last]
    return chance.choice(
        (
            data[:first] + chance.choice(NUMBERS) + data[last:],
            data[:first] + chance.choice(HOSTILE) + data[first:],
            data[:first] + data[last:],
            data[:last] + piece * chance.choice((1, 50, 5000)) + data[last:],
            data[:first] + data[other:until] + data[last:],
            data[: min(first, other)] + data[max(last, until) :],
        )
    )


def _shuffled(entries: list[tuple[str, bytes]], chance: random.Random) -> list[tuple[str, bytes]]:
    """Entries gone, doubled, renamed or with each other's content."""
    at, other = chance.randrange(len(entries)), chance.randrange(len(entries))
    (name, data), (its, content) = entries[at], entries[other]
    aliases = ("../" + name, name.replace("/", "\\"), name.upper(), f"x/{name}", f"a:{name}")
    rest = [entry for number, entry in enumerate(entries) if number != at]
    return chance.choice(
        (
            rest,
            [*entries, (name, content)],
            [*rest, (chance.choice(aliases), data)],
            [*rest, (name, content)],
            [*rest, (its, data)],
            [*rest, (name, data * chance.choice((0, 2, 100)))],
        )
    )


def _entries(data: bytes) -> list[tuple[str, bytes]]:
    """What is in a zip, nothing where it is broken or has grown too large to go on with."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > 2**26:
                return []
            return [(info.filename, archive.read(info)) for info in infos]
    except Exception:
        return []


def _zipped(entries: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names given twice are what is wanted
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def read(files: Iterator[tuple[str, bytes]], plan: Plan, issues: tuple[Issue, ...], keep: Path) -> Report:
    """Reads each (name, content) as the one file of a folder."""
    report = Report()
    with TemporaryDirectory() as work:
        for number, (name, data) in enumerate(files):
            path = Path(work) / f"mutant{Path(name).suffix or '.xlsx'}"
            path.write_bytes(data)
            began = time.perf_counter()
            fault = _fault(report, plan, issues, Path(work))
            took = time.perf_counter() - began
            path.unlink()
            report.slowest = max(report.slowest, took)
            if took > SECONDS:
                fault = f"{took:.1f} s"
            if fault:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{number}-{Path(name).name}").write_bytes(data)
                report.faults.append(f"{name} (number {number}): {fault}")
    return report


def _fault(report: Report, plan: Plan, issues: tuple[Issue, ...], folder: Path) -> str:
    try:
        back = read_folder(plan, issues, folder)
    except Exception as error:
        report.statuses["raised"] += 1
        return repr(error)
    if len(back.files) != 1:
        return "not one file"
    file = back.files[0]
    report.statuses[file.status.value] += 1
    told = next((finding for finding in file.findings if finding.code == FAULT), None)
    if told is not None:
        return str(told.values)
    if not file.status.counted and not file.findings:
        return "set aside without a reason"
    tally = back.tally()
    if tally["expected"] != sum(tally[outcome.value] for outcome in Outcome):
        return "does not balance"
    for finding in file.findings:
        for lang in ("zh", "en"):
            if re.search(r"[\x00-\x08\x0b-\x1f\x7f\x9b]", finding.reason(lang)):
                return f"{finding.code} acts on a terminal"
    return ""


def mutants(seeds: list[tuple[str, bytes]], seconds: float, seed: int) -> Iterator[tuple[str, bytes]]:
    """Mutants of the files in turn for so many seconds."""
    chance = random.Random(seed)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        name, data = chance.choice(seeds)
        yield name, mutant(data, chance)


def everything(folders: list[Path]) -> Iterator[tuple[str, bytes]]:
    """The files below the folders as they are."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path.name, path.read_bytes()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=Path, nargs="*", default=[])
    parser.add_argument("--files", type=Path, nargs="*")
    options = parser.parse_args(arguments)
    base = sample(2)
    issues = issued.read(base.folder / issued.FILE_NAME)
    seeds = [(path.name, path.read_bytes()) for path in (*base.files.values(), *options.seeds)]
    files = everything(options.files) if options.files else mutants(seeds, options.seconds, options.seed)
    report = read(files, base.plan, issues, DATA / "mutants")
    for fault in report.faults:
        print(fault)
    print(report)
    return 1 if report.faults or not report.files or held() > MEBIBYTES else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
