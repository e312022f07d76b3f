"""A folder that installs entityscan on a machine without network: wheels, checksums, install script.

The packages are those that are installed here, in the same versions: what was tried here is what
runs there. pip fetches them; this module asks the network for nothing itself.
"""

import base64
import hashlib
import json
import platform
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.utils import parse_wheel_filename

from entityscan.diagnosis import EXTRAS, damaged_files, origin
from entityscan.errors import EntityscanError, InputError

_INSTALLERS_OWN = {"INSTALLER", "REQUESTED", "RECORD", "direct_url.json"}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a wheel's bytes must not depend on when it was packed

README = """\
entityscan {version}, for Python {python} on {system} {machine}

On the machine without network:

    python3 install.py [ENVIRONMENT]

checks every file, makes a virtual environment, installs the {count} wheels without any index, and tries
one sentence. The model is part of the wheel of entityscan; bundle.json has its checksums, and
`entityscan doctor` shows those of what is installed.
"""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was written."""

    folder: Path
    wheels: tuple[str, ...]
    size: int
    """Bytes of all files."""


def bundle(folder: Path, *, extras: Sequence[str] = ()) -> Bundle:
    """Write a folder from which entityscan can be installed without network.

    Args:
        folder: Is made; must not hold anything yet.
        extras: Names of extras to take along.

    Returns:
        What was written.

    Raises:
        InputError: when the folder cannot be written or holds something, or there is no such extra.
        EntityscanError: when the installation is damaged, or pip cannot fetch a package.
    """
    if unknown := set(extras) - set(EXTRAS):
        raise InputError(f"no extra {sorted(unknown)[0]!r}; choose one of: {', '.join(EXTRAS)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError(f"{folder}: not empty; name a new folder")
        (folder / "wheels").mkdir()
    except OSError as err:
        raise InputError(f"{folder}: {(err.strerror or str(err)).lower()}") from err
    own = _own_wheel(folder / "wheels")
    _fetch(own, extras, folder)
    wheels = sorted((folder / "wheels").glob("*.whl"), key=lambda wheel: wheel.name)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    about = {
        "entityscan": distribution("entityscan").version,
        "python": python,
        "system": platform.system(),
        "machine": platform.machine(),
        "extras": sorted(extras),
        "wheels": [wheel.name for wheel in wheels],
        "model": _model_checksums(own),
    }
    texts = {
        "bundle.json": json.dumps(about, indent=2) + "\n",
        "requirements.txt": "".join(_requirement(wheel) for wheel in wheels),
        "install.py": files("entityscan").joinpath("data/bundle_install.py").read_text("utf-8"),
        "README.txt": README.format(version=about["entityscan"], count=len(wheels), **about),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "SHA256SUMS").write_text("".join(_checksums(folder)), "utf-8")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Bundle(folder, tuple(wheel.name for wheel in wheels), size)


def _own_wheel(target: Path) -> Path:
    """Put the wheel of entityscan itself there: built from the checkout, or packed from what is installed."""
    try:
        package = distribution("entityscan")
    except PackageNotFoundError as err:
        raise EntityscanError("entityscan is not installed as a package; install it with pip first") from err
    where = origin(package)
    if where.get("dir_info", {}).get("editable"):
        source = unquote(urlsplit(where["url"]).path)
        _pip("wheel", "--no-deps", "--wheel-dir", str(target), source)
        return next(target.glob("entityscan-*.whl"))
    if damaged := damaged_files(package):
        raise EntityscanError(f"{damaged[0]} is damaged; 'entityscan doctor' says how to mend it")
    return _packed(package, target)


def _packed(package: Distribution, target: Path) -> Path:
    """Pack the installed files of a package as the wheel that they came from."""
    tag = next(
        line.split(": ")[1] for line in (package.read_text("WHEEL") or "").splitlines() if line[:4] == "Tag:"
    )
    wheel = target / f"entityscan-{package.version}-{tag}.whl"
    info = f"entityscan-{package.version}.dist-info"
    contents = {
        file.as_posix(): Path(str(file.locate())).read_bytes()
        for file in sorted(package.files or (), key=str)
        if file.parts[0] in ("entityscan", info)
        and file.name not in _INSTALLERS_OWN
        and file.suffix != ".pyc"
    }
    record = "".join(f"{name},sha256={_record_hash(data)},{len(data)}\n" for name, data in contents.items())
    contents[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return wheel


def _record_hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _fetch(own: Path, extras: Iterable[str], folder: Path) -> None:
    """Have pip fetch the wheels of everything that is needed, in the versions that are installed here."""
    pins = folder / "pins.txt"
    pins.write_text(
        "".join(
            f"{found.name}=={found.version}\n"
            for found in distributions()
            if found.name and found.name != "entityscan"
        ),
        "utf-8",
    )
    wanted = f"{own}[{','.join(extras)}]" if extras else str(own)
    _pip("download", "--only-binary", ":all:", "--constraint", str(pins), "--dest", str(own.parent), wanted)
    pins.unlink()


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        lines = [
            line for line in done.stderr.splitlines() if line.startswith("ERROR")
        ] or done.stderr.splitlines()
        reason = lines[-1].removeprefix("ERROR: ") if lines else f"exit code {done.returncode}"
        raise EntityscanError(f"pip {arguments[0]} failed: {reason}")


def _requirement(wheel: Path) -> str:
    name, version, _, _ = parse_wheel_filename(wheel.name)
    return f"{name}=={version} --hash=sha256:{_sha256(wheel)}\n"


def _model_checksums(wheel: Path) -> dict[str, str]:
    """Give the checksums of the model's files in the wheel, by path."""
    with zipfile.ZipFile(wheel) as archive:
        return {
            name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in sorted(archive.namelist())
            if name.startswith("entityscan/models/")
        }


def _checksums(folder: Path) -> Iterable[str]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
