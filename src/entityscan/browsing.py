"""A result to walk through at a terminal: a list of entities, and one entity with its sentences.

What comes in: entities and the names of keys. What goes out: lines to draw. It neither reads keys nor
prints, so that every step can be tested.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from entityscan.records import DocumentInfo, Entity, Kind, Mention
from entityscan.table import COLORS, details, other_forms, printable

if TYPE_CHECKING:
    from rich.text import Text

LIST_KEYS = "↑↓ move  Enter open  / search  Tab kind  q quit"
ENTITY_KEYS = "↑↓ scroll  n next  p previous  Esc back  q quit"
SEARCH_KEYS = "Enter done  Esc clear"
_FRAME = 2  # lines of the screen that are no rows: the heading and the keys
_KINDS = (None, *Kind)


@dataclass(slots=True)
class Browser:
    """Where a person is in a result."""

    entities: Sequence[Entity]
    documents: Mapping[str, DocumentInfo]
    query: str = ""
    kind: Kind | None = None
    typing: bool = False
    """Whether keys go to the search."""
    cursor: int = 0
    opened: bool = False
    """Whether the entity at the cursor is shown, not the list."""
    scroll: int = 0
    page: int = 20
    """Rows on the screen when it was last drawn."""

    def shown(self) -> list[Entity]:
        """Return the entities that search and kind leave."""
        wanted = self.query.casefold()
        return [
            entity
            for entity in self.entities
            if self.kind in {None, entity.kind}
            and (not wanted or any(wanted in text.casefold() for text in _spellings(entity)))
        ]

    def press(self, key: str) -> bool:
        """Take one key: its character, or ``up``, ``down``, ``page up``, ``enter``, ``escape``, ...

        Returns:
            False when the person wants to leave.
        """
        if self.typing:
            self._type(key)
        elif key == "q":
            return False
        elif self.opened:
            self._in_entity(key)
        else:
            self._in_list(key)
        return True

    def _type(self, key: str) -> None:
        if key in {"enter", "escape"}:
            self.typing = False
            self.query = "" if key == "escape" else self.query
        elif key == "backspace":
            self.query = self.query[:-1]
        elif len(key) == 1:
            self.query += key
        self.cursor = 0

    def _in_list(self, key: str) -> None:
        last = len(self.shown()) - 1
        if key in {"enter", "right"} and last >= 0:
            self.opened, self.scroll = True, 0
        elif key == "/":
            self.typing = True
        elif key == "tab":
            self.kind = _KINDS[(_KINDS.index(self.kind) + 1) % len(_KINDS)]
            self.cursor = 0
        elif key == "escape":
            self.query, self.kind, self.cursor = "", None, 0
        else:
            self.cursor = max(0, min(self._moved(key, self.cursor, last), last))

    def _in_entity(self, key: str) -> None:
        if key in {"escape", "backspace", "left"}:
            self.opened = False
        elif key in {"n", "p"}:
            step = 1 if key == "n" else -1
            self.cursor = max(0, min(self.cursor + step, len(self.shown()) - 1))
            self.scroll = 0
        else:
            self.scroll = max(0, self._moved(key, self.scroll, 1_000_000))

    def _moved(self, key: str, at: int, last: int) -> int:
        steps = {"up": -1, "k": -1, "down": 1, "j": 1, "page up": -self.page, "page down": self.page}
        ends = {"home": 0, "g": 0, "end": last, "G": last}
        return ends.get(key, at + steps.get(key, 0))

    def lines(self, width: int, height: int) -> list["Text"]:
        """Draw the screen: at most ``height`` lines of at most ``width`` columns."""
        self.page = max(1, height - _FRAME)
        rows = self.shown()
        heading, body, keys = self._entity(rows, width) if self.opened and rows else self._list(rows, width)
        return [_cut(line, width) for line in (_text(heading, "bold"), *body, _text(keys, "dim"))]

    def _list(self, rows: Sequence[Entity], width: int) -> tuple[str, list["Text"], str]:
        kind = f" · {self.kind}" if self.kind else ""
        search = f" · search: {self.query}{'▏' if self.typing else ''}" if self.query or self.typing else ""
        first = max(0, min(self.cursor - self.page // 2, len(rows) - self.page))
        body = [
            _row(entity, width, current=number == self.cursor)
            for number, entity in enumerate(rows[first : first + self.page], first)
        ]
        body += [_text("")] * (self.page - len(body))
        heading = f"{len(rows)} of {len(self.entities)} entities{kind}{search}"
        return heading, body, SEARCH_KEYS if self.typing else LIST_KEYS

    def _entity(self, rows: Sequence[Entity], width: int) -> tuple[str, list["Text"], str]:
        entity = rows[self.cursor]
        lines = about(entity, self.documents, width)
        self.scroll = max(0, min(self.scroll, len(lines) - self.page))
        body = lines[self.scroll : self.scroll + self.page]
        more = f" · lines {self.scroll + 1}-{self.scroll + len(body)} of {len(lines)}"
        body += [_text("")] * (self.page - len(body))
        return f"{printable(entity.name)} ({self.cursor + 1} of {len(rows)}){more}", body, ENTITY_KEYS


def about(entity: Entity, documents: Mapping[str, DocumentInfo], width: int) -> list["Text"]:
    """Return what is known of an entity, then its sentences by article, the mentions in the kind's colour.

    Args:
        entity: The row.
        documents: Articles by id, for their titles and dates.
        width: Columns to wrap lines to.
    """
    lines: list[Text] = []
    for text in _paragraphs(entity, documents):
        lines += _wrapped(text, width) or [text]
    return lines


def _paragraphs(entity: Entity, documents: Mapping[str, DocumentInfo]) -> Iterator["Text"]:
    yield _text(printable(entity.name), f"bold {COLORS[entity.kind]}")
    facts = [entity.kind.value, _counted(entity), details(entity), entity.id]
    yield _text(printable(" · ".join(filter(None, facts))), "dim")
    if forms := other_forms(entity, most=len(entity.aliases)):
        yield _text(f"Also written: {printable(forms)}")
    for receipt in entity.why:
        yield _text(printable(f"“{receipt.left}” is “{receipt.right}”: {receipt.rule}"), "dim")
    by_article: dict[str, list[Mention]] = {}
    for mention in entity.mentions:
        by_article.setdefault(mention.document, []).append(mention)
    for name, mentions in by_article.items():
        yield _text("")
        yield _text(printable(_article(name, documents.get(name))), "bold")
        sentences = dict.fromkeys(mention.sentence or mention.text for mention in mentions)
        for sentence in sentences:
            yield _marked(sentence, {mention.text for mention in mentions}, COLORS[entity.kind])


def _counted(entity: Entity) -> str:
    mentions, articles = len(entity.mentions), entity.documents
    return f"{mentions} mention{'s' * (mentions != 1)} in {articles} article{'s' * (articles != 1)}"


def _article(name: str, info: DocumentInfo | None) -> str:
    title = f"{info.title} · {name}" if info and info.title else name
    return f"{title} · {info.published}" if info and info.published else title


def _spellings(entity: Entity) -> list[str]:
    return [entity.name, *(alias.text for alias in entity.aliases)]


def _marked(sentence: str, names: set[str], color: str) -> "Text":
    text = _text("  " + printable(sentence))
    longest_first = sorted((re.escape(printable(name)) for name in names), key=len, reverse=True)
    text.highlight_regex(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", style=f"underline {color}")
    return text


def _row(entity: Entity, width: int, *, current: bool) -> "Text":
    from rich.cells import set_cell_size

    room = max(10, (width - 20) // 2)
    name = set_cell_size(printable(entity.name), room)
    kind = set_cell_size(entity.kind.value, 13)
    line = _text(f"{'>' if current else ' '} {name} {len(entity.mentions):>5} ")
    line.append(kind, COLORS[entity.kind])
    line.append(printable(other_forms(entity)), "dim")
    if current:
        line.stylize("reverse")
    return line


def _text(content: str, style: str = "") -> "Text":
    from rich.text import Text

    return Text(content, style)


def _cut(line: "Text", width: int) -> "Text":
    line.truncate(width, overflow="ellipsis")
    line.no_wrap = True
    return line


def _wrapped(text: "Text", width: int) -> list["Text"]:
    """Break a paragraph into lines that begin where it begins."""
    from rich.console import Console

    indent = len(text.plain) - len(text.plain.lstrip())
    lines = text[indent:].wrap(Console(width=width), max(1, width - indent))
    return [_text(" " * indent).append_text(line) for line in lines]
