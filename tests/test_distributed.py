"""The Ray engine: on a cluster of two processors, the same entities and mentions as the local engine."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from conftest import SAMPLES, Run
from pyarrow.parquet import read_table, write_table

from entityscan.scanning import ScanOptions, scan
from entityscan.writing import entity_row, mention_rows

TWO_OF_ONE_NAME = (
    "Goalkeeper Owen Tarrant of Llanfair Rovers saved two penalties against Usk Town on Saturday.",
    "A panel in Yukon heard Owen Tarrant, the Canadian surgeon, and the Medicine Hat Trust on Monday.",
)
SPELLINGS = ("Volodymyr Zelensky", "Volodymyr Zelenskyy", "Vladimir Zelenskiy", "President Zelensky")


def articles() -> list[dict[str, str]]:
    """Articles in which names of others decide: spellings, kinds, namesakes, countries, copies."""
    generator = random.Random(5)
    found = []
    for number in range(30):
        day = " ".join(
            generator.choices("talks aid border grain winter power rail port harvest".split(), k=30)
        )
        texts = [
            f"{generator.choice(SPELLINGS)} met Donald Tusk in Warsaw for {day}. Tusk said Poland would send {number} T-72 tanks.",
            f"Fighting went on near Odessa, the Ukrainian Navy said of {day}. A Navy ship, the Moskva, was hit by a Neptune.",
            f"In Odessa, Texas, the mayor spoke of {day}. The United States Navy flew F-16s over Texas.",
            f"Wagner left Bakhmut after {day}. Jane Wagner of Essex said NATO knew. ESSEX, April 2 - Wagner spoke.",
        ]
        found.append(
            {"id": f"n{number % 25}", "text": texts[number % 4], "published": f"2024-05-{number + 1:02}"}
        )
    found += [{"id": f"t{number}", "text": text} for number, text in enumerate(TWO_OF_ONE_NAME)]
    wires = [
        {"id": f"wire{number}", "text": f"By our correspondent. {found[number]['text']}"}
        for number in range(4)
    ]
    return [
        *found,
        *wires,
        found[3] | {"id": "a"},
    ]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    rows = articles()
    (folder / "a.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows[:20]) + "no json\n")
    (folder / "b.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows[15:]))
    write_table(pa.Table.from_pylist([{"url": "", **row} for row in rows[10:12]]), folder / "c.parquet")
    for path in sorted(SAMPLES.glob("*.txt"))[:4]:
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (folder / "broken.txt").write_bytes(b"caf\xe9")
    return folder


@pytest.mark.model
@pytest.mark.slow
def test_ray_finds_what_the_local_engine_finds(
    tmp_path: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray", reason="ray is not installed: pip install 'entityscan[ray]'")
    monkeypatch.chdir(tmp_path)
    done = run("archive", "nowhere.txt", "--engine", "ray", "-o", "out")
    assert (done.returncode, done.stdout) == (3, ""), done.stderr
    result, ledger = scan(["archive", "nowhere.txt"], ScanOptions())
    copies = len(ledger.near_duplicates)
    assert len(ledger.duplicates) > 3
    assert copies > 3
    assert (
        f"; {len(ledger.duplicates)} duplicates processed once; {copies} near-duplicates; 3 inputs skipped"
        in done.stderr
    )
    assert "archive/broken.txt: not UTF-8 text" in done.stderr
    assert any("namesake" in entity.attributes for entity in result.entities)
    assert any("labels" in entity.attributes for entity in result.entities)
    assert any("independent_documents" in entity.attributes for entity in result.entities)
    found = [row | {"attributes": json.loads(row["attributes"])} for row in rows("entities")]
    assert found == [entity_row(entity) for entity in result.entities]
    mentions = [
        row | {"quantity": row["quantity"] and json.loads(row["quantity"])} for row in rows("mentions")
    ]
    assert sorted(mentions, key=_place) == sorted(mention_rows(result.entities), key=_place)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["Nothing is named here.", "NATO met."])
def test_an_archive_may_have_few_names_or_none(tmp_path: Path, rules_model: str, text: str) -> None:
    pytest.importorskip("ray", reason="ray is not installed: pip install 'entityscan[ray]'")
    (tmp_path / "a.txt").write_text(text)
    done = run("a.txt", "-m", rules_model, "--engine", "ray", "-o", "out", path=tmp_path)
    number = text.count("NATO")
    assert done.returncode == 0, done.stderr
    assert f"{number} mention{'' if number else 's'}, {number} entit{'y' if number else 'ies'}" in done.stderr


@pytest.mark.slow
def test_a_run_that_was_cut_short_goes_on_in_its_folder(tmp_path: Path, rules_model: str) -> None:
    pytest.importorskip("ray", reason="ray is not installed: pip install 'entityscan[ray]'")
    for name in "abcd":
        records = [
            {"id": f"{name}{at}", "text": f"{name} {at}: NATO met Donald Tusk in Warsaw."} for at in (1, 2)
        ]
        (tmp_path / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in records))
    given = ("a.jsonl", "b.jsonl", "c.jsonl", "d.jsonl", "-m", rules_model, "--engine", "ray", "-o", "out")
    whole = run(*given, path=tmp_path)
    assert whole.returncode == 0, whole.stderr
    folder = tmp_path / "out"
    before = {name: table(folder / name) for name in ("tagged", "mentions", "entities")}
    assert last_line(run(*given, path=tmp_path)) == "entityscan: out: holds a result; name another folder"
    # as a kill while it tagged leaves it: some articles written, some cut off, nothing merged
    (folder / "run.json").unlink()
    shutil.rmtree(folder / "entities")
    whole_part = read_table(folder / "tagged")
    shutil.rmtree(folder / "tagged")
    (folder / "tagged").mkdir()
    kept, cut = folder / "tagged" / "kept.parquet", folder / "tagged" / "cut.parquet"
    write_table(whole_part.slice(0, 5), kept)
    write_table(whole_part.slice(5, 2), cut)
    cut.write_bytes(cut.read_bytes()[:-5])
    as_it_was = kept.read_bytes()
    (tmp_path / "other.csv").write_text("family,category,names\nZorgon,uav,Zorgon-2\n")
    refused = run(*given, "--equipment", "other.csv", path=tmp_path)
    assert last_line(refused).endswith(
        "out: holds an unfinished run with other settings; name another folder"
    )
    refused = run(*given[:2], *given[4:], path=tmp_path)
    assert last_line(refused).endswith(
        "out: holds an unfinished run over other articles; name another folder"
    )
    done = run(*given, path=tmp_path)
    assert done.returncode == 0, done.stderr
    assert last_line(done) == last_line(whole) == "entityscan: 8 articles, 64 words, 24 mentions, 3 entities"
    assert {name: table(folder / name) for name in before} == before
    assert (kept.read_bytes(), cut.exists()) == (as_it_was, False)


@pytest.mark.slow
def test_a_cluster_of_two_machines_is_used_by_its_address(tmp_path: Path, rules_model: str) -> None:
    pytest.importorskip("ray", reason="ray is not installed: pip install 'entityscan[ray]'")
    from ray.cluster_utils import Cluster

    for at in range(6):
        (tmp_path / f"{at}.txt").write_text(f"{at}: NATO met Donald Tusk in Warsaw.")
    inputs = [f"{at}.txt" for at in range(6)]
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        cluster.add_node(num_cpus=1)
        cluster.wait_for_nodes()
        options = ("-m", rules_model, "--engine", "ray", "--address", cluster.address, "-o", "out")
        done = run(*inputs, *options, path=tmp_path)
    finally:
        cluster.shutdown()
    assert done.returncode == 0, done.stderr
    assert "6 articles, 42 words, 18 mentions, 3 entities" in done.stderr
    assert sorted(row["document"] for row in table(tmp_path / "out" / "mentions")) == sorted(3 * inputs)


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """What the program says; before it, Ray may speak."""
    return done.stderr.splitlines()[-1]


def table(folder: Path) -> list[dict[str, Any]]:
    found = [row for path in sorted(folder.glob("*.parquet")) for row in read_table(path).to_pylist()]
    return (
        sorted(found, key=json.dumps) if folder.name != "tagged" else sorted(found, key=lambda row: row["id"])
    )


def test_options_of_the_local_engine_are_refused(entityscan: Run, tmp_path: Path) -> None:
    done = entityscan("extract", ".", "--engine", "ray", "--db", "s.sqlite", "-o", "out")
    assert done.returncode == 2
    assert b"--db cannot be used with --engine ray" in done.stderr
    assert entityscan("extract", ".", "--engine", "ray").returncode == 2


def test_a_missing_extra_is_named_with_the_line_that_installs_it(tmp_path: Path) -> None:
    (tmp_path / "ray.py").write_text("raise ImportError('no ray here')\n")
    (tmp_path / "a.txt").write_text("Tusk spoke.")
    done = run("a.txt", "--engine", "ray", "-o", "out", path=tmp_path)
    assert done.returncode == 1
    assert (
        done.stderr == "entityscan: --engine ray needs Ray; install it with: pip install 'entityscan[ray]'\n"
    )


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["document"], row["start"], row["end"], row["entity"]


def run(*args: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "entityscan", "extract", *args]
    environment = os.environ | ({"PYTHONPATH": str(path)} if path else {})
    return subprocess.run(
        command, cwd=path, env=environment, capture_output=True, text=True, timeout=900, check=False
    )


def rows(name: str) -> list[dict[str, Any]]:
    return [
        row for path in sorted(Path("out", name).glob("*.parquet")) for row in read_table(path).to_pylist()
    ]
