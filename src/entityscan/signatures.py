"""Texts that are nearly the same, such as the copies of a wire report: pure functions, MinHash by rensa.

Two texts are copies when about :data:`LIKENESS` of their runs of three words are shared; changed
headlines, bylines and cut last paragraphs do not hide a copy.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from sys import byteorder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

LIKENESS = 0.6
"""Least share of common word runs (Jaccard), as estimated from the signatures."""
_RUN = 3  # words
_PIECE = 5_000  # words held at a time
_SHORTEST = 20  # words; shorter texts are alike by chance
_NUMBERS, _BANDS = 128, 32  # 32 bands of 4 numbers find 99 % of the pairs at 0.6, and few below 0.3
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
        signatures: Document ids, ascending, with their signatures.

    Returns:
        For each document that has copies, itself included, the first of them by id.
    """
    import numpy as np

    if len(signatures) < 2:
        return {}
    matrix = np.frombuffer(b"".join(found for _, found in signatures), "<u4").reshape(-1, _NUMBERS)
    first = list(range(len(signatures)))
    for bucket in _buckets(matrix):
        _join_alike(matrix, bucket, first)
    roots = [_root(first, at) for at in range(len(first))]
    sizes = Counter(roots)
    return {
        document: signatures[root][0]
        for root, (document, _) in zip(roots, signatures, strict=True)
        if sizes[root] > 1
    }


def _buckets(matrix: "np.ndarray[Any, Any]") -> "Iterator[np.ndarray[Any, Any]]":
    """Yield the rows that agree in one band, ascending; only they are compared."""
    import numpy as np

    width = _NUMBERS // _BANDS
    for begin in range(0, _NUMBERS, width):
        band = matrix[:, begin : begin + width]
        order = np.lexsort(band.T)
        ends = np.flatnonzero((band[order][1:] != band[order][:-1]).any(axis=1)) + 1
        yield from (bucket for bucket in np.split(order, ends) if len(bucket) > 1)


def _join_alike(matrix: "np.ndarray[Any, Any]", bucket: "np.ndarray[Any, Any]", first: list[int]) -> None:
    """Join the rows of a bucket that are alike; each is compared with the first of every group."""
    while len(bucket) > 1:
        alike = (matrix[bucket] == matrix[bucket[0]]).mean(axis=1) >= LIKENESS
        for at in bucket[alike].tolist():
            one, other = sorted((_root(first, int(bucket[0])), _root(first, at)))
            first[other] = one
        bucket = bucket[~alike]


def _root(first: list[int], at: int) -> int:
    while first[at] != at:
        first[at] = first[first[at]]
        at = first[at]
    return at
