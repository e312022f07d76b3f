"""Choosing and writing rows: the options and steps that ``extract`` and ``export`` share."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from entityscan.cli.console import terminal, write_file, write_out
from entityscan.records import Entity, Kind, Result
from entityscan.writing import ORDERS, SUFFIXES, WRITERS, WriteOptions, select

_KIND_ORDER = {kind: number for number, kind in enumerate(Kind)}

OutputFormat = StrEnum("OutputFormat", {name: name for name in WRITERS})  # type: ignore[misc]
Order = StrEnum("Order", {name: name for name in ORDERS})  # type: ignore[misc]
BY_MENTIONS = Order("mentions")

Format = Annotated[
    OutputFormat | None,
    typer.Option("--format", "-f", help="Output format. [default: table at a terminal, jsonl in a pipe]"),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write here; the suffix sets the format."),
]
Mentions = Annotated[bool, typer.Option("--mentions", help="Write mention rows instead of entity rows.")]
MinMentions = Annotated[int, typer.Option(min=1, metavar="N", help="Only entities with at least N mentions.")]
NamedOnly = Annotated[bool, typer.Option("--named-only", help="Leave out common nouns such as 'tanks'.")]
Sort = Annotated[Order, typer.Option(help="Order of the rows inside each kind.")]
Limit = Annotated[int | None, typer.Option(min=1, metavar="N", help="At most N rows of each kind.")]
NoRun = Annotated[bool, typer.Option("--no-run", help="JSON: leave out 'run', so outputs can be compared.")]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows a user asked for, and in what order."""

    kinds: tuple[Kind, ...] = ()
    min_mentions: int = 1
    named_only: bool = False
    sort: str = BY_MENTIONS.value
    limit: int | None = None

    def of(self, result: Result) -> Result:
        """Return the result with the chosen entities alone."""
        return replace(result, entities=tuple(self._limited(self._sorted(result.entities))))

    def _sorted(self, entities: Iterable[Entity]) -> list[Entity]:
        chosen = select(
            entities, kinds=self.kinds, min_mentions=self.min_mentions, named_only=self.named_only
        )
        order = ORDERS[self.sort]
        chosen.sort(key=lambda e: (_KIND_ORDER[e.kind], bool(e.attributes.get("generic")), order(e)))
        return chosen

    def _limited(self, entities: list[Entity]) -> list[Entity]:
        if self.limit is None:
            return entities
        return [entity for kind in Kind for entity in [e for e in entities if e.kind is kind][: self.limit]]


def chosen_format(wanted: Any, output: Path | None) -> str:
    """Return the format by the option, else by the suffix, else by where the output goes."""
    if wanted is not None:
        return str(wanted.value)
    if output is not None:
        if output.suffix.lower() not in SUFFIXES:
            raise typer.BadParameter(
                f"{output}: no format is known by that suffix; add --format, or end in one of {' '.join(SUFFIXES)}",
                param_hint="--output",
            )
        return SUFFIXES[output.suffix.lower()]
    return "table" if sys.stdout.isatty() else "jsonl"


def write(result: Result, output_format: str, output: Path | None, *, mentions: bool, run: bool) -> None:
    """Write a result to a file, or to standard output."""
    width, color = terminal()
    options = WriteOptions(mentions=mentions, run=run, width=width, color=color and output is None)
    chunks = WRITERS[output_format](result, options)
    if output is not None:
        write_file(output, chunks)
    else:
        write_out(chunks)
