"""Is everything there that a run needs: packages, files, model, and a trial on one sentence.

Nothing is repaired and nothing is looked up on the net. Versions that are asked for come from the
package's own metadata, and checksums from the list that the installer kept.
"""

import base64
import csv
import hashlib
import json
import os
import platform
import shlex
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import (
    Distribution,
    FileHash,
    PackageNotFoundError,
    PackagePath,
    distribution,
    version,
)
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from entityscan.errors import EntityscanError
from entityscan.records import Document
from entityscan.scanning import ScanOptions, model_version, scan
from entityscan.shipped import DEFAULT_MODEL, shipped_model

EXTRAS = {"parquet": "-f parquet", "ray": "--engine ray"}
"""What a user can add to entityscan, and what it gives; the other extras are for those who develop it."""
_TRIAL = "Prime Minister Donald Tusk said in Warsaw that NATO would send F-16 fighters."
_TRIAL_KINDS = {"person", "place", "organisation", "equipment"}
_SHOWN = 3  # damaged files that are named; more say nothing new


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    """What was found."""
    remedy: str = ""
    """What to do about it: a command line where one helps; empty when all is well."""
    needed: bool = True
    """False for what only adds to entityscan."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of the model."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is installed, and whether it works."""

    entityscan: str
    python: str
    platform: str
    model: str
    model_version: str
    model_files: tuple[ModelFile, ...]
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """True when nothing that is needed is broken."""
        return all(check.ok for check in self.checks if check.needed)


def diagnose(model: str = DEFAULT_MODEL) -> Diagnosis:
    """Look at everything that a run needs.

    Args:
        model: The pipeline to try, as for a run.

    Returns:
        What was found; nothing is raised for what is broken.
    """
    try:
        package = distribution("entityscan")
    except PackageNotFoundError:
        remedy = f"{_pip()} install entityscan"
        checks = [Check("entityscan", ok=False, detail="not installed as a package", remedy=remedy)]
        return _diagnosis("unknown", model, checks)
    requirements = [Requirement(text) for text in package.requires or ()]
    checks = [
        _check_python(package),
        *(_check_package(item) for item in requirements if not item.marker or item.marker.evaluate()),
        _check_files(package),
        _check_model(model),
        _check_trial(model),
    ]
    for extra, gives in EXTRAS.items():
        added = [item for item in requirements if _belongs_to(item, extra)]
        checks.append(_check_extra(extra, gives, added))
    return _diagnosis(package.version, model, checks)


def _diagnosis(release: str, model: str, checks: Iterable[Check]) -> Diagnosis:
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return Diagnosis(
        release,
        platform.python_version(),
        system,
        model,
        model_version(model),
        tuple(_model_files(model)),
        tuple(checks),
    )


def _belongs_to(requirement: Requirement, extra: str) -> bool:
    """Tell whether a package is asked for by the extra alone."""
    marker = requirement.marker
    return marker is not None and marker.evaluate({"extra": extra}) and not marker.evaluate({"extra": ""})


def _pip() -> str:
    return f"{shlex.quote(sys.executable)} -m pip"


def origin(package: Distribution) -> Any:
    """Return the installer's note of where the package came from (PEP 610); empty for an index."""
    return json.loads(package.read_text("direct_url.json") or "{}")


def _reinstall() -> str:
    """Return the command that brings the package's files back, from where they came."""
    package = distribution("entityscan")
    where = origin(package)
    local = where.get("url", "") if "vcs_info" not in where else ""
    return f"{_pip()} install --force-reinstall --no-deps {shlex.quote(local or f'entityscan=={package.version}')}"


def _check_python(package: Distribution) -> Check:
    found, wanted = platform.python_version(), package.metadata["Requires-Python"] or ""
    ok = SpecifierSet(wanted).contains(found, prereleases=True)
    return Check("python", ok, found, "" if ok else f"install Python {wanted}")


def _check_package(requirement: Requirement, *, needed: bool = True, install: str = "") -> Check:
    """Look whether a package is there, of a version that fits, and can be imported."""
    name = requirement.name
    wanted = f"{name}{requirement.specifier}"
    remedy = f"{_pip()} install {install or repr(wanted)}"
    try:
        found = version(name)
    except PackageNotFoundError:
        return Check(name, ok=False, detail=f"missing; {wanted} is needed", remedy=remedy, needed=needed)
    if not requirement.specifier.contains(found, prereleases=True):
        return Check(name, ok=False, detail=f"{found}; {wanted} is needed", remedy=remedy, needed=needed)
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before onnxruntime is loaded, or it reports to its maker
    try:
        import_module(name.replace("-", "_"))
    except Exception as err:  # a broken package can raise anything while it is imported
        again = f"{_pip()} install --force-reinstall --no-deps {wanted!r}"
        detail = f"{found} cannot be imported: {_first_line(err)}"
        return Check(name, ok=False, detail=detail, remedy=again, needed=needed)
    return Check(name, ok=True, detail=found, needed=needed)


def _check_extra(extra: str, gives: str, requirements: Iterable[Requirement]) -> Check:
    install = f"'entityscan[{extra}]'"
    found = [_check_package(item, needed=False, install=install) for item in requirements]
    broken = next((check for check in found if not check.ok), None)
    if broken is not None:
        detail = f"{gives} does not work: {broken.name} {broken.detail}"
        return Check(f"extra {extra}", ok=False, detail=detail, remedy=broken.remedy, needed=False)
    packages = ", ".join(f"{check.name} {check.detail}" for check in found)
    return Check(f"extra {extra}", ok=True, detail=f"{gives} works ({packages})", needed=False)


def _check_files(package: Distribution) -> Check:
    """Compare the package's files with the checksums that the installer kept."""
    listed = _listed(package)
    if not listed or origin(package).get("dir_info", {}).get("editable"):
        return Check("files", ok=True, detail="run from a checkout; there are no checksums to compare with")
    if wrong := damaged_files(package):
        detail = (
            f"{len(wrong)} of {len(listed)} files differ from those installed: {', '.join(wrong[:_SHOWN])}"
        )
        return Check("files", ok=False, detail=detail, remedy=_reinstall())
    return Check("files", ok=True, detail=f"{len(listed)} files are as installed")


def damaged_files(package: Distribution) -> list[str]:
    """Return the files of the package that are gone or have another checksum than when they were installed."""
    listed = _listed(package)
    return sorted(str(file) for file in listed if not _is_as_listed(file.locate(), file.hash))


def _listed(package: Distribution) -> list[PackagePath]:
    """Read the installer's list; ``package.files`` leaves out what is gone, since Python 3.12."""
    listed = []
    for path, digest, *_ in csv.reader((package.read_text("RECORD") or "").splitlines()):
        file = PackagePath(path)
        if digest and file.parts[0] == "entityscan":
            file.hash, file.dist = FileHash(digest), package
            listed.append(file)
    return listed


def _is_as_listed(path: object, listed: object) -> bool:
    """Tell whether a file has the checksum of the installer's list, base64 without padding."""
    mode, value = getattr(listed, "mode", ""), getattr(listed, "value", "")
    try:
        digest = hashlib.new(mode, Path(str(path)).read_bytes()).digest()
    except OSError:
        return False
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == value


def _model_folder(model: str) -> Path | None:
    folder = shipped_model(model) or Path(model)
    return folder if (folder / "config.cfg").is_file() else None


def _model_files(model: str) -> Iterator[ModelFile]:
    folder = _model_folder(model)
    for file in sorted(folder.rglob("*")) if folder else ():
        if file.is_file() and file.suffix not in (".pyc", ".md"):
            yield ModelFile(
                str(file.relative_to(folder or file)), hashlib.sha256(file.read_bytes()).hexdigest()
            )


def _check_model(model: str) -> Check:
    name, release = "model", model_version(model)
    if _model_folder(model) is None and release == "unknown":
        remedy = "give --model the name of an installed spaCy pipeline or a folder"
        if model == DEFAULT_MODEL:
            remedy = _reinstall()
        return Check(name, ok=False, detail=f"{model} is not there", remedy=remedy)
    return Check(name, ok=True, detail=f"{model} {release}")


def _check_trial(model: str) -> Check:
    """Scan one sentence, from the text to the table."""
    remedy = "mend what is named above first"
    try:
        result, _ = scan(Document("trial", _TRIAL), ScanOptions(model))
    except EntityscanError as err:
        return Check("trial", ok=False, detail=str(err), remedy=remedy)
    except Exception as err:  # whatever is broken, the answer is a line and not a traceback
        return Check("trial", ok=False, detail=f"{type(err).__name__}: {_first_line(err)}", remedy=remedy)
    found = [entity.name for entity in result.entities]
    kinds = {entity.kind.value for entity in result.entities}
    if model == DEFAULT_MODEL and kinds != _TRIAL_KINDS:
        lacking = ", ".join(sorted(_TRIAL_KINDS - kinds))
        return Check("trial", ok=False, detail=f"no {lacking} found in {_TRIAL!r}", remedy=remedy)
    return Check("trial", ok=True, detail=f"one sentence scanned; found {', '.join(found) or 'nothing'}")


def _first_line(err: Exception) -> str:
    return next(iter(str(err).strip().splitlines()), type(err).__name__)
