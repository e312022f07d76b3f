"""``entityscan export``: write what a scan file or a saved result holds."""

from typing import Annotated

import typer

from entityscan.cli.console import errors_told
from entityscan.cli.options import spread
from entityscan.cli.rows import Choice, Target
from entityscan.cli.sources import articles_of, saved
from entityscan.writing import NEED_TEXTS


@spread
def export(
    scan_file: Annotated[
        str,
        typer.Argument(
            metavar="SCAN_FILE", help="A scan file, as 'extract --db' makes it, or JSON that 'extract' wrote."
        ),
    ],
    *,
    target: Target,
    choice: Choice,
) -> None:
    """Write what a scan file holds, in any format.

    The same bytes that 'extract' wrote.
    """
    with errors_told():
        wants_texts = target.chosen() in NEED_TEXTS
        with saved(scan_file) as result:
            articles = articles_of(result) if wants_texts else {}
            target.write(choice.of(result), {key: article.text for key, article in articles.items()})
