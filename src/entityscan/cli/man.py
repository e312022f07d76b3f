"""``entityscan man``: the manual page."""

import typer

from entityscan.cli.console import write_out


def man(context: typer.Context) -> None:
    """Print the manual page, for 'man -l -'."""
    from importlib.metadata import version

    from entityscan.cli.manual import roff

    write_out([roff(context.find_root().command, "entityscan", version("entityscan")).encode()])
