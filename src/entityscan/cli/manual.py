"""The commands and their options as a manual page and as Markdown, from what ``--help`` shows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

EXIT_CODES = (
    ("0", "Done; also when the reader of a pipe goes away."),
    ("1", "Failed: nothing could be read, or something needed is missing. Of diff: the results differ."),
    ("2", "Wrong usage. Of diff: trouble."),
    ("3", "Done, but some inputs were skipped; each is named on standard error."),
    ("130", "Interrupted."),
)


@dataclass(frozen=True, slots=True)
class Command:
    """What the help of one command says."""

    name: str
    """With the commands above it: ``entityscan catalogue search``."""
    usage: str
    text: str
    options: tuple[tuple[str, str], ...]
    """Arguments and options, each with its help."""
    examples: tuple[str, ...]


def commands(root: Any, name: str) -> Iterator[Command]:
    """Yield a command of typer's and those below it.

    Args:
        root: What ``typer.main.get_command`` returns.
        name: What it is called.
    """
    context = root.make_context(name, ["--help"], resilient_parsing=True)
    yield _command(root, name, context)
    for child, command in getattr(root, "commands", {}).items():
        yield from commands(command, f"{name} {child}")


def _command(command: Any, name: str, context: Any) -> Command:
    records = [_record(parameter, context) for parameter in command.params]
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    lines = (command.epilog or "").replace("\b", "").strip().splitlines()
    return Command(
        name,
        usage,
        " ".join((command.help or "").split()),
        tuple(record for record in records if record is not None),
        tuple(line.strip() for line in lines if line.strip() and line.strip() != "Examples:"),
    )


def _record(parameter: Any, context: Any) -> tuple[str, str] | None:
    record = parameter.get_help_record(context)
    if record is None:
        return None
    term, text = (" ".join(part.split()) for part in record)
    choices = re.fullmatch(
        r"(.*)<(?:list\[)?(.*?)\]?>", term
    )  # <list[str]>: only a list of values says something
    if choices:
        term = choices[1].strip() + (f" {choices[2]}" if "|" in choices[2] else "")
    return term, text


def markdown(root: Any, name: str) -> str:
    """Return a page with all commands."""
    return "\n".join(line for command in commands(root, name) for line in _markdown_lines(command))


def _markdown_lines(command: Command) -> Iterator[str]:
    yield f"## {command.name}\n\n{_escaped(command.text)}\n\n```text\n{command.usage}\n```\n"
    if command.options:
        yield "".join(f"* `{term}`: {_escaped(text)}\n" for term, text in command.options)
    if command.examples:
        examples = "\n".join(command.examples)
        yield f"```sh\n{examples}\n```\n"


def _escaped(text: str) -> str:
    return re.sub(r"([<>*_\[\]])", r"\\\1", text)


def roff(root: Any, name: str, release: str) -> str:
    """Return the manual page, section 1, for ``man``.

    Args:
        root: What ``typer.main.get_command`` returns.
        name: What it is called.
        release: The version that the page is of.
    """
    first, *others = commands(root, name)
    lines = [
        f'.TH {name.upper()} 1 "" "{name} {release}" "User Commands"',
        f".SH NAME\n{name} \\- names and military equipment in news articles, merged into one table",
        f".SH SYNOPSIS\n.B {name}\n{_roff(first.usage.removeprefix(name).strip())}",
        f".SH DESCRIPTION\n{_roff(first.text)}",
        ".SH OPTIONS",
        *_terms(first.options),
        ".SH COMMANDS",
    ]
    for command in others:
        lines += [f".SS {_roff(command.usage)}", _roff(command.text), *_terms(command.options)]
        if command.examples:
            lines += [".PP\n.nf", *(f"    {_roff(line)}" for line in command.examples), ".fi"]
    lines += [".SH EXIT STATUS", *_terms(EXIT_CODES)]
    return "\n".join(lines) + "\n"


def _terms(pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    return (f".TP\n\\fB{_roff(term)}\\fR\n{_roff(text)}" for term, text in pairs)


def _roff(text: str) -> str:
    r"""Write text so that ``man`` takes none of it for a request.

    >>> print(_roff("-f, 'x' \\ y"))
    \-f, \(aqx\(aq \e y
    """
    safe = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{safe}" if safe.startswith(".") else safe
