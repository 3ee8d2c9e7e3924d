"""Where a command may write: never over what it reads, never over somebody else's file; what it replaces is kept."""

import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from cmme_xl.findings import Finding, Place, Refusal
from cmme_xl.plan import issued
from cmme_xl.spreadsheet import save

PREVIOUS = ".previous"
BOOK_PART = "xl/workbook.xml"


def misplaced(
    plan: Path, folder: Path, path: Path, suffixes: Sequence[str], is_ours: Callable[[Path], bool]
) -> Finding | None:
    """Why `path` may not be written, None where it may: the plan, its log or in the folder of returns; another ending
    than `suffixes`; a file that is not one of ours."""
    place = path.resolve()
    read = (plan.resolve(), (plan.parent / issued.FILE_NAME).resolve())
    if place in read or folder.resolve() in place.parents:
        code = "OUT_002"
    elif path.suffix.lower() not in suffixes:
        code = "OUT_001"
    elif path.exists() and not is_ours(path):
        code = "OUT_003"
    else:
        return None
    return Finding(code, Place(path.name), values={"file": path.name, "suffix": " / ".join(suffixes)})


def refuse_among_returns(out_dir: Path, folders: Iterable[Path], *, below: bool = False) -> None:
    """Raise Refusal where what is to be sent out would lie in a folder of returns, or `below` one, and be read as
    come back."""
    place = out_dir.resolve()
    if {folder.resolve() for folder in folders} & {place, *(place.parents if below else ())}:
        raise Refusal([Finding("OUT_002", Place(out_dir.name), values={"file": out_dir.name})])


def has_sheet(path: Path, name: str) -> bool:
    """Whether the workbook at `path` has the sheet by which one of ours is known; False for what cannot be opened."""
    return says(path, BOOK_PART, f'name="{name}"')


def says(path: Path, part: str, text: str) -> bool:
    """Whether a part of the package at `path` holds a text; False for whatever cannot be opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            return text.encode() in archive.read(part)
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def previous(target: Path) -> Path | None:
    """Keep what is about to be replaced beside it, since people may have typed into it: where, None without any."""
    if not target.exists():
        return None
    kept = target.with_name(f"{target.stem}{PREVIOUS}{target.suffix}")
    save(kept, target.read_bytes())
    return kept
