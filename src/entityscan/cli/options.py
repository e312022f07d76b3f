"""Options that several commands share, declared once."""

from pathlib import Path
from typing import Annotated

import typer

from entityscan.records import Kind


def _jobs(value: str) -> int:
    """Read the number of processes; ``auto`` is one for each processor."""
    if value == "auto":
        from entityscan.workers import available_processors

        return available_processors()
    try:
        number = int(value)
    except ValueError:
        raise typer.BadParameter(f"{value!r} is neither a number nor 'auto'") from None
    if number < 1:
        raise typer.BadParameter("at least one process is needed")
    return number


Kinds = Annotated[list[Kind] | None, typer.Option("--kind", "-k", help="Only this kind; may be repeated.")]
Model = Annotated[
    str, typer.Option("--model", "-m", metavar="NAME_OR_PATH", help="Installed spaCy pipeline, or a folder.")
]
Jobs = Annotated[
    int,
    typer.Option("--jobs", "-j", parser=_jobs, metavar="N|auto", help="Processes; auto: one a processor."),
]
Equipment = Annotated[
    Path | None,
    typer.Option(
        "--equipment", metavar="FILE", help="Your own equipment families (CSV or TOML); they win over ours."
    ),
]
Verdicts = Annotated[
    Path | None,
    typer.Option(
        "--verdicts", metavar="FILE", help="Your verdicts on rows (TOML); see 'entityscan verdict'."
    ),
]
