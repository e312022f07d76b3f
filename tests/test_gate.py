"""The floors of accuracy: what makes the gate fail, and what it takes to lower a floor."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "models"))

from gate import Corpus, Figure, check, load, reach, save, update  # noqa: E402

GOLD = ROOT / "tests" / "evaluation" / "gold.jsonl"
PREDICTIONS = ROOT / "tests" / "evaluation" / "predictions.jsonl"


def floor(value: float, half_width: float = 0.02, sha256: str = "a") -> dict[str, Corpus]:
    return {"wire": Corpus(sha256, {"person f1": Figure(value, half_width)})}


@pytest.mark.parametrize(("now", "fails"), [(0.95, 0), (0.9, 0), (0.885, 0), (0.879, 1)])
def test_a_figure_may_fall_by_its_interval(now: float, fails: int) -> None:
    assert len(check(floor(now), floor(0.9))) == fails


def test_the_message_names_corpus_and_figure() -> None:
    assert check(floor(0.8), floor(0.9)) == ["wire person f1: 0.800, below 0.900 by more than 0.020"]


def test_a_changed_corpus_and_a_lost_figure_fail() -> None:
    assert "gold has changed" in check(floor(0.9, sha256="b"), floor(0.9))[0]
    assert "no longer measured" in check({"wire": Corpus("a", {})}, floor(0.9))[0]


def test_a_corpus_without_floors_passes() -> None:
    assert check(floor(0.1), {}) == []


def test_a_floor_rises_freely() -> None:
    moved, refusals = update(floor(0.95), floor(0.9), "")
    assert (moved, refusals) == (floor(0.95), [])


def test_a_floor_sinks_only_with_a_reason_in_the_changelog() -> None:
    moved, refusals = update(floor(0.85), floor(0.9), "floor lowered: wire place f1: stricter gold")
    assert moved == floor(0.9)
    assert "floor lowered: wire person f1: reason" in refusals[0]
    assert update(floor(0.85), floor(0.9), "- floor lowered: wire person f1: ")[1]
    moved, refusals = update(floor(0.85), floor(0.9), "- floor lowered: wire person f1: stricter gold")
    assert (moved, refusals) == (floor(0.85), [])


def test_a_changed_corpus_does_not_wash_a_floor_away() -> None:
    moved, refusals = update(floor(0.85, sha256="b"), floor(0.9), "")
    assert refusals
    assert moved == floor(0.9)
    assert update(floor(0.95, sha256="b"), floor(0.9), "")[0] == floor(0.95, sha256="b")


def test_floors_survive_the_file(tmp_path: Path) -> None:
    save(tmp_path / "floors.json", floor(0.9))
    assert load(tmp_path / "floors.json") == floor(0.9)
    assert load(tmp_path / "none.json") == {}


def test_figures_of_a_corpus() -> None:
    [(name, corpus)] = reach([GOLD], predictions=PREDICTIONS).items()
    assert name == "gold"
    assert corpus.figures["person f1"].value == 0.75
    assert corpus.figures["across matched b_cubed f1"].half_width > 0
    assert "equipment_all equipment f1" in corpus.figures


def run(action: str, folder: Path, gold: Path) -> subprocess.CompletedProcess[str]:
    options = [
        "--predictions",
        PREDICTIONS,
        "--floors",
        folder / "floors.json",
        "--changelog",
        folder / "CHANGELOG.md",
    ]
    command = [sys.executable, ROOT / "models" / "gate.py", action, gold, *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_the_command_fails_when_a_floor_is_broken(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("", "utf-8")
    assert run("update", tmp_path, GOLD).returncode == 0
    assert run("check", tmp_path, GOLD).returncode == 0
    stored = json.loads((tmp_path / "floors.json").read_text("utf-8"))
    stored["gold"]["figures"]["person f1"] = [0.99, 0.01]
    (tmp_path / "floors.json").write_text(json.dumps(stored), "utf-8")
    for action in ("check", "update"):
        result = run(action, tmp_path, GOLD)
        assert result.returncode == 1
        assert "gold person f1" in result.stderr


def _committed() -> list[Path]:
    """The gold files that are at hand and have committed floors."""
    corpora = os.environ.get("ENTITYSCAN_CORPORA")
    files = [*(ROOT / "tests" / "gold").glob("*.jsonl")]
    files += (Path(corpora) / "dev").glob("*.jsonl") if corpora else []
    known = load(ROOT / "models" / "floors.json")
    return sorted(path for path in files if path.stem in known)


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("path", _committed(), ids=lambda path: path.stem)
def test_accuracy_holds_its_floors(path: Path) -> None:
    assert check(reach([path]), load(ROOT / "models" / "floors.json")) == []
