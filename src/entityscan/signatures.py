"""Texts that are nearly the same, such as the copies of a wire report: pure functions, MinHash by rensa.

Two texts are copies when about :data:`LIKENESS` of their runs of three words are shared; changed
headlines, bylines and cut last paragraphs do not hide a copy.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from sys import byteorder
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from entityscan.partition import Partition

if TYPE_CHECKING:
    import numpy as np

LIKENESS = 0.6
"""Least share of common word runs (Jaccard), as estimated from the signatures."""
_RUN = 3  # words
_PIECE = 5_000  # words held at a time
_SHORTEST = 20  # words; shorter texts are alike by chance
_NUMBERS, _BANDS = 128, 32  # 32 bands of 4 numbers find 99 % of the pairs at 0.6, and few below 0.3
_WIDTH = 4 * _NUMBERS // _BANDS  # bytes of a band
_HELD = 65_536  # bytes of all signatures' bands that need no file
_SEED = 1
_WORD = re.compile(r"\w+")


def signature(text: str) -> bytes | None:
    """Return 128 little-endian 32-bit numbers that say what a text is like, None when it is too short."""
    from rensa import RMinHash  # type: ignore[import-untyped]

    words = (match.group().casefold() for match in _WORD.finditer(text))
    minhash = RMinHash(num_perm=_NUMBERS, seed=_SEED)
    piece = list(islice(words, _PIECE))
    if len(piece) < _SHORTEST:
        return None
    while len(piece) >= _RUN:
        minhash.update([" ".join(piece[at : at + _RUN]) for at in range(len(piece) - _RUN + 1)])
        piece = [*piece[1 - _RUN :], *islice(words, _PIECE)]
    numbers = array("I", minhash.digest())
    if byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def copies(signatures: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    """Find the documents that are copies of others.

    Args:
        signatures: Document ids, ascending, with their signatures; gone through once, then those that may be copies are
            looked up. Memory holds a band of them.

    Returns:
        For each document that has copies, itself included, the first of them by id.
    """
    if len(signatures) < 2:
        return {}
    return first_copies(
        link for bucket in _buckets(signatures) for link in copy_links([signatures[at] for at in bucket])
    )


def bands(found: bytes) -> Iterator[bytes]:
    """Yield the parts of a signature, each with its number; texts that share none are not compared."""
    for number in range(_BANDS):
        yield bytes([number]) + found[number * _WIDTH : (number + 1) * _WIDTH]


def copy_links(signatures: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, str]]:
    """Yield the documents of one band that are alike, the first by id before the other.

    Args:
        signatures: All that share the band: document ids, ascending, with their signatures.
    """
    import numpy as np

    matrix = _matrix(found for _, found in signatures)
    for one, other in _links(matrix, np.arange(len(signatures))):
        yield signatures[one][0], signatures[other][0]


def first_copies(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give for each document that is linked, directly or through others, the first of them by id."""
    alike = Partition[str]()
    linked: set[str] = set()
    for link in links:
        linked.update(link)
        first, other = sorted(map(alike.head, link))
        alike.join(other, first)
    return {document: alike.head(document) for document in sorted(linked)}


def _matrix(signatures: Iterable[bytes]) -> "np.ndarray[Any, Any]":
    import numpy as np

    return np.frombuffer(b"".join(signatures), "<u4").reshape(-1, _NUMBERS)


def _buckets(signatures: Iterable[tuple[str, bytes]]) -> Iterator[list[int]]:
    """Yield the numbers of those that agree in one band, ascending; only they are compared."""
    import numpy as np

    with ExitStack() as stack:
        files = [stack.enter_context(SpooledTemporaryFile(_HELD)) for _ in range(_BANDS)]
        for _, found in signatures:
            for number, file in enumerate(files):
                file.write(found[number * _WIDTH : (number + 1) * _WIDTH])
        for file in files:
            file.seek(0)
            halves = np.frombuffer(file.read(), np.uint64).reshape(-1, 2)
            order = np.lexsort(halves.T)
            changes = (halves[order[1:]] != halves[order[:-1]]).any(axis=1)
            begins = np.concatenate(([0], np.flatnonzero(changes) + 1, [len(order)]))
            for at in np.flatnonzero(np.diff(begins) > 1):
                yield order[begins[at] : begins[at + 1]].tolist()


def _links(matrix: "np.ndarray[Any, Any]", bucket: "np.ndarray[Any, Any]") -> Iterator[tuple[int, int]]:
    """Yield the rows of a bucket that are alike; each is compared with the first of every group."""
    while len(bucket) > 1:
        alike = (matrix[bucket] == matrix[bucket[0]]).mean(axis=1) >= LIKENESS
        yield from ((int(bucket[0]), at) for at in bucket[alike].tolist()[1:])
        bucket = bucket[~alike]
