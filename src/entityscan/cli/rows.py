"""Choosing and writing rows: the options and steps that ``extract``, ``export`` and ``show`` share."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from entityscan.cli.console import USAGE, fail, terminal, write_file, write_folder, write_out
from entityscan.cli.options import Kinds
from entityscan.errors import InputError
from entityscan.records import Entity, Kind, Result
from entityscan.writing import ARCHIVES, BINARY, ORDERS, SUFFIXES, WRITERS, WriteOptions, select

_NAMESAKES = 5  # a word like "Smith" may be in many names
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

    kind: Kinds = None
    min_mentions: MinMentions = 1
    named_only: NamedOnly = False
    sort: Sort = BY_MENTIONS
    limit: Limit = None

    def of(self, result: Result) -> Result:
        """Return the result with the chosen entities alone; as it is when all are chosen, in their order."""
        if self == Choice():
            return result
        return replace(result, entities=tuple(self._limited(self._sorted(result.entities))))

    def _sorted(self, entities: Iterable[Entity]) -> list[Entity]:
        chosen = select(
            entities, kinds=self.kind or (), min_mentions=self.min_mentions, named_only=self.named_only
        )
        order = ORDERS[self.sort.value]
        chosen.sort(key=lambda e: (_KIND_ORDER[e.kind], bool(e.attributes.get("generic")), order(e)))
        return chosen

    def _limited(self, entities: list[Entity]) -> list[Entity]:
        if self.limit is None:
            return entities
        return [entity for kind in Kind for entity in [e for e in entities if e.kind is kind][: self.limit]]


@dataclass(frozen=True, slots=True)
class Target:
    """In what format a user wants a result, and where."""

    output_format: Format = None
    output: Output = None
    mentions: Mentions = False
    no_run: NoRun = False

    def chosen(self) -> str:
        """Return the format by the option, else by the suffix, else by where the output goes.

        Raises:
            BadParameter: when no format is known by the suffix, or a folder to write is there already.
            InputError: when the folder to write to is missing.
            Exit: when a binary format would go to the terminal.
        """
        if self.output_format is not None:
            chosen = str(self.output_format.value)
        elif self.output is not None:
            chosen = self._by_suffix(self.output)
        else:
            chosen = "table" if sys.stdout.isatty() else "jsonl"
        if self.output is not None and not self.output.parent.is_dir():
            raise InputError(f"{self.output}: there is no folder {self.output.parent}; make it first")
        if self.output is not None and _is_folder(chosen, self.output) and _is_taken(self.output):
            raise typer.BadParameter(
                f"{self.output}: is there already; name a new folder, or an archive: {self.output}{ARCHIVES[chosen]}",
                param_hint="--output",
            )
        if self.output is None and chosen in BINARY and sys.stdout.isatty():
            fail(f"{chosen} is binary and would garble the terminal; add -o FILE, or pipe it", USAGE)
        return chosen

    @staticmethod
    def _by_suffix(output: Path) -> str:
        if output.suffix.lower() not in SUFFIXES:
            raise typer.BadParameter(
                f"{output}: no format is known by that suffix; add --format, or end in one of {' '.join(SUFFIXES)}",
                param_hint="--output",
            )
        return SUFFIXES[output.suffix.lower()]

    def write(self, result: Result, texts: Mapping[str, str]) -> None:
        """Write a result to a file, or to standard output."""
        width, color = terminal()
        options = WriteOptions(
            mentions=self.mentions,
            run=not self.no_run,
            width=width,
            color=color and self.output is None,
            texts=texts,
        )
        chosen = self.chosen()
        chunks = WRITERS[chosen](result, options)
        if self.output is not None and not self.output.parent.is_dir():
            raise InputError(f"{self.output}: there is no folder {self.output.parent}; make it first")
        if self.output is not None and _is_folder(chosen, self.output):
            write_folder(self.output, chunks)
        elif self.output is not None:
            write_file(self.output, chunks)
        else:
            write_out(chunks)


def _is_folder(form: str, output: Path) -> bool:
    """Tell whether a format of many files goes into a folder: not to a name of its archive, a device or a pipe."""
    device = output.exists() and not output.is_file() and not output.is_dir()
    return form in ARCHIVES and output.suffix.lower() != ARCHIVES[form] and not device


def _is_taken(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def called(name: str, entities: Iterable[Entity]) -> list[Entity]:
    """Return the rows with that id, else that name, else that alias, else that word in a name."""
    from entityscan.names import name_key  # late: --help must stay instant

    key = name_key(name)
    found: list[list[Entity]] = [[], [], [], []]
    for entity in entities:
        keys = [name_key(alias.text) for alias in entity.aliases]
        tests = (
            entity.id == name,
            name_key(entity.name) == key,
            key in keys,
            any(f" {key} " in f" {other} " for other in keys),
        )
        if any(tests):
            found[tests.index(True)].append(entity)
    return next(filter(None, found), [])[:_NAMESAKES]
