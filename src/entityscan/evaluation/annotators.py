"""Read what people corrected in an annotation tool: brat's standoff files, Label Studio's JSON.

A note ``entity=ID`` on a mention names its entity, ``entity=ID generic`` a common noun; other notes
are for people.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from entityscan.errors import InputError
from entityscan.evaluation.gold import GoldDocument, GoldSpan, is_link, kind_of

_NOTE = re.compile(r"\bentity=(\S+)( generic\b)?")
_ESCAPED = re.compile(r"=(?=[0-9A-F]{2})")


def _span(start: int, end: int, label: str, note: str) -> GoldSpan:
    found = _NOTE.search(note)
    entity = found.group(1) if found else ""
    return GoldSpan(
        start=start,
        end=end,
        label=label,
        kind=kind_of(label),
        entity=entity,
        is_global=is_link(entity),
        named=not found.group(2) if found else None,
    )


def _in_order(spans: list[GoldSpan]) -> tuple[GoldSpan, ...]:
    return tuple(sorted(spans, key=lambda span: (span.start, span.end, span.label)))


# --- brat


def read_brat(annotation: Path, text: Path) -> GoldDocument:
    """Read a pair of brat files.

    Raises:
        InputError: when one of them is missing, is not UTF-8 or is broken.
    """
    try:
        return _standoff(str(annotation), annotation.read_bytes(), text.read_bytes(), annotation.parent.name)
    except OSError as err:
        raise InputError(f"{err.filename}: {err.strerror or err}; brat needs both .ann and .txt") from err


def read_archive(path: Path, data: bytes) -> Iterator[GoldDocument]:
    """Read every pair of brat files in a ZIP archive.

    Raises:
        InputError: when it is no archive, or a pair in it is broken.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {
                name: archive.read(name) for name in archive.namelist() if name.endswith((".ann", ".txt"))
            }
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
    ) as err:  # broken, encrypted, unknown packing
        raise InputError(f"{path}: not a ZIP archive that can be read ({err})") from err
    for name in sorted(files):
        if name.endswith(".ann"):
            text = files.get(f"{name[:-4]}.txt")
            if text is None:
                raise InputError(f"{path}: {name} has no .txt beside it; brat needs both")
            yield _standoff(f"{path}:{name}", files[name], text, path.stem)


def _standoff(place: str, annotation: bytes, text: bytes, source: str) -> GoldDocument:
    try:
        article, lines = text.decode("utf-8"), annotation.decode("utf-8").split("\n")
    except UnicodeDecodeError as err:
        raise InputError(f"{place}: not UTF-8 text (byte {err.start})") from err
    found: list[tuple[str, int, int, str]] = []
    notes: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r").split("\t")
        if line.startswith("T"):
            found.append(_text_bound(cells, f"{place}:{number}", len(article)))
        elif line.startswith("#") and len(cells) > 2:
            notes[cells[1].rpartition(" ")[2]] = cells[2]
    spans = [_span(start, end, label, notes.get(key, "")) for key, start, end, label in found]
    return GoldDocument(_document_id(place), article, _in_order(spans), source)


def _text_bound(cells: list[str], place: str, length: int) -> tuple[str, int, int, str]:
    """Give key, borders and label of a line ``T1<tab>LABEL 0 4;5 9<tab>text``; pieces are one span."""
    try:
        label, offsets = cells[1].split(" ", 1)
        numbers = [int(number) for number in offsets.replace(";", " ").split()]
        start, end = numbers[0], numbers[-1]
    except (IndexError, ValueError) as err:
        raise InputError(
            f"{place}: expected a key, a label with offsets, and a text, parted by tabs"
        ) from err
    if not 0 <= start < end <= length:
        raise InputError(f"{place}: start {start} and end {end} do not lie in the text of {length}")
    return cells[0], start, end, label


def _document_id(place: str) -> str:
    """Give the id that the file's name stands for; ``=2F`` is a slash."""
    stem = re.split(r"[/\\:]", place)[-1].removesuffix(".ann")
    return unquote(_ESCAPED.sub("%", stem.replace("%", "%25")))


# --- Label Studio


def read_label_studio(path: Path, data: bytes) -> Iterator[GoldDocument]:
    """Read the tasks that people annotated; those with predictions alone are no gold and passed over.

    Of several annotations of a task the one marked as ground truth is read, else the last.

    Raises:
        InputError: when it is no export of Label Studio in its full JSON, or no task is annotated.
    """
    try:
        tasks = json.loads(data.decode("utf-8-sig"))
    except ValueError as err:
        raise InputError(f"{path}: not JSON ({err})") from err
    if not isinstance(tasks, list):
        raise InputError(f"{path}: expected a list of tasks, as Label Studio exports them (JSON)")
    annotated = 0
    for number, task in enumerate(tasks, 1):
        place = f"{path}: task {number}"
        try:
            results = _results(task)
            if results is not None:
                annotated += 1
                yield _task(task, results, f"{path.name}:{number}", place, path.stem)
        except (KeyError, TypeError, AttributeError) as err:
            raise InputError(f"{place}: broken ({type(err).__name__}: {err})") from err
    if not annotated:
        raise InputError(f"{path}: no task is annotated; submit annotations first, then export as JSON")


def _results(task: Mapping[str, Any]) -> list[Any] | None:
    made = [one for one in task.get("annotations") or () if not one.get("was_cancelled")]
    if not made:
        return None
    best: list[Any] = next((one for one in made if one.get("ground_truth")), made[-1])["result"]
    return best


def _task(task: Mapping[str, Any], results: list[Any], name: str, place: str, source: str) -> GoldDocument:
    text = task["data"]["text"]
    if not isinstance(text, str):
        raise InputError(f"{place}: expected the string 'text' under 'data'")
    spans = [_region(region, text, place) for region in results if region.get("value", {}).get("labels")]
    return GoldDocument(str(task["data"].get("id") or name), text, _in_order(spans), source)


def _region(region: Mapping[str, Any], text: str, place: str) -> GoldSpan:
    value = region["value"]
    start, end = value["start"], value["end"]
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text):
        raise InputError(f"{place}: start {start!r} and end {end!r} do not lie in the text of {len(text)}")
    note = " ".join((region.get("meta") or {}).get("text") or ())
    return _span(start, end, str(value["labels"][0]), note)
