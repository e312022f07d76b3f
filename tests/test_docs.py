"""The documentation tells the truth: its commands run, and what they need is there."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
EXAMPLES = [
    line.split("  #")[0].strip()
    for block in BLOCKS
    for line in block.splitlines()
    if line.strip() and "venv" not in line
]

PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def programs(example: str) -> list[str]:
    """The programs that a command line starts: what stands first, and after ``|``, ``&&`` and ``;``."""
    words = shlex.split(example, comments=True)
    starts = [0, *(at + 1 for at, word in enumerate(words) if word in ("|", "&&", ";"))]
    return [words[start] for start in starts]


def test_programs_of_a_command_line() -> None:
    line = "cat a | entityscan extract - && sqlite3 x 'SELECT a || b; | no' | sort  # | not"
    assert programs(line) == ["cat", "entityscan", "sqlite3", "sort"]


@pytest.mark.parametrize("program", ["jq", "sort", "mlr", "csvcut", "sqlite3", "duckdb"])
def test_readme_has_a_pipe_for_each_well_known_tool(program: str) -> None:
    assert any(program in programs(example)[1:] for example in EXAMPLES)


def test_readme_has_one_command_to_run_and_one_to_test() -> None:
    setup = [block.strip() for block in BLOCKS if "python3 -m venv" in block]
    assert len(setup) == 2
    assert setup[0].endswith("entityscan extract samples/")
    assert setup[1].endswith("-m pytest")


@pytest.mark.model
@pytest.mark.parametrize("example", EXAMPLES)
def test_readme_examples_run(example: str, tmp_path: Path) -> None:
    for program in programs(example):
        if shutil.which(program, path=PATH) is None:
            pytest.skip(f"{program} is not installed")
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    (tmp_path / "articles").mkdir()
    for name in ("politics.txt", "procurement.txt", "wire_report.txt"):
        shutil.copy(ROOT / "samples" / name, tmp_path / "articles")
    shutil.copy(ROOT / "samples" / "wire.jsonl", tmp_path / "feed.jsonl")
    shutil.copy(ROOT / "tests" / "gold" / "gold.jsonl", tmp_path / "gold.jsonl")
    shutil.copy(sorted((ROOT / "samples").glob("*.txt"))[0], tmp_path / "article.txt")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", example],
        cwd=tmp_path,
        env={**os.environ, "PATH": PATH},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout or any(word in example for word in ("-o ", "> "))


TOOLS = {
    "entityscan": "entityscan",
    "spaCy, medium pipeline": "spacy-md-ner",
    "spaCy, small pipeline": "spacy-sm-ner",
}
FIGURES = (
    "normalised person",
    "normalised place",
    "normalised organisation",
    "normalised equipment",
    "equipment_all equipment",
    "normalised all",
)


def test_readme_figures_are_those_of_the_benchmark() -> None:
    results = json.loads((ROOT / "bench" / "results" / "accuracy.json").read_text("utf-8"))
    measured = results["accuracy"]["defence_news"]["tools"]
    for label, tool in TOOLS.items():
        figures = " | ".join(f"{100 * measured[tool]['kinds'][name]['f1']:.1f}" for name in FIGURES)
        assert f"| {label} | {figures} |" in README


@pytest.mark.model
def test_readme_shows_the_table_that_the_command_prints() -> None:
    [block] = re.findall(r"```console\n\$ entityscan (.*?)\n(.*?)```", README, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-m", "entityscan", *block[0].split(), "-f", "table", "-q"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "88", "NO_COLOR": "1"},
        capture_output=True,
        timeout=300,
        check=True,
    )
    assert done.stdout.decode().strip("\n") == block[1].strip("\n")
