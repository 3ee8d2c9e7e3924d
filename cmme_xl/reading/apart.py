"""Reading in a process of its own, so that no file, whatever it does to its reader, takes the program with it.

The time is limited everywhere: that of the processor, so that a busy computer costs no file; on Windows, which offers
no such limit, that on the clock. Memory is limited where the system offers it (`resource`: Linux, most of Unix); on
Windows, and on macOS, which ignores the limit, only the counting caps of the readers hold.
"""

import json
import os
import signal
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from time import process_time
from typing import Any, cast

from cmme_xl.findings import Finding, Place
from cmme_xl.reading.container import Archive, Format, Refused
from cmme_xl.reading.grid import Cell, CellKind, RawBook, RawSheet, Row
from cmme_xl.reading.wrapping import Item

SECONDS, MEMORY = 4.0, 400 * 2**20
"""Less than the 5 s and 512 MiB that a file may cost at the very most, since a process has to be started too."""
BUSY = 10
"""So many times the time of the processor may pass on the clock, on a computer that has other things to do."""
_OUT_OF_MEMORY = 77
_KINDS = {kind.value: kind for kind in CellKind}


def read_apart(
    data: bytes, format_: Format, seconds: float = SECONDS, memory: int = MEMORY
) -> tuple[RawBook, tuple[Finding, ...]]:
    """The book in `data`, which is an .xls, .xlsb or .ods, read by a child process.

    Raises Refused: what the reader of the format raises; FIL_040 it took more than `seconds` of the processor, FIL_041
    it wanted more than `memory` bytes, FIL_042 the child died.
    """
    told = _asked(data, format_, seconds, memory)
    return _book(told["book"]), tuple(_finding(each) for each in told["findings"])


def message_apart(data: bytes) -> list[Item]:
    """What is attached to `data`, which is an .msg (see `outlook`), read by a child. Raises Refused likewise."""
    told = _asked(data, Format.MAIL, SECONDS, MEMORY)
    return [
        Item(depth, name, None if content is None else b64decode(content), sent, furniture)
        for depth, name, content, sent, furniture in told["items"]
    ]


def _asked(data: bytes, format_: Format, seconds: float, memory: int) -> dict[str, Any]:
    """What the child has to say."""
    command = [sys.executable, "-P", "-m", __name__, format_.name, str(memory), str(seconds)]
    here = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", ""))))
    environment = os.environ | {"PYTHONPATH": paths}
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=on_the_clock(seconds), env=environment)
    except subprocess.TimeoutExpired as error:
        raise Refused("FIL_040", seconds=f"{seconds:g}") from error
    if out_of_time(done.returncode):
        raise Refused("FIL_040", seconds=f"{seconds:g}")
    if done.returncode == _OUT_OF_MEMORY:
        raise Refused("FIL_041", size=f"{memory / 2**20:,.0f}")
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise Refused("FIL_042", detail=last[:200] or str(done.returncode))
    told = json.loads(done.stdout)
    if "refused" in told:
        raise Refused(told["refused"], **told["values"])
    return cast(dict[str, Any], told)


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
    return Finding(told["code"], Place(sheet=told["sheet"], cell=told["cell"]), told["raw"], told["values"])


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


def _telling(format_: Format) -> Callable[[bytes], dict[str, Any]]:
    """What makes of a file's bytes what the child has to say."""
    if format_ is Format.MAIL:
        from cmme_xl.reading.outlook import items

        return lambda data: {"items": [_plain(item) for item in items(data)]}
    reader = _reader(format_)

    def tell(data: bytes) -> dict[str, Any]:
        book, findings = reader(data)
        listed = [
            {
                "code": each.code,
                "sheet": each.place.sheet,
                "cell": each.place.cell,
                "raw": each.raw,
                "values": each.values,
            }
            for each in findings
        ]
        return {"book": _told(book), "findings": listed}

    return tell


def _plain(item: Item) -> tuple[object, ...]:
    data = None if item.data is None else b64encode(item.data).decode()
    return (item.depth, item.name, data, item.sent, item.furniture)


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


def limit_time(seconds: float) -> None:
    """Ends this process once it has had so much more of the processor (in whole seconds), where the system can."""
    limit("RLIMIT_CPU", ceil(process_time() + seconds))


def on_the_clock(seconds: float) -> float:
    """How long to wait for a process that is limited to so much time of the processor."""
    return seconds * BUSY if find_spec("resource") else seconds


def out_of_time(returncode: int | None) -> bool:
    """Whether a process ended since it had had its time of the processor."""
    return returncode is not None and hasattr(signal, "SIGXCPU") and returncode == -signal.SIGXCPU


def _main(name: str, memory: str, seconds: str) -> int:
    """The child: a file on the standard input, what it holds as JSON on the standard output."""
    telling = _telling(Format[name])  # a library that finds no room says so in its own way
    limit("RLIMIT_AS", int(memory))
    limit_time(float(seconds))
    try:
        try:
            told = telling(sys.stdin.buffer.read())
        except Refused as refused:
            told = {"refused": refused.finding.code, "values": refused.finding.values}
        sys.stdout.buffer.write(json.dumps(told).encode())
    except MemoryError:
        return _OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
