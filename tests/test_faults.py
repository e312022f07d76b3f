"""What goes wrong around the command: files, folders, disks, streams and signals. One line, and the right code."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Run

from entityscan.cli.console import write_file
from entityscan.errors import InputError
from entityscan.reading import read
from entityscan.records import Skipped

ARTICLE = b"Donald Tusk met NATO in Warsaw with T-72 tanks.\n"
ON_LINUX = pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no /dev/full here")
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can take its rights away")


def found(*inputs: str | Path) -> list[str]:
    return [
        f"{item.path}: {item.reason}" if isinstance(item, Skipped) else item.id
        for item in read(map(str, inputs))
    ]


# ---------------------------------------------------------------- reading


def test_links_in_circles_and_to_nowhere_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(ARTICLE)
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "self").symlink_to(tmp_path)
    (tmp_path / "nowhere").symlink_to("missing")
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path) == [
        f"{tmp_path}/a.txt",
        f"{tmp_path}/circle: not a regular file",
        f"{tmp_path}/nowhere: not a regular file",
        f"{tmp_path}/pipe: not a regular file",
        f"{tmp_path}/self: link to a folder",
    ]


def test_folders_of_any_depth_are_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    depth = sys.getrecursionlimit() + 200
    for _ in range(depth):  # step by step: longer paths than the system takes, and no recursion here either
        (here := Path("d")).mkdir()
        os.chdir(here)
    Path("a.txt").write_bytes(ARTICLE)
    os.chdir(tmp_path)
    assert found("d") == ["/".join(["d"] * depth + ["a.txt"])]
    for _ in range(depth):
        os.chdir("d")
    Path("a.txt").unlink()
    for _ in range(depth):  # pytest would remove it by recursion
        os.chdir("..")
        Path("d").rmdir()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x" * 300, "file name too long"),
        ("a\0b", "no file can have such a name"),
        ("missing/a.txt", "no such file or folder"),
    ],
)
def test_names_that_no_file_has_are_told(name: str, reason: str) -> None:
    assert found(name) == [f"{name}: {reason}"]


def test_a_file_that_vanishes_during_a_walk_is_told(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_bytes(ARTICLE)
    items = read([str(tmp_path)])
    next(items)
    (tmp_path / "b.txt").unlink()
    (tmp_path / "c.txt").write_bytes(b"shorter")
    assert [getattr(item, "reason", "") or getattr(item, "text", "") for item in items] == [
        "no such file or folder",
        "shorter",
    ]


def test_a_disk_that_fails_in_the_middle_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def read(self, size: int = -1) -> bytes:
            raise OSError(5, "Input/output error")

    [item] = read(["-"], stdin=Broken())  # type: ignore[arg-type]
    assert item == Skipped("-", "input/output error; what came before was read")


@AS_ROOT
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    """As another user, since root may read everything."""
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "a.txt").write_bytes(ARTICLE)
    (tmp_path / "secret.txt").write_bytes(ARTICLE)
    (tmp_path / "open.txt").write_bytes(ARTICLE)
    (tmp_path / "secret.txt").chmod(0)
    (tmp_path / "closed").chmod(0)
    for folder in [tmp_path, *tmp_path.parents[:2]]:
        folder.chmod(0o755)
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.setuid(65534)
            assert found(tmp_path, tmp_path / "closed" / "a.txt") == [
                f"{tmp_path}/closed: no permission to read it",
                f"{tmp_path}/open.txt",
                f"{tmp_path}/secret.txt: no permission to read it",
                f"{tmp_path}/closed/a.txt: no permission to read it",
            ]
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_names_that_look_like_options_are_read(entityscan: Run, tmp_path: Path) -> None:
    for name in ("--quiet", "-x", "-"):
        (tmp_path / name).write_bytes(ARTICLE)
    done = entityscan("extract", "./-", "./--quiet", ".")
    assert (done.returncode, b"3 articles" in done.stderr or b"5 articles" in done.stderr) == (0, True)


# ---------------------------------------------------------------- writing


def test_a_link_stays_a_link_and_a_device_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    write_file(tmp_path / "link", [b"one"])
    assert ((tmp_path / "link").is_symlink(), (tmp_path / "target").read_bytes()) == (True, b"one")
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_file(tmp_path / "pipe", [b"two"])
    assert os.read(reader, 9) == b"two"
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    os.close(reader)


def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")

    def fails() -> object:
        yield b"half"
        raise OSError(28, "No space left on device")

    (tmp_path / "old.json").write_bytes(b"old")
    for name, reason in (
        ("missing/a.json", "no such file or directory"),
        ("", "is a directory"),
        ("circle", "symlink loop|too many levels"),
        ("x" * 300, "file name too long"),
        ("old.json", "no space left on device"),
    ):
        with pytest.raises(InputError, match=reason):
            write_file(tmp_path / name, fails())  # type: ignore[arg-type]
    assert (tmp_path / "old.json").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["circle", "old.json"]


@ON_LINUX
def test_a_full_disk_is_told(entityscan: Run, tmp_path: Path) -> None:
    done = entityscan("extract", "-", "-f", "csv", "-o", "/dev/full", stdin=ARTICLE)
    assert done.returncode == 1
    assert done.stderr == b"entityscan: /dev/full: no space left on device; the result was not written\n"
    assert Path("/dev/full").is_char_device()


SHELL = [
    ("extract a.txt > /dev/full", 1, b"standard output: no space left on device"),
    ("extract a.txt >&-", 1, b"standard output: bad file descriptor"),
    ("extract - <&-", 0, b"-: empty, nothing to find"),
    ("extract a.txt 2>&-", 0, b""),
    ("extract a.txt 2>/dev/full", 0, b""),
    ("kinds | true", 0, b""),
    ("kinds > /dev/full", 1, b"standard output: no space left on device"),
    ("kinds >&-", 1, b"standard output: bad file descriptor"),
    ("--version > /dev/full", 1, b"standard output: no space left on device"),
    ("schema > /dev/full", 1, b"standard output: no space left on device"),
]


@ON_LINUX
@pytest.mark.parametrize(("command", "code", "message"), SHELL, ids=[command for command, _, _ in SHELL])
def test_streams_that_are_closed_or_full(
    rules_model: str, tmp_path: Path, command: str, code: int, message: bytes
) -> None:
    (tmp_path / "a.txt").write_bytes(ARTICLE)
    model = f"--model {rules_model}" if command.startswith("extract") else ""
    words = command.split(" ", 1)
    line = " ".join(["set -o pipefail;", sys.executable, "-m entityscan", words[0], model, *words[1:]])
    done = subprocess.run(["bash", "-c", line], capture_output=True, cwd=tmp_path, timeout=120, check=False)
    assert done.returncode == code
    assert message in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_messages_do_not_steer_the_terminal(entityscan: Run) -> None:
    done = entityscan("extract", "no\x1b]0;owned\x07\nfile\u202e")
    assert done.returncode == 1
    assert (
        done.stderr.decode().splitlines()[0]
        == "entityscan: no\ufffd]0;owned\ufffd file\ufffd: no such file or folder"
    )


# ---------------------------------------------------------------- signals


@pytest.mark.parametrize(
    ("name", "jobs"), [("SIGINT", "2"), ("SIGTERM", "2"), ("SIGTERM", "1"), ("SIGHUP", "1")]
)
def test_a_signal_ends_the_run_with_one_line(rules_model: str, tmp_path: Path, name: str, jobs: str) -> None:
    """While it waits for an article that does not come."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a.txt").write_bytes(ARTICLE)
    command = [
        "extract",
        "a.txt",
        "pipe",
        "-o",
        "out.json",
        "--model",
        rules_model,
        "--jobs",
        jobs,
        "--db",
        "s.sqlite",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "entityscan", *command],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(
            signal.SIGHUP, signal.SIG_DFL
        ),  # nohup ignores it, and that is inherited
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / "s.sqlite").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(getattr(signal, name))
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert err == b"entityscan: interrupted; s.sqlite keeps what is finished, run again to go on\n"
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith((".entityscan", "out"))]
