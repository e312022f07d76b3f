"""The command line: parse, call, write, and say what happened.

The only package that talks to a person: it alone reads arguments, the environment and the terminal,
prints, and exits. Data goes to standard output and everything else to standard error. What is slow
to import (spaCy, rich) is imported inside the functions that need it. Each command has its module.
"""

import atexit
import gc
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from entityscan.cli import (
    bundle,
    catalogue,
    diff,
    doctor,
    evaluate,
    export,
    extract,
    graph,
    highlight,
    man,
    merge,
    report,
    schema,
    show,
    verdict,
    why,
)
from entityscan.cli.console import errors_told, make_ready, write_out
from entityscan.records import Kind
from entityscan.shipped import DEFAULT_MODEL


class _Commands(TyperGroup):
    """The commands; whoever names articles in place of one is told which."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.commands and Path(args[0]).exists():
            ctx.fail(f"{args[0]!r} is no command; to scan it: entityscan extract {args[0]}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what typer's parser says of a wrong value is said without its jargon."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as err:
            err.message = err.message.removeprefix("Value error, ")
            raise


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Find every person, place, organisation and piece of military equipment in English news "
        "articles, merged into one table.\n\n"
        "Try: entityscan extract articles/"
    ),
)


def main() -> None:
    """Run the command line; the console script's entry point."""
    make_ready()
    gc.set_threshold(100_000, 20, 20)  # records stay: looking for cycles as often as usual costs 0.4 s
    atexit.register(gc.freeze)  # one last look for cycles, when all is given back anyway, costs another 0.4 s
    app()


def _show_version(wanted: bool) -> None:
    if not wanted:
        return
    import platform

    from entityscan.scanning import model_version, package_version

    lines = (
        f"entityscan {package_version('entityscan')}",
        f"python {platform.python_version()}",
        f"spacy {package_version('spacy')}",
        f"model {DEFAULT_MODEL} {model_version(DEFAULT_MODEL)}",
    )
    write_out(f"{line}\n".encode() for line in lines)
    raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show versions and exit.")
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


_EXTRACT_EXAMPLES = """\b
Examples:
  entityscan extract articles/
  entityscan extract articles/ -o entities.json
  cat article.txt | entityscan extract - | jq -r .name"""
_EVALUATE_EXAMPLES = """\b
Examples:
  entityscan evaluate gold.jsonl --errors 10
  entityscan evaluate gold.jsonl --predictions mentions.jsonl --json"""
_WHY_EXAMPLES = """\b
Examples:
  entityscan why Tusk articles/
  entityscan why KMT entities.json --json"""

app.command(epilog=_EXTRACT_EXAMPLES)(extract.extract)
app.command(epilog=_EVALUATE_EXAMPLES)(evaluate.evaluate)
app.command()(merge.merge)
app.command()(export.export)
app.command()(show.show)
app.command()(report.report)
app.command()(highlight.highlight)
app.command()(graph.graph)
app.command()(diff.diff)
app.command(epilog=_WHY_EXAMPLES)(why.why)
app.command()(doctor.doctor)
app.command()(bundle.bundle)
app.command()(schema.schema)
app.command()(man.man)
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(verdict.app, name="verdict")


@app.command()
def kinds() -> None:
    """List the kinds of entity, and the categories of equipment."""
    from entityscan.gazetteer import load_categories

    lines = [kind.value for kind in Kind]
    with errors_told():
        for name, category in load_categories().items():
            lines.append(f"equipment\t{category.domain}\t{name}\t{category.label}")
    write_out(f"{line}\n".encode() for line in lines)
