"""Processes: order, crashes, interrupts, and the same result for any number of them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from conftest import Run

from entityscan.errors import PipelineError
from entityscan.workers import Failure, available_processors, run

ARTICLES = 40
STORY = "Prime Minister Donald Tusk spoke in Warsaw on day {}. Tusk said NATO would send F-16s.\n"


def start_squares(folder: str) -> Callable[[Sequence[int]], list[int]]:
    """Work that squares; some numbers end the process, the first time or always, or raise."""

    def square(number: int) -> int:
        marker = Path(folder, str(number))
        if number % 10 == 3 and not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 17:
            os._exit(9)
        if number == 28:
            raise ValueError("no square for 28\nnor for others")
        return number * number

    return lambda batch: [square(number) for number in batch]


def start_badly() -> Callable[[Sequence[int]], list[int]]:
    os._exit(5)


def start_refusing() -> Callable[[Sequence[int]], list[int]]:
    raise PipelineError("no such model")


def start_slow(seconds: float) -> Callable[[Sequence[int]], list[int]]:
    def work(batch: Sequence[int]) -> list[int]:
        time.sleep(seconds)
        return list(batch)

    return work


def test_run_replaces_processes_that_die_and_skips_only_what_kills_twice(tmp_path: Path) -> None:
    batches = [range(begin, begin + 5) for begin in range(0, 40, 5)]
    found = list(run(partial(start_squares, str(tmp_path)), batches, jobs=2))
    assert [number for number, _ in found] == list(range(40))
    failures = {number: result.reason for number, result in found if isinstance(result, Failure)}
    assert failures == {
        17: "the process that worked on it ended with code 9, twice",
        28: "ValueError: no square for 28",
    }
    assert all(result == number**2 for number, result in found if number not in failures)


def test_run_reads_only_a_bounded_number_of_batches_ahead() -> None:
    taken: list[int] = []

    def batches() -> Iterator[list[int]]:
        for number in range(100):
            taken.append(number)
            yield [number]

    found = run(partial(start_slow, 0.001), batches(), jobs=2)
    next(found)
    assert len(taken) <= 10
    assert [number for number, _ in found] == list(range(1, 100))


def test_run_ends_when_a_process_cannot_start() -> None:
    with pytest.raises(PipelineError, match="a process ended with code 5 while it loaded the model"):
        list(run(start_badly, [[1]], jobs=2))
    with pytest.raises(PipelineError, match="no such model"):
        list(run(start_refusing, [[1]], jobs=2))


def test_run_leaves_no_process_when_the_reader_stops() -> None:
    found = run(partial(start_slow, 0.05), ([number] for number in range(50)), jobs=2)
    next(found)
    children = [child for child in _children(os.getpid()) if "spawn_main" in _command(child)]
    assert children
    found.close()
    assert not [child for child in children if _command(child)]


def _children(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, check=False)
    return [int(pid) for pid in listed.stdout.split()]


def _group(leader: int) -> list[int]:
    listed = subprocess.run(["pgrep", "-g", str(leader)], capture_output=True, check=False)
    return [int(pid) for pid in listed.stdout.split()]


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(ARTICLES):
        (folder / f"{number:03}.txt").write_text(STORY.format(number))
    return folder


def test_extract_gives_the_same_bytes_for_every_number_of_processes(entityscan: Run, archive: Path) -> None:
    plain = entityscan("extract", "archive", "-f", "json")
    assert (plain.returncode, plain.stdout.count(b'"T')) != (0, 0)
    for jobs in ("3", "auto"):
        done = entityscan("extract", "archive", "-f", "json", "-j", jobs)
        assert (done.returncode, done.stderr, done.stdout) == (0, plain.stderr, plain.stdout)


def test_jobs_auto_uses_the_processors_that_there_are() -> None:
    assert 1 <= available_processors() <= (os.cpu_count() or 1)


def test_extract_says_that_a_number_of_processes_is_none(entityscan: Run) -> None:
    done = entityscan("extract", "-", "-j", "many")
    assert done.returncode == 2
    assert b"'many' is neither a number nor 'auto'" in done.stderr


def test_extract_says_what_is_wrong_with_a_model_in_processes(entityscan: Run, archive: Path) -> None:
    done = entityscan("extract", "archive", "-j", "2", model="no_such_model")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"entityscan: model 'no_such_model' not found;")


def test_ctrl_c_ends_everything_with_130(rules_model: str, archive: Path) -> None:
    for number in range(ARTICLES, 4000):
        (archive / f"{number:04}.txt").write_text(STORY.format(number) * 20)
    command = [sys.executable, "-m", "entityscan", "extract", str(archive), "-m", rules_model, "-j", "2"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while len(_children(process.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)
    output, messages = process.communicate(timeout=60)
    assert (process.returncode, output, messages) == (130, b"", b"entityscan: interrupted\n")
    deadline = time.monotonic() + 10
    while (left := _group(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left
