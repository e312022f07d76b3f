"""entityscan: names and military equipment in news articles, merged into one table.

>>> from entityscan import scan
>>> result, ledger = scan(["samples/"])  # doctest: +SKIP
>>> [entity.name for entity in result.entities]  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

from entityscan.errors import DataError, EntityscanError, InputError, PipelineError
from entityscan.records import Alias, Document, Entity, Kind, Mention, Receipt, Result, Skipped, Source

if TYPE_CHECKING:
    from entityscan.scanning import Ledger, ScanOptions, scan

__all__ = [
    "Alias",
    "DataError",
    "Document",
    "Entity",
    "EntityscanError",
    "InputError",
    "Kind",
    "Ledger",
    "Mention",
    "PipelineError",
    "Receipt",
    "Result",
    "ScanOptions",
    "Skipped",
    "Source",
    "scan",
]


def __getattr__(name: str) -> Any:
    """Import the heavy half on first use, so that ``import entityscan`` stays instant."""
    if name in {"Ledger", "ScanOptions", "scan"}:
        from importlib import import_module

        value = getattr(import_module("entityscan.scanning"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
