"""``entityscan bundle``: take entityscan to a machine without network."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from entityscan.cli.console import count, errors_told, say

Extra = StrEnum("Extra", ["parquet"])


def bundle(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    extra: Annotated[
        list[Extra] | None, typer.Option("--extra", help="Take this along too; may be repeated.")
    ] = None,
) -> None:
    """Write all that a machine without network needs.

    Wheels of entityscan with its model and of every package in the version that is installed here,
    checksums, and 'install.py'. For machines of this kind and Python version. pip fetches the wheels.
    """
    with errors_told():
        from entityscan import bundling

        done = bundling.bundle(folder, extras=[item.value for item in extra or ()])
        say(f"{done.folder}: {count(len(done.wheels), 'wheel')}, {done.size / 1e6:.0f} MB")
        say("on the other machine: python3 install.py")
