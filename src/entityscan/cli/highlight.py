"""``entityscan highlight``: read articles with their mentions marked."""

from collections import defaultdict
from enum import StrEnum
from typing import Annotated

import typer

from entityscan.cli.console import errors_told, terminal, write_out
from entityscan.cli.options import Kinds, Scanning, spread
from entityscan.cli.sources import Inputs, gather
from entityscan.highlighting import highlight as marked
from entityscan.records import Mention
from entityscan.table import printable
from entityscan.writing import select

When = StrEnum("When", ["auto", "always", "never"])


@spread
def highlight(
    inputs: Inputs,
    *,
    color: Annotated[When, typer.Option(help="Colour; auto: at a terminal. Else brackets.")] = When.auto,
    kind: Kinds = None,
    scanning: Scanning,
) -> None:
    """Print articles with their mentions marked."""
    with errors_told():
        result, articles = gather(inputs, scanning, quiet=True)
        found: dict[str, list[Mention]] = defaultdict(list)
        for entity in select(result.entities, kinds=kind or ()):
            for mention in entity.mentions:
                found[mention.document].append(mention)
        colored = color is When.always or (color is When.auto and terminal()[1])
        texts = (
            f"== {printable(key)} ==\n{marked(article.text, found[key], color=colored).rstrip()}\n\n"
            if len(articles) > 1
            else f"{marked(article.text, found[key], color=colored).rstrip()}\n"
            for key, article in articles.items()
        )
        write_out(text.encode("utf-8", "replace") for text in texts)
