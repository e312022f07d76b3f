"""entityscan: names and military equipment in news articles, merged into one table.

The names below are the public surface; they keep their meaning between releases of one major number, and
``docs/library.md`` shows them at work. Everything else may change.

>>> from entityscan import Document, scan
>>> result, ledger = scan([Document("a", "Donald Tusk spoke in Warsaw. Tusk thanked NATO for its F-16s.")])
>>> [(entity.kind.value, entity.name, len(entity.mentions)) for entity in result.entities]
[('person', 'Donald Tusk', 2), ('place', 'Warsaw', 1), ('organisation', 'NATO', 1), ('equipment', 'F-16', 1)]
"""

from typing import TYPE_CHECKING, Any

from entityscan.errors import DataError, EntityscanError, InputError, PipelineError
from entityscan.records import (
    Alias,
    Document,
    DocumentInfo,
    Entity,
    Kind,
    Mention,
    Quantity,
    Receipt,
    Result,
    Skipped,
    Source,
)

if TYPE_CHECKING:
    from entityscan.loading import load
    from entityscan.reading import ReadOptions
    from entityscan.scanning import Ledger, ScanOptions, scan
    from entityscan.tagging import load_pipeline
    from entityscan.writing import entity_row, mention_rows

__all__ = [
    "Alias",
    "DataError",
    "Document",
    "DocumentInfo",
    "Entity",
    "EntityscanError",
    "InputError",
    "Kind",
    "Ledger",
    "Mention",
    "PipelineError",
    "Quantity",
    "ReadOptions",
    "Receipt",
    "Result",
    "ScanOptions",
    "Skipped",
    "Source",
    "entity_row",
    "load",
    "load_pipeline",
    "mention_rows",
    "scan",
]

_LATE = {
    "Ledger": "scanning",
    "ReadOptions": "reading",
    "ScanOptions": "scanning",
    "entity_row": "writing",
    "load": "loading",
    "load_pipeline": "tagging",
    "mention_rows": "writing",
    "scan": "scanning",
}
"""Names that are imported on first use, so that ``import entityscan`` stays instant, and their modules."""


def __getattr__(name: str) -> Any:
    """Import a late name."""
    if name in _LATE:
        from importlib import import_module

        value = getattr(import_module(f"entityscan.{_LATE[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Name the late names too, for completion at a prompt."""
    return sorted({*globals(), *__all__})
