"""Returns read by others: whoever reads, the results are the same, and what takes a worker with it is lost alone."""

import gc
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fault_books import edited, returned, sent, with_parts

from cmme_xl.cli.program import run
from cmme_xl.reading.apart import limit_time
from cmme_xl.reading.container import Refused
from cmme_xl.returned import batches
from cmme_xl.returned.batches import cluster, processes, spread
from cmme_xl.returned.model import Returned
from cmme_xl.returned.read import read_folder

WHAT = ("plain", "dies", "plain too", "hangs", "raises", "burns", "last")


def done(batch: Sequence[str]) -> list[str]:
    return [each.upper() if each not in ("dies", "hangs", "raises", "burns") else ended(each) for each in batch]


def ended(way: str) -> str:
    if way == "dies":
        os._exit(3)
    if way == "raises":
        raise RuntimeError(way)
    if way == "burns":
        limit_time(0.1)
        while time.process_time() < 60:
            pass
    time.sleep(60)
    return ""


def lost(task: str, refused: Refused) -> str:
    return f"{task}: {refused.finding.code}"


def spread_over(executor: Executor, tasks: Sequence[str], size: int = 1, patience: float = 20.0) -> list[str]:
    return list(spread(executor, done, ((task, size) for task in tasks), lost, patience))


@pytest.fixture
def returns(tmp_path: Path) -> Path:
    """A folder of everything: accepted, duplicate, unreadable, read apart, no workbook at all."""
    (tmp_path / "a.xlsx").write_bytes(returned())
    (tmp_path / "other.xlsx").write_bytes(edited(lambda workbook: workbook["问卷"].insert_rows(6, 3)))
    (tmp_path / "P2.xlsx").write_bytes(sent().filled["P2"])
    (tmp_path / "copy of a.xlsx").write_bytes(returned())
    (tmp_path / "broken.xlsx").write_bytes(returned()[:-2000])
    (tmp_path / "bomb.xlsx").write_bytes(with_parts(strings=b"<!DOCTYPE x><sst/>"))
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook\0".encode("utf-16-le") * 99)
    for number in range(60):
        (tmp_path / f"note {number}.txt").write_text(f"no questionnaire {number}")
    return tmp_path


def read(folder: Path, executor: Executor | None = None) -> Returned:
    return read_folder(sent().plan, sent().issues, folder, executor=executor)


class Broken(Executor):
    """One whose workers die: at once, or when asked for the result."""

    def __init__(self, at_once: bool) -> None:
        self._at_once = at_once

    def submit(self, *_: Any, **__: Any) -> "Future[Any]":
        if self._at_once:
            raise BrokenExecutor
        future: Future[Any] = Future()
        future.set_exception(MemoryError())
        return future


@contextmanager
def local_cluster() -> Iterator[Executor]:
    from distributed import LocalCluster

    with (
        LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, protocol="tcp"
        ) as started,
        cluster(started.scheduler_address) as executor,
    ):
        yield executor
    gc.collect()  # what it leaves to the collector is warned of within this test


def test_whoever_reads_the_results_are_the_same(returns: Path) -> None:
    here = read(returns)
    assert len({file.status for file in here.files}) == 3
    with ThreadPoolExecutor(2) as threads, processes(1) as pool:
        for executor in (threads, pool, Broken(at_once=True), Broken(at_once=False)):
            there = read(returns, executor)
            assert (there.files, there.answers, there.findings) == (here.files, here.answers, here.findings)


@pytest.mark.filterwarnings("ignore")  # a cluster in a test's own process leaves sockets to the collector
def test_a_cluster_reads_the_same(returns: Path) -> None:
    here = read(returns)
    with local_cluster() as executor:
        there = read(returns, executor)
    assert (there.files, there.answers, there.findings) == (here.files, here.answers, here.findings)


def test_where_returns_are_many_processes_read_them(returns: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = read(returns)
    started: list[int] = []

    @contextmanager
    def counted(number: int) -> Iterator[Executor]:
        started.append(number)
        with processes(number) as pool:
            yield pool

    monkeypatch.setattr("cmme_xl.returned.read.MANY", 10)
    monkeypatch.setattr("cmme_xl.returned.read.processes", counted)
    monkeypatch.setattr("cmme_xl.returned.read.cores", lambda: 2)
    assert read(returns).files == here.files
    assert started == [2]


def test_what_takes_its_worker_with_it_is_lost_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "on_the_clock", lambda seconds: 3.0)
    what = WHAT if hasattr(signal, "SIGXCPU") else [each for each in WHAT if each != "burns"]
    with processes(1) as pool:
        found = dict(zip(what, spread_over(pool, what), strict=True))
    assert found.pop("burns", "burns: FIL_040") == "burns: FIL_040"
    assert list(found.values()) == ["PLAIN", "dies: FIL_042", "PLAIN TOO", "hangs: FIL_040", "raises: FIL_042", "LAST"]


def test_a_batch_that_never_comes_back_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "on_the_clock", lambda seconds: 3.0)
    with processes(1) as pool:
        assert spread_over(pool, ("hangs", "last"), patience=2.0) == ["hangs: FIL_040", "LAST"]


def test_where_no_process_can_be_started_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: str) -> None:
        raise OSError

    monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", refused)
    assert spread_over(Broken(at_once=True), ("plain", "last")) == ["PLAIN", "LAST"]


def test_only_so_much_is_on_its_way_at_a_time() -> None:
    taken = 0

    class Slow(Executor):
        """Counts how many tasks have been taken when the first result is asked for."""

        def submit(self, work: Any, /, *given: Any, **_: Any) -> "Future[Any]":
            future: Future[Any] = Future()
            future.set_result(work(*given))
            return future

    def tasks() -> Iterator[tuple[str, int]]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield str(number), batches.BYTES

    results = spread(Slow(), done, tasks(), lost)
    assert next(results) == "0"
    assert taken <= batches.ON_THEIR_WAY // batches.BYTES + 1
    assert list(results) == [str(number) for number in range(1, 1000)]


def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    import signal
    import subprocess

    code = """
import os, sys, time
from cmme_xl.returned.batches import processes
if __name__ == "__main__":
    with processes(1) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        time.sleep(60)
"""
    script = tmp_path / "start.py"
    script.write_text(code)
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.communicate()
    for _ in range(100):
        if not _alive(worker):
            return
        time.sleep(0.1)
    pytest.fail("the worker lives on")


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_no_cluster_ends_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cmme_xl.cli.ending import Ended

    words = ["consolidate", str(tmp_path / "plan.xlsx"), str(tmp_path), "-o", str(tmp_path / "s.xlsx")]
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Ended):
        run([*words, "--scheduler", "tcp://127.0.0.1:1"])
    assert "[cluster]" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.setattr(batches, "LONGEST", 8.0)
    with pytest.raises(Ended):
        run([*words, "--scheduler", "tcp://127.0.0.1:1"])
    assert "127.0.0.1:1" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["nowhere", "tcp://nowhere", "foo://bar:3", "tcp://127.0.0.1:x"])
def test_an_address_that_is_none_starts_no_client(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    # one that is begun and fails speaks up again, with a traceback, when the program ends
    monkeypatch.setattr(distributed, "Client", lambda *_, **__: pytest.fail("a client was begun"))
    with pytest.raises(ValueError, match=r"address|int"), cluster(address):
        pass
