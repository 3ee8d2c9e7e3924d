"""Putting a finished file in place: all of it or nothing, and one writer at a time."""

import contextlib
import glob
import io
import json
import os
import socket
import stat
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

PACKAGES = {".xlsx", ".docx", ".pptx"}


class Locked(Exception):
    """The target cannot be replaced now: open in another program, or another run holds the lock (`holder` says who)."""

    def __init__(self, path: Path, holder: str = "") -> None:
        self.path = path
        self.holder = holder
        super().__init__(f"{path.name} {holder}".strip())


def save(path: Path, data: bytes) -> None:
    """Write `data` to `path` atomically: a temporary file beside it, flushed to disk, checked, then put in its place.

    Whatever happens on the way, an older file at `path` stays whole; its permissions are kept. Raises Locked
    where the target is held open, and OSError where the disk is full or the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _told_of(path):
        refuse_if_open(path)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _verify(path, temporary.read_bytes(), data)
        os.chmod(temporary, stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask())
        _put(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def place(path: Path, data: bytes) -> None:
    """Write `data` to `path` atomically, without waiting for the disk: for many files that can be made again.

    A reader sees the old file or the new one, whole; a power cut may lose the new one. `path.parent` must
    exist. Raises Locked where the target is held open, and OSError where it cannot be written.
    """
    temporary = path.with_name(f".{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        with _told_of(path), open(temporary, "xb") as file:
            file.write(data)
        _put(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the right to write `path` for the length of a `with` block.

    The lock is the operating system's, on a marker file beside `path` that says who holds it: it ends with the
    process, however that ends, so that none is left behind by a dead one. What a run that was killed has left of
    `path` half written is removed. Raises Locked with the holder where another live run has it.
    """
    marker = path.with_name(f".{path.name}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = _take(path, marker)
    me = {"pid": os.getpid(), "host": socket.gethostname(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
    try:
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, json.dumps(me).encode())
        _clear(path)
        yield
    finally:
        _leave(marker, handle)


def _clear(path: Path) -> None:
    """Remove the temporary files of `save`; whoever holds the lock knows that nobody is writing one."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.????????.part"):
        with contextlib.suppress(OSError):
            left.unlink()


@contextlib.contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """What cannot be written is the file that was wanted, not the passing one beside it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _take(path: Path, marker: Path) -> int:
    """An open, locked marker. One that its last holder removed meanwhile does not count: another may stand there."""
    while True:
        with _told_of(path):
            handle = os.open(marker, os.O_CREAT | os.O_RDWR, 0o666)
        if not _acquire(handle):
            os.close(handle)
            raise Locked(path, _holder(marker))
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), os.stat(marker)):
                return handle
        os.close(handle)


def _holder(marker: Path) -> str:
    """Who holds the lock, as the marker says. It is empty for the moment between taking the lock and writing this."""
    for _ in range(10):
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            found = json.loads(marker.read_text("utf-8"))
            return f"{found['host']}, process {found['pid']}, {found['since']}"
        time.sleep(0.02)
    return ""


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 20

    def _acquire(handle: int) -> bool:
        # a byte far behind the text, since a locked one cannot be read by others
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _leave(marker: Path, handle: int) -> None:
        # an open file cannot be removed; if another run has opened it meanwhile, it stays for that one
        os.close(handle)
        with contextlib.suppress(OSError):
            marker.unlink()

else:
    import fcntl

    def _acquire(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _leave(marker: Path, handle: int) -> None:
        # removed while still locked: whoever waits for this very file finds that it no longer stands there
        marker.unlink(missing_ok=True)
        os.close(handle)


def refuse_if_open(path: Path) -> None:
    """Raise Locked where Excel or LibreOffice has left word that it has the file open, or the file is write-protected.

    On Windows the system itself refuses; elsewhere the open program would later write its older copy over ours.
    """
    words = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
    open_in = next((word.name for word in words if word.exists()), None)
    if open_in:
        raise Locked(path, open_in)
    if path.exists() and not os.stat(path).st_mode & stat.S_IWUSR:
        raise Locked(path)


def _put(temporary: Path, path: Path) -> None:
    try:
        os.replace(temporary, path)
    except PermissionError as error:
        raise Locked(path) from error


def _verify(path: Path, found: bytes, meant: bytes) -> None:
    if found != meant:
        raise OSError(f"{path.name}: what was written does not read back")
    if path.suffix.lower() in PACKAGES:
        with zipfile.ZipFile(io.BytesIO(found)) as archive:
            damaged = archive.testzip()
        if damaged:
            raise OSError(f"{path.name}: {damaged} does not read back")


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
