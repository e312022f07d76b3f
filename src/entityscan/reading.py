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
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from entityscan.errors import InputError
from entityscan.records import Document, Skipped

STDIN = "-"
Input = str | os.PathLike[str] | Document
"""What can be read: a path, ``-``, or an article that is already at hand."""
Stream = BinaryIO | gzip.GzipFile
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE_BOMS = tuple(mark for mark, _ in _BOMS[1:])
_NO_TEXT = {b"%PDF-": "PDF", b"PK\x03\x04": "ZIP archive or office document", b"{\\rtf": "RTF document"}
"""What a file is that begins so, and that people take for an article."""
_RESULT = '{"schema":"entityscan/'
_BINARY_PROBE = 8192  # bytes looked at for a NUL
_LONGEST = {"article": 256 << 20, "web page": 16 << 20}
"""Bytes of one, unpacked; more is taken for a bomb. The tree of a page takes many times its size in memory."""
_HTML_SUFFIXES = (".html", ".htm")
_RECORD_SUFFIXES = (".jsonl", ".ndjson")
_ROWS = 500  # of a Parquet file that are held at a time
_PYARROW = "pip install 'entityscan[parquet]'"


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
    inputs: Iterable[Input], *, options: ReadOptions | None = None, stdin: BinaryIO | None = None
) -> Iterator[Document | Skipped]:
    """Read every article that ``inputs`` name.

    Args:
        inputs: Files, folders (walked in sorted order), ``-`` for standard input, or documents, which
            pass through.
        options: Encoding, format and field names.
        stdin: Where ``-`` reads from.

    Yields:
        Documents and what was skipped, as they come; ids of documents are unique.
    """
    options = options or ReadOptions()
    seen: dict[str, int] = {}
    for item in inputs:
        for found in _read_input(item, options, stdin):
            if isinstance(found, Document):
                found = printable(found)
                unique = unique_id(found.id, seen)
                yield found if unique == found.id else replace(found, id=unique)
            else:
                yield replace(found, path=_printable(found.path))


def read_list(data: bytes, *, null_separated: bool = False) -> list[str]:
    """Split a list of paths, one a line or NUL-separated; empty items are left out."""
    separator = b"\0" if null_separated else b"\n"
    return [
        os.fsdecode(item)
        for raw in data.split(separator)
        if (item := raw if null_separated else raw.strip(b"\r"))
    ]


def _printable(path: str) -> str:
    r"""Write the bytes of a path that are no UTF-8 as ``\xe9``, since no output could hold them."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def printable(document: Document) -> Document:
    """Return the document with an id and a path that any output can hold."""
    name, path = _printable(document.id), _printable(document.path)
    return document if (name, path) == (document.id, document.path) else replace(document, id=name, path=path)


def unique_id(name: str, seen: dict[str, int]) -> str:
    """Give an article's id, with a number when an article before it has that id.

    ``seen`` keeps the last number of each, so that many articles of one id cost no more each.
    """
    unique, number = name, seen.get(name, 0)
    while unique in seen:
        number += 1
        unique = f"{name}#{number + 1}"
    seen[name] = number
    seen.setdefault(unique, 0)
    return unique


@dataclass(frozen=True, slots=True)
class File:
    """A file that may hold articles."""

    path: str
    named: bool = True
    """Whether the user asked for this very file, not for a folder that has it."""


def files_of(item: str) -> Iterator[File | Skipped]:
    """Yield the file that a path or an address names, or the files of that folder, in sorted order."""
    if _is_address(item):
        yield from _listed(item)
    elif os.path.isdir(item):  # noqa: PTH112 - of a path that no file can have, pathlib raises
        yield from _walk(item)
    else:
        yield File(item)


def _read_input(item: Input, options: ReadOptions, stdin: BinaryIO | None) -> Iterator[Document | Skipped]:
    if isinstance(item, Document):
        yield item
        return
    item = os.fspath(item)
    if item == STDIN:
        if stdin is None:
            yield Skipped(STDIN, "standard input is closed")
        else:
            yield from _read_stream(STDIN, stdin, options)
        return
    for found in files_of(item):
        if isinstance(found, File):
            yield from read_file(found, options)
        else:
            yield found


def _walk(folder: str) -> Iterator[File | Skipped]:
    """List a folder recursively, in sorted order; links to folders are not followed, so there are no loops."""
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if path != folder and os.path.basename(path).startswith("."):  # noqa: PTH119 - as the user wrote it
            yield Skipped(path, "hidden", expected=True)
        elif os.path.isdir(path):  # noqa: PTH112 - of a link to itself, pathlib raises
            if path != folder and os.path.islink(path):  # noqa: PTH114
                yield Skipped(path, "link to a folder", expected=True)
                continue
            try:
                children = sorted(os.listdir(path), reverse=True)  # noqa: PTH208
            except OSError as err:
                yield Skipped(path, _os_reason(err))
            else:
                waiting += [os.path.join(path, name) for name in children]  # noqa: PTH118
        elif os.path.lexists(path) and not os.path.isfile(path):  # noqa: PTH113
            yield Skipped(path, "not a regular file", expected=True)
        else:
            yield File(path, named=False)


def read_file(file: File, options: ReadOptions) -> Iterator[Document | Skipped]:
    """Yield the articles of one file; ids are as the file gives them."""
    try:
        stream = _open(file.path)  # closed below; what a reader raises is no failure to open
    except OSError as err:
        yield Skipped(file.path, _os_reason(err))
    except ValueError:
        yield Skipped(file.path, "no file can have such a name")
    else:
        with stream:
            yield from _read_stream(file.path, stream, options, named=file.named)


# ---------------------------------------------------------------- addresses, such as s3://bucket/folder


def _is_address(path: str) -> bool:
    return "://" in path and not Path(path).exists()


def _open(path: str) -> BinaryIO:
    if not _is_address(path):
        return Path(path).open("rb")
    system, inside = _file_system(path)
    return io.BufferedReader(system.open_input_file(inside))


def _listed(address: str) -> Iterator[File | Skipped]:
    try:
        system, inside = _file_system(address)
        from pyarrow.fs import FileSelector, FileType  # type: ignore[import-untyped]

        info = system.get_file_info(inside)
        if info.type is not FileType.Directory:
            yield File(address)
            return
        base = address.removesuffix("/")
        for found in sorted(
            system.get_file_info(FileSelector(inside, recursive=True)), key=lambda one: one.path
        ):
            if found.type is FileType.File:
                below = found.path.removeprefix(inside).lstrip("/")
                hidden = any(part.startswith(".") for part in below.split("/"))
                path = f"{base}/{below}"
                yield Skipped(path, "hidden", expected=True) if hidden else File(path, named=False)
    except OSError as err:
        yield Skipped(address, _os_reason(err))


def _file_system(address: str) -> tuple[Any, str]:
    """Give the file system of an address and the path in it: pyarrow's own, or one that fsspec has.

    Raises:
        InputError: when neither knows it.
    """
    try:
        from pyarrow.fs import FileSystem, FSSpecHandler, PyFileSystem
    except ImportError as err:
        if address.startswith(("http://", "https://")):
            raise InputError(
                f"{address}: pages are read from files; save it first, and name the file"
            ) from err
        raise InputError(f"{address}: addresses need pyarrow; install it with: {_PYARROW}") from err
    try:
        return FileSystem.from_uri(address)  # type: ignore[no-any-return]
    except (ValueError, NotImplementedError):
        pass
    try:
        import fsspec

        system, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as err:
        raise InputError(
            f"{address}: no file system is known for it ({err}); copy the files, or install what reads it"
        ) from err
    return PyFileSystem(FSSpecHandler(system)), path


def _read_stream(
    path: str, stream: Stream, options: ReadOptions, *, named: bool = True
) -> Iterator[Document | Skipped]:
    name = path
    if path.lower().endswith(".gz"):
        name, stream = path[:-3], gzip.GzipFile(fileobj=stream)
    try:
        yield from FORMATS[_format_of(name, options)](path, stream, options)
    except InputError as err:
        yield Skipped(path, str(err), expected=isinstance(err, _NoArticleError) and not named)
    except (gzip.BadGzipFile, EOFError, zlib.error) as err:
        yield Skipped(path, f"not a gzip file, or a damaged one ({err}); what came before was read")
    except OSError as err:  # it vanished, or its disk is broken
        yield Skipped(path, f"{_os_reason(err)}; what came before was read")


def decode(data: bytes, encoding: str = "") -> str:
    """Decode ``data`` by ``encoding``, else by its byte-order mark, else as UTF-8.

    Raises:
        InputError: when it is binary, or cannot be decoded; the message names the byte.
    """
    if not encoding:
        encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "")
        if not encoding and (
            kind := next((kind for mark, kind in _NO_TEXT.items() if data.startswith(mark)), "")
        ):
            raise _NoArticleError(f"{kind}; save its text as a file first")
        if not encoding and b"\0" in data[:_BINARY_PROBE]:
            raise _NoArticleError("binary file; if it is text, name its encoding with --encoding")
    try:
        text = data.decode(encoding or "utf-8")
        text.encode()
    except UnicodeEncodeError as err:  # UTF-7 and escapes can write what no text may hold
        raise InputError(
            f"half a character (lone surrogate) at character {err.start}; mend the file"
        ) from err
    except LookupError as err:
        raise InputError(
            f"unknown encoding {encoding!r}; name one that Python knows, such as cp1252"
        ) from err
    except ValueError as err:
        name = (encoding or "utf-8").upper().replace("-SIG", "")
        place = f"byte {err.start}" if isinstance(err, UnicodeDecodeError) else str(err)
        raise InputError(f"not {name} text ({place}); name its encoding, such as --encoding cp1252") from err
    return text


class _NoArticleError(InputError):
    """Something else than text, or no article: passed over where nobody named it."""


def _whole(stream: Stream, what: str = "article") -> bytes:
    """Read everything, which is one article, and no longer than one may be."""
    data = stream.read(_LONGEST[what] + 1)
    if len(data) > _LONGEST[what]:
        raise InputError(_too_long(what))
    return data


def _too_long(what: str) -> str:
    return f"longer than {_LONGEST[what] >> 20} MiB, which no {what} is; split it"


def _lines(stream: Stream, encoding: str) -> Iterator[str | InputError]:
    """Yield the lines, UTF-8 one by one as they are read, so that a feed of any length fits in memory."""
    longest = _LONGEST["article"]
    first = stream.readline(longest + 1)
    if encoding or first.startswith(_WIDE_BOMS) or b"\0" in first[:_BINARY_PROBE]:
        yield from decode(first + _whole(stream), encoding).split("\n")
        return
    offset = 0
    for line in chain([first.removeprefix(codecs.BOM_UTF8)], iter(lambda: stream.readline(longest + 1), b"")):
        if len(line) > longest:
            yield InputError(f"{_too_long('article')}; what comes after it was not read")
            return
        try:
            yield line.decode()
        except UnicodeDecodeError as err:
            yield InputError(
                f"not UTF-8 text (byte {offset + err.start}); name its encoding, such as --encoding cp1252"
            )
        offset += len(line)


def _format_of(name: str, options: ReadOptions) -> str:
    if options.input_format != "auto":
        return options.input_format
    lower = name.lower()
    if lower.endswith(_RECORD_SUFFIXES):
        return "jsonl"
    if lower.endswith(".parquet"):
        return "parquet"
    return "html" if lower.endswith(_HTML_SUFFIXES) else "text"


def _read_text(path: str, stream: Stream, options: ReadOptions) -> Iterator[Document | Skipped]:
    """One article a file."""
    text = decode(_whole(stream), options.encoding)
    if text.startswith(_RESULT):
        raise _NoArticleError(
            "a result of entityscan, no article; 'show', 'report', 'why' and 'diff' read it"
        )
    yield Document(path, text, path)


def _read_records(path: str, stream: Stream, options: ReadOptions) -> Iterator[Document | Skipped]:
    """One article a line; a broken line is skipped and named, the others are read."""
    for number, line in enumerate(_lines(stream, options.encoding), start=1):
        if isinstance(line, InputError):
            yield Skipped(f"{path}:{number}", str(line))
        elif line.strip():
            yield _read_record(f"{path}:{number}", path, line, options)


def _read_record(place: str, path: str, line: str, options: ReadOptions) -> Document | Skipped:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as err:
        return Skipped(place, f"not JSON ({err})")
    if not isinstance(record, dict):
        return Skipped(place, "not a JSON object")
    return _document_of(record, place, path, options)


def _document_of(record: dict[str, Any], place: str, path: str, options: ReadOptions) -> Document | Skipped:
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


def _read_parquet(path: str, stream: Stream, options: ReadOptions) -> Iterator[Document | Skipped]:
    """One article a row, with the fields of records as columns; read group by group."""
    try:
        from pyarrow import ArrowException  # type: ignore[import-untyped]
        from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]
    except ImportError as err:
        raise InputError(f"Parquet needs pyarrow; install it with: {_PYARROW}") from err
    seekable = stream if stream.seekable() else io.BytesIO(_whole(stream))
    try:
        rows = ParquetFile(seekable)
    except ArrowException as err:
        raise InputError(f"no Parquet file ({str(err).splitlines()[0]})") from err
    wanted = (options.text_field, options.id_field, options.title_field, options.date_field, "url")
    columns = [name for name in dict.fromkeys(wanted) if name in rows.schema_arrow.names]
    number = 0
    for batch in rows.iter_batches(_ROWS, columns=columns):
        for record in batch.to_pylist():
            number += 1
            yield _document_of(record, f"{path}:{number}", path, options)


def _read_html(path: str, stream: Stream, options: ReadOptions) -> Iterator[Document | Skipped]:
    """The article of a web page, without menus and advertisements."""
    from trafilatura import extract_with_metadata  # late: it costs 0.2 s, and few runs read pages

    text = decode(_whole(stream, "web page"), options.encoding)
    try:
        article = extract_with_metadata(text, include_comments=False) if text.strip() else None
    except Exception as err:  # a page can break the parser in as many ways as there are tags
        raise InputError(f"cannot be read as a web page ({type(err).__name__})") from err
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
FORMATS: dict[str, Callable[[str, Stream, ReadOptions], Iterator[Document | Skipped]]] = {
    "text": _read_text,
    "jsonl": _read_records,
    "html": _read_html,
    "parquet": _read_parquet,
}


def _os_reason(err: OSError) -> str:
    return {"ENOENT": "no such file or folder", "EACCES": "no permission to read it"}.get(
        errno_name(err), (err.strerror or str(err)).lower()
    )


def errno_name(err: OSError) -> str:
    """Return the symbolic name of an operating-system error, such as ``ENOENT``; empty when it has none."""
    import errno

    return errno.errorcode.get(err.errno or 0, "")
