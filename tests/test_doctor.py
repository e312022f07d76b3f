"""``entityscan doctor``: it says what works, names what is broken with the line that mends it, and its exit code tells."""

import hashlib
import json
import os
import subprocess
import sys
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest
from conftest import ROOT

from entityscan import diagnosis

MODEL = ROOT / "models" / "en_entityscan_news"
BROKEN = "raise ImportError('libfoo.so.1: cannot open shared object file')\n"


def doctor(*args: str, before: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command; modules in ``before`` are imported instead of the installed ones."""
    paths = [str(before)] if before else []
    paths += [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    return subprocess.run(
        [sys.executable, "-m", "entityscan", "doctor", *args],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        timeout=120,
        check=False,
    )


@pytest.mark.model
def test_doctor_says_that_all_works_and_which_model_it_is() -> None:
    done = doctor("--json")
    found = json.loads(done.stdout)
    assert (done.returncode, done.stderr, found["ok"]) == (0, "", True)
    assert found["schema"] == "entityscan-doctor/1"
    assert all(check["ok"] and not check["remedy"] for check in found["checks"] if check["needed"])
    listed = {file["path"]: file["sha256"] for file in found["model_files"]}
    network = hashlib.sha256((MODEL / "entityscan_recogniser" / "model.onnx").read_bytes()).hexdigest()
    assert listed["entityscan_recogniser/model.onnx"] == network
    names = [check["name"] for check in found["checks"]]
    assert {"python", "spacy", "onnxruntime", "files", "model", "trial", "extra parquet"} <= set(names)


@pytest.mark.model
def test_doctor_in_words_has_a_line_for_each_check() -> None:
    words = doctor()
    assert words.returncode == 0
    assert words.stdout.endswith("\neverything that is needed works\n")
    assert "  sha256 " in words.stdout
    assert "ok      trial" in words.stdout


@pytest.mark.model
def test_doctor_names_a_package_that_cannot_be_imported(tmp_path: Path) -> None:
    (tmp_path / "onnxruntime.py").write_text(BROKEN)
    done = doctor("--json", before=tmp_path)
    assert done.returncode == 1
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert checks["onnxruntime"]["detail"].endswith(
        "cannot be imported: libfoo.so.1: cannot open shared object file"
    )
    assert "pip install --force-reinstall --no-deps 'onnxruntime>=" in checks["onnxruntime"]["remedy"]
    assert not checks["trial"]["ok"]
    assert checks["numpy"]["ok"]


@pytest.mark.model
def test_doctor_gives_the_line_that_installs_a_missing_extra_and_needs_it_not(tmp_path: Path) -> None:
    (tmp_path / "pyarrow.py").write_text(BROKEN)
    done = doctor(before=tmp_path)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    [at] = [number for number, line in enumerate(lines) if line.startswith("missing extra parquet")]
    assert "-f parquet does not work: pyarrow" in lines[at]
    assert "-> " in lines[at + 1]
    assert "-m pip install " in lines[at + 1]
    assert lines[-1] == "everything that is needed works"


def test_doctor_of_a_model_that_is_not_there() -> None:
    done = doctor("--model", "nowhere")
    assert done.returncode == 1
    assert "broken  model" in done.stdout
    assert "nowhere is not there" in done.stdout
    assert done.stdout.endswith("something that is needed is broken, see above\n")


def test_doctor_tries_a_model_of_the_user(rules_model: str) -> None:
    done = doctor("--model", rules_model)
    assert done.returncode == 0
    assert "one sentence scanned; found Donald Tusk, Warsaw, NATO, F-16" in done.stdout


def installed(folder: Path, listed: str, *requirements: str) -> PathDistribution:
    """Make what an installer leaves of a package."""
    metadata = folder / "entityscan-9.dist-info"
    metadata.mkdir()
    needs = "".join(f"Requires-Dist: {requirement}\n" for requirement in requirements)
    (metadata / "METADATA").write_text(f"Name: entityscan\nVersion: 9\nRequires-Python: >=3.11\n{needs}")
    (metadata / "RECORD").write_text(listed)
    return PathDistribution(metadata)


SHA_OF_ABC = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"


@pytest.mark.parametrize("content", ["abd", None])
def test_a_file_that_changed_since_it_was_installed_is_named(content: str | None, tmp_path: Path) -> None:
    package = installed(tmp_path, f"entityscan/model.onnx,sha256={SHA_OF_ABC},3\nentityscan/x.pyc,,\n")
    (tmp_path / "entityscan").mkdir()
    file = tmp_path / "entityscan" / "model.onnx"
    file.write_text("abc")
    assert diagnosis._check_files(package).detail == "1 files are as installed"
    file.write_text(content) if content else file.unlink()
    check = diagnosis._check_files(package)
    assert not check.ok
    assert check.detail == "1 of 1 files differ from those installed: entityscan/model.onnx"
    assert "--force-reinstall --no-deps" in check.remedy


@pytest.mark.parametrize(
    ("requirement", "detail", "remedy"),
    [
        ("nosuchpackage>=3", "missing; nosuchpackage>=3 is needed", "install 'nosuchpackage>=3'"),
        ("typer>=999", "; typer>=999 is needed", "install 'typer>=999'"),
    ],
)
def test_a_package_that_is_missing_or_too_old_is_named(
    requirement: str, detail: str, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = installed(tmp_path, "", requirement, "alsonot; extra == 'dev'")
    monkeypatch.setattr(diagnosis, "distribution", lambda name: package)
    found = diagnosis.diagnose("nowhere")
    [check] = [check for check in found.checks if check.name in requirement]
    assert not found.ok
    assert check.detail.endswith(detail)
    assert check.remedy.endswith(remedy)
    assert "alsonot" not in {check.name for check in found.checks}


def test_every_extra_for_users_is_one_of_the_package() -> None:
    extras = (ROOT / "pyproject.toml").read_text("utf-8").split("[project.optional-dependencies]")[1]
    assert diagnosis.EXTRAS
    assert all(f"\n{extra} = [" in extras for extra in diagnosis.EXTRAS)
