"""The architecture: a module imports only what its row allows."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "entityscan"
LAYERS = {  # module: the siblings it may import. Change this table on purpose.
    "annotation": {"records", "sentences"},
    "browsing": {"records", "table"},
    "cells": set(),
    "errors": set(),
    "names": set(),
    "partition": set(),
    "records": set(),
    "schemas": set(),
    "sentences": set(),
    "word_lists": set(),
    "shipped": set(),
    "signatures": {"partition"},
    "quantities": {"records"},
    "workers": {"errors"},
    "gazetteer": {"errors"},
    "knowledge": {"errors", "names", "records"},
    "units": {"names"},
    "spans": {"records", "word_lists"},
    "designators": {"errors"},
    "equipment": {"designators", "errors", "gazetteer", "knowledge", "records"},
    "recogniser": {"errors", "records", "sentences", "word_lists"},
    "datelines": {"records", "word_lists"},
    "companies": {"knowledge", "names"},
    "known_names": {"knowledge", "names", "records", "units"},
    "components": {
        "companies",
        "datelines",
        "equipment",
        "gazetteer",
        "known_names",
        "knowledge",
        "names",
        "recogniser",
        "records",
        "spans",
        "units",
        "word_lists",
    },
    "spellings": {"knowledge", "names"},
    "rules": {"knowledge", "names", "records", "spellings", "units"},
    "kinds": {"gazetteer", "knowledge", "names", "records", "rules"},
    "surroundings": {"knowledge", "names", "records", "rules"},
    "table": {"gazetteer", "records"},
    "evaluation": {"errors", "records"},
    "diffing": {"records"},
    "ftm": {"records"},
    "geography": {"errors", "knowledge", "names", "records"},
    "graph": {"cells", "errors", "records"},
    "highlighting": {"records", "table"},
    "loading": {"errors", "records"},
    "report": {"graph", "records"},
    "merging": {"kinds", "knowledge", "names", "partition", "quantities", "records", "rules", "spellings"},
    "reading": {"errors", "records"},
    "tagging": {
        "shipped",
        "components",
        "errors",
        "quantities",
        "records",
        "sentences",
        "signatures",
        "surroundings",
        "vetting",
        "workers",
    },
    "vetting": {"errors"},
    "parquet": {"errors"},
    "verdicts": {"errors", "merging", "names", "partition", "records"},
    "writing": {"annotation", "cells", "ftm", "parquet", "quantities", "records", "table"},
    "store": {"errors", "quantities", "records", "sentences"},
    "scanning": {
        "shipped",
        "errors",
        "geography",
        "merging",
        "reading",
        "records",
        "signatures",
        "store",
        "tagging",
        "verdicts",
    },
    "distributed": {
        "errors",
        "geography",
        "kinds",
        "merging",
        "parquet",
        "reading",
        "records",
        "scanning",
        "sentences",
        "signatures",
        "store",
        "tagging",
        "workers",
        "writing",
    },
    "diagnosis": {"errors", "records", "scanning", "shipped"},
    "bundling": {"diagnosis", "errors"},
    "cli": {
        "bundling",
        "browsing",
        "shipped",
        "diagnosis",
        "diffing",
        "distributed",
        "equipment",
        "errors",
        "evaluation",
        "gazetteer",
        "graph",
        "highlighting",
        "loading",
        "merging",
        "names",
        "reading",
        "records",
        "report",
        "rules",
        "scanning",
        "schemas",
        "store",
        "table",
        "tagging",
        "verdicts",
        "workers",
        "writing",
    },
    "__init__": {"errors", "loading", "reading", "records", "scanning", "tagging", "writing"},
    "__main__": {"cli"},
}


def imports(path: Path) -> set[str]:
    """The sibling modules that a file imports, at the top or inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name.split(".")[1] for name in found if name.startswith("entityscan.")}


def modules() -> dict[str, list[Path]]:
    """Every module with its files; a folder is one module."""
    found = {path.stem: [path] for path in PACKAGE.glob("*.py")}
    return found | {
        folder.name: sorted(folder.rglob("*.py"))
        for folder in PACKAGE.iterdir()
        if (folder / "__init__.py").exists()
    }


def test_every_module_has_its_row() -> None:
    assert set(modules()) == set(LAYERS)


@pytest.mark.parametrize("module", sorted(LAYERS))
def test_module_imports_only_from_lower_layers(module: str) -> None:
    used = set().union(*(imports(path) for path in modules()[module])) - {module}
    assert used <= LAYERS[module]


@pytest.mark.parametrize(
    "module",
    sorted(set(LAYERS) - {"annotation", "components", "evaluation", "recogniser", "tagging", "vetting"}),
)
def test_only_the_tagging_side_knows_spacy(module: str) -> None:
    for path in modules()[module]:
        assert "import spacy" not in path.read_text("utf-8")
        assert "from spacy" not in path.read_text("utf-8")
