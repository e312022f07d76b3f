"""Options that several commands share, declared once."""

from pathlib import Path
from typing import Annotated

import typer

from entityscan.records import Kind

Kinds = Annotated[list[Kind] | None, typer.Option("--kind", "-k", help="Only this kind; may be repeated.")]
Model = Annotated[
    str, typer.Option("--model", "-m", metavar="NAME_OR_PATH", help="Installed spaCy pipeline, or a folder.")
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Processes.")]
Equipment = Annotated[
    Path | None,
    typer.Option(
        "--equipment", metavar="FILE", help="Your own equipment families (CSV or TOML); they win over ours."
    ),
]
