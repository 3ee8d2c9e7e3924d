"""Saving is all or nothing whatever interrupts it, and one run writes at a time."""

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from cmme_xl.spreadsheet import Book, Brand, Locked, lock, save
from cmme_xl.spreadsheet import saving as module
from cmme_xl.spreadsheet.saving import place
from cmme_xl.templates import template

ROOT = Path(module.__file__).parents[2]
posix = pytest.mark.skipif(os.name == "nt", reason="signals and permissions of POSIX")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """An old file, whole."""
    path = tmp_path / "out" / "summary.txt"
    save(path, b"old")
    return path


def only(path: Path) -> bool:
    """Whether nothing else was left beside `path`."""
    return [each.name for each in path.parent.iterdir()] == [path.name]


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A process that runs `code` with sys.argv[1:] = arguments."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_a_file_is_written_and_replaced(target: Path) -> None:
    save(target, b"new")
    assert target.read_bytes() == b"new"
    assert only(target)


def test_a_workbook_is_written(tmp_path: Path) -> None:
    with Book(Brand.from_table(template("brand")), "zh", "Made up") as book:
        book.sheet("S")
        save(tmp_path / "a.xlsx", book.bytes())
    assert only(tmp_path / "a.xlsx")


@posix
def test_permissions_of_the_old_file_are_kept(target: Path) -> None:
    assert target.stat().st_mode & 0o777 == 0o666 & ~module._umask()
    target.chmod(0o600)
    save(target, b"new")
    assert target.stat().st_mode & 0o777 == 0o600


@posix
@pytest.mark.parametrize("where", ["os.fsync", "os.replace", "os.chmod"])
def test_kill_9_on_the_way_leaves_the_old_file_whole(where: str, target: Path) -> None:
    code = f"""
import os, signal, sys
from pathlib import Path
from cmme_xl.spreadsheet import save
{where} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
save(Path(sys.argv[1]), b"new" * 1000)
"""
    process = python(code, target)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert target.read_bytes() == b"old"
    save(target, b"newer")
    assert target.read_bytes() == b"newer"
    other = target.with_name(".other.txt.abcdefgh.part")
    other.touch()
    with lock(target):
        pass
    assert {*target.parent.iterdir()} == {target, other}


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("os.fsync", OSError(errno.ENOSPC, "no space left")),
        ("os.replace", OSError(errno.EIO, "broken disk")),
        ("os.chmod", KeyboardInterrupt()),
    ],
)
def test_an_error_on_the_way_leaves_the_old_file_alone(
    call: str, error: BaseException, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(call, fail)
        with pytest.raises(type(error)):
            save(target, b"new")
    assert target.read_bytes() == b"old"
    assert only(target)


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel itself says that the disk is full, on the write that fills the buffer."""
    made = tempfile.mkstemp

    def full(**options: Any) -> tuple[int, str]:
        handle, name = made(**options)
        os.close(handle)
        return os.open("/dev/full", os.O_WRONLY), name

    monkeypatch.setattr(tempfile, "mkstemp", full)
    with pytest.raises(OSError, match="No space left"):
        save(target, b"new" * 100_000)
    assert target.read_bytes() == b"old"
    assert only(target)


def test_what_does_not_read_back_is_not_put_in_place(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda self: b"something else")
    with pytest.raises(OSError, match="read back"):
        save(target, b"new")
    monkeypatch.undo()
    assert target.read_bytes() == b"old"


def test_a_damaged_workbook_is_not_put_in_place(tmp_path: Path) -> None:
    with Book(Brand.from_table(template("brand")), "zh", "Made up") as book:
        book.sheet("S")
        data = bytearray(book.bytes())
    data[60] ^= 0xFF
    with pytest.raises(Exception, match=r"read back|Bad|Error|invalid"):
        save(tmp_path / "a.xlsx", bytes(data))
    assert list(tmp_path.iterdir()) == []


def test_a_target_open_in_another_program(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace an open file with PermissionError."""

    def held(*_: object) -> None:
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(os, "replace", held)
    with pytest.raises(Locked) as caught:
        save(target, b"new")
    assert (caught.value.path, target.read_bytes(), only(target)) == (target, b"old", True)


def test_a_folder_that_cannot_be_written(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is no lock: waiting would not help. (Simulated, since nothing is forbidden to root.)"""

    def forbidden(**_: object) -> None:
        raise PermissionError(errno.EACCES, "permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", forbidden)
    with pytest.raises(PermissionError):
        save(target, b"new")
    assert target.read_bytes() == b"old"


@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken disk"), PermissionError(errno.EACCES, "in use")])
def test_what_is_placed_without_waiting_is_whole_or_not_there(
    error: OSError, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(target, b"new")
    assert (target.read_bytes(), only(target)) == (b"new", True)

    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(Locked if isinstance(error, PermissionError) else OSError):
            place(target, b"newer")
    assert (target.read_bytes(), only(target)) == (b"new", True)


def test_a_folder_that_is_not_there_is_no_lock(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        place(tmp_path / "none" / "a.txt", b"new")


def test_a_target_that_is_a_folder(target: Path) -> None:
    with pytest.raises(OSError, match=target.parent.name):
        save(target.parent, b"new")
    assert only(target)


def test_a_parent_that_is_a_file(target: Path) -> None:
    with pytest.raises(OSError, match=target.name):
        save(target / "below.txt", b"new")
    assert target.read_bytes() == b"old"


HOLD = """
import sys
from pathlib import Path
from cmme_xl.spreadsheet import lock
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "summary.xlsx"
    holder = python(HOLD, path)
    try:
        assert said(holder) == "held"
        with pytest.raises(Locked) as caught, lock(path):
            pass
        assert f"process {holder.pid}," in caught.value.holder
        holder.communicate("")
        with lock(path):
            pass
    finally:
        ended(holder)
    assert list(tmp_path.iterdir()) == []


@posix
def test_the_lock_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "summary.xlsx"
    holder = python(HOLD, path)
    assert said(holder) == "held"
    ended(holder)
    assert [each.name for each in tmp_path.iterdir()] == [".summary.xlsx.lock"]
    with lock(path):
        assert json.loads((tmp_path / ".summary.xlsx.lock").read_text())["pid"] == os.getpid()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"pid": 1, "host": "elsewhere", "since": "?"}'])
def test_a_marker_nobody_holds_is_no_lock_whatever_it_says(content: bytes, tmp_path: Path) -> None:
    marker = tmp_path / ".summary.xlsx.lock"
    marker.write_bytes(content)
    with lock(tmp_path / "summary.xlsx"):
        assert json.loads(marker.read_text())["pid"] == os.getpid()


def test_a_held_marker_that_says_nothing_still_locks(tmp_path: Path) -> None:
    path = tmp_path / "summary.xlsx"
    with lock(path):
        (tmp_path / ".summary.xlsx.lock").write_bytes(b"")
        with pytest.raises(Locked) as caught, lock(path):
            pass
    assert caught.value.holder == ""


def test_the_lock_is_given_back_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "summary.xlsx"
    with pytest.raises(RuntimeError), lock(path):
        raise RuntimeError
    with lock(path):
        pass


def test_two_files_are_locked_apart(tmp_path: Path) -> None:
    with lock(tmp_path / "a.xlsx"), lock(tmp_path / "b.xlsx"):
        pass


def test_many_at_once_never_hold_it_together_and_never_block(tmp_path: Path) -> None:
    """Every thread gets the lock at last; a marker left behind by the dead lies there from the start."""
    path = tmp_path / "summary.xlsx"
    (tmp_path / ".summary.xlsx.lock").write_text('{"pid": 999999999, "host": "gone", "since": "?"}')
    inside: list[int] = []
    together: list[int] = []
    times = [0] * 8
    limit = time.monotonic() + 30

    def work(number: int) -> None:
        while times[number] < 20 and time.monotonic() < limit:
            try:
                with lock(path):
                    inside.append(number)
                    together.append(len(inside))
                    time.sleep(0.0005)
                    inside.remove(number)
                    times[number] += 1
            except Locked:
                time.sleep(0.001)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert times == [20] * 8
    assert set(together) == {1}


COUNT = """
import sys, time
from pathlib import Path
from cmme_xl.spreadsheet import Locked, lock
path, counter = Path(sys.argv[1]), Path(sys.argv[2])
done = 0
while done < 25:
    try:
        with lock(path):
            value = int(counter.read_text())
            time.sleep(0.0005)
            counter.write_text(str(value + 1))
            done += 1
    except Locked:
        time.sleep(0.001)
"""


def test_processes_that_count_under_the_lock_lose_no_count(tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    processes = [python(COUNT, tmp_path / "summary.xlsx", counter) for _ in range(3)]
    for process in processes:
        process.communicate(timeout=60)
    assert counter.read_text() == "75"


@posix
@pytest.mark.parametrize("how", ["save", "place", "lock"])
def test_what_cannot_be_written_is_named_and_no_passing_file(how: str, tmp_path: Path) -> None:
    # so long that the file itself would do, and no file named after it
    path = tmp_path / ("x" * 250 + ".txt") if how != "place" else tmp_path / "none" / "x.txt"
    ways = {"save": lambda: save(path, b"new"), "place": lambda: place(path, b"new"), "lock": lock(path).__enter__}
    with pytest.raises(OSError, match=r"x\.txt") as failed:
        ways[how]()
    assert failed.value.filename == str(path)
