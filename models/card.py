"""Write the model card from the measured figures and the template beside this script."""

import argparse
import json
from pathlib import Path

HERE = Path(__file__).parent
KINDS = {
    "PERSON": "person",
    "PLACE": "place",
    "ORG": "organisation",
    "EQUIPMENT": "equipment (named)",
    "ALL": "all",
}


def table(figures: dict) -> str:
    """Return the F1 of every corpus and kind as a Markdown table."""
    head = [*KINDS.values(), "95 % interval of all", "equipment, generic too", "the same by overlap"]
    lines = ["| corpus | " + " | ".join(head) + " |", "|---" * (len(head) + 1) + "|"]
    for corpus, row in figures.items():
        cells = [_cell(row["named"].get(kind)) for kind in KINDS]
        cells.append("–".join(map(str, row["interval"])))
        cells += [_cell(row.get(name)) for name in ("equipment_all", "equipment_all_overlap")]
        lines.append(f"| {corpus} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def ablation(parts: dict[str, dict[str, float]]) -> str:
    """Return what F1 is left without each part, as a Markdown table."""
    corpora = list(parts["nothing"])
    lines = [f"| without | {' | '.join(corpora)} |", "|---" * (len(corpora) + 1) + "|"]
    lines += [
        f"| {part} | " + " | ".join(str(row[name]) for name in corpora) + " |" for part, row in parts.items()
    ]
    return "\n".join(lines)


def cases(figures: dict) -> str:
    """Return what F1 is left on texts all in lower case or in capitals."""
    [corpus] = [name for name in figures if "lower case" in figures[name]]
    row = figures[corpus]
    usual, lower, capitals = (row[case] for case in ("named", "lower case", "capitals"))
    return (
        f"{corpus} all in lower case: {lower['ALL'][2]} instead of {usual['ALL'][2]} "
        f"(organisations {lower['ORG'][2]} instead of {usual['ORG'][2]}); all in capitals: {capitals['ALL'][2]}."
    )


def _cell(values: list[float] | None) -> str:
    """Return F1 and the number of mentions in the gold."""
    return "" if values is None else f"{values[2]:.1f} ({values[3]})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("figures", type=Path)
    options = parser.parse_args()
    template = (HERE / "card.md").read_text(encoding="utf-8")
    figures = json.loads(options.figures.read_text(encoding="utf-8"))
    parts = json.loads((HERE / "ablation.json").read_text(encoding="utf-8"))
    card = template.replace("{figures}", table(figures)).replace("{cases}", cases(figures))
    card = card.replace("{ablation}", ablation(parts))
    (options.pipeline / "README.md").write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main()
