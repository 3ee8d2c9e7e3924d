"""Work shared out in batches over any `concurrent.futures.Executor`; what becomes of it comes back in order.

So much is on its way at most, however much there is to do. Where a batch does not come back, since its worker died or
hangs or the executor gave up, its tasks are done again one by one in a process that is killed after a time: what takes
its worker with it is lost alone.
"""

import logging
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, Self, TypeVar, cast

from cmme_xl.reading.apart import MEMORY, SECONDS, limit, limit_time, on_the_clock, out_of_time
from cmme_xl.reading.container import Refused

log = logging.getLogger(__name__)
Task = TypeVar("Task")
Result = TypeVar("Result")
Work = Callable[[Sequence[Task]], Sequence[Result]]

TASKS, BYTES = 25, 2**19
"""A batch is closed with so many tasks or bytes."""
ON_THEIR_WAY = 6 * 2**20
LONGEST = 120.0
"""Seconds after which the batch that is next is given up."""


def spread(
    executor: Executor,
    work: Work[Task, Result],
    tasks: Iterable[tuple[Task, int]],
    lost: Callable[[Task, Refused], Result],
    patience: float = LONGEST,
) -> Iterator[Result]:
    """What `work` makes of each task, in the order of `tasks`, which come with their size in bytes.

    `work` and the tasks must pickle. `lost` makes the result of a task that took its process with it (FIL_042) or
    had to be stopped after reading.apart.SECONDS of the processor (FIL_040). An executor that breaks down costs time
    alone.
    """
    waiting: deque[tuple[Sequence[Task], int, Future[Sequence[Result]]]] = deque()
    with _Alone(work) as alone:

        def first() -> Iterator[Result]:
            batch, _, future = waiting.popleft()
            try:
                yield from future.result(patience)
            except Exception as error:  # whatever an executor has to say of a worker's end
                log.info("a batch of %d is done again one by one: %r", len(batch), error)
                for task in batch:
                    try:
                        yield alone.done(task)
                    except Refused as refused:
                        yield lost(task, refused)

        for batch, size in _batches(tasks):
            while waiting and size + sum(bytes_ for _, bytes_, _ in waiting) > ON_THEIR_WAY:
                yield from first()
            waiting.append((batch, size, _submitted(executor, work, batch)))
        while waiting:
            yield from first()


def _submitted(
    executor: Executor, work: Work[Task, Result], batch: Sequence[Task]
) -> "Future[Sequence[Result]]":
    try:
        return executor.submit(work, batch)
    except Exception as error:  # broken by an earlier batch, or closed
        failed: Future[Sequence[Result]] = Future()
        failed.set_exception(error)
        return failed


def _batches(tasks: Iterable[tuple[Task, int]]) -> Iterator[tuple[Sequence[Task], int]]:
    batch: list[Task] = []
    size = 0
    for task, bytes_ in tasks:
        batch.append(task)
        size += bytes_
        if len(batch) >= TASKS or size >= BYTES:
            yield batch, size
            batch, size = [], 0
    if batch:
        yield batch, size


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def processes(number: int) -> Iterator[Executor]:
    """So many processes of this machine, started alike on every system (spawn)."""
    before = multiprocessing.active_children()
    pool = ProcessPoolExecutor(number, multiprocessing.get_context("spawn"), _begin)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        # one that hangs would keep the program from its end
        for child in multiprocessing.active_children():
            if child not in before:
                child.kill()


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The workers of the Dask scheduler at `address`. Raises ImportError without the extra `cluster`, OSError or
    ValueError where there is no scheduler."""
    from distributed import Client
    from distributed.comm import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    # a client that cannot be made complains once more when the program ends
    scheme, location = parse_address(address)
    get_backend(scheme)
    if scheme in ("tcp", "tls"):
        parse_host_port(location)
    with Client(address, timeout=LONGEST / 8, set_as_default=False) as client:
        yield client.get_executor(pure=False)


def _begin() -> None:
    """A new process of ours leaves an interrupt to the one that started it, and ends with it, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()


class _Alone(Generic[Task, Result]):
    """A process that does one task at a time; another takes its place where it dies or has to be killed."""

    def __init__(self, work: Work[Task, Result]) -> None:
        self._work = work
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def done(self, task: Task) -> Result:
        """What becomes of `task`. Raises Refused FIL_040, FIL_042."""
        pipe = self._pipe or self._started()
        if pipe is None:
            return self._work([task])[0]  # no process to be had: better here than not at all
        try:
            pipe.send(task)
            if not pipe.poll(on_the_clock(SECONDS)):
                raise Refused("FIL_040", seconds=f"{SECONDS:g}")
            result, error = pipe.recv()
        except Refused:
            self._end()
            raise
        except (EOFError, OSError) as broken:
            code = self._end()
            if out_of_time(code):
                raise Refused("FIL_040", seconds=f"{SECONDS:g}") from broken
            raise Refused("FIL_042", detail="" if code is None else str(code)) from broken
        if error:
            raise Refused("FIL_042", detail=error)
        return cast(Result, result)

    def _started(self) -> Connection | None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(self._work, theirs), daemon=True)
        try:
            self._process.start()
            theirs.close()
            if self._pipe.poll(LONGEST):
                self._pipe.recv()
                return self._pipe
        except (EOFError, OSError, RuntimeError) as error:
            log.info("no process can be started: %r", error)
        self._end()
        return None

    def _end(self) -> int | None:
        """Ends the process, where there is one, and returns its exit code."""
        process, self._process = self._process, None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if process is None or process.pid is None:
            return None
        process.join(0.1)  # of its own accord, if it can
        process.kill()
        process.join()
        return process.exitcode


def _serve(work: Work[Task, Result], pipe: Connection) -> None:
    """What the process does that does one task at a time."""
    _begin()
    limit("RLIMIT_AS", MEMORY)
    pipe.send(None)
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        limit_time(SECONDS)
        try:
            told: tuple[Result | None, str] = work([task])[0], ""
        except Exception as error:
            told = None, repr(error)[:200]
        pipe.send(told)
