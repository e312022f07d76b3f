"""Options that several commands share, declared once.

A group of options is a dataclass; a command decorated with :func:`spread` takes the group as one
parameter.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entityscan.records import Kind
from entityscan.shipped import DEFAULT_MODEL

if TYPE_CHECKING:
    from entityscan.scanning import ScanOptions


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Show typer each field of a parameter that is a dataclass as an option of its own.

    Args:
        command: Its annotations must be types, not strings.

    Returns:
        The command as typer should see it; called with the options, it builds the dataclasses.
    """
    signature = inspect.signature(command)
    groups: dict[str, type[Any]] = {
        name: parameter.annotation
        for name, parameter in signature.parameters.items()
        if hasattr(parameter.annotation, "__dataclass_fields__")
    }
    parameters = [
        shown.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in signature.parameters.items()
        for shown in (inspect.signature(groups[name]).parameters.values() if name in groups else (parameter,))
    ]

    @wraps(command)
    def run(**values: Any) -> None:
        for name, group in groups.items():
            values[name] = group(**{field.name: values.pop(field.name) for field in fields(group)})
        command(**values)

    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


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


def _kind(value: str) -> Kind:
    """Read a kind, in British or American spelling."""
    try:
        return Kind(value)
    except ValueError:
        raise typer.BadParameter(
            f"{value!r} is not one of {', '.join(repr(kind.value) for kind in Kind)}."
        ) from None


KIND = {"parser": _kind, "metavar": "|".join(Kind), "autocompletion": lambda: [str(kind) for kind in Kind]}
"""How an option or argument is read that names a kind."""

Kinds = Annotated[
    list[Kind] | None, typer.Option("--kind", "-k", help="Only this kind; may be repeated.", **KIND)
]
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
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary; only problems.")]


@dataclass(frozen=True, slots=True)
class Scanning:
    """How articles are scanned."""

    model: Model = DEFAULT_MODEL
    equipment: Equipment = None
    jobs: Jobs = 1

    def options(self, **more: Any) -> "ScanOptions":
        """Return them, with more that a command has of its own, as ``scanning`` takes them."""
        from entityscan.scanning import ScanOptions

        return ScanOptions(self.model, self.jobs, equipment=str(self.equipment or ""), **more)
