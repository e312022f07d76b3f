"""``entityscan verdict``: add a decision to a file of verdicts."""

from pathlib import Path
from typing import Annotated

import typer

from entityscan.cli.console import count, errors_told, say, write_file
from entityscan.cli.options import KIND
from entityscan.errors import InputError
from entityscan.records import Kind

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Add your decision on rows to a file for 'extract --verdicts'.",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A name, an id, or a pattern with *.")]
File = Annotated[
    Path, typer.Option("--file", "-f", metavar="FILE", help="File of verdicts; made when missing.")
]
Where = Annotated[
    str, typer.Option("--document", metavar="PATTERN", help="Only in articles with such an id.")
]
Of = Annotated[Kind | None, typer.Option("--of", help="Only rows of this kind.", **KIND)]
Note = Annotated[str, typer.Option(metavar="TEXT", help="Why; kept in the file.")]
_FILE = Path("verdicts.toml")


@app.command()
def same(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Names, ids, or patterns with *.")],
    file: File = _FILE,
    document: Where = "",
    of: Of = None,
    note: Note = "",
) -> None:
    """Make one row of several."""
    _add(file, "same", {"names": names, "document": document, "of": of, "note": note})


@app.command()
def different(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME...", help="Two names; or one, with --document where it is another."),
    ],
    file: File = _FILE,
    document: Where = "",
    of: Of = None,
    note: Note = "",
) -> None:
    """Keep rows apart, whatever the rules say."""
    _add(file, "different", {"names": names, "document": document, "of": of, "note": note})


@app.command()
def drop(name: Name, file: File = _FILE, document: Where = "", of: Of = None, note: Note = "") -> None:
    """Leave a row out."""
    _add(file, "drop", {"name": name, "document": document, "of": of, "note": note})


@app.command()
def rename(
    name: Name,
    to: Annotated[str, typer.Argument(metavar="TO", help="The name that the row shall have.")],
    file: File = _FILE,
    document: Where = "",
    of: Of = None,
    note: Note = "",
) -> None:
    """Give a row another name."""
    _add(file, "rename", {"name": name, "to": to, "document": document, "of": of, "note": note})


@app.command()
def kind(
    name: Name,
    to: Annotated[
        Kind, typer.Argument(help="The kind that the row shall have.", **KIND | {"metavar": "KIND"})
    ],
    file: File = _FILE,
    document: Where = "",
    of: Of = None,
    note: Note = "",
) -> None:
    """Give a row another kind."""
    _add(file, "kind", {"name": name, "to": to, "document": document, "of": of, "note": note})


def _add(file: Path, action: str, values: dict[str, str | list[str] | Kind | None]) -> None:
    """Append a verdict when the file holds together with it."""
    with errors_told():
        from entityscan import verdicts

        try:
            before = file.read_text("utf-8") if file.exists() else ""
        except (OSError, UnicodeDecodeError) as err:
            raise InputError(f"{file}: cannot be read ({err})") from err
        rows = [f"{key} = {_toml(value)}\n" for key, value in values.items() if value]
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        text = f"{before}{gap}[[{action}]]\n{''.join(rows)}"
        number = len(verdicts.parse(text, str(file)))
        write_file(file, [text.encode()])
        say(f"{file}: {count(number, 'verdict')}")


def _toml(value: str | list[str] | Kind | None) -> str:
    import orjson  # a TOML basic string is written as a JSON string

    return orjson.dumps(value).decode()
