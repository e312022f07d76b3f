"""The package as a library: what it exports, and that the examples in docstrings and docs/library.md are true."""

import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import typing
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from conftest import ROOT

import entityscan
from entityscan import Document, InputError, scan

PUBLIC = """
Alias DataError Document DocumentInfo Entity EntityscanError InputError Kind Ledger Mention PipelineError Quantity
ReadOptions Receipt Result ScanOptions Skipped Source entity_row load load_pipeline mention_rows scan
""".split()
"""Programs of others depend on these; taking one away needs a new first number of the version."""

SIGNATURES = {
    "scan": "inputs options stdin watch",
    "load": "path",
    "load_pipeline": "model equipment",
    "entity_row": "entity",
    "mention_rows": "entities",
}
MODULES = [
    found.name
    for found in pkgutil.walk_packages(entityscan.__path__, "entityscan.")
    if found.name != "entityscan.__main__"
]


def test_the_public_surface_is_what_others_were_promised() -> None:
    assert list(entityscan.__all__) == PUBLIC
    assert set(PUBLIC) <= set(dir(entityscan))
    for name in PUBLIC:
        assert getattr(entityscan, name).__doc__, name


@pytest.mark.parametrize("name", SIGNATURES)
def test_public_functions_keep_their_parameters(name: str) -> None:
    assert " ".join(inspect.signature(getattr(entityscan, name)).parameters) == SIGNATURES[name]


def test_every_type_of_ours_that_a_user_meets_is_public() -> None:
    records = [getattr(entityscan, name) for name in PUBLIC if is_dataclass(getattr(entityscan, name))]
    assert len(records) > 8
    for record in records:
        hints = typing.get_type_hints(record)
        for field in fields(record):
            for name in re.findall(r"entityscan(?:\.\w+)*\.(\w+)", repr(hints[field.name])):
                assert name in PUBLIC, f"{record.__name__}.{field.name}"


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, entityscan; print([m for m in ('spacy', 'numpy', 'orjson', 'typer') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_package_is_typed_for_those_who_use_it(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    (tmp_path / "use.py").write_text(
        "from entityscan import Document, Entity, scan\n"
        "result, ledger = scan([Document('a', 'text'), 'b.txt'])\n"
        "names: list[str] = [entity.name for entity in result.entities]\n"
        "wrong: int = result.entities[0].name\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "use.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert lines[0].startswith("use.py:4: error: Incompatible types in assignment"), done.stdout
    assert lines[-1].startswith("Found 1 error")


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_docstrings_are_true(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(importlib.import_module(module)).failed == 0


@pytest.mark.model
@pytest.mark.parametrize("page", ["docs/library.md"])
def test_the_examples_in_the_docs_are_true(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    outcome = doctest.testfile(str(ROOT / page), module_relative=False)
    assert outcome.attempted > 15
    assert outcome.failed == 0


@pytest.mark.model
def test_the_examples_of_the_package_itself_are_true() -> None:
    assert doctest.testmod(entityscan).failed == 0


def test_a_path_a_text_and_many_of_both_are_read_alike(rules_model: str, tmp_path: Path) -> None:
    text = "Donald Tusk met NATO in Warsaw."
    (tmp_path / "a.txt").write_text(text)
    options = entityscan.ScanOptions(model=rules_model)
    path = tmp_path / "a.txt"
    alone = [scan(given, options)[0].entities for given in (path, str(path), Document(str(path), text))]
    assert alone[0]
    assert alone[0] == alone[1] == alone[2]
    both, ledger = scan([path, Document("b", "NATO thanked Donald Tusk.")], options)
    assert ledger.read == 2
    assert [(entity.name, entity.documents) for entity in both.entities] == [
        ("Donald Tusk", 2),
        ("Warsaw", 1),
        ("NATO", 2),
    ]


def test_documents_of_one_id_are_kept_apart(rules_model: str) -> None:
    twice = [Document("a", "Donald Tusk"), Document("a", "Warsaw")]
    result, _ = scan(twice, entityscan.ScanOptions(model=rules_model))
    assert [info.id for info in result.documents] == ["a", "a#2"]


def test_load_reads_back_a_saved_result(rules_model: str, tmp_path: Path) -> None:
    from entityscan.writing import WRITERS, WriteOptions

    result, _ = scan(
        Document("a", "Donald Tusk met NATO in Warsaw."), entityscan.ScanOptions(model=rules_model)
    )
    saved = tmp_path / "saved.json"
    saved.write_bytes(b"".join(WRITERS["json"](result, WriteOptions())))
    again = entityscan.load(saved)
    assert [entityscan.entity_row(entity) for entity in again.entities] == [
        entityscan.entity_row(entity) for entity in result.entities
    ]
    with pytest.raises(InputError, match="missing"):
        entityscan.load(tmp_path / "missing.json")
