"""Whole runs with a scan file: nothing twice, nothing lost, the same bytes after any kill."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Run
from test_layers import LAYERS

from entityscan import tagging
from entityscan.records import Document
from entityscan.scanning import TAGGING_SIDE, ScanOptions, scan
from entityscan.store import Store
from entityscan.writing import WriteOptions, write_json

ARTICLES = 24
KILLS = 60
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def story(number: int) -> str:
    words = " ".join(
        random.Random(number).choices("talks aid border grain winter power rail port".split(), k=40)
    )
    return f"Prime Minister Donald Tusk spoke in Warsaw of {words}. Tusk said NATO would send {number} F-16s."


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(ARTICLES):
        (folder / f"{number:02}.txt").write_text(story(number))
    (folder / "copy.txt").write_text(story(3))
    (folder / "broken.txt").write_bytes(b"caf\xe9")
    (folder / "empty.txt").write_text("")
    return folder


def test_the_second_run_tags_nothing_and_gives_the_same_bytes(entityscan: Run, archive: Path) -> None:
    plain = entityscan("extract", "archive", "-f", "json")
    assert plain.returncode == 3
    first = entityscan("extract", "archive", "-f", "json", "--db", "s.sqlite")
    second = entityscan("extract", "archive", "-f", "json", "--db", "s.sqlite", "-j", "2")
    assert first.stdout == second.stdout == plain.stdout
    assert b"; 25 texts new, 26 articles in s.sqlite\n" in first.stderr
    assert b"; 0 texts new, 26 articles in s.sqlite\n" in second.stderr
    for options in (["-f", "csv"], ["--mentions"], ["-k", "place", "-f", "tsv"]):
        exported = entityscan("export", "s.sqlite", *options, stdin=None)
        assert exported.returncode == 0
        assert exported.stdout == entityscan("extract", "archive", *options).stdout


@pytest.mark.parametrize("options", [("-f", "csv"), ("-f", "jsonl", "--mentions"), ("-f", "conll")])
def test_export_of_saved_json_is_what_extract_writes(
    entityscan: Run, archive: Path, options: tuple[str, ...]
) -> None:
    entityscan("extract", "archive", "-o", "saved.json")
    done = entityscan("export", "saved.json", *options)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == entityscan("extract", "archive", *options).stdout


def test_a_scan_file_grows_by_what_is_new_and_what_changed(entityscan: Run, archive: Path) -> None:
    entityscan("extract", "archive/00.txt", "archive/01.txt", "--db", "s.sqlite")
    (archive / "00.txt").write_text(story(99))
    done = entityscan("extract", "archive/00.txt", "archive/02.txt", "--db", "s.sqlite", "-f", "json")
    assert b"2 texts new, 3 articles in s.sqlite" in done.stderr
    (archive / "03.txt").unlink()
    plain = entityscan(
        "extract", "archive/00.txt", "archive/01.txt", "archive/02.txt", "-f", "json", "--no-run"
    )
    assert entityscan("export", "s.sqlite", "-f", "json", "--no-run").stdout == plain.stdout


def test_merge_makes_the_entities_again(entityscan: Run, archive: Path, tmp_path: Path) -> None:
    before = entityscan("extract", "archive", "--db", "s.sqlite", "-q").stdout
    with contextlib.closing(sqlite3.connect(tmp_path / "s.sqlite")) as db, db:
        db.execute("DELETE FROM receipts")
        db.execute("UPDATE entities SET name = 'changed'")
        db.execute("UPDATE mentions SET entity = NULL WHERE start % 2")
    done = entityscan("merge", "s.sqlite")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.startswith(b"entityscan: 120 mentions, 4 entities")
    assert entityscan("export", "s.sqlite").stdout == before


def test_export_says_that_nothing_is_there(entityscan: Run, tmp_path: Path) -> None:
    done = entityscan("export", "s.sqlite")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"entityscan: s.sqlite: no such file; 'entityscan extract --db' makes it\n"
    Store(str(tmp_path / "s.sqlite")).close()
    assert b"s.sqlite: no run has finished" in entityscan("export", "s.sqlite").stderr


def test_the_report_accounts_for_every_input(entityscan: Run, archive: Path, tmp_path: Path) -> None:
    (archive / "wire.txt").write_text("By our own correspondent. " + story(5))
    entityscan("extract", "archive", "missing.txt", "--report", "r.json", "--db", "s.sqlite")
    report = json.loads((tmp_path / "r.json").read_bytes())
    ledger = report["run"]["ledger"]
    assert (ledger["articles_read"], ledger["articles_processed"], ledger["windows"]) == (27, 26, 25)
    assert ledger["duplicates"] == [{"document": "archive/copy.txt", "same_as": "archive/03.txt"}]
    assert ledger["near_duplicates"] == [{"document": "archive/wire.txt", "same_as": "archive/05.txt"}]
    assert [item["path"] for item in ledger["skipped"]] == ["archive/broken.txt", "missing.txt"]
    assert ledger["empty"] == ["archive/empty.txt"]
    assert report["tagged_now"] == 26
    with contextlib.closing(sqlite3.connect(tmp_path / "s.sqlite")) as db:
        events = db.execute("SELECT event, document FROM ledger ORDER BY event, document").fetchall()
        [attributes] = db.execute("SELECT attributes FROM entities WHERE name = 'Warsaw'").fetchone()
    assert events == [
        ("duplicate", "archive/copy.txt"),
        ("empty", "archive/empty.txt"),
        ("near-duplicate", "archive/wire.txt"),
        ("skipped", "archive/broken.txt"),
        ("skipped", "missing.txt"),
    ]
    assert json.loads(attributes)["independent_documents"] == 24


def test_settings_that_decide_the_mentions_make_a_text_new(
    entityscan: Run, archive: Path, tmp_path: Path
) -> None:
    entityscan("extract", "archive/00.txt", "archive/01.txt", "--db", "s.sqlite")
    (tmp_path / "own.csv").write_text("family,category,names\nZorgon,uav,Zorgon-2\n")
    done = entityscan("extract", "archive/00.txt", "--db", "s.sqlite", "--equipment", "own.csv")
    assert (
        b"; 1 text new, 2 articles in s.sqlite; 1 article of other settings, read again to renew"
        in done.stderr
    )


def test_the_fingerprint_sees_everything_that_tagging_uses() -> None:
    used, new = set(), {"tagging"}
    while new:
        used |= new
        new = set().union(*(LAYERS[name] for name in new)) - used
    without = {"errors", "workers"}  # they decide no mention
    assert {name.removesuffix(".py") for name in TAGGING_SIDE} == (used - without) | {
        "data",
        "recogniser",
    }  # spaCy loads it


def test_a_bug_that_meets_every_article_ends_the_run(archive: Path, rules_model: str, monkeypatch) -> None:
    monkeypatch.setattr(tagging, "_tag_document", lambda *_: 1 // 0)
    with pytest.raises(tagging.PipelineError, match=r"no article could be tagged: .*ZeroDivisionError"):
        scan([str(archive)], ScanOptions(rules_model))


# ---------------------------------------------------------------- kill -9


@pytest.fixture
def in_child(rules_model: str, monkeypatch) -> Callable[[Callable[[], None]], int]:
    """Run a function in a forked process, with a pipeline that is loaded once; return how it ended."""
    pipeline = tagging.load_pipeline(rules_model)
    monkeypatch.setattr(tagging, "load_pipeline", lambda *_: pipeline)

    def run(job: Callable[[], None]) -> int:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                job()
                code = 0
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    return run


def output(archive: Path, db: Path | None) -> bytes:
    result, _ = scan([str(archive)], ScanOptions(db=str(db or "")))
    return b"".join(write_json(result, WriteOptions()))


@contextlib.contextmanager
def killed_at(statement: int) -> Iterator[list[int]]:
    """Kill this process when the store executes its nth SQL statement; count them."""
    counted = [0]
    prepare = Store._prepare

    def trace(_: str) -> None:
        counted[0] += 1
        if counted[0] == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    def prepare_traced(self: Store) -> None:
        self._db.set_trace_callback(trace)
        prepare(self)

    Store._prepare = prepare_traced  # type: ignore[method-assign]
    try:
        yield counted
    finally:
        Store._prepare = prepare  # type: ignore[method-assign]


def test_after_any_kill_the_next_run_ends_with_the_same_bytes(
    archive: Path, tmp_path: Path, in_child
) -> None:
    expected = output(archive, None)
    with killed_at(0) as counted:
        assert output(archive, tmp_path / "whole.sqlite") == expected
    generator, kills, files = random.Random(7), 0, 0
    while kills < KILLS:
        files += 1
        db, result = tmp_path / f"{files}.sqlite", tmp_path / f"{files}.json"
        ended = -signal.SIGKILL
        while ended == -signal.SIGKILL:
            statement = generator.randint(1, counted[0] * 3 // 2)

            def job(db: Path = db, result: Path = result, statement: int = statement) -> None:
                with killed_at(statement):
                    result.write_bytes(output(archive, db))

            ended = in_child(job)
            kills += ended == -signal.SIGKILL
        assert ended == 0
        assert result.read_bytes() == expected
    assert files > 5


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_parallel_run_that_is_ended_leaves_no_process_and_keeps_what_is_finished(
    entityscan: Run, rules_model: str, archive: Path, tmp_path: Path, how: signal.Signals
) -> None:
    for number in range(100, 400):
        (archive / f"{number}.txt").write_text(story(number) * 5)
    command = [sys.executable, "-m", "entityscan", "extract", "archive", "-m", rules_model, "-j", "2", "-q"]
    with subprocess.Popen(
        [*command, "--db", "s.sqlite"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not _tagged(tmp_path / "s.sqlite") and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(how)
        _, messages = process.communicate(timeout=60)
    if how is signal.SIGINT:
        assert process.returncode == 130
        assert messages.endswith(b"interrupted; s.sqlite keeps what is finished, run again to go on\n")
    deadline = time.monotonic() + 30
    while subprocess.run(["pgrep", "-g", str(process.pid)], capture_output=True, check=False).stdout:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    kept = _tagged(tmp_path / "s.sqlite")
    assert 0 < kept < 325
    done = entityscan("extract", "archive", "-f", "json", "--db", "s.sqlite", "-j", "2")
    assert f"; {325 - kept:,} texts new, 326 articles in s.sqlite\n".encode() in done.stderr
    assert done.stdout == entityscan("extract", "archive", "-f", "json").stdout


def _tagged(path: Path) -> int:
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT count(*) FROM texts WHERE fingerprint <> ''").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


# ---------------------------------------------------------------- memory


def test_tagging_does_not_remember_words(rules_model: str) -> None:
    nlp = tagging.load_pipeline(rules_model)
    generator, sizes = random.Random(1), set()  # the length of the vocabulary counts freed words too
    for number in range(20):
        words = " ".join("".join(generator.choices("abcdefgh", k=9)).title() for _ in range(200))
        tagging._tag_document(nlp, Document(str(number), f"Tusk of {words} flew {number} X-{number}s."))
        sizes.add(len(nlp.vocab.strings))
    assert len(sizes) == 1


def test_a_long_text_is_tagged_in_pieces_with_exact_offsets(rules_model: str) -> None:
    text = "".join(f"{story(number % 50)} Straße № {number}.\n" for number in range(2_000))
    tagged = tagging._tag_document(tagging.load_pipeline(rules_model), Document("a", text))
    assert tagged.windows >= len(text) // 20_000
    assert all(text[m.start : m.end] == m.text for m in tagged.mentions)
    assert sum(m.text == "Donald Tusk" for m in tagged.mentions) == text.count("Donald Tusk") == 2_000
    assert sum(m.text == "F-16s" for m in tagged.mentions) == 2_000
