"""A pipeline's folder runs nothing but what is known to be safe."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.util import registry

from entityscan import vetting
from entityscan.errors import PipelineError
from entityscan.tagging import load_pipeline


class Payload:
    """What unpickling would call."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "was-run"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "NATO"}])  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture(autouse=True)
def _registered(marker: Path) -> None:
    """What an installed package could bring along: functions that a config may name."""

    def touch(**_: Any) -> Callable[..., Any]:
        marker.touch()
        return lambda *args: args[0] if args else None

    for name in ("misc", "callbacks", "readers", "tokenizers", "scorers"):
        getattr(registry, name).register("evil.Touch.v1", func=touch)


def change(folder: Path, old: str, new: str) -> None:
    config = folder / "config.cfg"
    assert old in config.read_text()
    config.write_text(config.read_text().replace(old, new, 1))


RULER = 'factory = "entity_ruler"\n'
HOSTILE = {
    "function of a stranger": (
        RULER,
        RULER + '\n[components.entity_ruler.x]\n@misc = "evil.Touch.v1"\n\n[components.y]\n',
    ),
    "scorer of a stranger": ('@scorers = "spacy.entity_ruler_scorer.v1"', '@scorers = "evil.Touch.v1"'),
    "tokenizer of a stranger": ('@tokenizers = "spacy.Tokenizer.v1"', '@tokenizers = "evil.Touch.v1"'),
    "callback": ("before_creation = null", 'before_creation = {"@callbacks":"evil.Touch.v1"}'),
    "callback of spaCy": (
        "after_creation = null",
        'after_creation = {"@callbacks":"spacy.copy_from_base_model.v1","tokenizer":"en"}',
    ),
    "reader": (RULER, RULER + 'x = {"@readers":"srsly.read_json.v1","path":"/etc/passwd"}\n'),
    "function that opens a file": (
        RULER,
        RULER + 'x = {"@misc":"spacy.KBFromFile.v1","kb_path":"/etc/passwd"}\n',
    ),
    "inside a list": (RULER, RULER + 'x = [[{"@misc":"evil.Touch.v1"}]]\n'),
    "another pipeline": (RULER, 'source = "en_core_web_sm"\n'),
    "module as language": ('lang = "en"', 'lang = "en.lex_attrs"'),
    "no config": ("[nlp]", "[nlp"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_config_that_names_what_is_not_safe_is_refused(folder: Path, marker: Path, case: str) -> None:
    change(folder, *HOSTILE[case])
    with pytest.raises(PipelineError, match=r"its config\.cfg") as caught:
        load_pipeline(str(folder))
    assert "\n" not in str(caught.value)
    assert not marker.exists()


def test_code_in_the_folder_is_not_run(folder: Path, marker: Path) -> None:
    for name in ("__init__.py", "code.py", "functions.py", "sitecustomize.py", "spacy.py"):
        (folder / name).write_text(f"open({str(marker)!r}, 'w')\n")
    assert load_pipeline(str(folder)).pipe_names[0] == "entity_ruler"
    assert not marker.exists()


def test_sections_for_training_are_not_run(folder: Path, marker: Path) -> None:
    change(folder, "[initialize]", '[initialize]\nextra = {"@misc":"evil.Touch.v1"}')
    load_pipeline(str(folder))
    assert not marker.exists()


@pytest.mark.parametrize("name", ["vocab/vectors", "vocab/lookups.bin", "vocab/strings.json", "tokenizer"])
def test_weights_that_are_pickles_are_not_unpickled(folder: Path, marker: Path, name: str) -> None:
    with (folder / name).open("wb") as stream:
        if name == "vocab/vectors":
            np.save(stream, np.array([Payload(marker)], dtype=object), allow_pickle=True)
        else:
            pickle.dump(Payload(marker), stream)
    with pytest.raises(PipelineError, match="cannot be loaded"):
        load_pipeline(str(folder))
    assert not marker.exists()


def test_the_payload_would_have_been_seen(marker: Path) -> None:
    pickle.loads(pickle.dumps(Payload(marker)))
    assert marker.exists()


@pytest.mark.parametrize(("torch", "refused"), [("2.5.1", True), ("2.6.0", False), ("2.10.0+cpu", False)])
def test_weights_of_an_old_torch_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, torch: str, refused: bool
) -> None:
    monkeypatch.setattr(vetting, "version", lambda _: torch)
    change(folder, RULER, RULER + 'x = {"@architectures":"spacy.TorchBiLSTMEncoder.v1"}\n')
    if refused:
        with pytest.raises(PipelineError, match=r"torch before 2\.6"):
            vetting.vet(folder)
    else:
        vetting.vet(folder)
