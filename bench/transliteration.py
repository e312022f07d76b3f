"""How many true pairs of spellings merging joins across articles, and how many pairs of other names.

python bench/transliteration.py PAIRS.csv       # header name,alias; --misses shows what was not joined
"""

import argparse
import csv
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from entityscan.merging import merge
from entityscan.names import person_name
from entityscan.records import Kind, Mention

OTHERS = 20_000
"""Random pairs of two persons' names whose surnames have one initial."""


def joined(left: str, right: str, *, inside: bool = False) -> bool:
    """Tell whether two names are one row, from one article or from two."""
    documents = ("a", "a" if inside else "b")
    starts = (0, len(left) + 1)
    mentions = [
        Mention(document, start, start + len(text), text, Kind.PERSON)
        for document, start, text in zip(documents, starts, (left, right), strict=True)
    ]
    return len(merge(mentions)) == 1


def others(pairs: Sequence[tuple[str, str]], number: int) -> Iterator[tuple[str, str]]:
    """Yield random pairs of names of two persons whose surnames begin alike."""
    person: dict[str, int] = {}
    for index, pair in enumerate(pairs):
        near = {person[name] for name in pair if name in person}
        person.update(dict.fromkeys(pair, index))
        person.update({name: index for name, other in person.items() if other in near})
    initials: dict[str, list[str]] = defaultdict(list)
    for name in sorted(person):
        if parts := person_name(name).parts:
            initials[parts[-1][0]].append(name)
    chosen = random.Random(0)
    names = [name for same in initials.values() for name in same if len({person[one] for one in same}) > 1]
    while number:
        left = chosen.choice(names)
        right = chosen.choice(initials[person_name(left).parts[-1][0]])
        if person[left] != person[right]:
            number -= 1
            yield left, right


def main() -> None:
    """Print the two shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    with options.pairs.open(encoding="utf-8") as stream:
        pairs = [(row["name"], row["alias"]) for row in csv.DictReader(stream)]
    missed = [pair for pair in pairs if not joined(*pair)]
    inside = sum(joined(*pair, inside=True) for pair in pairs)
    wrong = [pair for pair in others(pairs, OTHERS) if joined(*pair)]
    print(f"{len(pairs):,} pairs: {1 - len(missed) / len(pairs):.1%} joined across articles")
    print(
        f"{inside / len(pairs):.1%} joined in one article; {len(wrong) / OTHERS:.3%} of {OTHERS:,} other pairs joined"
    )
    for left, right in missed if options.misses else ():
        print(f"{left} | {right}")


if __name__ == "__main__":
    main()
