"""``entityscan merge``: merge the mentions of a scan file anew."""

from typing import Annotated

import typer

from entityscan.cli.console import count, errors_told, say
from entityscan.cli.options import Verdicts

ScanFile = Annotated[
    str, typer.Argument(metavar="SCAN_FILE", help="A scan file, as 'extract --db' makes it.")
]


def merge(
    scan_file: ScanFile,
    verdicts: Verdicts = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary; only problems.")] = False,
) -> None:
    """Merge what a scan file holds anew.

    For when rules, tables or verdicts changed; no text is read.
    """
    with errors_told():
        from entityscan.scanning import merge_stored
        from entityscan.store import Store
        from entityscan.verdicts import load

        decided = load(verdicts) if verdicts else ()
        with Store(scan_file, create=False) as store:
            entities = merge_stored(store, verdicts=decided, warn=say)
            number = sum(len(entity.mentions) for entity in entities)
        if not quiet:
            say(f"{count(number, 'mention')}, {count(len(entities), 'entity', 'entities')}")
