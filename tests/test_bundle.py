"""``entityscan bundle``: what it writes installs on a machine without network; and an install notices damage."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLES, Run

from entityscan import bundling
from entityscan.errors import EntityscanError, InputError

INSTALL = ROOT / "src" / "entityscan" / "data" / "bundle_install.py"
NOWHERE = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_EXTRA_INDEX_URL": "", "PIP_RETRIES": "0"}
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def test_bundle_wants_a_new_folder(entityscan: Run, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_text("mine")
    done = entityscan("bundle", "there")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"entityscan: there: not empty; name a new folder\n"
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["file"]


def test_bundle_knows_its_extras(entityscan: Run, tmp_path: Path) -> None:
    assert entityscan("bundle", "new", "--extra", "nope").returncode == 2
    with pytest.raises(InputError, match="no extra 'nope'; choose one of: parquet"):
        bundling.bundle(tmp_path / "new", extras=["nope"])
    assert not (tmp_path / "new").exists()


def test_a_package_that_cannot_be_fetched_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NOWHERE.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(
        EntityscanError, match=r"^pip download failed: No matching distribution found for nosuch"
    ):
        bundling._pip("download", "nosuchpackage")


def installed(folder: Path) -> PathDistribution:
    """Make what an installer leaves of a small package."""
    info = folder / "entityscan-9.dist-info"
    info.mkdir()
    (folder / "entityscan").mkdir()
    (folder / "entityscan" / "__init__.py").write_text("x = 1\n")
    (info / "METADATA").write_text("Metadata-Version: 2.4\nName: entityscan\nVersion: 9\n")
    (info / "WHEEL").write_text(
        "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    (info / "INSTALLER").write_text("pip\n")
    names = [
        "entityscan/__init__.py",
        *(f"{info.name}/{name}" for name in ("METADATA", "WHEEL", "INSTALLER")),
    ]
    lines = [f"{name},sha256={bundling._record_hash((folder / name).read_bytes())},1" for name in names]
    (info / "RECORD").write_text("\n".join([*lines, "../../bin/entityscan,sha256=abc,1", ""]))
    return PathDistribution(info)


def test_what_is_installed_is_packed_as_the_wheel_it_came_from(tmp_path: Path) -> None:
    package = installed(tmp_path)
    wheels = [bundling._packed(package, tmp_path) for _ in range(2)]
    assert wheels[0].name == "entityscan-9-py3-none-any.whl"
    with zipfile.ZipFile(wheels[0]) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "entityscan-9.dist-info/METADATA",
            "entityscan-9.dist-info/WHEEL",
            "entityscan/__init__.py",
            "entityscan-9.dist-info/RECORD",
        ]
        assert b"entityscan/__init__.py,sha256=" in archive.read("entityscan-9.dist-info/RECORD")
    first = wheels[0].read_bytes()
    (tmp_path / "entityscan" / "__init__.py").touch()
    assert bundling._packed(package, tmp_path).read_bytes() == first


def small_bundle(folder: Path, python: str = PYTHON) -> Path:
    """A bundle whose only wheel cannot be installed: enough for what is checked before."""
    (folder / "wheels").mkdir(parents=True)
    (folder / "wheels" / "a.whl").write_bytes(b"wheel")
    (folder / "bundle.json").write_text(json.dumps({"python": python}))
    (folder / "requirements.txt").write_text("")
    shutil.copy(INSTALL, folder / "install.py")
    (folder / "SHA256SUMS").write_text("".join(bundling._checksums(folder)))
    return folder


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_install_notices_a_damaged_bundle(damage: str, tmp_path: Path) -> None:
    folder = small_bundle(tmp_path / "bundle")
    wheel = folder / "wheels" / "a.whl"
    wheel.write_bytes(b"whale") if damage == "changed" else wheel.unlink()
    done = subprocess.run(
        [sys.executable, folder / "install.py", tmp_path / "env"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "install.py: wheels/a.whl is missing or damaged; copy the folder again\n"
    assert not (tmp_path / "env").exists()


def test_install_notices_another_python(tmp_path: Path) -> None:
    folder = small_bundle(tmp_path / "bundle", python="3.0")
    done = subprocess.run(
        [sys.executable, folder / "install.py"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (
        1,
        f"install.py: the wheels are for Python 3.0, and this is {PYTHON}\n",
    )


def pip(environment: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        str(environment / "bin" / "python"),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "-q",
        *arguments,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle made by a fresh installation of this checkout; skips where there is no index to install from."""
    folder = tmp_path_factory.mktemp("bundle")
    venv.create(folder / "env", with_pip=True, symlinks=True)
    if pip(folder / "env", "download", "--no-deps", "-d", str(folder), "orjson").returncode:
        pytest.skip("no package index can be reached")
    done = pip(folder / "env", "install", str(ROOT))
    assert done.returncode == 0, done.stderr
    made = subprocess.run(
        [folder / "env" / "bin" / "entityscan", "bundle", folder / "made"],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    assert made.returncode == 0, made.stderr
    return folder / "made"


@pytest.mark.model
@pytest.mark.slow
def test_a_bundle_installs_and_runs_without_index(bundled: Path, tmp_path: Path) -> None:
    about = json.loads((bundled / "bundle.json").read_text())
    network = ROOT / "models/en_entityscan_news/entityscan_recogniser/model.onnx"
    [listed] = [sha for name, sha in about["model"].items() if name.endswith("/model.onnx")]
    assert listed == hashlib.sha256(network.read_bytes()).hexdigest()
    assert (bundled / "wheels" / f"entityscan-{about['entityscan']}-py3-none-any.whl").exists()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | NOWHERE
    alone = (
        ["unshare", "--net"]
        if subprocess.run(["unshare", "--net", "true"], check=False).returncode == 0
        else []
    )
    done = subprocess.run(
        [*alone, sys.executable, bundled / "install.py", tmp_path / "env"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "files are as installed" in done.stdout
    assert "everything that is needed works" in done.stdout
    command = tmp_path / "env" / "bin" / "entityscan"
    run = subprocess.run(
        [*alone, command, "extract", SAMPLES / "kosovo.txt", "-q"],
        capture_output=True,
        env=environment,
        cwd=tmp_path,
        check=True,
    )
    assert {json.loads(line)["kind"] for line in run.stdout.splitlines()} == {
        "person",
        "place",
        "organisation",
        "equipment",
    }
    [model] = (tmp_path / "env").rglob("model.onnx")
    with model.open("ab") as stream:
        stream.write(b"!")
    check = subprocess.run([command, "doctor"], capture_output=True, text=True, env=environment, check=False)
    assert check.returncode == 1
    assert "1 of " in check.stdout
    assert "entityscan/models/en_entityscan_news/entityscan_recogniser/model.onnx" in check.stdout
