"""``entityscan schema``: the JSON Schema of the output."""

from enum import StrEnum
from typing import Annotated

import typer

from entityscan.cli.console import write_out
from entityscan.schemas import PARTS

Part = StrEnum("Part", {name: name for name in PARTS})  # type: ignore[misc]
WHOLE = Part("result")


def schema(
    part: Annotated[Part, typer.Argument(help="The whole of '-f json', or a line of '-f jsonl'.")] = WHOLE,
) -> None:
    """Print the JSON Schema of the output."""
    import orjson

    from entityscan import schemas

    write_out([orjson.dumps(schemas.schema(part.value), option=orjson.OPT_INDENT_2) + b"\n"])
