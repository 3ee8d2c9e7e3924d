"""The folder of returns: every entry found, none followed out of it, none opened that is no plain file."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cmme_xl.findings import Finding, Refusal
from cmme_xl.reading.container import MAX_FILE, Refused

MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the folder. `name` is its path below the folder with forward slashes, always printable as
    UTF-8; `plain` is whether it is a file that may be opened."""

    path: Path
    name: str
    plain: bool


def walk(folder: Path) -> tuple[Entry, ...]:
    """Everything in `folder` and below, short names first, so that an original precedes its copies.

    Raises Refusal FIL_029 where the folder itself cannot be read.
    """
    try:
        found = list(_entries(folder, "", 0))
    except OSError as error:
        raise Refusal((Finding("FIL_029", values={"folder": str(folder), "detail": error.strerror or ""}),)) from error
    return tuple(sorted(found, key=lambda entry: (entry.name.count("/"), len(entry.name), entry.name)))


def read_bytes(path: Path) -> bytes:
    """What a file holds when it is asked for. Raises Refused: FIL_015 beyond the size cap, FIL_021 unreadable."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise Refused("FIL_015", size=f"{size / 2**20:,.0f}")
        with path.open("rb") as stream:
            return stream.read(size)
    except OSError as error:
        raise Refused("FIL_021", detail=error.strerror or type(error).__name__) from error


def safe_name(name: str) -> str:
    """`name` with undecodable bytes shown as escapes."""
    return name.encode("utf-8", "backslashreplace").decode()


def _entries(folder: Path, prefix: str, depth: int) -> Iterator[Entry]:
    with os.scandir(folder) as listing:
        entries = list(listing)
    for entry in entries:
        name = prefix + safe_name(entry.name)
        if entry.is_dir(follow_symlinks=False) and depth < MAX_DEPTH:
            try:
                yield from _entries(Path(entry.path), f"{name}/", depth + 1)
            except PermissionError:
                yield Entry(Path(entry.path), name, False)
        else:
            yield Entry(Path(entry.path), name, entry.is_file(follow_symlinks=False))
