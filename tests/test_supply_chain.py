"""What we depend on: locked with hashes, of licences that allow use, listed; and nothing asks the network at run time."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLES
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Unlicense|Zlib|HPND|0BSD|CC0|MPL|Mozilla Public License"
)
"""MPL asks only that changes to its own files are published."""
STRONG = re.compile(r"\bA?GPL|General Public License|Proprietary|Commercial")
CHOICE = {"tld": "MPL 1.1 or GPL 2.0 or LGPL 2.1: taken under the MPL"}
"""Packages that offer a copyleft licence beside a permissive one."""


def closure(requirements: list[str]) -> dict[str, Requirement]:
    """Every package that these need, by name; those that are for other systems left out."""
    found: dict[str, Requirement] = {}
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found[name] = requirement
        try:
            waiting += [Requirement(text) for text in distribution(name).requires or ()]
        except PackageNotFoundError:
            pytest.fail(f"{name} is not installed")
    return found


def licence(name: str) -> str:
    metadata = distribution(name).metadata
    classifiers = [
        text for text in metadata.get_all("Classifier") or () if text.startswith("License :: OSI Approved ::")
    ]
    stated = [
        metadata.get("License-Expression"),
        *classifiers,
        (metadata.get("License") or "").split("\n")[0],
    ]
    return "; ".join(text for text in stated if text)


def test_every_dependency_has_a_licence_that_allows_use() -> None:
    needed = closure(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["parquet"])
    assert len(needed) > 30
    for name in needed:
        assert PERMISSIVE.search(licence(name)), f"{name}: {licence(name) or 'no licence named'}"
        assert name in CHOICE or not STRONG.search(licence(name).replace("LGPL", "")), (
            f"{name}: {licence(name)}"
        )


def locked() -> dict[str, tuple[str, int]]:
    """Version and number of hashes of each package in the lock file."""
    entries = re.split(r"\n(?=[a-z0-9])", LOCK)
    found = {}
    for entry in entries:
        if match := re.match(r"([a-z0-9.-]+)==(\S+)", entry):
            found[match[1]] = (match[2], len(re.findall(r"--hash=sha256:[0-9a-f]{64}", entry)))
    return found


def test_the_lock_file_has_every_package_with_hashes_and_a_version_that_fits() -> None:
    versions = locked()
    assert all(hashes for _, hashes in versions.values())
    for text in PROJECT["dependencies"]:
        requirement = Requirement(text)
        version, _ = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{text}: {version} is locked; run .ci/lock"
    assert set(closure(PROJECT["dependencies"])) <= set(versions) | {"setuptools"}


def test_the_bill_of_materials_lists_every_package(tmp_path: Path) -> None:
    import json

    program = Path(sys.executable).parent / "cyclonedx-py"
    if not program.exists():
        pytest.skip("needs pip install -e '.[release]'")
    lock = tmp_path / "requirements.txt"
    lock.write_text(LOCK)
    done = subprocess.run(
        [program, "requirements", "--output-reproducible", "--of", "JSON", lock],
        capture_output=True,
        check=True,
        timeout=120,
    )
    listed = {item["name"]: item["version"] for item in json.loads(done.stdout)["components"]}
    assert listed == {name: version for name, (version, _) in locked().items()}


NO_SOCKETS = """
import socket

class Blocked(socket.socket):
    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        if fileno is None and family != socket.AF_UNIX:  # processes of one machine talk through those
            raise PermissionError("a socket was opened")
        super().__init__(family, type, proto, fileno)

def blocked(*args, **kwargs):
    raise PermissionError("a socket was opened")

socket.socket = socket.SocketType = Blocked
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = blocked
"""
COMMANDS = (
    ["extract", str(SAMPLES), "-q", "-f", "json"],
    ["extract", str(SAMPLES / "kosovo.txt"), "-q", "-j", "2"],
    ["doctor"],
)


@pytest.mark.model
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_command_runs_with_sockets_blocked(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(NO_SOCKETS)
    paths = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    probe = [sys.executable, "-c", "import socket; socket.socket()"]
    blocked = subprocess.run(probe, env=environment, capture_output=True, text=True, check=False)
    assert "a socket was opened" in blocked.stderr
    done = subprocess.run(
        [sys.executable, "-m", "entityscan", *command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "socket" not in done.stderr
    assert len(done.stdout) > 500


@pytest.mark.model
def test_no_library_below_python_opens_a_connection(tmp_path: Path) -> None:
    """Libraries in C (the network's runtime) are not held by a block in Python: watch the system calls."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    calls = tmp_path / "calls"
    quiet = {"CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "GITHUB_ACTIONS"}
    environment = {key: value for key, value in os.environ.items() if key not in quiet}
    watched = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg", "-o", str(calls)]
    done = subprocess.run(
        [*watched, sys.executable, "-m", "entityscan", "extract", str(SAMPLES / "kosovo.txt"), "-q"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if "ptrace" in done.stderr:
        pytest.skip("strace may not watch processes here")
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert not re.findall(r"AF_INET6?", calls.read_text())
