"""The documentation tells the truth: its commands run, and what they need is there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def test_readme_has_one_command_to_run_and_one_to_test() -> None:
    setup = [block.strip() for block in BLOCKS if "python3 -m venv" in block]
    assert len(setup) == 2
    assert setup[0].endswith("entityscan extract samples/")
    assert setup[1].endswith("-m pytest")


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
