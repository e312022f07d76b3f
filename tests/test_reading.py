"""Reading: what becomes a document, what is skipped, and with which words."""

import gzip
import io
import json
import os
import re
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow.parquet import write_table

from entityscan.errors import InputError
from entityscan.reading import ReadOptions, decode, read, read_list
from entityscan.records import Document, Skipped


def read_all(*inputs: Path | str, **options: str) -> list[Document | Skipped]:
    return list(read([str(item) for item in inputs], options=ReadOptions(**options)))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Kyiv", "Kyiv"),
        ("\ufeffKyïv".encode(), "Kyïv"),
        ("Kyïv".encode("utf-16"), "Kyïv"),
        ("\ufeffKyïv".encode("utf-16-be"), "Kyïv"),
        ("Kyïv".encode("utf-32"), "Kyïv"),
        (b"one\r\ntwo", "one\r\ntwo"),
        (b"", ""),
    ],
)
def test_decode_honours_byte_order_marks_and_keeps_line_ends(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize(
    ("data", "encoding", "message"),
    [
        (b"ab\xffcd", "", "not UTF-8 text (byte 2); name its encoding, such as --encoding cp1252"),
        (b"a\0b", "", "binary file; if it is text, name its encoding with --encoding"),
        (b"abc", "klingon", "unknown encoding 'klingon'; name one that Python knows, such as cp1252"),
    ],
)
def test_decode_says_what_is_wrong(data: bytes, encoding: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(data, encoding)
    assert str(caught.value) == message


def test_decode_with_a_forced_encoding() -> None:
    assert decode("Łódź".encode("cp1250"), "cp1250") == "Łódź"


def test_read_walks_a_folder_in_order_and_counts_what_it_passes_over(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("B")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "z.md").write_text("Z")
    (tmp_path / ".git").mkdir()
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\0\0")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = read_all(tmp_path)
    assert [item.id for item in found if isinstance(item, Document)] == [
        f"{tmp_path}/a/z.md",
        f"{tmp_path}/b.txt",
    ]
    skipped = [item for item in found if isinstance(item, Skipped)]
    assert [(item.path.removeprefix(f"{tmp_path}/"), item.expected) for item in skipped] == [
        (".git", True),
        ("loop", True),
        ("photo.jpg", True),
    ]


def test_read_names_a_binary_file_that_the_user_asked_for(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\0\0")
    assert [item.expected for item in read_all(photo) if isinstance(item, Skipped)] == [False]


def test_read_reports_a_missing_file_and_goes_on(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("text")
    missing, document = read_all(tmp_path / "missing.txt", good)
    assert missing == Skipped(str(tmp_path / "missing.txt"), "no such file or folder")
    assert document == Document(str(good), "text", str(good))


def test_read_records_with_named_fields(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    rows = [
        {"body": "one", "key": 7, "headline": "H", "day": "2024-08-26", "url": "https://example.org/"},
        {"body": "two"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    options = {"text_field": "body", "id_field": "key", "title_field": "headline", "date_field": "day"}
    first, second = read_all(path, **options)
    assert first == Document("7", "one", str(path), "H", "2024-08-26", "https://example.org/")
    assert second == Document(f"{path}:2", "two", str(path))


def test_read_records_skips_broken_lines_and_names_them(tmp_path: Path) -> None:
    path = tmp_path / "feed.ndjson"
    path.write_text('{"text": "good"}\n{"text": \n[1]\n{"txt": "wrong field"}\n{"text": null}\n')
    good, *bad = read_all(path)
    assert isinstance(good, Document)
    assert [(item.path, item.reason.split(" (")[0]) for item in bad if isinstance(item, Skipped)] == [
        (f"{path}:2", "not JSON"),
        (f"{path}:3", "not a JSON object"),
        (f"{path}:4", "no text in the field 'text'; name the field with --text-field"),
        (f"{path}:5", "no text in the field 'text'; name the field with --text-field"),
    ]


def test_read_records_one_by_one_as_they_come() -> None:
    class Feed(io.BytesIO):
        lines = 0

        def __next__(self) -> bytes:
            self.lines += 1
            return super().__next__()

        def read(self, *_: object) -> bytes:
            raise AssertionError("the feed is read whole")

    feed = Feed(b'\xef\xbb\xbf{"text": "one"}\n' + b'{"text": "more"}\n' * 99)
    found = read(["-"], options=ReadOptions(input_format="jsonl"), stdin=feed)
    assert next(found) == Document("-:1", "one", "-")
    assert feed.lines < 3
    assert len(list(found)) == 99


def test_read_records_names_the_lines_that_are_no_utf8(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_bytes(b'{"text": "one"}\n{"text": "caf\xe9"}\n{"text": "three"}\n')
    one, bad, three = read_all(path)
    assert bad == Skipped(
        f"{path}:2", "not UTF-8 text (byte 29); name its encoding, such as --encoding cp1252"
    )
    assert [item.text for item in (one, three) if isinstance(item, Document)] == ["one", "three"]
    path.write_bytes('{"text": "wide"}\n'.encode("utf-16"))
    assert [item.text for item in read_all(path) if isinstance(item, Document)] == ["wide"]


def test_read_shows_paths_that_are_no_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(path)).write_text("text")
    [document] = read_all(os.fsdecode(path))
    assert isinstance(document, Document)
    assert document.id == document.path == f"{tmp_path}/caf\\xe9.txt"


def test_read_gives_records_of_one_id_different_ids(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text('{"id": "a", "text": "one"}\n{"id": "a", "text": "two"}\n')
    assert [item.id for item in read_all(path) if isinstance(item, Document)] == ["a", "a#2"]


def test_read_unpacks_gzip_of_any_format(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"text"))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"text": "record"}\n'))
    (tmp_path / "c.gz").write_bytes(b"\x1f\x8b broken")
    text, record, broken = read_all(tmp_path / "a.txt.gz", tmp_path / "b.jsonl.gz", tmp_path / "c.gz")
    assert isinstance(text, Document)
    assert isinstance(record, Document)
    assert (text.text, record.text) == ("text", "record")
    assert isinstance(broken, Skipped)
    assert broken.reason.startswith("not a gzip file, or a damaged one")


def test_read_takes_the_article_out_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    story = "The frigate left Toulon on Monday, the navy said. " * 8
    page.write_text(
        f"<html><head><title>Frigate sails</title></head><body><nav><a href='/'>Home</a> <a href='/s'>Subscribe now</a></nav>"
        f"<article><h1>Frigate sails</h1><p>{story}</p><p>{story}</p></article><footer>All rights reserved</footer></body></html>"
    )
    empty = tmp_path / "empty.htm"
    empty.write_text("<html><body></body></html>")
    document, skipped = read_all(page, empty)
    assert isinstance(document, Document)
    assert "left Toulon" in document.text
    assert "Subscribe" not in document.text
    assert document.title == "Frigate sails"
    assert skipped == Skipped(str(empty), "no article text found in the page")


def test_read_standard_input() -> None:
    found = list(read(["-"], stdin=io.BytesIO(b"Kyiv")))
    assert found == [Document("-", "Kyiv", "-")]


def test_read_list_by_line_and_by_nul() -> None:
    assert read_list(b"a b\r\n\nc\n") == ["a b", "c"]
    assert read_list(b"a\nb\0c\0", null_separated=True) == ["a\nb", "c"]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0")))
def test_decode_gives_back_every_text(text: str) -> None:
    assert decode(text.encode()) == text.removeprefix("\ufeff")


def test_parquet_rows_are_articles(tmp_path: Path) -> None:
    path = tmp_path / "feed.parquet"
    columns = {
        "body": ["Tusk spoke.", None, "Caf\u00e9 \U0001f600"],
        "id": ["a", "b", None],
        "url": ["u", "v", "w"],
    }
    write_table(pa.table(columns), path)
    for source in (str(path), path.as_uri()):
        found = list(read([source], options=ReadOptions(text_field="body")))
        assert found == [
            Document("a", "Tusk spoke.", source, url="u"),
            Skipped(f"{source}:2", "no text in the field 'body'; name the field with --text-field"),
            Document(f"{source}:3", "Caf\u00e9 \U0001f600", source, url="w"),
        ]
    with path.open("rb") as stream:
        piped = list(
            read(["-"], options=ReadOptions(text_field="body", input_format="parquet"), stdin=stream)
        )
    assert [document.text for document in piped if isinstance(document, Document)] == [
        "Tusk spoke.",
        "Caf\u00e9 \U0001f600",
    ]


def test_what_is_no_parquet_file_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_text("not at all")
    [skipped] = read([str(tmp_path / "a.parquet")])
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith("no Parquet file (Parquet magic bytes not found")


def test_addresses_are_read_as_paths_are(tmp_path: Path) -> None:
    folder = tmp_path / "feed"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "b.txt").write_text("Two.")
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(b'{"text": "One."}\n'))
    (folder / ".hidden").write_text("no")
    address = folder.as_uri()
    assert list(read([address])) == [
        Skipped(f"{address}/.hidden", "hidden", expected=True),
        Document(f"{address}/a.jsonl.gz:1", "One.", f"{address}/a.jsonl.gz"),
        Document(f"{address}/sub/b.txt", "Two.", f"{address}/sub/b.txt"),
    ]
    assert list(read([f"{address}/sub/b.txt"])) == [
        Document(f"{address}/sub/b.txt", "Two.", f"{address}/sub/b.txt")
    ]
    [gone] = read([f"{address}/none.txt"])
    assert gone == Skipped(f"{address}/none.txt", "no such file or folder")
    with pytest.raises(InputError, match="nowhere://x: no file system is known for it"):
        list(read(["nowhere://x"]))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("https://example.org/a.html", "pages are read from files; save it first, and name the file"),
        ("s3://bucket/feed/", "addresses need pyarrow; install it with: "),
    ],
)
def test_an_address_without_pyarrow_is_an_error_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, address: str, message: str
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.fs", None)
    with pytest.raises(InputError, match=re.escape(f"{address}: {message}")):
        list(read([address]))
