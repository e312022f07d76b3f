"""An article with its mentions marked, for a terminal or as plain text."""

from collections.abc import Iterable

from entityscan.records import Kind, Mention
from entityscan.table import printable

_COLORS = {
    Kind.PERSON: 36,
    Kind.PLACE: 32,
    Kind.ORGANISATION: 33,
    Kind.EQUIPMENT: 35,
}  # ANSI, as in the table


def highlight(text: str, mentions: Iterable[Mention], *, color: bool) -> str:
    """Mark the mentions of one article; of overlapping ones the first and longest.

    Args:
        text: The article. Control characters in it are made harmless.
        mentions: Mentions of this article, in any order.
        color: Mark by colour and underline, else by brackets and the kind.

    >>> highlight("Tusk left.", [Mention("a", 0, 4, "Tusk", Kind.PERSON)], color=False)
    '[Tusk: person] left.'
    """
    parts, at = [], 0
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        if mention.start >= at:
            parts += [_lines(text[at : mention.start]), _marked(mention, color)]
            at = mention.end
    return "".join([*parts, _lines(text[at:])])


def _marked(mention: Mention, color: bool) -> str:
    name = _lines(mention.text)
    return f"\x1b[4;{_COLORS[mention.kind]}m{name}\x1b[0m" if color else f"[{name}: {mention.kind}]"


def _lines(text: str) -> str:
    """Make each line printable and keep the line breaks."""
    return "\n".join(map(printable, text.split("\n")))
