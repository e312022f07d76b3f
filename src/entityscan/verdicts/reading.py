"""A file of verdicts, read: TOML comes in (``docs/verdicts.md``), verdicts that can all hold go out."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from entityscan.errors import InputError
from entityscan.names import name_key
from entityscan.partition import Partition
from entityscan.records import Kind

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "same": ("names",),
    "different": ("names",),
    "drop": ("name",),
    "rename": ("name", "to"),
    "kind": ("name", "to"),
}
"""The fields that each kind of verdict needs; ``kind`` must be a kind's word in its ``to``."""
_OPTIONAL = ("document", "of", "note")
_HEADER = re.compile(r"^\s*\[\[\s*(\w+)\s*\]\]", re.MULTILINE)
_ID = re.compile(rf"(?:{'|'.join(Kind)}):[0-9a-f]{{16}}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision of the user."""

    action: str
    names: tuple[str, ...]
    """Names, ids or patterns that it is about."""
    to: str = ""
    """``rename``: the new name; ``kind``: the kind."""
    document: str = ""
    """Pattern of the documents that it holds for, or empty: everywhere."""
    of: Kind | None = None
    """Only rows of this kind."""
    place: str = field(default="", compare=False)
    """File and line, for messages."""

    def __str__(self) -> str:
        """Tell the verdict as the command line takes it."""
        words = " ".join(repr(word) for word in (*self.names, *filter(None, [self.to])))
        return f"{self.place}: {self.action} {words}"

    def holds_in(self, document: str) -> bool:
        """Tell whether it is about a document."""
        return not self.document or fnmatchcase(document, self.document)


def load(path: str | Path) -> tuple[Verdict, ...]:
    """Read a file of verdicts.

    Raises:
        InputError: when it cannot be read, breaks the schema, or contradicts itself.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        reason = getattr(err, "strerror", None) or "not UTF-8 text"
        raise InputError(f"{path}: {reason.lower()}") from err
    return parse(text, str(path))


def parse(text: str, path: str) -> tuple[Verdict, ...]:
    """Read verdicts from a text; see :func:`load`."""
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as err:  # also a number too long, and lists too deep
        raise InputError(f"{path}: not TOML: {err}") from err
    lines: dict[str, list[int]] = defaultdict(list)
    line, counted = 1, 0
    for match in _HEADER.finditer(text):
        line += text.count("\n", counted, match.start(1))
        counted = match.start(1)
        lines[match[1]].append(line)
    verdicts = []
    for action, rows in tables.items():
        if action not in ACTIONS or not isinstance(rows, list):
            raise InputError(f"{path}: [[{action}]] is no verdict; choose one of: {', '.join(ACTIONS)}")
        if len(rows) != len(lines[action]):  # a verdict must never be passed over
            raise InputError(f"{path}: {action}: begin each verdict with a line [[{action}]]")
        for row, line in zip(rows, lines[action], strict=True):
            verdicts.append((line, _verdict(action, row, f"{path}:{line}")))
    ordered = tuple(verdict for _, verdict in sorted(verdicts, key=lambda item: item[0]))
    _check(ordered)
    return ordered


def _verdict(action: str, row: Any, place: str) -> Verdict:
    needed = ACTIONS[action]
    if not isinstance(row, dict) or not set(needed) <= set(row) <= {*needed, *_OPTIONAL}:
        raise InputError(
            f"{place}: {action} needs {' and '.join(needed)}; it may have {', '.join(_OPTIONAL)}"
        )
    names = row["names"] if "names" in needed else [row["name"]]
    texts = [row.get("to", "x"), row.get("document", ""), row.get("note", ""), row.get("of", "")]
    if not isinstance(names, list) or not all(isinstance(text, str) for text in (*names, *texts)):
        raise InputError(f"{place}: {action}: names and values must be text in quotes")
    alone = action == "different" and row.get("document")
    if not all(map(str.strip, names)) or not row.get("to", "x").strip():
        raise InputError(f"{place}: {action}: a name is empty")
    if "names" in needed and len(names) < (1 if alone else 2):
        raise InputError(f"{place}: {action} needs two names, or for 'different' one name and a document")
    kinds = [row["of"]] if "of" in row else []
    if wrong := {*kinds, *([row["to"]] if action == "kind" else [])} - set(Kind):
        raise InputError(f"{place}: {min(wrong)!r} is no kind; choose one of: {', '.join(Kind)}")
    return Verdict(
        action,
        tuple(names),
        row.get("to", ""),
        row.get("document", ""),
        Kind(kinds[0]) if kinds else None,
        place,
    )


# ---------------------------------------------------------------- contradictions


def _check(verdicts: Sequence[Verdict]) -> None:
    """Refuse verdicts that cannot both hold."""
    of_name: dict[tuple[str, str, Kind | None], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        for key in sorted(_keys(verdict)):
            others = of_name[key, verdict.document, verdict.of]
            if opposed := next((other for other in others if _opposed(other, verdict)), None):
                raise InputError(f"two verdicts contradict each other: {opposed} and {verdict}")
            if not any(_says_the_same(other, verdict) for other in others):
                others.append(verdict)  # of many that say the same the first is enough
    groups = Partition[str]()
    said: dict[str, Verdict] = {}
    for verdict in verdicts:
        if verdict.action == "same":
            first, *rest = sorted(_keys(verdict))
            for key in rest:
                groups.join(key, first)
            said |= dict.fromkeys(_keys(verdict), verdict)
    for verdict in verdicts:
        if verdict.action == "different":
            met: dict[str, str] = {}
            for name in sorted(_keys(verdict)):
                left = met.setdefault(groups.head(name), name)
                if left != name:
                    raise InputError(f"two verdicts contradict each other: {said[left]} and {verdict}")


def _opposed(one: Verdict, two: Verdict) -> bool:
    """Tell whether two verdicts on one name say different things of it, or one of them that there is none."""
    if one.action == two.action:
        return one.action in ("rename", "kind") and one.to != two.to
    return "drop" in (one.action, two.action)


def _says_the_same(one: Verdict, two: Verdict) -> bool:
    return (one.action, one.to) == (two.action, two.to)


def _keys(verdict: Verdict) -> set[str]:
    return {name if _ID.fullmatch(name) else name_key(name) for name in verdict.names}
