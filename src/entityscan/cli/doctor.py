"""``entityscan doctor``: is everything there that a run needs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from entityscan.cli.console import FAILED, write_out
from entityscan.cli.options import Model
from entityscan.shipped import DEFAULT_MODEL

if TYPE_CHECKING:
    from entityscan.diagnosis import Diagnosis


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of text.")] = False,
    model: Model = DEFAULT_MODEL,
) -> None:
    """Check that everything works, and say how to mend it.

    Looks at packages, files and model, and tries one sentence.

    Exit code 1 when something is broken that every run needs.
    """
    from entityscan.diagnosis import diagnose

    found = diagnose(model)
    if as_json:
        write_out([_json(found)])
    else:
        write_out(f"{line}\n".encode("utf-8", "replace") for line in _lines(found))
    if not found.ok:
        raise typer.Exit(FAILED)


def _json(found: "Diagnosis") -> bytes:
    import orjson

    whole = {"schema": "entityscan-doctor/1", "ok": found.ok, **orjson.loads(orjson.dumps(found))}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2) + b"\n"


def _lines(found: "Diagnosis") -> Iterator[str]:
    yield f"entityscan {found.entityscan}, Python {found.python}, {found.platform}"
    yield f"model {found.model} {found.model_version}"
    for file in found.model_files:
        yield f"  sha256 {file.sha256}  {file.path}"
    yield ""
    width = max(len(check.name) for check in found.checks)
    for check in found.checks:
        state = "ok" if check.ok else "broken" if check.needed else "missing"
        yield f"{state:<8}{check.name:<{width}}  {check.detail}"
        if check.remedy:
            yield f"{'':<8}{'':<{width}}  -> {check.remedy}"
    yield ""
    yield "everything that is needed works" if found.ok else "something that is needed is broken, see above"
