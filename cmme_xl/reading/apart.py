"""Reading in a process of its own, so that no file, whatever it does to its reader, takes the program with it.

The time is limited everywhere. Memory is limited where the system offers it (`resource`: Linux, most of Unix); on
Windows, and on macOS, which ignores the limit, only the counting caps of the readers hold.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cmme_xl.findings import Finding, Place
from cmme_xl.reading.container import Archive, Format, Refused
from cmme_xl.reading.grid import Cell, CellKind, RawBook, RawSheet, Row

SECONDS, MEMORY = 4.0, 400 * 2**20
"""Less than the 5 s and 512 MiB that a file may cost at the very most, since a process has to be started too."""
_OUT_OF_MEMORY = 77
_KINDS = {kind.value: kind for kind in CellKind}


def read_apart(
    data: bytes, format_: Format, seconds: float = SECONDS, memory: int = MEMORY
) -> tuple[RawBook, tuple[Finding, ...]]:
    """The book in `data`, which is an .xls, .xlsb or .ods, read by a child process.

    Raises Refused: what the reader of the format raises; FIL_040 it took longer than `seconds`, FIL_041 it wanted
    more than `memory` bytes, FIL_042 the child died.
    """
    command = [sys.executable, "-P", "-m", __name__, format_.name, str(memory)]
    here = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", ""))))
    environment = os.environ | {"PYTHONPATH": paths}
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, env=environment)
    except subprocess.TimeoutExpired as error:
        raise Refused("FIL_040", seconds=f"{seconds:g}") from error
    if done.returncode == _OUT_OF_MEMORY:
        raise Refused("FIL_041", size=f"{memory / 2**20:,.0f}")
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise Refused("FIL_042", detail=last[:200] or str(done.returncode))
    told = json.loads(done.stdout)
    if "refused" in told:
        raise Refused(told["refused"], **told["values"])
    return _book(told["book"]), tuple(_finding(each) for each in told["findings"])


def _told(book: RawBook) -> dict[str, Any]:
    sheets = [
        {
            "name": sheet.name,
            "hidden": sheet.hidden,
            "cells": [
                (row, column, cell.kind.value, cell.text, cell.formula)
                for row, line in sheet.rows.items()
                for column, cell in line.items()
            ],
            "merges": sheet.merges,
            "doubled": sorted(sheet.doubled),
        }
        for sheet in book.sheets
    ]
    return {"sheets": sheets, "properties": book.properties, "saved_by": book.saved_by, "saved_at": book.saved_at}


def _book(told: dict[str, Any]) -> RawBook:
    sheets = []
    for each in told["sheets"]:
        sheet = RawSheet(each["name"], each["hidden"])
        for row, column, kind, text, formula in each["cells"]:
            sheet.rows.setdefault(row, Row())[column] = Cell(_KINDS[kind], text, formula)
        sheet.merges = [(top, left, bottom, right) for top, left, bottom, right in each["merges"]]
        sheet.doubled = {(row, column) for row, column in each["doubled"]}
        sheets.append(sheet)
    return RawBook(sheets, told["properties"], told["saved_by"], told["saved_at"])


def _finding(told: dict[str, Any]) -> Finding:
    return Finding(told["code"], Place(sheet=told["sheet"]), told["raw"], told["values"])


def read_here(data: bytes, format_: Format) -> tuple[RawBook, tuple[Finding, ...]]:
    """The same without a child process."""
    return _reader(format_)(data)


def _reader(format_: Format) -> Callable[[bytes], tuple[RawBook, tuple[Finding, ...]]]:
    match format_:
        case Format.XLS:
            from cmme_xl.reading.xls import read_xls

            return read_xls
        case Format.XLSB:
            from cmme_xl.reading.xlsb import read_xlsb

            return lambda data: read_xlsb(Archive(data))
        case Format.ODS:
            from cmme_xl.reading.ods import read_ods

            return lambda data: read_ods(Archive(data))
    raise ValueError(format_)


def limit(what: str, most: int) -> None:
    """Keeps this process to `most` of what an RLIMIT of `resource` counts, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    kind = getattr(resource, what)
    hard = resource.getrlimit(kind)[1]
    if hard == resource.RLIM_INFINITY or hard > most:
        resource.setrlimit(kind, (most, hard))


def _main(name: str, memory: str) -> int:
    """The child: a file on the standard input, what it holds as JSON on the standard output."""
    reader = _reader(Format[name])  # a library that finds no room says so in its own way
    limit("RLIMIT_AS", int(memory))
    limit("RLIMIT_CPU", int(2 * SECONDS))  # should nobody be left to stop it
    try:
        try:
            book, findings = reader(sys.stdin.buffer.read())
            listed = [
                {"code": each.code, "sheet": each.place.sheet, "raw": each.raw, "values": each.values}
                for each in findings
            ]
            told: dict[str, Any] = {"book": _told(book), "findings": listed}
        except Refused as refused:
            told = {"refused": refused.finding.code, "values": refused.finding.values}
        sys.stdout.buffer.write(json.dumps(told).encode())
    except MemoryError:
        return _OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
