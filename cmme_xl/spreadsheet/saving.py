"""Putting a finished file in place: all of it or nothing, and one writer at a time."""

import contextlib
import io
import json
import os
import socket
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path


class Locked(Exception):
    """The target cannot be replaced now: open in another program, or another run holds the lock (`holder` says who)."""

    def __init__(self, path: Path, holder: str = "") -> None:
        self.path = path
        self.holder = holder
        super().__init__(f"{path.name} {holder}".strip())


def save(path: Path, data: bytes) -> None:
    """Write `data` to `path` atomically: a temporary file beside it, flushed to disk, checked, then put in its place.

    Whatever happens on the way, an older file at `path` stays whole. Raises Locked where the target is held
    open, and OSError where the disk is full or the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _verify(path, temporary.read_bytes(), data)
        os.chmod(temporary, 0o666 & ~_umask())
        try:
            os.replace(temporary, path)
        except PermissionError as error:
            raise Locked(path) from error
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the right to write `path` for the length of a `with` block; a lock left by a dead process is taken over.

    Raises Locked with the holder where another live run has it.
    """
    marker = path.with_name(f".{path.name}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    me = {"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}
    while True:
        try:
            handle = os.open(marker, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            holder = _holder(marker)
            if holder is None or not _alive(holder):
                marker.unlink(missing_ok=True)
                continue
            who = f"{holder['host']}, process {holder['pid']}, {holder['since']}"
            raise Locked(path, who) from None
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(me, file)
        break
    try:
        yield
    finally:
        marker.unlink(missing_ok=True)


def _verify(path: Path, found: bytes, meant: bytes) -> None:
    if found != meant:
        raise OSError(f"{path.name}: what was written does not read back")
    if path.suffix.lower() == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(found)) as archive:
            damaged = archive.testzip()
        if damaged:
            raise OSError(f"{path.name}: {damaged} does not read back")


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _holder(marker: Path) -> dict[str, object] | None:
    try:
        found = json.loads(marker.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        # A marker without content belongs to a run that is just taking the lock.
        return {"pid": -1, "host": "?", "since": "?"}
    return dict(found)


def _alive(holder: dict[str, object]) -> bool:
    """Whether the holder may still be running; on another host there is no telling, so yes."""
    pid = holder["pid"]
    if holder["host"] != socket.gethostname() or not isinstance(pid, int) or pid < 0:
        return True
    if os.name == "nt":
        return _alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _alive_on_windows(pid: int) -> bool:
    """Windows has no signal 0: os.kill would end the process, so the process is asked for by a query handle."""
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(0x1000, False, pid)
    if not handle:
        return False
    kernel.CloseHandle(handle)
    return True
