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

PERSON = 0
NAMED = 4
"""Kinds below this number are names: person, place, organisation, named equipment."""
_SHARE = 0.5
"""Part of the other occurrences in the judgement on one."""
_HARDLY = -12.0
"""Log probability of what a vote excludes."""
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
    then the labels are chosen anew. A clear case stays as it is, an unsure one follows the others. An occurrence
    inside a longer name has no vote (a surname does not begin ``Donald Tusk`` as it begins ``Tusk``), but a person's
    full name votes on the surname that ends it.
    """
    surfaces = {tuple(words[m.start : m.end]) for m in found if m.kind < NAMED}
    places = _occurrences(
        words, {surface for surface in surfaces if len(surface[0]) > 1 and surface[0][0].isalnum()}
    )
    around = {index: m for m in found if m.kind < NAMED for index in range(m.start, m.end)}
    voted = scores.copy()
    for surface, starts in sorted(places.items(), key=lambda item: (len(item[0]), item[0])):
        size = len(surface)  # longer names speak last
        longer = {
            start: m
            for start in starts
            for m in (around.get(start), around.get(start + size - 1))
            if m is not None and m.end - m.start > size
        }
        alone = [start for start in starts if start not in longer]
        ends = [start for start, m in longer.items() if m.kind == PERSON and m.end == start + size]
        if not alone or len(alone) + len(ends) < 2:
            continue
        rows = np.asarray(alone)[:, None] + np.arange(size)
        votes = np.concatenate(
            [scores[rows], *(_as_whole(scores[start : start + size])[None] for start in ends)]
        )
        voted[rows] = (1 - _SHARE) * scores[rows] + _SHARE * votes.mean(axis=0)
    return decode(voted, gaps)


def _as_whole(scores: Scores) -> Scores:
    """Return the scores of the last words of a name as if the name began there."""
    whole = scores.copy()
    begins, continues = whole[0, 1::2], whole[0, 2::2]
    begins[:] = np.logaddexp(begins, continues)
    continues[:] = _HARDLY
    return whole


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
