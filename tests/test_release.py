"""What is released: the same bytes on every build, sound metadata, small, and an sdist that can be tested."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

MEGABYTES = 45
LEFT_OUT = (
    ".git",
    ".venv",
    ".*_cache",
    ".hypothesis",
    ".benchmarks",
    "__pycache__",
    "build",
    "dist",
    "node_modules",
)


def build(folder: Path, *, mask: int, when: float) -> Path:
    """Build from a copy of the checkout whose files have another time and other permissions."""
    source = shutil.copytree(ROOT, folder / "source", ignore=shutil.ignore_patterns(*LEFT_OUT))
    for path in source.rglob("*"):
        os.utime(path, (when, when))
        path.chmod((0o777 if path.is_dir() else 0o666) & ~mask)
    (source / ".ci" / "run").chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", source],
        capture_output=True,
        text=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
        umask=mask,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return folder / "dist"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if any(importlib.util.find_spec(name) is None for name in ("build", "hatchling")):
        pytest.skip("needs pip install -e '.[release]'")
    return build(tmp_path_factory.mktemp("first"), mask=0o022, when=1_600_000_000)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.slow
def test_a_second_build_has_the_same_bytes(release: Path, tmp_path: Path) -> None:
    assert len(digests(release)) == 2
    assert digests(build(tmp_path, mask=0o077, when=1_500_000_000)) == digests(release)


@pytest.mark.slow
def test_twine_finds_nothing_wrong(release: Path) -> None:
    pytest.importorskip("twine")
    done = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", *release.iterdir()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("PASSED") == 2


@pytest.mark.slow
def test_the_wheel_is_small_and_has_model_data_and_licence(release: Path) -> None:
    [wheel] = release.glob("*.whl")
    assert wheel.stat().st_size < MEGABYTES * 1_000_000
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert "entityscan/models/en_entityscan_news/entityscan_recogniser/model.onnx" in names
    assert {
        "entityscan/py.typed",
        "entityscan/data/schema.json",
        "entityscan/data/bundle_install.py",
    } <= names
    assert {name.rpartition("/")[2] for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}
    assert not [name for name in names if name.endswith(".pyc") or name.startswith("tests")]


@pytest.mark.slow
def test_the_sdist_has_every_file_of_the_repository(release: Path) -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    [sdist] = release.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert set(listed.stdout.split("\n")) - {""} <= names
