"""Texts that are nearly the same, such as the copies of a wire report: pure functions, MinHash by rensa.

Two texts are copies when about :data:`LIKENESS` of their runs of three words are shared; changed
headlines, bylines and cut last paragraphs do not hide a copy.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import islice
from sys import byteorder
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

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
_HELD = 16_384  # bytes of all signatures' bands that need no file
_PART, _MOST_PARTS = (
    16_384,
    64,
)  # bands that are sorted at a time, about, and files into which the others are put
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
            looked up. Memory holds those that share a band.

    Returns:
        For each document that has copies, itself included, the first of them by id.
    """
    if len(signatures) < 2:
        return {}
    return first_copies(
        link for bucket in _buckets(signatures) for link in copy_links(signatures[at] for at in bucket)
    )


def bands(found: bytes) -> Iterator[bytes]:
    """Yield the parts of a signature, each with its number; texts that share none are not compared."""
    for number in range(_BANDS):
        yield bytes([number]) + found[number * _WIDTH : (number + 1) * _WIDTH]


def copy_links(signatures: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, str]]:
    """Yield the documents of one band that are alike, the first by id before the other.

    Each is compared with the first of every group.

    Args:
        signatures: All that share the band: document ids, ascending, with their signatures.
    """
    import numpy as np

    names: list[str] = []
    numbers = bytearray()
    for name, found in signatures:
        names.append(name)
        numbers += found
    rest, places = np.frombuffer(numbers, "<u4").reshape(-1, _NUMBERS), np.arange(len(names))
    while len(places) > 1:
        alike = (rest == rest[0]).mean(axis=1) >= LIKENESS
        first, *others = places[alike]
        yield from ((names[first], names[other]) for other in others)
        rest, places = (rest[~alike], places[~alike]) if others else (rest[1:], places[1:])


def first_copies(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give for each document that is linked, directly or through others, the first of them by id."""
    alike = Partition[str]()
    linked: set[str] = set()
    for link in links:
        linked.update(link)
        first, other = sorted(map(alike.head, link))
        alike.join(other, first)
    return {document: alike.head(document) for document in sorted(linked)}


def _buckets(signatures: Iterable[tuple[str, bytes]]) -> Iterator[list[int]]:
    """Yield the numbers of those that agree in one band, ascending; only they are compared."""
    with ExitStack() as stack:
        files = [stack.enter_context(SpooledTemporaryFile(_HELD)) for _ in range(_BANDS)]
        for _, found in signatures:
            for number, file in enumerate(files):
                file.write(found[number * _WIDTH : (number + 1) * _WIDTH])
        for file in files:
            for part in _parts(file):
                yield from _equal(part)


def _parts(file: IO[bytes]) -> "Iterator[np.ndarray[Any, Any]]":
    """Divide the bands in a file, equal ones together, so that few are held at a time.

    Yields:
        Rows of three numbers: where in the file a band is, and the two halves of it.
    """
    import numpy as np

    parts = min(_MOST_PARTS, 1 + file.tell() // (_PART * _WIDTH))
    file.seek(0)
    with ExitStack() as stack:
        divided = [stack.enter_context(SpooledTemporaryFile(_HELD)) for _ in range(parts)]
        for number, piece in enumerate(iter(partial(file.read, _PART * _WIDTH), b"")):
            found = np.frombuffer(piece, np.uint64).reshape(-1, 2)
            places = np.arange(number * _PART, number * _PART + len(found), dtype=np.uint64)
            rows = np.column_stack((places, found))
            for part, kept in enumerate(divided):
                kept.write(rows[found[:, 0] % parts == part].tobytes())
        for kept in divided:
            kept.seek(0)
            yield np.frombuffer(kept.read(), np.uint64).reshape(-1, 3)


def _equal(rows: "np.ndarray[Any, Any]") -> Iterator[list[int]]:
    """Yield the places of bands that are equal, two or more, ascending; see :func:`_parts`."""
    import numpy as np

    places, *halves = rows[np.lexsort(rows.T)].T
    same = np.flatnonzero(np.logical_and.reduce([half[1:] == half[:-1] for half in halves]))  # as the next
    for run in np.split(same, np.flatnonzero(np.diff(same) > 1) + 1) if len(same) else ():
        yield places[run[0] : run[-1] + 2].tolist()
