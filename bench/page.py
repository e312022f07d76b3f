"""Turn the results into ``bench/README.md``: every figure in it comes from ``results/*.json``."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from peers import PEERS

KINDS = ("person", "place", "organisation", "equipment")
_HEAD = """# Benchmark

Written by `python bench/run.py all --corpora DIR`; do not edit. The figures are in `results/*.json`. How accuracy is measured:
[docs/evaluate.md](../docs/evaluate.md).
"""


def write_readme(results: Path, target: Path) -> None:
    """Write the page from the results that are there."""
    parts = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(results.glob("*.json"))}
    lines = [_HEAD, *_tools()]
    for name, write in (
        ("accuracy", _accuracy),
        ("speed", _speed),
        ("memory", _memory),
        ("merging", _merging),
    ):
        if name in parts:
            lines += [*write(parts[name][name]), _machine(parts[name]["machine"]), ""]
    target.write_text("\n".join(lines), "utf-8")


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return [*lines, *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows), ""]


def _machine(found: dict[str, str]) -> str:
    return "Measured on: " + ", ".join(f"{name} {value}" for name, value in found.items()) + "."


def _tools() -> list[str]:
    rows = [(f"`{name}`", peer.about) for name, peer in PEERS.items()]
    return ["## Tools", "", *_table(("tool", "what runs"), rows)]


def _per_cent(value: float) -> str:
    return f"{100 * value:.1f}"


def _cell(found: dict[str, Any] | None, tool: str, name: str) -> str:
    kind = name.split()[-1]
    cannot = kind not in PEERS[tool].kinds if kind in KINDS else len(PEERS[tool].kinds) < len(KINDS)
    if not found or not found["support"] or cannot:
        return "–"
    interval = f" [{'–'.join(map(_per_cent, found['interval']))}]" if found["interval"] else ""
    return f"{_per_cent(found['f1'])}{interval}"


def _accuracy(corpora: dict[str, Any]) -> list[str]:
    found = {name: corpus for name, corpus in corpora.items() if not corpus["only_merging"]}
    return [
        *_finding(found),
        *_supports(found),
        *_merges(corpora),
        *_mistakes({name: corpus["tools"]["entityscan"]["mistakes"] for name, corpus in found.items()}),
    ]


_SCORES = {  # column: way and kind in the results
    **{kind: f"normalised {kind}" for kind in KINDS},
    "equipment, all": "equipment_all equipment",
    "equipment, all, overlap": "equipment_all_overlap equipment",
    "four kinds": "normalised all",
    "four kinds, overlap": "overlap all",
}


def _finding(corpora: dict[str, Any]) -> list[str]:
    rows = [
        (corpus, tool, *(_cell(figures["kinds"].get(name), tool, name) for name in _SCORES.values()))
        for corpus, found in corpora.items()
        for tool, figures in found["tools"].items()
    ]
    return [
        "## Accuracy",
        "",
        "F1 in per cent with 95 % intervals over articles, normalised spans. Equipment: names only; *all* with common",
        "nouns (`tanks`). spaCy's products are taken for equipment. wikievents.dev annotates single head words: only its",
        "overlap figures mean much. Kinds that a corpus does not annotate are left out.",
        "",
        *_table(("corpus", "tool", *_SCORES), rows),
    ]


def _supports(corpora: dict[str, Any]) -> list[str]:
    names = [*(f"normalised {kind}" for kind in KINDS), "equipment_all equipment"]
    rows = []
    for corpus, found in corpora.items():
        kinds = found["tools"]["entityscan"]["kinds"]
        counts = (kinds.get(name, {}).get("support", "–") for name in names)
        rows.append((corpus, found["documents"], *counts))
    return ["### Gold mentions", "", *_table(("corpus", "articles", *KINDS, "equipment, all"), rows)]


_MERGE_COLUMNS = {
    "B³ of found mentions": "matched b_cubed",
    "B³ end to end": "end_to_end b_cubed",
    "CEAF-e with invented": "whole ceaf_e",
    "LEA with invented": "whole lea",
}


def _merges(corpora: dict[str, Any]) -> list[str]:
    rows = []
    for corpus, found in corpora.items():
        # where not all mentions are annotated, nothing can be said to be invented
        names = [name for name in _MERGE_COLUMNS.values() if "whole" not in name or not found["only_merging"]]
        for scope in ("inside", "across"):
            for tool, figures in found["tools"].items():
                if f"{scope} matched b_cubed" in figures["merging"] and len(PEERS[tool].kinds) > 1:
                    cells = [_per_cent(figures["merging"][f"{scope} {name}"][2]) for name in names]
                    rows.append((corpus, scope, tool, *cells, *["–"] * (len(_MERGE_COLUMNS) - len(cells))))
    return [
        "### Merging",
        "",
        "F1 in per cent, inside articles and across them. The other tools do not merge: for them the same words of the",
        "same kind are one entity.",
        "",
        *_table(("corpus", "scope", "tool", *_MERGE_COLUMNS), rows),
    ]


def _mistakes(corpora: dict[str, dict[str, int]]) -> list[str]:
    rows = [
        (corpus, *(f"**{count}**" if count == max(counts.values()) else count for count in counts.values()))
        for corpus, counts in corpora.items()
    ]
    classes = list(next(iter(corpora.values()), {}))
    return [
        "### What goes wrong with entityscan",
        "",
        "Mentions by class of mistake, common nouns for equipment included; the largest class in bold.",
        "",
        *_table(("corpus", *classes), rows),
    ]


def _whole(rate: int | None) -> str:
    return "too noisy" if rate is None else f"{rate:,}"


def _times(ours: int | None, theirs: int | None) -> str:
    return f"{ours / theirs:.2f}" if ours and theirs else "–"


def _speed(found: dict[str, Any]) -> list[str]:
    lines = [
        "## Speed",
        "",
        f"One core, hyperfine, medians of {found['help']['runs']} runs of whole processes; start-up is taken out of the words a second by",
        "subtracting a run on few articles. entityscan also merges. Our own samples have about twice as many names as the press.",
        "",
    ]
    for text, measured in found["texts"].items():
        tools, ours = measured["tools"], measured["tools"]["entityscan"]
        rows = [
            (
                name,
                _whole(tool["words_per_second"]),
                f"{_whole(tool['slowest'])} to {_whole(tool['fastest'])}",
                _times(ours["words_per_second"], tool["words_per_second"]),
            )
            for name, tool in tools.items()
        ]
        title = f"{text} ({measured['words']:,} words in the difference)"
        lines += [f"{title}:", "", *_table(("tool", "words/s", "range", "entityscan is × as fast"), rows)]
    rows = [(name, f"{tool['median']:.2f} s") for name, tool in found["one_article"].items()]
    return [
        *lines,
        "One short article, cold, the whole process:",
        "",
        *_table(("tool", "seconds"), rows),
        f'`python -c "import spacy"`: {found["import_spacy"]["median"]:.2f} s; `entityscan --help`: {found["help"]["median"]:.2f} s.',
        "",
    ]


def _memory(found: dict[str, Any]) -> list[str]:
    tools = _table(
        ("tool", f"peak, {found['articles']:,} articles"),
        [(name, f"{peak} MiB") for name, peak in found["tools"].items()],
    )
    growth = _table(
        ("articles", "entityscan's peak"),
        [(f"{int(n):,}", f"{peak} MiB") for n, peak in found["growth"].items()],
    )
    return [
        "## Memory",
        "",
        "Largest resident set, as the kernel counts it; articles of 400 words.",
        "",
        *tools,
        *growth,
    ]


def _merging(found: dict[str, Any]) -> list[str]:
    rows = [
        (
            f"{int(n):,}",
            way,
            f"{cost['seconds']:.2f} s",
            f"{1e6 * cost['seconds'] / int(n):.0f} µs",
            f"{cost['mebibytes']} MiB",
            cost["runs"],
        )
        for n, ways in found.items()
        for way, cost in ways.items()
    ]
    return [
        "## Merging alone",
        "",
        "Made-up mentions: names by a power law, a third in a short form. Making them is subtracted; on disk, as `extract`",
        "merges, so is putting them into the scan file.",
        "",
        *_table(("mentions", "way", "time", "a mention", "memory on top", "runs"), rows),
    ]
