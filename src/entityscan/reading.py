"""Turn files, folders and standard input into documents.

What comes in: paths as the user gave them. What goes out: one :class:`Document` for each article and
one :class:`Skipped` for everything that was not read, in a fixed order. This module decodes and
unpacks; it never changes a character of an article, so that offsets hold for the decoded text.
"""

import codecs
import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import orjson

from entityscan.errors import InputError
from entityscan.records import Document, Skipped

STDIN = "-"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY_PROBE = 8192  # bytes looked at for a NUL
_GZIP_LIMIT = 4 << 30  # bytes that one .gz may unpack to; more is taken for a bomb
_HTML_SUFFIXES = (".html", ".htm")
_RECORD_SUFFIXES = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How inputs are read."""

    encoding: str = ""
    """Forced encoding; empty means UTF-8 unless a byte-order mark says otherwise."""
    input_format: str = "auto"
    """``auto`` (by suffix), or one of :data:`FORMATS`."""
    text_field: str = "text"
    id_field: str = "id"
    title_field: str = "title"
    date_field: str = "published"


def read(
    inputs: Iterable[str], *, options: ReadOptions | None = None, stdin: BinaryIO | None = None
) -> Iterator[Document | Skipped]:
    """Read every article that ``inputs`` name.

    Args:
        inputs: Files, folders (walked in sorted order), or ``-`` for standard input.
        options: Encoding, format and field names.
        stdin: Where ``-`` reads from.

    Yields:
        Documents and what was skipped, as they come; ids of documents are unique.
    """
    options = options or ReadOptions()
    seen: set[str] = set()
    for item in inputs:
        for found in _read_input(item, options, stdin):
            if isinstance(found, Document):
                found = _with_unique_id(found, seen)
            yield found


def read_list(data: bytes, *, null_separated: bool = False) -> list[str]:
    """Split a list of paths, one a line or NUL-separated; empty items are left out."""
    separator = b"\0" if null_separated else b"\n"
    return [
        os.fsdecode(item)
        for raw in data.split(separator)
        if (item := raw if null_separated else raw.strip(b"\r"))
    ]


def _with_unique_id(document: Document, seen: set[str]) -> Document:
    from dataclasses import replace

    unique, number = document.id, 1
    while unique in seen:
        number += 1
        unique = f"{document.id}#{number}"
    seen.add(unique)
    return document if unique == document.id else replace(document, id=unique)


def _read_input(item: str, options: ReadOptions, stdin: BinaryIO | None) -> Iterator[Document | Skipped]:
    if item == STDIN:
        if stdin is not None:
            yield from _read_bytes(STDIN, stdin.read(), options)
        return
    path = Path(item)
    if path.is_dir():
        yield from _walk(item, options)
    else:
        yield from _read_file(item, options)


def _walk(folder: str, options: ReadOptions) -> Iterator[Document | Skipped]:
    """Read a folder recursively, in sorted order; links to folders are not followed, so there are no loops."""
    try:
        with os.scandir(folder) as entries:
            children = sorted(entries, key=lambda entry: entry.name)
    except OSError as err:
        yield Skipped(folder, _os_reason(err))
        return
    for child in children:
        path = os.path.join(folder, child.name)  # noqa: PTH118 - keeps the path as the user wrote it
        if child.name.startswith("."):
            yield Skipped(path, "hidden", expected=True)
        elif child.is_dir(follow_symlinks=False):
            yield from _walk(path, options)
        elif child.is_dir():
            yield Skipped(path, "link to a folder", expected=True)
        elif not child.is_file():
            yield Skipped(path, "not a regular file", expected=True)
        else:
            yield from _read_file(path, options, named=False)


def _read_file(path: str, options: ReadOptions, *, named: bool = True) -> Iterator[Document | Skipped]:
    """Read one file; ``named`` says that the user asked for this very file."""
    try:
        data = Path(path).read_bytes()
    except OSError as err:
        yield Skipped(path, _os_reason(err))
        return
    yield from _read_bytes(path, data, options, named=named)


def _read_bytes(
    path: str, data: bytes, options: ReadOptions, *, named: bool = True
) -> Iterator[Document | Skipped]:
    try:
        name = path
        if path.lower().endswith(".gz"):
            name, data = path[:-3], _gunzip(data)
        text = decode(data, options.encoding)
    except InputError as err:
        yield Skipped(path, str(err), expected=isinstance(err, _BinaryError) and not named)
        return
    yield from FORMATS[_format_of(name, options)](path, text, options)


def decode(data: bytes, encoding: str = "") -> str:
    """Decode ``data`` by ``encoding``, else by its byte-order mark, else as UTF-8.

    Raises:
        InputError: when it is binary, or cannot be decoded; the message names the byte.
    """
    if not encoding:
        encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "")
        if not encoding and b"\0" in data[:_BINARY_PROBE]:
            raise _BinaryError("binary file; if it is text, name its encoding with --encoding")
    try:
        return data.decode(encoding or "utf-8")
    except UnicodeDecodeError as err:
        name = (encoding or "utf-8").upper().replace("-SIG", "")
        raise InputError(f"not {name} text (byte {err.start}); name its encoding with --encoding") from err
    except LookupError as err:
        raise InputError(
            f"unknown encoding {encoding!r}; name one that Python knows, such as cp1252"
        ) from err


class _BinaryError(InputError):
    """A NUL byte where text was expected."""


def _gunzip(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unpacked = stream.read(_GZIP_LIMIT + 1)
    except (OSError, EOFError, zlib.error) as err:
        raise InputError(f"not a gzip file, or a damaged one ({err})") from err
    if len(unpacked) > _GZIP_LIMIT:
        raise InputError(f"unpacks to more than {_GZIP_LIMIT >> 30} GiB; unpack it and pass the files")
    return unpacked


def _format_of(name: str, options: ReadOptions) -> str:
    if options.input_format != "auto":
        return options.input_format
    lower = name.lower()
    if lower.endswith(_RECORD_SUFFIXES):
        return "jsonl"
    return "html" if lower.endswith(_HTML_SUFFIXES) else "text"


def _read_text(path: str, text: str, options: ReadOptions) -> Iterator[Document | Skipped]:
    """One article a file."""
    yield Document(path, text, path)


def _read_records(path: str, text: str, options: ReadOptions) -> Iterator[Document | Skipped]:
    """One article a line; a broken line is skipped and named, the others are read."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _read_record(f"{path}:{number}", path, line, options)


def _read_record(place: str, path: str, line: str, options: ReadOptions) -> Document | Skipped:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as err:
        return Skipped(place, f"not JSON ({err})")
    if not isinstance(record, dict):
        return Skipped(place, "not a JSON object")
    text = record.get(options.text_field)
    if not isinstance(text, str):
        return Skipped(
            place, f"no text in the field {options.text_field!r}; name the field with --text-field"
        )

    def field(name: str) -> str:
        value = record.get(name)
        return "" if value is None else str(value)

    return Document(
        id=field(options.id_field) or place,
        text=text,
        path=path,
        title=field(options.title_field),
        published=field(options.date_field),
        url=field("url"),
    )


def _read_html(path: str, text: str, options: ReadOptions) -> Iterator[Document | Skipped]:
    """The article of a web page, without menus and advertisements."""
    from trafilatura import extract_with_metadata  # late: it costs 0.2 s, and few runs read pages

    article = extract_with_metadata(text, include_comments=False) if text.strip() else None
    if article is None or not article.text:
        yield Skipped(path, "no article text found in the page")
        return
    yield Document(
        path,
        article.text,
        path,
        title=article.title or "",
        published=article.date or "",
        url=article.url or "",
    )


# To read another format, write a function above and name it here; --input-format and its help read this table.
FORMATS: dict[str, Callable[[str, str, ReadOptions], Iterator[Document | Skipped]]] = {
    "text": _read_text,
    "jsonl": _read_records,
    "html": _read_html,
}


def _os_reason(err: OSError) -> str:
    return {"ENOENT": "no such file or folder", "EACCES": "no permission to read it"}.get(
        errno_name(err), (err.strerror or str(err)).lower()
    )


def errno_name(err: OSError) -> str:
    """Return the symbolic name of an operating-system error, such as ``ENOENT``; empty when it has none."""
    import errno

    return errno.errorcode.get(err.errno or 0, "")
