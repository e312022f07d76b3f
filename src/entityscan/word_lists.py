"""Read the lists of words under ``data/``: a word or phrase a line, sections in square brackets, ``#`` for notes."""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType


@lru_cache(maxsize=8)
def word_lists(name: str) -> Mapping[str, frozenset[str]]:
    """Return the words of each section; those before the first section are under the empty string.

    Args:
        name: File under ``data/``, without ``.txt``.

    >>> sorted(word_lists("not_names"))
    ['channels', 'events', 'names']
    """
    sections: dict[str, set[str]] = defaultdict(set)
    section = ""
    for line in files("entityscan").joinpath("data", f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            sections[section].add(line)
    return MappingProxyType({section: frozenset(words) for section, words in sections.items()})
