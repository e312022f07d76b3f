"""The article as a whole: what one place tells about a name helps in all others.

A second look at the mentions that were found word by word. Numbers of words and kinds in, the same out; knows
neither texts nor spaCy.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from entityscan.recogniser.decoding import Found, Scores, decode
from entityscan.recogniser.pieces import NEWLINE
from entityscan.word_lists import word_lists

NAMED = 4
"""Kinds below this number are names: person, place, organisation, named equipment."""
_SHARE = 0.5
"""Part of the other occurrences in the judgement on one."""
_FEWEST_LOUD = 3
"""A line with fewer words in capitals may just be an acronym."""
_SURE = 0.6
"""Least probability of a name in a line of capitals that the article does not hold elsewhere."""


def promising(words: Sequence[str], breaks: Sequence[int]) -> tuple[list[int], list[int]]:
    """Leave out the sentences that cannot hold a name: about a seventh of the news.

    Such a sentence has no capital letter but that of its first word, which begins many sentences (``The``).

    Args:
        words: The words of an article.
        breaks: Words that begin a sentence, ascending.

    Returns:
        The words that are to be read, and which of them begin a sentence; both ascending.
    """
    openers = word_lists("sentence_openers")[""]
    read: list[int] = []
    borders: list[int] = []
    for start, end in pairwise(sorted({0, *breaks, len(words)})):
        letters = [word for word in words[start:end] if word[0].isalpha() and word != "I"]
        opens = letters and letters[0].istitle() and letters[0].lower() in openers
        if not (opens and all(word.islower() for word in letters[1:])):
            borders.append(len(read))
            read += range(start, end)
    return read, borders


def agree(words: Sequence[str], gaps: Sequence[int], scores: Scores, found: list[Found]) -> list[Found]:
    """Let the occurrences of one name in an article vote on its label and its borders.

    Every word of an occurrence gets the mean of its own log probabilities and the mean over all occurrences;
    then the labels are chosen anew. A clear case stays as it is, an unsure one follows the others.
    """
    surfaces = {tuple(words[m.start : m.end]) for m in found if m.kind < NAMED}
    places = _occurrences(
        words, {surface for surface in surfaces if len(surface[0]) > 1 and surface[0][0].isalnum()}
    )
    repeated = [(len(surface), starts) for surface, starts in places.items() if len(starts) > 1]
    if not repeated:
        return found
    voted = scores.copy()
    for length, starts in sorted(repeated):  # longer names speak last
        rows = np.asarray(starts)[:, None] + np.arange(length)
        mean = scores[rows].mean(axis=0)
        voted[rows] = (1 - _SHARE) * scores[rows] + _SHARE * mean
    return decode(voted, gaps)


def _occurrences(words: Sequence[str], surfaces: set[tuple[str, ...]]) -> dict[tuple[str, ...], list[int]]:
    """Find where each sequence of words occurs."""
    by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for surface in sorted(surfaces):
        by_first[surface[0]].append(surface)
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, word in enumerate(words):
        for surface in by_first.get(word, ()):
            if tuple(words[index : index + len(surface)]) == surface:
                places[surface].append(index)
    return places


def loud_words(words: Sequence[str], gaps: Sequence[int]) -> list[bool]:
    """Say of each word whether it stands in a line all in capitals."""
    loud = [False] * len(words)
    start = 0
    for index in range(1, len(words) + 1):
        if index < len(words) and gaps[index] != NEWLINE:
            continue
        letters = [word for word in words[start:index] if word.isalpha() and len(word) > 1]
        if len(letters) >= _FEWEST_LOUD and all(word.isupper() for word in letters):
            loud[start:index] = [True] * (index - start)
        start = index
    return loud


def settle_loud(words: Sequence[str], found: list[Found], loud: Sequence[bool]) -> list[Found]:
    """In lines of capitals keep the names that the rest of the article holds, and those that are sure anyway."""
    quiet = [m for m in found if not loud[m.start]]
    known: dict[tuple[str, ...], Found] = {}
    for mention in quiet:
        if mention.kind < NAMED:
            known.setdefault(tuple(word.casefold() for word in words[mention.start : mention.end]), mention)
    repeated: list[Found] = []
    folded = [word.casefold() if is_loud else "" for word, is_loud in zip(words, loud, strict=True)]
    for surface, starts in sorted(_occurrences(folded, set(known)).items(), key=lambda item: -len(item[0])):
        for start in starts:
            end = start + len(surface)
            if all(end <= m.start or start >= m.end for m in repeated):
                repeated.append(Found(start, end, known[surface].kind, known[surface].score))
    own = [
        m
        for m in found
        if loud[m.start] and m.score >= _SURE and all(m.end <= r.start or m.start >= r.end for r in repeated)
    ]
    return sorted(quiet + repeated + own)
