"""``entityscan extract --engine ray``: the job on a cluster, into a folder of Parquet files."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from entityscan.cli.console import SKIPPED, count, fail, progress, say

if TYPE_CHECKING:
    from entityscan.scanning import ScanOptions


def extract_on_ray(
    paths: Iterable[str],
    folder: Path | None,
    options: "ScanOptions",
    *,
    address: str,
    quiet: bool,
    verbose: bool,
) -> None:
    """Run the job on a cluster and say what was found.

    Raises:
        BadParameter: when no folder is named.
        EntityscanError: when Ray is missing, or what is given cannot be used.
    """
    if folder is None:
        raise typer.BadParameter("name a folder for the Parquet files with -o", param_hint="--engine ray")
    from entityscan.distributed import scan_on_ray

    found = scan_on_ray(paths, folder, options, address=address, quiet=quiet)
    with progress(quiet=True, verbose=verbose) as watch:
        for item in found.ledger.skipped:
            watch(item)
    if not found.ledger.read:
        fail(
            "nothing could be read"
            if found.ledger.problems
            else "no articles found; name files or folders with text"
        )
    if not quiet:
        parts = [
            count(found.ledger.read, "article"),
            count(found.ledger.words, "word"),
            count(found.ledger.mentions, "mention"),
            count(found.entities, "entity", "entities"),
        ]
        notes = [
            f"{count(found.duplicates, 'duplicate')} processed once" if found.duplicates else "",
            count(found.near_duplicates, "near-duplicate") if found.near_duplicates else "",
            f"{count(len(found.ledger.problems), 'input')} skipped" if found.ledger.problems else "",
        ]
        say("; ".join([", ".join(parts), *filter(None, notes)]))
    if found.ledger.problems:
        raise typer.Exit(SKIPPED)
