"""Time and weigh processes: hyperfine for seconds, the kernel's own accounts for memory."""

import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ONE_CORE = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "BLIS_NUM_THREADS": "1",
}
_MIB_PER_KIB = 1 / 1024


@dataclass(frozen=True, slots=True)
class Timing:
    """Wall-clock seconds of one command over several runs."""

    median: float
    low: float
    high: float
    runs: int


def command(module: str, *arguments: object) -> list[str]:
    """Give the command that runs a script of this folder, ``-m PACKAGE`` or ``-c``, with this Python."""
    script = module.split() if module.startswith("-") else [str(Path(__file__).parent / module)]
    return [sys.executable, *script, *map(str, arguments)]


def timing(of: Sequence[str], *, runs: int) -> Timing:
    """Time a command on one core with hyperfine; the first run warms the disk cache and is dropped."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        options = ["--warmup", "1", "--runs", str(runs), "--export-json", report.name, "--style", "none"]
        pinned = ["taskset", "-c", "0", *of]
        subprocess.run(
            ["hyperfine", *options, shlex.join(pinned)],
            check=True,
            env=os.environ | ONE_CORE,
            stdout=subprocess.DEVNULL,
        )
        times = json.loads(Path(report.name).read_text("utf-8"))["results"][0]["times"]
    return Timing(statistics.median(times), min(times), max(times), len(times))


def peak_memory(of: Sequence[str]) -> float:
    """Run a command and give the most memory that it held, in MiB."""
    process = subprocess.Popen(of, stdout=subprocess.DEVNULL, env=os.environ | ONE_CORE)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{shlex.join(of)} failed with code {process.returncode}")
    return usage.ru_maxrss * _MIB_PER_KIB


def machine() -> dict[str, str]:
    """Describe where the figures come from."""
    processor = platform.processor() or "unknown"
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [
            line.split(":", 1)[1].strip()
            for line in information.read_text().splitlines()
            if "model name" in line
        ]
        processor = names[0] if names else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": f"{processor}, {os.cpu_count()} cores",
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "entityscan": version("entityscan"),
        "spacy": version("spacy"),
        "date": datetime.now(UTC).date().isoformat(),
    }


def as_dict(found: Timing) -> dict[str, float]:
    """Give a timing as plain values, in milliseconds' precision."""
    return {name: round(value, 3) for name, value in asdict(found).items()}
