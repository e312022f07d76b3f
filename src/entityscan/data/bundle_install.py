"""Install entityscan from this folder, without network.

    python3 install.py [ENVIRONMENT]

Checks every file against SHA256SUMS, makes the virtual environment (default: ``entityscan-env`` beside
this file), installs the wheels with their hashes and no index, and runs ``entityscan doctor``.
"""

import hashlib
import json
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Do it, and return the exit code."""
    about = json.loads((HERE / "bundle.json").read_text("utf-8"))
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if here != about["python"]:
        return _failed(f"the wheels are for Python {about['python']}, and this is {here}")
    for line in (HERE / "SHA256SUMS").read_text("utf-8").splitlines():
        wanted, name = line.split("  ", 1)
        file = HERE / name
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != wanted:
            return _failed(f"{name} is missing or damaged; copy the folder again")
    target = Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "entityscan-env").resolve()
    venv.create(target, with_pip=True, symlinks=sys.platform != "win32")
    programs = target / ("Scripts" if sys.platform == "win32" else "bin")
    options = ["--no-index", "--no-cache-dir", "--disable-pip-version-check", "--require-hashes", "--quiet"]
    wheels = ["--find-links", str(HERE / "wheels"), "--requirement", str(HERE / "requirements.txt")]
    subprocess.run([str(programs / "python"), "-m", "pip", "install", *options, *wheels], check=True)  # noqa: S603
    done = subprocess.run([str(programs / "entityscan"), "doctor"], check=False)  # noqa: S603
    if done.returncode == 0:
        sys.stdout.write(f"\ninstalled: {programs / 'entityscan'}\n")
    return done.returncode


def _failed(message: str) -> int:
    sys.stderr.write(f"install.py: {message}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
