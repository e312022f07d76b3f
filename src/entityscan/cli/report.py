"""``entityscan report``: one HTML file to look at."""

from pathlib import Path
from typing import Annotated

import typer

from entityscan.cli.console import count, errors_told, say, write_file
from entityscan.cli.options import Quiet, Scanning, spread
from entityscan.cli.sources import Inputs, gather


@spread
def report(
    inputs: Inputs,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Write here.")] = Path(
        "report.html"
    ),
    title: Annotated[
        str, typer.Option(metavar="TEXT", help="Heading of the page.")
    ] = "People, places, organisations and equipment",
    scanning: Scanning,
    quiet: Quiet = False,
) -> None:
    """Write one HTML file: table, articles, map.

    With timeline and network of names, too; it needs no connection.
    """
    with errors_told():
        result, articles = gather(inputs, scanning, quiet=quiet)
        from entityscan.report import render

        write_file(output, render(result, articles, title=title))
        if not quiet:
            entities = count(len(result.entities), "entity", "entities")
            say(f"{output}: {entities} in {count(len(result.documents), 'article')}")
