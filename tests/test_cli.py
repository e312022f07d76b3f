"""The command as a user meets it: real processes, with exact output, messages and exit codes."""

import json
import os
import pty
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import SAMPLES, Run

STORY = "Prime Minister Donald Tusk spoke in Warsaw. Tusk said NATO would send F-16s.\n"
OTHER = "The North Atlantic Treaty Organization (NATO) met in Warsaw.\n"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "one.txt").write_text(STORY)
    (folder / "two.txt").write_text(OTHER)
    return folder


def rows(output: bytes) -> list[dict]:
    return [json.loads(line) for line in output.splitlines()]


def test_extract_a_folder_gives_one_row_for_each_thing(entityscan: Run, articles: Path) -> None:
    done = entityscan("extract", "articles")
    assert done.returncode == 0
    assert [(row["kind"], row["name"], row["mentions"], row["documents"]) for row in rows(done.stdout)] == [
        ("person", "Donald Tusk", 2, 1),
        ("place", "Warsaw", 2, 2),
        ("organisation", "NATO", 3, 2),
        ("equipment", "F-16", 1, 1),
    ]
    assert done.stderr == b"entityscan: 2 articles, 22 words, 8 mentions, 4 entities\n"


def test_extract_reads_argument_stdin_folder_and_records_alike(
    entityscan: Run, articles: Path, tmp_path: Path
) -> None:
    (tmp_path / "one.jsonl").write_text(json.dumps({"id": "one", "text": STORY}) + "\n")
    (articles / "two.txt").unlink()
    outputs = [
        entityscan("extract", "articles/one.txt", "-f", "csv").stdout,
        entityscan("extract", "articles", "-f", "csv").stdout,
        entityscan("extract", "-", "-f", "csv", stdin=STORY.encode()).stdout,
        entityscan("extract", "-f", "csv", stdin=STORY.encode()).stdout,
        entityscan("extract", "one.jsonl", "-f", "csv").stdout,
        entityscan("extract", "--files-from", "-", "-f", "csv", stdin=b"articles/one.txt\n").stdout,
        entityscan("extract", "--files-from", "-", "-0", "-f", "csv", stdin=b"articles/one.txt\0").stdout,
    ]
    assert outputs[0].count(b"\n") == 5
    assert set(outputs) == {outputs[0]}


def test_a_run_leaves_nothing_in_the_home_folder(articles: Path, tmp_path: Path) -> None:
    """The network's runtime writes a device number there once it wants to report to its maker."""
    home = tmp_path / "home"
    home.mkdir()
    quiet = {"CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "XDG_CACHE_HOME", "GITHUB_ACTIONS"}
    environment = {key: value for key, value in os.environ.items() if key not in quiet} | {"HOME": str(home)}
    command = [sys.executable, "-m", "entityscan", "extract", str(articles)]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert len(rows(done.stdout)) == 4
    assert [path.name for path in home.rglob("*") if path.is_file()] == []


def test_extract_gives_the_same_bytes_for_any_order_and_any_jobs(entityscan: Run, articles: Path) -> None:
    plain = entityscan("extract", "articles/one.txt", "articles/two.txt", "-f", "json", "--no-run").stdout
    assert json.loads(plain)["entities"]
    assert (
        entityscan("extract", "articles/two.txt", "articles/one.txt", "-f", "json", "--no-run").stdout
        == plain
    )
    assert entityscan("extract", "articles", "-j", "2", "-f", "json", "--no-run").stdout == plain


def test_extract_goes_on_after_a_missing_file(entityscan: Run, articles: Path) -> None:
    done = entityscan("extract", "missing.txt", "articles/one.txt")
    assert done.returncode == 3
    assert len(rows(done.stdout)) == 4
    assert done.stderr.decode().splitlines() == [
        "entityscan: missing.txt: no such file or folder",
        "entityscan: 1 article, 13 words, 5 mentions, 4 entities; 1 input skipped",
    ]


def test_extract_fails_when_nothing_can_be_read(entityscan: Run) -> None:
    done = entityscan("extract", "missing.txt")
    assert (done.returncode, done.stdout) == (1, b"")
    assert (
        done.stderr == b"entityscan: missing.txt: no such file or folder\nentityscan: nothing could be read\n"
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"caf\xe9", "bad.txt: not UTF-8 text (byte 3); name its encoding, such as --encoding cp1252"),
        (b"%PDF-1.7 Kyiv", "bad.txt: PDF; save its text as a file first"),
        (b"PK\x03\x04\0", "bad.txt: ZIP archive or office document; save its text as a file first"),
        (
            b'{"schema":"entityscan/1","run":',
            "bad.txt: a result of entityscan, no article; 'show', 'report', 'why' and 'diff' read it",
        ),
        (b"\x7fELF\0\0", "bad.txt: binary file; if it is text, name its encoding with --encoding"),
    ],
)
def test_extract_names_what_it_cannot_decode(
    entityscan: Run, articles: Path, tmp_path: Path, data: bytes, message: str
) -> None:
    (tmp_path / "bad.txt").write_bytes(data)
    done = entityscan("extract", "bad.txt", "articles")
    assert done.returncode == 3
    assert done.stderr.decode().splitlines()[0] == f"entityscan: {message}"


def test_extract_an_empty_file_says_so(entityscan: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    done = entityscan("extract", "empty.txt")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode().splitlines() == [
        "entityscan: empty.txt: empty, nothing to find",
        "entityscan: 1 article, 0 words, 0 mentions, 0 entities",
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-32"])
def test_extract_honours_byte_order_marks_and_keeps_offsets(
    entityscan: Run, tmp_path: Path, encoding: str
) -> None:
    text = STORY.replace("\n", "\r\n")
    (tmp_path / "story.txt").write_bytes(text.encode(encoding))
    done = entityscan("extract", "story.txt", "--mentions")
    assert done.returncode == 0
    assert all(text[row["start"] : row["end"]] == row["text"] for row in rows(done.stdout))
    assert len(rows(done.stdout)) == 5


def test_extract_counts_the_same_text_once(entityscan: Run, articles: Path) -> None:
    (articles / "copy.txt").write_text(STORY)
    done = entityscan("extract", "articles", "-f", "json")
    assert b"1 duplicate processed once" in done.stderr
    whole = json.loads(done.stdout)
    assert whole["run"]["ledger"]["duplicates"] == [
        {"document": "articles/one.txt", "same_as": "articles/copy.txt"}
    ]
    assert [document["id"] for document in whole["documents"]] == ["articles/copy.txt", "articles/two.txt"]


def test_extract_writes_a_file_by_its_suffix(entityscan: Run, articles: Path, tmp_path: Path) -> None:
    done = entityscan("extract", "articles", "-o", "entities.json")
    assert (done.returncode, done.stdout) == (0, b"")
    whole = json.loads((tmp_path / "entities.json").read_bytes())
    assert whole["schema"] == "entityscan/1"
    assert whole["run"]["ledger"]["articles_read"] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["articles", "entities.json"]


def test_extract_says_that_it_cannot_write(entityscan: Run, articles: Path) -> None:
    done = entityscan("extract", "articles", "-o", "no/such/folder/out.csv")
    assert done.returncode == 1
    assert (
        done.stderr
        == b"entityscan: no/such/folder/out.csv: there is no folder no/such/folder; make it first\n"
    )


def test_extract_filters_and_sorts(entityscan: Run, articles: Path) -> None:
    def chosen(*options: str) -> list[str]:
        return [row["name"] for row in rows(entityscan("extract", "articles", *options).stdout)]

    assert chosen("--kind", "place", "-k", "equipment") == ["Warsaw", "F-16"]
    assert chosen("--min-mentions", "3") == ["NATO"]
    assert chosen("--named-only", "--limit", "1", "--sort", "name") == [
        "Donald Tusk",
        "Warsaw",
        "NATO",
        "F-16",
    ]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ("extract", "--kind", "animal"),
            "'animal' is not one of 'person', 'place', 'organisation', 'equipment'",
        ),
        (
            ("extract", "-f", "xml"),
            "is not one of 'table', 'jsonl', 'json', 'csv', 'tsv', 'markdown', 'geojson', 'parquet'",
        ),
        (("extract", "x", "--kind", "tank"), "'--kind' / '-k': 'tank' is not one of 'person', 'place'"),
        (("verdict", "kind", "Mars", "planet"), "'KIND': 'planet' is not one of 'person', 'place'"),
        (("extract", "x", "-o", "out.xlsx"), "out.xlsx: no format is known by that suffix"),
        (("extract", "-j", "0"), "at least one process is needed"),
        (("extrakt",), "No such command 'extrakt'"),
        ((str(SAMPLES),), f"is no command; to scan it: entityscan extract {SAMPLES}"),
    ],
)
def test_wrong_usage_is_explained(entityscan: Run, args: tuple[str, ...], message: str) -> None:
    done = entityscan(*args)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in " ".join(done.stderr.decode().split())


def test_kinds_may_be_spelt_as_americans_do(entityscan: Run, articles: Path) -> None:
    done = entityscan("extract", "articles", "--kind", "organization", "-f", "jsonl")
    assert done.returncode == 0
    assert done.stdout == entityscan("extract", "articles", "--kind", "organisation", "-f", "jsonl").stdout
    assert done.stdout


def test_extract_says_what_is_wrong_with_a_model(entityscan: Run, articles: Path) -> None:
    done = entityscan("extract", "articles", model="no_such_model")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == (
        b"entityscan: model 'no_such_model' not found; give the name of an installed spaCy pipeline or a folder\n"
    )


def test_extract_without_input_at_a_terminal_helps_and_stops() -> None:
    master, slave = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "entityscan", "extract"],
        stdin=slave,
        capture_output=True,
        timeout=60,
        check=False,
    )
    os.close(master)
    os.close(slave)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"Usage: entityscan extract")


def test_extract_survives_a_reader_that_goes_away(rules_model: str, articles: Path) -> None:
    command = f"{sys.executable} -m entityscan extract {articles} -m {rules_model} -q --mentions | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=120, check=False)
    first, status = done.stdout.splitlines()
    assert json.loads(first)["text"] == "Donald Tusk"
    assert (status, done.stderr) == (b"0", b"")


def test_quiet_says_nothing_and_verbose_names_what_was_passed_over(entityscan: Run, articles: Path) -> None:
    (articles / ".hidden").write_text("x")
    assert entityscan("extract", "articles", "--quiet").stderr == b""
    assert b"articles/.hidden: passed over: hidden\n" in entityscan("extract", "articles", "-v").stderr


@pytest.fixture
def gold(tmp_path: Path) -> str:
    spans = [
        {"start": 15, "end": 26, "label": "PERSON", "entity": "Donald Tusk"},
        {"start": 36, "end": 42, "label": "PLACE", "entity": "Warsaw"},
        {"start": 44, "end": 48, "label": "PERSON", "entity": "Donald Tusk"},
        {"start": 54, "end": 58, "label": "ORG", "entity": "NATO"},
        {"start": 70, "end": 75, "label": "EQUIPMENT", "entity": "F-16"},
        {"start": 0, "end": 5, "label": "PLACE", "entity": "Prime, a village"},
    ]
    row = {"id": "one", "text": STORY, "global_ids": True, "spans": spans}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row) + "\n")
    return "gold.jsonl"


def test_evaluate_measures_mentions_and_merging(entityscan: Run, gold: str) -> None:
    done = entityscan("evaluate", gold, "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    report = json.loads(done.stdout)
    assert report["schema"] == "entityscan-evaluation/1"
    place = report["spans"]["normalised"]["place"]
    assert (place["precision"], place["recall"]) == (1.0, 0.5)
    assert report["spans"]["normalised"]["all"]["precision"] == 1.0
    assert report["merging"]["across"]["views"]["matched"]["b_cubed"]["f1"] == 1.0
    assert report["mistake_totals"]["missed"] == 1


def test_evaluate_prints_tables_and_the_worst_mistakes(entityscan: Run, gold: str) -> None:
    lines = entityscan("evaluate", gold, "--errors", "1").stdout.decode().splitlines()
    assert any(line.split()[:2] == ["person", "100.0"] for line in lines)
    assert any("missed" in line and "«Prime»" in line for line in lines)


def test_evaluate_takes_the_predictions_of_another_system(entityscan: Run, gold: str, tmp_path: Path) -> None:
    rows = {"document": "one", "start": 15, "end": 26, "kind": "person", "text": "Donald Tusk"}
    (tmp_path / "mentions.jsonl").write_text(json.dumps(rows) + "\n")
    report = json.loads(entityscan("evaluate", gold, "--predictions", "mentions.jsonl", "--json").stdout)
    assert report["spans"]["normalised"]["person"]["recall"] == 0.5


def test_evaluate_says_what_is_wrong_with_gold(entityscan: Run, tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text(
        '{"id": "a", "text": "b", "spans": [{"start": 0, "end": 9, "label": "ORG"}]}'
    )
    done = entityscan("evaluate", "gold.jsonl")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"entityscan: gold.jsonl:1: ")


def test_catalogue_search_tells_what_a_name_means(entityscan: Run) -> None:
    [himars] = rows(entityscan("catalogue", "search", "himars", "--json").stdout)
    assert (himars["category"], himars["domain"], himars["origin"]) == ("mlrs", "land", "US")
    assert b"T-72B3" in entityscan("catalogue", "show", "T-72").stdout
    missing = entityscan("catalogue", "search", "Zorgon")
    assert (missing.returncode, missing.stdout) == (1, b"")
    assert (
        missing.stderr
        == b"entityscan: nothing in the catalogue is called 'Zorgon'; add it with --equipment FILE\n"
    )


def test_catalogue_list_knows_categories_and_domains(entityscan: Run) -> None:
    tanks = rows(entityscan("catalogue", "list", "--category", "tank", "--json").stdout)
    assert {row["category"] for row in tanks} == {"tank"}
    assert {"T-72", "Leopard 2"} <= {row["family"] for row in tanks}
    assert (
        b"no category 'tankk'; choose one of: air,"
        in entityscan("catalogue", "list", "--category", "tankk").stderr
    )


OWN_CSV = (
    "family,category,names,origin\nZorgon,uav,Zorgon-2 | Flapper drone X,UA\nF-16 Special,fighter,F-16,XX\n"
)
OWN_TOML = """
[families.Zorgon]
category = "uav"
names = ["Zorgon-2"]
origin = "UA"
[families."F-16 Special"]
category = "fighter"
names = ["F-16"]
"""


def test_catalogue_explain_shows_the_evidence(entityscan: Run) -> None:
    text = "The army sent Leopard tanks past General Omar Bradley."
    found = rows(entityscan("catalogue", "explain", text, "--json").stdout)
    assert [(row["text"], row["accepted"], row["why"]) for row in found] == [
        ("Leopard", True, "class noun beside it (tank)"),
        ("Bradley", False, "surname of a person in the text"),
    ]
    assert b"class noun beside it" in entityscan("catalogue", "explain", text).stdout


@pytest.mark.parametrize(("name", "content"), [("own.csv", OWN_CSV), ("own.toml", OWN_TOML)])
def test_own_equipment_is_found_and_wins_over_the_catalogue(
    entityscan: Run, tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content)
    text = b"A Zorgon-2 met two F-16s over Odesa."
    found = rows(entityscan("extract", "-", "--equipment", name, "-k", "equipment", stdin=text).stdout)
    assert [(row["name"], row["attributes"]["category"]) for row in found] == [
        ("F-16 Special", "fighter"),
        ("Zorgon", "uav"),
    ]
    mentions = rows(
        entityscan("extract", "-", "--equipment", name, "--mentions", "-j", "2", stdin=text).stdout
    )
    assert {row["source"] for row in mentions if row["kind"] == "equipment"} == {"user"}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "own.csv",
            "family,category\nZorgon,spaceship\n",
            "own.csv:2: no category 'spaceship'; 'entityscan kinds' lists them",
        ),
        ("own.csv", "family,category\nZorgon\n", "own.csv:2: the number of cells differs from the header's"),
        (
            "own.csv",
            "family,category,origin\nZorgon,uav,Ukraine\n",
            "own.csv:2: origin is 'Ukraine', expected",
        ),
        (
            "own.csv",
            "family,category,colour\nZorgon,uav,red\n",
            "own.csv:2: unknown colour; known: family, names",
        ),
        ("own.toml", "[families.Zorgon\n", "own.toml: not TOML (Expected ']'"),
        (
            "own.toml",
            '[families.Z]\ncategory = "uav"\nnames = "Z-2"\n',
            'own.toml: families."Z": names must be a list of texts',
        ),
        ("none.csv", None, "none.csv: no such file or directory; give a CSV or TOML file"),
    ],
)
def test_own_equipment_that_is_broken_is_refused_with_its_place(
    entityscan: Run, tmp_path: Path, name: str, content: str | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    done = entityscan("catalogue", "list", "--equipment", name)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().startswith(f"entityscan: {message}")


def test_help_does_not_load_spacy() -> None:
    code = "import sys\nfrom entityscan.cli import app\ntry:\n    app(['extract', '--help'])\nexcept SystemExit:\n    pass\nprint('spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == b"False"
    assert b"--min-mentions" in done.stdout


def test_version_names_everything_that_decides_the_result(entityscan: Run) -> None:
    lines = entityscan("--version").stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == ["entityscan", "python", "spacy", "model"]


def test_kinds_lists_the_categories(entityscan: Run) -> None:
    lines = entityscan("kinds").stdout.decode().splitlines()
    assert lines[:4] == ["person", "place", "organisation", "equipment"]
    assert any(line.startswith("equipment\tland\ttank\t") for line in lines)


def test_brat_is_a_folder_unless_its_name_is_that_of_an_archive(
    entityscan: Run, articles: Path, tmp_path: Path
) -> None:
    assert entityscan("extract", "articles", "-q", "-f", "brat", "-o", "corpus.v2").returncode == 0
    assert entityscan("extract", "articles", "-q", "-o", "corpus.zip").returncode == 0
    with zipfile.ZipFile(tmp_path / "corpus.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "corpus.v2").iterdir()} == packed
    again = entityscan("extract", "articles", "-q", "-f", "brat", "-o", "corpus.v2")
    assert (again.returncode, again.stdout) == (2, b"")
    assert b"corpus.v2: is there already; name a new folder, or an archive: corpus.v2.zip" in again.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["articles", "corpus.v2", "corpus.zip"]
