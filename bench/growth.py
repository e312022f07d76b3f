"""How the time of each stage grows with its input, on ordinary and on hostile inputs.

Every input is made four times, each twice as long as the one before; ``growth`` is the time of the longest divided by
that of half of it, so 2 is linear, and ``calls`` the same of the number of calls (of Python and C functions) with empty
caches, which no other program disturbs. The network of the recogniser is left out: its time is that of its windows.
Writes ``bench/results/growth.json``:

    python bench/growth.py [STAGE ...]     measure: all, or what begins so (``merging``, ``merging/one surname``)
    python bench/growth.py --table         what was measured, as the table of docs/robustness.md

Times are seconds of this process (``time.process_time``), the best of three.
"""

import cProfile
import gc
import gzip
import io
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from processes import machine
from texts import _SYLLABLES, make_mentions, sentences

from entityscan import reading, verdicts
from entityscan.geography import locate
from entityscan.highlighting import highlight
from entityscan.merging import merge
from entityscan.names import name_key
from entityscan.records import Document, DocumentInfo, Entity, Kind, Mention, Result
from entityscan.report import render
from entityscan.tagging import _tag_document, load_pipeline
from entityscan.writing import WRITERS, WriteOptions

RESULTS = Path(__file__).parent / "results" / "growth.json"
_PATIENCE = 5.0  # seconds of one measurement, after which longer inputs are left out


def word(number: int) -> str:
    """Give a different word that sounds like a name for each number."""
    syllables = []
    for _ in range(3):
        number, digit = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[digit])
    return "".join(reversed(syllables)).capitalize() + ("" if not number else word(number))


def news(number: int) -> str:
    stock = sentences()
    return " ".join(stock[index % len(stock)] for index in range(number // 20))


def repeated(piece: str) -> Callable[[int], str]:
    return lambda number: piece * (number // len(piece.split() or [piece]))


TEXTS: dict[str, Callable[[int], str]] = {
    # of about so many words
    "news": news,
    "one name": repeated("Donald Tusk "),
    "one name, one sentence each": repeated("Donald Tusk spoke. "),
    "different names": lambda n: " ".join(f"{word(i)} {word(i * 7 + 3)} spoke." for i in range(n // 3)),
    "one surname": lambda n: " ".join(f"{word(i)} Smith spoke." for i in range(n // 3)),
    "surname of two owners": lambda n: "John Smith met Jane Smith. " + "Smith spoke. " * (n // 2),
    "capitals": lambda n: " ".join(word(i).upper() for i in range(n)),
    "capitals in lines": lambda n: "\n".join(f"{word(i).upper()} MEETS NATO" for i in range(n // 3)),
    "designations": lambda n: " ".join(f"T-{i} and X{i % 97}-{i}B tanks," for i in range(n // 4)),
    "one designation": repeated("T-72B3 "),
    "common nouns": repeated("tanks and missiles "),
    "ships": lambda n: " ".join(f"The USS {word(i)} sailed." for i in range(n // 4)),
    "places": repeated("Odessa, Texas, "),
    "sport in brief": lambda n: (
        (
            "Norway beat Wales 2-1 in a soccer match, and the striker scored twice.\n"
            f"In Oslo the minister said that {'the budget was late and ' * 6}that was all.\n" * 2
        )
        * (n // 80)
    ),
    "equated": repeated("NATO (Donald Tusk), also known as Warsaw "),
    "definitions": lambda n: " ".join(f"{word(i)} Group ({word(i)[0]}G)." for i in range(n // 3)),
    "one word": lambda n: "A" * (5 * n),
    "hyphens": lambda n: "Jean" + "-Luc" * n,
    "dashes": lambda n: "-" * (5 * n),
    "dots": lambda n: "J." * (2 * n),
    "digits": lambda n: "T-" + "7" * (5 * n),
    "groups of digits": lambda n: "1" + ",000" * n + " tanks",
    "quotes": lambda n: "“\"'" * n,
    "brackets": lambda n: "(" * (2 * n) + "Tusk" + ")" * (2 * n),
    "slashes": lambda n: "F-16" + "/18" * n,
    "blanks": lambda n: "Tusk" + " " * (5 * n) + "spoke",
    "line feeds": lambda n: "Tusk" + "\n" * (5 * n) + "spoke",
    "combining marks": lambda n: "T" + "\u0301" * (5 * n),
    "joiners": lambda n: "\u200d" * (5 * n),
    "possessives": repeated("Smith's "),
    "of the": repeated("the Ministry of the "),
    "and": repeated("Tusk and "),
    "titles": repeated("Prime Minister President General "),
    "numbers in words": repeated("twenty-one hundred thousand "),
}


def person_mentions(
    texts: Sequence[str], document: Callable[[int], str], kind: Kind = Kind.PERSON
) -> list[Mention]:
    return [
        Mention(document(i), 40 * i, 40 * i + len(text), text, kind, sentence=f"{text} spoke.")
        for i, text in enumerate(texts)
    ]


def one(_: int) -> str:
    return "article"


def own(number: int) -> str:
    return f"article-{number}"


MENTIONS: dict[str, Callable[[int], list[Mention]]] = {
    "archive": make_mentions,
    "one name, one article": lambda n: person_mentions(["Donald Tusk"] * n, one),
    "one name, many articles": lambda n: person_mentions(["Donald Tusk"] * n, own),
    "different names, one article": lambda n: person_mentions(
        [f"{word(i)} {word(7 * i + 3)}" for i in range(n)], one
    ),
    "different names, many articles": lambda n: person_mentions(
        [f"{word(i)} {word(7 * i + 3)}" for i in range(n)], own
    ),
    "names of one sound, one article": lambda n: person_mentions(
        [
            "".join(f"{'aeiou'[i // 5**place % 5]}l" for place in range(6)).capitalize() + " Smith"
            for i in range(n)
        ],
        one,
    ),
    "spellings of one family": lambda n: [
        Mention(
            "article", 40 * i, 40 * i + 4, f"T-72 {word(i)}", Kind.EQUIPMENT, category="tank", family="T-72"
        )
        for i in range(n)
    ],
    "one surname, one article": lambda n: person_mentions([f"{word(i)} Smith" for i in range(n)], one),
    "one surname, many articles": lambda n: person_mentions([f"{word(i)} Smith" for i in range(n)], own),
    "one given name, many articles": lambda n: person_mentions([f"John {word(i)}" for i in range(n)], own),
    "initials, many articles": lambda n: person_mentions([f"J. {word(i)}" for i in range(n)], own),
    "surname of two owners": lambda n: person_mentions(
        ["John Smith", "Jane Smith"] * (n // 4) + ["Smith"] * (n // 2), one
    ),
    "organisations of one head": lambda n: person_mentions(
        [f"Ministry of {word(i)}" for i in range(n)], one, Kind.ORGANISATION
    ),
    "one acronym": lambda n: person_mentions(
        [f"{word(i)} {word(i * 3)} Group" for i in range(n)] + ["ABG"], one, Kind.ORGANISATION
    ),
    "brigades": lambda n: person_mentions([f"{i}th Brigade" for i in range(n)], one, Kind.ORGANISATION),
    "bare institutions": lambda n: person_mentions(
        ["Navy", "Defence Ministry"] * (n // 2), own, Kind.ORGANISATION
    ),
    "places": lambda n: person_mentions([word(i) for i in range(n)], own, Kind.PLACE),
    "places of one name": lambda n: person_mentions(["Springfield"] * n, own, Kind.PLACE),
    "designations": lambda n: person_mentions([f"T-{i}" for i in range(n)], own, Kind.EQUIPMENT),
    "callings": lambda n: (
        [
            Mention(
                own(i),
                0,
                10,
                "Ann Orlova",
                Kind.PERSON,
                sentence=f"Ann Orlova, the {('goalkeeper', 'surgeon')[i % 2]}, spoke.",
            )
            for i in range(n)
        ]
        + person_mentions([f"{word(i)} {word(5 * i + 1)}" for i in range(n)], own)
    ),
}


ALL_ALIKE = {"names of one sound, one article"}
"""Inputs in which each name has to be held against many others: their smallest size is smaller."""


def lines_of(number: int) -> bytes:
    return b"".join(b'{"id": "same", "text": "Donald Tusk spoke %d."}\n' % i for i in range(number))


BYTES: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "one long line": ("a.txt", lambda n: b"Donald Tusk " * n),
    "records of one id": ("a.jsonl", lines_of),
    "broken records": ("a.jsonl", lambda n: b"{\n" * n),
    "gzip": ("a.txt.gz", lambda n: gzip.compress(b"Tusk " * n)),
    "page": (
        "a.html",
        lambda n: b"<html><body><article>" + b"<p>Donald Tusk met NATO in Warsaw today.</p>" * (n // 50),
    ),
    "deep page": ("a.html", lambda n: b"<div>" * (n // 50) + b"Donald Tusk met NATO in Warsaw."),
    "page of tables": ("a.html", lambda n: b"<table><tr><td>x" * (n // 50)),
    "page without end": ("a.html", lambda n: b"<p title='" + b"x" * n),
}


def result_of(entities: Sequence[Entity]) -> Result:
    names = sorted({mention.document for entity in entities for mention in entity.mentions})
    return Result(tuple(entities), tuple(DocumentInfo(name, name, "", 10**9) for name in names))


def read_all(name: str, data: bytes) -> list[Any]:
    found = reading._read_stream(name, io.BytesIO(data), reading.ReadOptions())
    seen: dict[str, int] = {}
    return [reading.unique_id(item.id, seen) for item in found if isinstance(item, Document)]


class Dice:
    """In place of the network, whose time is that of its windows: labels that fall as pieces do."""

    def __init__(self, labels: int) -> None:
        self._table = np.random.default_rng(1).normal(size=(997, labels)).astype(np.float32)

    def run(self, _: Any, given: dict[str, NDArray[np.int32]]) -> list[NDArray[np.float32]]:
        return [self._table[given["pieces"] % len(self._table)]]


def without_network(nlp: Any) -> Any:
    recogniser = nlp.get_pipe("entityscan_recogniser")
    recogniser._session = Dice(1 + 2 * len(recogniser.settings.kinds))
    return nlp


def verdict_file(number: int) -> str:
    return "".join(f'[[rename]]\nname = "{word(i)}"\nto = "New {word(i)}"\n' for i in range(number))


def joining_file(number: int) -> str:
    return "".join(f'[[same]]\nnames = ["{word(0)}", "{word(i)}"]\n' for i in range(1, number))


def stages() -> Iterator[tuple[str, str, int, Callable[[int], Any], Callable[[Any], Any]]]:
    """Yield stage, input, smallest size, what makes the input, and what is measured on it."""
    for name, (file, make) in BYTES.items():
        yield "reading", name, 20_000, make, lambda data, file=file: read_all(file, data)
    nlp = without_network(load_pipeline())
    for name, text in TEXTS.items():
        yield (
            "tagging",
            name,
            1_500,
            lambda n, text=text: Document("a", text(n), "a"),
            lambda document: _tag_document(nlp, document),
        )
    for name, mentions in MENTIONS.items():
        yield "merging", name, 100 if name in ALL_ALIKE else 2_000, mentions, merge
    yield "geography", "places", 1_000, lambda n: merge(MENTIONS["places"](n)), locate
    yield "geography", "places of one name", 1_000, lambda n: merge(MENTIONS["places of one name"](n)), locate
    for name in ("archive", "one name, one article"):
        for form, write in WRITERS.items():
            if form in {"docbin", "conll", "brat", "labelstudio"}:
                continue
            yield (
                f"writing {form}",
                name,
                1_000,
                lambda n, name=name: result_of(merge(MENTIONS[name](n))),
                lambda result, write=write: sum(
                    len(chunk)
                    for mentions in (False, True)
                    for chunk in write(result, WriteOptions(mentions=mentions))
                ),
            )
    for form in ("docbin", "conll", "brat", "labelstudio"):
        yield (
            f"writing {form}",
            "one long article",
            1_000,
            lambda n: (
                result_of(merge(MENTIONS["one name, one article"](n))),
                {"article": "Donald Tusk spoke.".ljust(40) * n},
            ),
            lambda pair, form=form: sum(map(len, WRITERS[form](pair[0], WriteOptions(texts=pair[1])))),
        )
    yield (
        "highlighting",
        "one long article",
        1_000,
        lambda n: ("Donald Tusk spoke.".ljust(40) * n, MENTIONS["one name, one article"](n)),
        lambda pair: highlight(pair[0], pair[1], color=True),
    )
    yield (
        "report",
        "archive",
        1_000,
        lambda n: result_of(merge(make_mentions(n))),
        lambda result: sum(map(len, render(result, {}, title=""))),
    )
    yield "verdicts read", "renames", 2_000, verdict_file, lambda text: verdicts.parse(text, "v.toml")
    yield (
        "verdicts applied",
        "one for each row",
        250,
        lambda n: (
            verdicts.parse(verdict_file(n), "v.toml"),
            merge(person_mentions([word(i) for i in range(n)], own, Kind.PLACE)),
        ),
        lambda pair: verdicts.apply(*pair),
    )
    yield (
        "verdicts applied",
        "all on one row",
        250,
        lambda n: (
            verdicts.parse(joining_file(n), "v.toml"),
            merge(person_mentions([word(i) for i in range(n)], own, Kind.PLACE)),
        ),
        lambda pair: verdicts.apply(*pair),
    )


def seconds(run: Callable[[Any], Any], given: Any) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        run(given)
        best = min(best, time.process_time() - start)
        if best > 0.3:
            break
    return best


def calls(run: Callable[[Any], Any], given: Any) -> int:
    """Count the calls of a run that knows the tables but has met no name."""
    for remembered in gc.get_objects():
        if isinstance(remembered, type(name_key)) and (remembered.cache_parameters()["maxsize"] or 0) > 100:
            remembered.cache_clear()
    profile = cProfile.Profile()
    profile.runcall(run, given)
    return sum(entry.callcount for entry in profile.getstats())


def measured(size: int, make: Callable[[int], Any], run: Callable[[Any], Any]) -> dict[str, Any]:
    times: dict[str, float] = {}
    for number in (size, 2 * size, 4 * size, 8 * size):
        times[str(number)] = round(seconds(run, make(number)), 4)
        if times[str(number)] > _PATIENCE:
            break
    if len(times) == 1:
        return {"seconds": times, "growth": None, "calls": None}
    *_, before, last = times
    counts = [calls(run, make(int(number))) for number in (before, last)]
    return {
        "seconds": times,
        "growth": round(times[last] / (times[before] or 1e-4), 2),
        "calls": round(counts[1] / counts[0], 2),
    }


def main(wanted: Sequence[str]) -> None:
    found = json.loads(RESULTS.read_text()) if RESULTS.exists() and wanted else {"stages": []}
    rows = {(row["stage"], row["input"]): row for row in found["stages"]}
    for stage, name, size, make, run in stages():
        if wanted and not any(
            stage.startswith(item) or f"{stage}/{name}".startswith(item) for item in wanted
        ):
            continue
        row = {"stage": stage, "input": name, **measured(size, make, run)}
        rows[stage, name] = row
        print(
            f"{stage:20} {name:30} {row['growth']}  {row['calls']}  {list(row['seconds'].values())}",
            flush=True,
        )
        RESULTS.write_text(json.dumps({"machine": machine(), "stages": list(rows.values())}, indent=1) + "\n")


def table() -> None:
    rows = json.loads(RESULTS.read_text())["stages"]
    print("| stage | inputs | time, median | time, worst | calls, worst |\n|---|---|---|---|---|")
    for stage in sorted({row["stage"].split(" ")[0] for row in rows}):
        own = [row for row in rows if row["stage"].split(" ")[0] == stage and row["growth"]]
        middle = median(row["growth"] for row in own)
        print(f"| {stage} | {len(own)} | {middle:.2f} | {worst(own, 'growth')} | {worst(own, 'calls')} |")


def worst(rows: Sequence[dict[str, Any]], figure: str) -> str:
    measured = [row for row in rows if row.get(figure)]
    if not measured:
        return "-"
    row = max(measured, key=lambda row: row[figure])
    return f"{row[figure]:.2f} ({' '.join([*row['stage'].split(' ')[1:], row['input']])})"


if __name__ == "__main__":
    table() if sys.argv[1:] == ["--table"] else main(sys.argv[1:])
