"""The JSON Schema of the output, and of its rows."""

from importlib.resources import files
from typing import Any

import orjson

PARTS = ("result", "entity", "mention")
"""``result`` is the whole of ``-f json``; ``entity`` and ``mention`` are lines of ``-f jsonl``."""


def schema(part: str = "result") -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a part of the output.

    Args:
        part: One of :data:`PARTS`.

    Returns:
        The schema; it stands alone.

    >>> schema("mention")["title"], schema("mention")["$ref"]
    ('entityscan/1 mention', '#/$defs/mention')
    """
    whole: dict[str, Any] = orjson.loads(files("entityscan").joinpath("data/schema.json").read_bytes())
    if part == "result":
        return whole
    return {
        "$schema": whole["$schema"],
        "$id": f"{whole['$id']}:{part}",
        "title": f"{whole['title']} {part}",
        "$ref": f"#/$defs/{part}",
        "$defs": whole["$defs"],
    }
