"""Nasty and random input: every step and format survives it, or says in one line what is wrong.

``HYPOTHESIS_PROFILE=long`` tries twenty times as many random inputs; ``docs/robustness.md`` has the figures.
"""

import csv
import encodings.aliases
import gzip
import io
import json
import os
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from conftest import Run
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from entityscan import loading, reading, verdicts
from entityscan.errors import DataError, InputError
from entityscan.gazetteer import load_families
from entityscan.geography import locate
from entityscan.graph import WRITERS as GRAPH_WRITERS
from entityscan.graph import Unit, build
from entityscan.highlighting import highlight
from entityscan.merging import merge
from entityscan.records import Document, DocumentInfo, Entity, Mention, Result, Skipped
from entityscan.report import render
from entityscan.tagging import _tag_document, load_pipeline
from entityscan.writing import WRITERS, WriteOptions

HOSTILE = Path(__file__).parent / "hostile"
TEXTS = [json.loads(line) for line in (HOSTILE / "texts.jsonl").read_text("utf-8").splitlines()]
CHANGES = [json.loads(line) for line in (HOSTILE / "results.jsonl").read_text("utf-8").splitlines()]
STEERING = {chr(code) for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) != "\n"} | set(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""What makes a terminal do something: control characters, and marks that turn the direction of text."""


def tries(number: int) -> Any:
    """Bound the random inputs of a test; ``deadline`` is off because the first one loads tables."""
    factor = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 1
    return settings(
        max_examples=number * factor, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )


def found_in(nlp: Any, texts: list[str]) -> tuple[Result, dict[str, str]]:
    documents = [Document(f"{n}", text, f"{n}.txt") for n, text in enumerate(texts)]
    mentions = [mention for document in documents for mention in _tag_document(nlp, document).mentions]
    infos = tuple(DocumentInfo(d.id, d.path, "", len(d.text)) for d in documents)
    return Result(tuple(locate(merge(mentions))), infos), {d.id: d.text for d in documents}


def check(result: Result, texts: dict[str, str]) -> None:
    """Write a result in every way there is, and look at what a reader of it may rely on."""
    for entity in result.entities:
        for mention in entity.mentions:
            assert texts[mention.document][mention.start : mention.end] == mention.text
    written = {
        (name, mentions): b"".join(write(result, WriteOptions(mentions=mentions, texts=texts)))
        for name, write in WRITERS.items()
        for mentions in (False, True)
    }
    number = {False: len(result.entities), True: sum(len(entity.mentions) for entity in result.entities)}
    for mentions, rows in number.items():
        assert len(written["jsonl", mentions].splitlines()) == rows
        for name, delimiter in (("csv", ","), ("tsv", "\t")):
            stream = io.StringIO(written[name, mentions].decode(), newline="")
            table = list(csv.reader(stream, delimiter=delimiter))
            assert {len(row) for row in table} == {10}
            assert len(table) == rows + 1
            assert not [cell for row in table for cell in row if cell.lstrip()[:1] in {*"=+-@"} - {""}]
        lines = written["markdown", mentions].decode().split("\n")
        assert len(lines) == rows + 3
        assert not STEERING & set(written["table", mentions].decode())
        assert "<" not in written["markdown", mentions].decode()
    assert len(json.loads(written["json", False])["mentions"]) == number[True]
    articles = {key: Document(key, text) for key, text in texts.items()}
    page = b"".join(render(result, articles, title="<script>")).decode()
    assert page.count("<script") == page.count("</script>") == 2
    graph = build(result.entities, Unit.ARTICLE)
    for name, write in GRAPH_WRITERS.items():
        data = b"".join(write(graph))
        assert name == "csv" or Xml.fromstring(data) is not None
    for key, text in texts.items():
        own = [m for entity in result.entities for m in entity.mentions if m.document == key]
        assert not STEERING & set(highlight(text, own, color=False))


# ---------------------------------------------------------------- texts


@pytest.fixture(scope="session")
def rules_pipeline(rules_model: str) -> Any:
    return load_pipeline(rules_model)


@pytest.fixture(scope="session")
def our_pipeline() -> Any:
    return load_pipeline()


@pytest.mark.model
@pytest.mark.parametrize("record", TEXTS, ids=lambda record: record["id"])
def test_nasty_texts_pass_every_step_and_format(our_pipeline: Any, record: dict[str, str]) -> None:
    check(*found_in(our_pipeline, [record["text"]]))


@pytest.mark.model
def test_nasty_texts_pass_together(our_pipeline: Any) -> None:
    result, texts = found_in(our_pipeline, [record["text"] for record in TEXTS])
    assert "Donald Tusk" in {entity.name for entity in result.entities}
    check(result, texts)


PIECES = st.sampled_from(
    "Donald Tusk|Tusk|NATO|North Atlantic Treaty Organization|Warsaw|T-72|T-72B3|F-16s|Su-|HMS |the |tanks|King |"
    "three |12,000|-|–|(|)|“|\"|'|.|. |, | |\n|\n\n|\t|\0|\x1b[31m|\u202e|\u200b|\u0301|\u2028|\xa0|І|٣|²|İ|ﬁ|🚀|𝐓|"
    "also known as |Mr |brigade|93rd |Leopard |’s|s|&|/|=|<b>|# |USS |class |Prime Minister ".split("|")
)
ARTICLES = st.one_of(
    st.lists(PIECES, max_size=60).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    st.tuples(PIECES, st.integers(1, 400)).map(lambda pair: pair[0] * pair[1]),
)


@pytest.mark.model
@tries(60)
@given(text=ARTICLES)
def test_random_texts_pass_every_step_and_format(our_pipeline: Any, text: str) -> None:
    check(*found_in(our_pipeline, [text]))


@tries(40)
@given(texts=st.lists(ARTICLES, min_size=1, max_size=4))
def test_random_articles_pass_with_any_pipeline(rules_pipeline: Any, texts: list[str]) -> None:
    check(*found_in(rules_pipeline, texts))


# ---------------------------------------------------------------- bytes

ENCODINGS = sorted({"", *encodings.aliases.aliases.values(), "idna", "punycode", "undefined", "no-such"})
BOMS = st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff"])


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "data", [b"Donald Tusk", b"\xff\xfe\x00\xd8", b"+2AA-", b"\\ud800", b"\x1b$B~~", bytes(range(256))]
)
def test_every_encoding_gives_text_or_one_line(encoding: str, data: bytes) -> None:
    decoded_or_refused(data, encoding)


@tries(200)
@given(mark=BOMS, data=st.binary(max_size=200), encoding=st.sampled_from(ENCODINGS))
def test_random_bytes_are_text_or_one_line(mark: bytes, data: bytes, encoding: str) -> None:
    decoded_or_refused(mark + data, encoding)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of escapes that Python will refuse one day
def decoded_or_refused(data: bytes, encoding: str) -> None:
    try:
        reading.decode(data, encoding).encode()
    except InputError as err:
        assert "\n" not in str(err)


def read_bytes(data: bytes, name: str, **options: Any) -> list[Document | Skipped]:
    stream = reading._read_stream(name, io.BytesIO(data), reading.ReadOptions(**options))
    return list(stream)


@tries(200)
@given(data=st.one_of(st.binary(max_size=200), ARTICLES.map(str.encode)), zipped=st.booleans())
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.html"])
def test_random_files_are_read_or_told(name: str, data: bytes, zipped: bool) -> None:
    whole = gzip.compress(data) if zipped else data
    cut = whole[: len(whole) * 2 // 3]
    for content in (whole, cut):
        for item in read_bytes(content, name + ".gz" * zipped):
            assert isinstance(item, Document) or "\n" not in item.reason
            orjson_safe = item.text if isinstance(item, Document) else item.reason
            orjson_safe.encode()


TAGS = st.sampled_from(
    "<p>|</p>|<div>|</div>|<article>|<table><tr><td>|<script>|<style>|<!--|-->|<![CDATA[|<svg>|<title>|<meta charset=x>|"
    "<html>|<body>|&#xd800;|&#0;|&lt;|&nosuch;|<a href='javascript:'>|<br/>|<h1>|<li>|<|>|'|\"|<?xml encoding='x'?>".split(
        "|"
    )
)


@tries(25)
@given(parts=st.lists(st.one_of(TAGS, PIECES), max_size=80))
def test_random_pages_are_read_or_told(parts: list[str]) -> None:
    for item in read_bytes("".join(parts).encode(), "a.html"):
        assert isinstance(item, Document) or item.reason


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "Donald Tusk met NATO in Warsaw.",
        "<html><body>" + "<p>Donald Tusk" * 20_000,
        "<table><tr><td>" * 5_000,
        "<a b='" + "x" * 1_000_000,
        "&lt;" * 200_000,
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '"
        + "&a;" * 1000
        + "'>]><p>"
        + "&b;" * 10_000
        + "</p>",
    ],
    ids=["deep", "paragraphs", "tables", "attribute", "references", "entities"],
)
def test_bombs_of_html_are_read_or_told(page: str) -> None:
    [item] = read_bytes(page.encode(), "a.html")
    size = len(item.text if isinstance(item, Document) else item.reason)
    assert size <= len(page) + 1000


def test_what_is_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_LONGEST", {"article": 1 << 20, "web page": 1 << 20})
    bomb = gzip.compress(b"a " * (1 << 20))
    for name, data in (("a.txt.gz", bomb), ("a.html.gz", bomb), ("a.txt", b"a " * (1 << 20))):
        [item] = read_bytes(data, name)
        assert isinstance(item, Skipped)
        assert item.reason.startswith("longer than 1 MiB, which no ")
    record = b'{"text": "%s"}\n'
    found = read_bytes(record % b"short" + record % (b"a" * (2 << 20)) + record % b"lost", "a.jsonl")
    assert [type(item) for item in found] == [Document, Skipped]


def test_many_articles_of_one_id_are_numbered_in_linear_time() -> None:
    seen = CountingDict()
    numbered = [reading.unique_id("same", seen) for _ in range(2000)]
    assert len(set(numbered)) == 2000
    assert numbered[:3] == ["same", "same#2", "same#3"]
    assert seen.asked < 5 * 2000


class CountingDict(dict[str, int]):
    asked = 0

    def __contains__(self, key: object) -> bool:
        self.asked += 1
        return super().__contains__(key)


# ---------------------------------------------------------------- files of the user's


@pytest.mark.parametrize("path", sorted((HOSTILE / "verdicts").iterdir()), ids=lambda path: path.name)
def test_nasty_verdicts_are_taken_or_refused_with_one_line(path: Path) -> None:
    if path.name.startswith("fine"):
        assert len(verdicts.load(path)) == path.read_bytes().count(b"[[") - path.read_bytes().count(b"[[[")
        return
    with pytest.raises(InputError) as caught:
        verdicts.load(path)
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("path", sorted((HOSTILE / "equipment").iterdir()), ids=lambda path: path.name)
def test_nasty_catalogues_are_taken_or_refused_with_one_line(path: Path, rules_model: str) -> None:
    if path.name.startswith("fine"):
        nlp = load_pipeline(rules_model, str(path))
        check(*found_in(nlp, [path.read_text("utf-8"), "Ukraine's T-72 tanks and Zorg-9 jets. The a tank."]))
        return
    with pytest.raises(DataError) as caught:
        load_families(path)
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_cell_of_any_length_is_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(f"family,category\n{'X' * 200_000}-1,tank\n")
    with pytest.raises(DataError, match="field larger than"):
        load_families(path)


TOML = st.lists(
    st.sampled_from(
        '[[same]]\n|[[drop]]\n|[[rename]]\n|[[kind]]\n|[families."X-1"]\n|names = ["a", "b"]\n|name = "a"\n|to = "b"\n|'
        'to = "person"\n|of = "place"\n|document = "*"\n|note = """\n[[same]]\n"""\n|category = "tank"\n|= |[|]|{|}|"|\n|1|é'
        "|\0|same = []\n|a.b.c = 1\n".split("|")
    ),
    max_size=12,
).map("".join)


@tries(300)
@given(text=TOML)
@example('[[drop]]\nname = "a"\nnote = """\n[[drop]]\n"""\n')
def test_random_verdicts_are_taken_or_refused_with_one_line(text: str) -> None:
    try:
        taken = verdicts.parse(text, "v.toml")
    except InputError as err:
        assert "\n" not in str(err)
    else:
        assert len(taken) == sum(map(len, tomllib.loads(text).values()))


@tries(100)
@given(text=TOML, suffix=st.sampled_from([".toml", ".csv"]))
@example('"[[same]]\n[families."X-1"]\n[[same]]\n', ".csv")
@example('[families."a\\nb"]\ncategory = "spoon"\n', ".toml")
def test_random_catalogues_are_taken_or_refused_with_one_line(
    tmp_path_factory: pytest.TempPathFactory, text: str, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"own{suffix}"
    path.write_text(text, "utf-8")
    try:
        load_families(path)
    except DataError as err:
        assert "\n" not in str(err)


# ---------------------------------------------------------------- saved results


@pytest.fixture(scope="session")
def saved(rules_pipeline: Any) -> tuple[Result, dict[str, str], bytes]:
    texts = [
        "Donald Tusk met the North Atlantic Treaty Organization (NATO) in Warsaw. Tusk has 12 T-72B3 tanks."
    ]
    result, by_id = found_in(rules_pipeline, texts)
    return result, by_id, b"".join(WRITERS["json"](result, WriteOptions()))


def changed(data: bytes, path: list[str | int], value: Any) -> bytes:
    whole = json.loads(data)
    at = whole
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return json.dumps(whole).encode()


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: "-".join(map(str, change["path"])))
def test_broken_results_are_refused_with_one_line(
    saved: tuple[Result, dict[str, str], bytes], tmp_path: Path, change: dict[str, Any]
) -> None:
    path = tmp_path / "result.json"
    path.write_bytes(changed(saved[2], change["path"], change["value"]))
    with pytest.raises(InputError) as caught:
        loading.load(path)
    assert "result.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the path of everything in a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.sampled_from(["", "person", "\x1b[31m", "=1", "<b>"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["id", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@tries(150)
@given(data=st.data())
def test_randomly_changed_results_are_refused_or_can_be_written(
    saved: tuple[Result, dict[str, str], bytes], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    _, texts, written = saved
    path = tmp_path_factory.getbasetemp() / "changed.json"
    place = data.draw(st.sampled_from(sorted(places(json.loads(written)), key=str)))
    path.write_bytes(changed(written, list(place), data.draw(JSON)))
    try:
        result = loading.load(path)
    except InputError as err:
        assert "\n" not in str(err)
        return
    for write in WRITERS.values():
        for mentions in (False, True):
            b"".join(write(result, WriteOptions(mentions=mentions, texts=texts)))
    b"".join(render(result, {}, title=""))
    for write in GRAPH_WRITERS.values():
        b"".join(write(build(result.entities)))


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"[" * 100_000, b'{"schema": "\\ud800"}', b"{}" * 9, b"null", b"1e999"]
)
def test_what_is_no_result_is_refused_with_one_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "result.json"
    path.write_bytes(data)
    with pytest.raises(InputError):
        loading.load(path)


# ---------------------------------------------------------------- one hostile name in every format

HOSTILE_NAME = "=cmd|' /C calc'!A0<script>alert(1)</script>\x1b]0;owned\x07\x9b31m\u202e|`x`[a](javascript:1)\r\n\t&\"\\\0"


def hostile_result(nlp: Any) -> tuple[Result, dict[str, str]]:
    result, _ = found_in(nlp, ["Donald Tusk met NATO in Warsaw with T-72 tanks."])
    text = f"{HOSTILE_NAME}: {HOSTILE_NAME}"
    mentions = tuple(
        Mention(HOSTILE_NAME, start, start + len(HOSTILE_NAME), HOSTILE_NAME, entity.kind, sentence=text)
        for start in (0, len(HOSTILE_NAME) + 2)
        for entity in result.entities[:1]
    )
    entities = tuple(
        replace(
            entity,
            name=HOSTILE_NAME,
            aliases=(replace(entity.aliases[0], text=HOSTILE_NAME, count=2),),
            mentions=mentions,
            attributes={**entity.attributes, "titles": [HOSTILE_NAME], "acronym": HOSTILE_NAME},
        )
        for entity in result.entities
    )
    return Result(entities, (DocumentInfo(HOSTILE_NAME, HOSTILE_NAME, "", len(text), HOSTILE_NAME),)), {
        HOSTILE_NAME: text
    }


def test_a_hostile_name_is_harmless_in_every_format(rules_pipeline: Any) -> None:
    check(*hostile_result(rules_pipeline))


def test_a_hostile_name_stays_itself_where_it_is_data(rules_pipeline: Any) -> None:
    result, texts = hostile_result(rules_pipeline)
    rows = [json.loads(line) for line in b"".join(WRITERS["jsonl"](result, WriteOptions())).splitlines()]
    assert {row["name"] for row in rows} == {HOSTILE_NAME}
    tasks = json.loads(b"".join(WRITERS["labelstudio"](result, WriteOptions(texts=texts))))
    assert tasks[0]["predictions"][0]["result"][0]["value"]["text"] == HOSTILE_NAME


def test_a_hostile_name_cannot_leave_the_archive_of_brat(rules_pipeline: Any) -> None:
    import zipfile

    result, texts = found_in(rules_pipeline, ["Donald Tusk"])
    for name in ("../../x", "/etc/x", "C:\\x", "a\0b", "x" * 100_000, HOSTILE_NAME):
        renamed = replace(
            result,
            entities=tuple(with_document(entity, name) for entity in result.entities),
            documents=(replace(result.documents[0], id=name),),
        )
        data = b"".join(WRITERS["brat"](renamed, WriteOptions(texts={name: texts["0"]})))
        members = zipfile.ZipFile(io.BytesIO(data)).namelist()
        assert len(members) == 3
        assert not [member for member in members if {*"/\\:\0"} & {*member} or len(member) > 255]


def with_document(entity: Entity, name: str) -> Entity:
    return replace(entity, mentions=tuple(replace(mention, document=name) for mention in entity.mentions))


def test_saved_names_do_not_steer_the_terminal(entityscan: Run, rules_pipeline: Any, tmp_path: Path) -> None:
    result, _ = hostile_result(rules_pipeline)
    (tmp_path / "result.json").write_bytes(b"".join(WRITERS["json"](result, WriteOptions())))
    for command in (
        ("show", "result.json"),
        ("show", "result.json", "--plain", "--entity", result.entities[0].id),
        ("why", result.entities[0].id, "result.json"),
        ("highlight", "result.json"),
        ("diff", "result.json", "result.json"),
    ):
        done = entityscan(*command)
        assert not STEERING & set(done.stdout.decode() + done.stderr.decode()), command
        assert b"Traceback" not in done.stderr


def test_a_number_that_no_format_holds_is_refused(
    saved: tuple[Result, dict[str, str], bytes], tmp_path: Path
) -> None:
    whole = json.loads(saved[2])
    whole["entities"][0]["documents"] = 2**64
    path = tmp_path / "large.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(InputError, match=r"large\.json"):
        loading.load(path)
