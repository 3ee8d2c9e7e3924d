"""Reading what came back: one file for `check`, a whole folder for everything else, here or by other processes."""

import pickle
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import lru_cache, partial
from pathlib import Path

from cmme_xl import __version__
from cmme_xl.catalogue import Catalogue
from cmme_xl.findings import Finding
from cmme_xl.plan.issued import Issue
from cmme_xl.plan.model import Plan
from cmme_xl.reading.container import Refused
from cmme_xl.returned.batches import cores, processes, spread
from cmme_xl.returned.desk import Desk, Unread, closed
from cmme_xl.returned.folder import Entry, safe_name, walk
from cmme_xl.returned.ledger import settle
from cmme_xl.returned.model import Answer, Returned, ReturnedFile, Status
from cmme_xl.returned.version import Version

Progress = Callable[[int, int], None]
MANY, MOST_PROCESSES = 400, 8
"""From how many files on processes pay for their start, and how many of those at most."""


def read_folder(
    plan: Plan,
    issues: Sequence[Issue],
    folder: Path,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Returned:
    """Everything in `folder` and below, accounted for against the issue log (`issues` oldest first).

    The workbooks are read by `executor`, by default in processes of this machine where they are many. `progress` is
    called as (files done, files in all). Raises Refusal FIL_029 where the folder cannot be read, and
    `version.Unbalanced` on a fault of the program.
    """
    entries = walk(folder)
    versions: list[Version] = []
    for version in _versions(plan, issues, entries, executor):
        versions.append(version)
        if progress is not None:
            progress(len(versions), max(len(versions), len(entries)))
    return settle(plan, issues, versions)


def _versions(
    plan: Plan, issues: Sequence[Issue], entries: Sequence[Entry], executor: Executor | None
) -> Iterator[Version]:
    """What became of each entry, in order."""
    if executor is not None:
        yield from _spread(plan, issues, entries, executor)
    elif len(entries) >= MANY and cores() > 1:
        with processes(min(cores(), MOST_PROCESSES)) as pool:
            yield from _spread(plan, issues, entries, pool)
    else:
        desk = Desk(plan.catalogue, issues, plan)
        first_of: dict[str, str] = {}
        for entry in entries:
            yield from desk.versions(entry, first_of)


def read_files(plan: Plan, issues: Sequence[Issue], paths: Iterable[Path]) -> Returned:
    """These files alone, settled as if they were all that came back."""
    desk = Desk(plan.catalogue, issues, plan)
    first_of: dict[str, str] = {}
    entries = [Entry(path, safe_name(path.name), path.is_file()) for path in paths]
    return settle(plan, issues, [version for entry in entries for version in desk.versions(entry, first_of)])


def read_file(
    path: Path, catalogue: Catalogue, issues: Sequence[Issue] | None = None, plan: Plan | None = None
) -> tuple[ReturnedFile, tuple[Answer, ...]]:
    """One file and the answers in it. Without `issues` its identity is read but not matched."""
    return read_with_attached(path, catalogue, issues, plan)[0]


def read_with_attached(
    path: Path, catalogue: Catalogue, issues: Sequence[Issue] | None = None, plan: Plan | None = None
) -> tuple[tuple[ReturnedFile, tuple[Answer, ...]], ...]:
    """The same of a file and, where it is a mail, of the files attached to it."""
    name = safe_name(path.name)
    if code := _no_file(path):
        return ((closed(ReturnedFile(name, "", 0, Status.UNREADABLE), Status.UNREADABLE, Finding(code)).file, ()),)
    versions = Desk(catalogue, issues, plan).versions(Entry(path, name, path.is_file()), {})
    return tuple((version.file, tuple(version.reply or ())) for version in versions)


def _no_file(path: Path) -> str:
    """The code of why there is no file at `path` to look at, "" where there is."""
    try:
        return "FIL_031" if stat.S_ISDIR(path.stat().st_mode) else ""
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return "FIL_030"
    except OSError:
        return ""


def _spread(plan: Plan, issues: Sequence[Issue], entries: Sequence[Entry], executor: Executor) -> Iterator[Version]:
    """The same by an executor: here files are opened, known ones set aside; there the others are read."""
    desk = Desk(plan.catalogue, issues, plan)
    first_of: dict[str, str] = {}
    received = (each for entry in entries for each in desk.received(entry, first_of))
    tasks = ((each, len(each.data) if isinstance(each, Unread) else 0) for each in received)
    # it goes along with every batch: packed, a quarter of it
    work = partial(_read_batch, zlib.compress(pickle.dumps((__version__, plan.catalogue, tuple(issues), plan))))
    by_id = {issue.id: issue for issue in issues}
    for version in spread(executor, work, tasks, _lost):
        if version.issue is not None:
            version.issue = by_id[version.issue.id]  # one for all its files, not one per batch
        yield version


def _read_batch(told: bytes, batch: Sequence["Version | Unread"]) -> list[Version]:
    """What became of these files, by a worker who is `told` what they are read against."""
    desk = _told(told)
    return [desk.read(each) if isinstance(each, Unread) else each for each in batch]


@lru_cache(1)
def _told(told: bytes) -> "Desk":
    version, catalogue, issues, plan = pickle.loads(zlib.decompress(told))
    if version != __version__:
        raise ValueError(version)  # another version may judge otherwise
    return Desk(catalogue, issues, plan)


def _lost(task: "Version | Unread", refused: Refused) -> Version:
    return closed(task.file, Status.UNREADABLE, refused.finding)
