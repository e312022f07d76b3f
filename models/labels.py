"""The labels that the network tells apart, and sets of them as bits of a number.

Every word of the training data carries the set of labels that it may have. One bit means that the label is
known; several bits mean that the corpus does not say (a corpus that never annotates equipment does not make
``drone`` a word outside of all mentions).
"""

KINDS = ("person", "place", "organisation", "equipment", "generic", "demonym")
"""``generic`` is a common noun for equipment; a ``demonym`` is no mention but must not be mistaken for one."""

LABELS = ("O", *(f"{prefix}-{kind}" for kind in KINDS for prefix in "BI"))
OUTSIDE = 1
ANY = (1 << len(LABELS)) - 1


def begin(kind: str) -> int:
    return 1 << (1 + 2 * KINDS.index(kind))


def inside(kind: str) -> int:
    return begin(kind) << 1


def either(*kinds: str) -> int:
    """The set of all labels of these kinds, and outside."""
    return OUTSIDE | sum(begin(kind) | inside(kind) for kind in kinds)


HARDWARE = either("equipment", "generic")
"""Outside or equipment of either sort: a word that looks like hardware in a corpus that does not annotate it."""
