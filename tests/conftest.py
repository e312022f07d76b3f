"""What several test files share: a small pipeline of rules, and the command as a real process."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"

Run = Callable[..., subprocess.CompletedProcess[bytes]]

settings.register_profile("no deadline", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("no deadline")
signal.signal(
    signal.SIGINT, signal.default_int_handler
)  # a runner in the background ignores Ctrl-C; processes inherit that


@pytest.fixture(scope="session")
def rules_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A pipeline folder that knows a few names, so that a test of the command needs no trained weights."""
    import spacy

    nlp = spacy.blank("en")
    patterns = [
        {"label": "PERSON", "pattern": "Donald Tusk"},
        {"label": "PERSON", "pattern": "Tusk"},
        {"label": "GPE", "pattern": "Warsaw"},
        {"label": "ORG", "pattern": "NATO"},
        {"label": "ORG", "pattern": "North Atlantic Treaty Organization"},
    ]
    nlp.add_pipe("entity_ruler").add_patterns(patterns)  # type: ignore[attr-defined]
    folder = tmp_path_factory.mktemp("model") / "rules"
    nlp.to_disk(folder)
    return str(folder)


@pytest.fixture
def entityscan(rules_model: str, tmp_path: Path) -> Run:
    """Run the command in ``tmp_path``; ``extract`` uses the pipeline of rules unless told otherwise."""

    def run(
        *args: str, stdin: bytes | None = b"", model: str | None = rules_model
    ) -> subprocess.CompletedProcess[bytes]:
        chosen = ["--model", model] if args[0] in {"extract", "evaluate"} and model else []
        return subprocess.run(
            [sys.executable, "-m", "entityscan", *args, *chosen],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
            timeout=300,
            check=False,
        )

    return run
