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
    card = template.replace("{figures}", table(figures))
    (options.pipeline / "README.md").write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main()
