"""Share batches of work among processes: bounded, ordered, and safe when a process dies.

What comes in: a function that prepares the work (it loads the model) and batches of items. What goes
out: one result for each item, in the order of the items. Nothing here knows what the work is.

Each process has a pipe of its own and holds one batch at a time, so it is known what was lost when a
process dies: its items are tried once more, one by one, in a new process, and what ends that one too
is a :class:`Failure`. Items that raise are treated the same way. Processes are spawned, never forked,
and end by themselves when the parent is gone.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from entityscan.errors import EntityscanError, PipelineError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnContext, SpawnProcess

T = TypeVar("T")
R = TypeVar("R")
Work = Callable[[Sequence[T]], Sequence[R]]
"""Gives one result for each item of a batch."""

_AHEAD = 4  # batches in flight for each process: keeps them busy, and bounds what waits in memory
_PATIENCE = 5.0  # seconds that an idle process is given to end by itself


@dataclass(frozen=True, slots=True)
class Failure:
    """An item that could not be worked on, tried twice."""

    reason: str


def available_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    start: Callable[[], Work[T, R]], batches: Iterable[Sequence[T]], *, jobs: int
) -> Iterator[tuple[T, R | Failure]]:
    """Work on every batch.

    Args:
        start: Prepares the work; called once in each process, so it must be picklable when ``jobs`` is
            more than 1. What it raises ends the run.
        batches: Read lazily; a bounded number is held at a time.
        jobs: Number of processes, at least 1; with 1 the work is done here.

    Yields:
        Each item with its result, or with the reason why there is none, in order.

    Raises:
        PipelineError: when a process dies before it is ready.
    """
    if jobs > 1:
        yield from _run_parallel(start, batches, jobs)
        return
    work: Work[T, R] | None = None
    for batch in batches:
        work = work or start()
        yield from zip(batch, attempt(work, batch), strict=True)


def attempt(work: Work[T, R], batch: Sequence[T]) -> list[R | Failure]:
    """Work on a batch; when that raises, on its items one by one."""
    try:
        return list(work(batch))
    except EntityscanError:
        raise
    except Exception:  # whatever goes wrong with one item must not lose the others
        return [_attempt_alone(work, item) for item in batch]


def _attempt_alone(work: Work[T, R], item: T) -> R | Failure:
    try:
        [result] = work([item])
    except EntityscanError:
        raise
    except Exception as err:  # the reason is reported with the item
        first_line = (str(err).strip().splitlines() or [""])[0]
        return Failure(f"{type(err).__name__}: {first_line}" if first_line else type(err).__name__)
    return result


# ---------------------------------------------------------------- in the process


def _serve(start: Callable[[], Work[T, R]], connection: "Connection[Any, Any]") -> None:
    """Answer batches until the parent closes the pipe; the first answer says that the process is ready."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the parent is gone
        try:
            work = start()
            connection.send(None)
            while True:
                connection.send(attempt(work, connection.recv()))
        except EntityscanError as err:
            connection.send(err)


# ---------------------------------------------------------------- in the parent


@dataclass(slots=True)
class _Slot(Generic[T, R]):
    """A batch on its way, and the results that it has so far."""

    items: Sequence[T]
    results: dict[int, R | Failure] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return len(self.results) == len(self.items)


@dataclass(frozen=True, slots=True)
class _Task(Generic[T, R]):
    """Items of a slot that one process works on: all of them, or one that is tried again."""

    slot: _Slot[T, R]
    indexes: Sequence[int]
    again: bool = False


@dataclass(slots=True)
class _Worker(Generic[T, R]):
    process: "SpawnProcess"
    connection: "Connection[Any, Any]"
    ready: bool = False
    task: _Task[T, R] | None = None


def _run_parallel(
    start: Callable[[], Work[T, R]], batches: Iterable[Sequence[T]], jobs: int
) -> Iterator[tuple[T, R | Failure]]:
    crew: _Crew[T, R] = _Crew(start, jobs)
    slots: deque[_Slot[T, R]] = deque()
    source = iter(batches)
    try:
        while True:
            for batch in islice(source, jobs * _AHEAD - len(slots)):
                slots.append(_Slot(batch))
                crew.tasks.append(_Task(slots[-1], range(len(batch))))
            if not slots:
                break
            crew.assign()
            while slots and slots[0].complete:
                done = slots.popleft()
                yield from ((item, done.results[index]) for index, item in enumerate(done.items))
            if slots and not slots[0].complete:
                crew.await_one()
        crew.dismiss(_PATIENCE)
    finally:
        crew.dismiss(0)


class _Crew(Generic[T, R]):
    """The processes, and the tasks that no process has yet."""

    def __init__(self, start: Callable[[], Work[T, R]], jobs: int) -> None:
        import multiprocessing  # late: --help must stay instant

        self.tasks: deque[_Task[T, R]] = deque()
        self._start = start
        self._jobs = jobs
        self._context: SpawnContext = multiprocessing.get_context("spawn")
        self._workers: list[_Worker[T, R]] = []

    def assign(self) -> None:
        """Give tasks to idle processes; start processes while there are more tasks."""
        for worker in list(self._workers):
            if self.tasks and worker.ready and worker.task is None:
                self._give(worker, self.tasks.popleft())
        starting = sum(not worker.ready for worker in self._workers)
        wanted = min(self._jobs - len(self._workers), len(self.tasks) - starting)
        for _ in range(wanted):
            self._workers.append(self._hire())

    def await_one(self) -> None:
        """Wait until at least one process has answered or died, and take what it says."""
        from multiprocessing.connection import wait

        speaking = wait([worker.connection for worker in self._workers])
        for worker in [worker for worker in self._workers if worker.connection in speaking]:
            try:
                answer = worker.connection.recv()
            except (EOFError, ConnectionResetError):
                self._bury(worker)
                continue
            if isinstance(answer, EntityscanError):
                raise answer
            if worker.task is not None:
                worker.task.slot.results.update(zip(worker.task.indexes, answer, strict=True))
            worker.ready, worker.task = True, None

    def dismiss(self, patience: float) -> None:
        """End all processes; those that have not ended after ``patience`` seconds are stopped."""
        for worker in self._workers:
            worker.connection.close()
        for worker in self._workers:
            worker.process.join(patience)
            worker.process.kill()
            worker.process.join()
        self._workers.clear()

    def _give(self, worker: _Worker[T, R], task: _Task[T, R]) -> None:
        worker.task = task
        with suppress(BrokenPipeError, ConnectionResetError):  # it has died; await_one will see it
            worker.connection.send([task.slot.items[index] for index in task.indexes])

    def _hire(self) -> _Worker[T, R]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(self._start, theirs), daemon=True)
        with _interrupts_ignored():
            process.start()
        theirs.close()  # so that the pipe ends with the process
        return _Worker(process, ours)

    def _bury(self, worker: _Worker[T, R]) -> None:
        """Take a dead process off the list, and give its items a second chance or the reason of its death."""
        worker.process.join()
        worker.connection.close()
        self._workers.remove(worker)
        reason = _cause_of_death(worker.process.exitcode or 0)
        task = worker.task
        if task is None and not worker.ready:
            raise PipelineError(f"a process {reason} while it loaded the model; try fewer with --jobs")
        if task is None:
            return
        if task.again:
            task.slot.results[task.indexes[0]] = Failure(f"the process that worked on it {reason}, twice")
        else:
            retries = [_Task(task.slot, [index], again=True) for index in task.indexes]
            self.tasks.extendleft(reversed(retries))


def _cause_of_death(exit_code: int) -> str:
    if exit_code < 0:
        with suppress(ValueError):
            return f"was killed ({signal.Signals(-exit_code).name})"
    return f"ended with code {exit_code}"


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Let processes that are started here ignore Ctrl-C from their first moment."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread: only that one can, and only that one is interrupted
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
