"""``entityscan graph``: who is named together with whom."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from entityscan.cli.console import count, errors_told, say, write_file, write_out
from entityscan.cli.options import Kinds, Quiet, Scanning, spread
from entityscan.cli.sources import Inputs, gather
from entityscan.writing import select

# The names of `graph.WRITERS` and `graph.Unit`, which are imported when the command runs: help must stay instant.
GraphFormat = StrEnum("GraphFormat", ["gexf", "graphml", "csv"])
Together = StrEnum("Together", ["sentence", "paragraph", "article"])
_BY_SENTENCE = Together("sentence")


@spread
def graph(
    inputs: Inputs,
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write here; the suffix sets the format."),
    ] = None,
    graph_format: Annotated[
        GraphFormat | None, typer.Option("--format", "-f", help="Format. [default: by suffix, else gexf]")
    ] = None,
    by: Annotated[
        Together, typer.Option(help="What two names must share to count as together.")
    ] = _BY_SENTENCE,
    kind: Kinds = None,
    top: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only the N entities with most mentions.")
    ] = None,
    min_count: Annotated[
        int, typer.Option(min=1, metavar="N", help="Only pairs that are together at least N times.")
    ] = 1,
    named_only: Annotated[
        bool, typer.Option("--named-only", help="Leave out common nouns such as 'tanks'.")
    ] = False,
    scanning: Scanning,
    quiet: Quiet = False,
) -> None:
    """Write who is named together with whom.

    As a graph for Gephi or NetworkX.
    """
    from entityscan.graph import WRITERS, Unit, build

    with errors_told():
        chosen = graph_format.value if graph_format else _by_suffix(output)
        result, articles = gather(inputs, scanning, quiet=quiet)
        entities = select(result.entities, kinds=kind or (), named_only=named_only)
        entities.sort(key=lambda entity: (-len(entity.mentions), entity.name, entity.id))
        texts = {key: article.text for key, article in articles.items()}
        made = build(entities[:top], Unit(by.value), texts=texts, min_count=min_count)
        if output is not None:
            write_file(output, WRITERS[chosen](made))
        else:
            write_out(WRITERS[chosen](made))
        if not quiet:
            say(f"{count(len(made.nodes), 'entity', 'entities')}, {count(len(made.edges), 'pair')} by {by}")


def _by_suffix(output: Path | None) -> str:
    if output is None:
        return "gexf"
    suffix = output.suffix.lower().lstrip(".")
    if suffix not in {str(name) for name in GraphFormat}:
        raise typer.BadParameter(
            f"{output}: no format is known by that suffix; add --format, or end in one of "
            f"{' '.join('.' + name for name in GraphFormat)}",
            param_hint="--output",
        )
    return suffix
