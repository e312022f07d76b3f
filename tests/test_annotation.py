"""Formats of annotation tools: what is written comes back as gold."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st

from entityscan.annotation import LABELS
from entityscan.errors import InputError
from entityscan.evaluation import GoldDocument, GoldSpan, read_gold
from entityscan.evaluation.annotators import read_archive, read_label_studio
from entityscan.records import Alias, DocumentInfo, Entity, Kind, Mention, Result
from entityscan.writing import NEED_TEXTS, WRITERS, WriteOptions

GAPS = [
    " ",
    "\n",
    " \u2014 ",
    ". The ",
    "\r\n\r\n",
    "\u00a0",
    " \U0001f680 ",
    "\t#\t",
    " O ",
    " -DOCSTART- ",
    "(",
    "'s ",
]
NAMES = [
    "Ann Lee",
    "NATO",
    "F-16",
    "U.S.",
    "Saint\nPetersburg",
    "\U0001f1fa\U0001f1e6 Fund",
    "習近平",
    "FPV drones",
    "#",
    "-DOCSTART-",
    "C*",
]
Drawn = list[tuple[str, str, Kind, bool]]


def built(articles: dict[str, Drawn]) -> tuple[Result, dict[str, str]]:
    """Write articles of gaps and names; names of one kind and text are one entity."""
    found: dict[tuple[Kind, str, bool], list[Mention]] = {}
    texts = {}
    for key, pieces in articles.items():
        text = "Begin"
        for gap, name, kind, generic in pieces:
            start = len(text + gap)
            text += gap + name
            common = generic and kind is Kind.EQUIPMENT
            found.setdefault((kind, name, common), []).append(
                Mention(key, start, len(text), name, kind, generic=common)
            )
        texts[key] = f"{text} end.\n"
    entities = tuple(
        Entity(f"{kind}:{number:016x}", kind, name, (Alias(name, len(mentions)),), tuple(mentions), 1)
        for number, ((kind, name, _), mentions) in enumerate(found.items())
    )
    infos = tuple(DocumentInfo(key, "", "0" * 64, len(text)) for key, text in texts.items())
    return Result(entities, infos), texts


def expected(result: Result, texts: dict[str, str]) -> list[tuple[str, str, list[GoldSpan]]]:
    spans: dict[str, list[GoldSpan]] = {key: [] for key in texts}
    for entity in result.entities:
        for mention in entity.mentions:
            spans[mention.document].append(
                GoldSpan(
                    mention.start,
                    mention.end,
                    LABELS[mention.kind],
                    mention.kind,
                    entity.id,
                    is_global=True,
                    named=not mention.generic,
                )
            )
    return [(key, texts[key], sorted(found, key=lambda s: s.start)) for key, found in sorted(spans.items())]


def written(name: str, result: Result, texts: dict[str, str]) -> bytes:
    options = WriteOptions(texts=texts)
    data = b"".join(WRITERS[name](result, options))
    assert data == b"".join(WRITERS[name](result, options))  # same bytes on every run
    return data


def as_tuples(documents: list[GoldDocument]) -> list[tuple[str, str, list[GoldSpan]]]:
    return sorted((document.id, document.text, list(document.spans)) for document in documents)


def accepted(data: bytes) -> bytes:
    """Do what Label Studio does when a person submits predictions unchanged."""
    tasks = json.loads(data)
    for task in tasks:
        task["annotations"] = [{"result": one["result"]} for one in task.pop("predictions")]
    return json.dumps(tasks).encode()


PIECES = st.lists(
    st.tuples(st.sampled_from(GAPS), st.sampled_from(NAMES), st.sampled_from(Kind), st.booleans()), max_size=8
)
ARTICLES = st.dictionaries(
    st.sampled_from(["a.txt", "news/b.txt", "feed.jsonl:2", "a=2Fb", "100%25", "../c"]), PIECES, min_size=1
)


@given(ARTICLES)
def test_brat_comes_back(articles: dict[str, Drawn]) -> None:
    result, texts = built(articles)
    data = written("brat", result, texts)
    assert as_tuples(list(read_archive(Path("x.zip"), data))) == expected(result, texts)
    for name in zipfile.ZipFile(io.BytesIO(data)).namelist():
        assert "/" not in name
        assert name not in {"..", "."}


@given(ARTICLES)
def test_label_studio_comes_back(articles: dict[str, Drawn]) -> None:
    result, texts = built(articles)
    data = accepted(written("labelstudio", result, texts))
    assert as_tuples(list(read_label_studio(Path("x.json"), data))) == expected(result, texts)


@settings(deadline=None)
@given(ARTICLES)
def test_spacy_documents_come_back(
    tmp_path_factory: pytest.TempPathFactory, articles: dict[str, Drawn]
) -> None:
    result, texts = built(articles)
    path = tmp_path_factory.mktemp("gold") / "x.spacy"
    path.write_bytes(written("docbin", result, texts))
    assert as_tuples(read_gold([path])) == expected(result, texts)


@settings(deadline=None)
@given(ARTICLES)
def test_columns_come_back_but_for_white_space(
    tmp_path_factory: pytest.TempPathFactory, articles: dict[str, Drawn]
) -> None:
    result, texts = built(articles)
    path = tmp_path_factory.mktemp("gold") / "x.conll"
    path.write_bytes(written("conll", result, texts))

    def names(rows: list[tuple[str, str, list[GoldSpan]]]) -> list[tuple[str, str, list[tuple[str, str]]]]:
        return [
            (
                key,
                "".join(text.split()),
                [("".join(text[span.start : span.end].split()), span.label) for span in spans],
            )
            for key, text, spans in rows
        ]

    assert names(as_tuples(read_gold([path]))) == names(expected(result, texts))


MINE = built({"a.txt": [(" ", "Ann Lee", Kind.PERSON, False), (" ", "FPV drones", Kind.EQUIPMENT, True)]})


def test_columns_byte_for_byte() -> None:
    assert written("conll", *MINE).decode() == (
        "-DOCSTART-\tO\n# newdoc id = a.txt\n\n"
        "Begin\tO\nAnn\tB-PERSON\nLee\tI-PERSON\nFPV\tB-EQUIPMENT\ndrones\tI-EQUIPMENT\nend\tO\n.\tO\n\n"
    )


def test_brat_byte_for_byte() -> None:
    result, texts = built({"a/b.txt": [(" ", "Saint\nPetersburg", Kind.PLACE, False)]})
    with zipfile.ZipFile(io.BytesIO(written("brat", result, texts))) as archive:
        assert archive.namelist() == ["annotation.conf", "a=2Fb.txt.txt", "a=2Fb.txt.ann"]
        assert archive.read("a=2Fb.txt.ann").decode() == (
            "T1\tPLACE 6 11;12 22\tSaint Petersburg\n"
            "#1\tAnnotatorNotes T1\tentity=place:0000000000000000 (Saint Petersburg)\n"
        )


def test_a_border_inside_a_word_cuts_the_word() -> None:
    result, texts = built(
        {"a": [(" x", "NATO", Kind.ORGANISATION, False), ("led", "U.S.", Kind.PLACE, False)]}
    )
    rows = written("conll", result, texts).decode().splitlines()
    assert [row for row in rows if row.endswith(("ORG", "PLACE"))] == ["NATO\tB-ORG", "U.S.\tB-PLACE"]


@pytest.mark.parametrize("name", ["conll", "docbin"])
def test_of_overlapping_mentions_the_longest_is_kept(tmp_path: Path, name: str) -> None:
    text = "US Institute of Peace"
    whole = Mention("a", 0, 21, text, Kind.ORGANISATION)
    part = Mention("a", 0, 2, "US", Kind.PLACE)
    entities = tuple(
        Entity(f"{one.kind}:{number:016x}", one.kind, one.text, (Alias(one.text, 1),), (one,), 1)
        for number, one in enumerate((part, whole))
    )
    result = Result(entities, (DocumentInfo("a", "", "0" * 64, len(text)),))
    path = tmp_path / ("x.conll" if name == "conll" else "x.spacy")
    path.write_bytes(written(name, result, {"a": text}))
    [document] = read_gold([path])
    assert [(span.start, span.end, span.kind) for span in document.spans] == [(0, 21, Kind.ORGANISATION)]


@pytest.mark.parametrize("name", sorted(NEED_TEXTS))
def test_an_article_without_text_is_left_out(name: str) -> None:
    result, texts = built({"a": [], "b": []})
    assert written(name, result, {"a": texts["a"]}) == written(name, *built({"a": []}))


@pytest.mark.parametrize("name", sorted(NEED_TEXTS))
def test_what_no_format_can_hold_becomes_a_replacement_character(name: str) -> None:
    result, texts = built({"a": [(" \ud800 ", "NATO", Kind.ORGANISATION, False)]})
    assert written(name, result, texts) == written(
        name, result, {"a": texts["a"].replace("\ud800", "\ufffd")}
    )


def test_brat_files_beside_each_other_are_read_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Ann Lee left Oslo.")
    (tmp_path / "one.ann").write_text(
        "T2\tPlace 13 17\tOslo\nT1\tPerson 0 7\tAnn Lee\n#1\tAnnotatorNotes T2\tentity=wd:Q585\nR1\tIn Arg1:T1 Arg2:T2\n"
    )
    for path in (tmp_path, tmp_path / "one.ann", tmp_path / "one.txt"):
        [document] = read_gold([path])
        assert (document.id, document.source) == ("one", tmp_path.name)
        assert [(span.start, span.kind, span.entity, span.named) for span in document.spans] == [
            (0, Kind.PERSON, "", None),
            (13, Kind.PLACE, "wd:Q585", True),
        ]


def task(**more: object) -> dict[str, object]:
    return {"data": {"text": "Oslo slept."}, **more}


def region(**value: object) -> dict[str, object]:
    return {"type": "labels", "value": {"start": 0, "end": 4, "labels": ["PLACE"], **value}}


def test_label_studio_reads_what_people_decided() -> None:
    tasks = [
        task(predictions=[{"result": [region()]}]),  # nobody looked at it yet
        task(annotations=[{"result": [], "was_cancelled": True}]),
        task(
            annotations=[
                {"result": []},
                {"result": [region(), {"type": "choices", "value": {"choices": ["x"]}}]},
            ]
        ),
        task(
            annotations=[{"result": [region(labels=["ORG"])], "ground_truth": True}, {"result": [region()]}]
        ),
    ]
    documents = list(read_label_studio(Path("x.json"), json.dumps(tasks).encode()))
    assert [(document.id, [span.kind for span in document.spans]) for document in documents] == [
        ("x.json:3", [Kind.PLACE]),
        ("x.json:4", [Kind.ORGANISATION]),
    ]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.json", b"{", r"a\.json: not JSON"),
        ("a.json", b"{}", r"a\.json: expected a list of tasks"),
        ("a.json", json.dumps([task()]).encode(), "no task is annotated"),
        ("a.json", b"[7]", r"task 1: broken \(AttributeError"),
        (
            "a.json",
            json.dumps([task(annotations=[{"result": [region(end=99)]}])]).encode(),
            "task 1: start 0 and end 99 do not lie in the text of 11",
        ),
        ("a.zip", b"PK", r"a\.zip: not a ZIP archive"),
        ("a.ann", b"T1\tPLACE 0 4\tOslo\n", r"a\.txt: No such file or directory; brat needs both"),
    ],
)
def test_broken_files_are_named(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=message):
        read_gold([tmp_path / name])


@pytest.mark.parametrize(
    ("line", "message"),
    [("T1\tPLACE\tOslo", "a.ann:1: expected a key"), ("T1\tPLACE 0 40\tOslo", "a.ann:1: start 0 and end 40")],
)
def test_broken_standoff_is_named_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "a.ann").write_text(line)
    (tmp_path / "a.txt").write_text("Oslo")
    with pytest.raises(InputError, match=message):
        read_gold([tmp_path / "a.ann"])


@pytest.mark.parametrize(("form", "suffix"), [("conll", "conll"), ("docbin", "spacy"), ("brat", "zip")])
def test_a_scan_comes_back_as_gold_that_it_agrees_with(
    entityscan: Run, tmp_path: Path, form: str, suffix: str
) -> None:
    (tmp_path / "one.txt").write_text("Donald Tusk spoke in Warsaw. Tusk praised NATO.\n")
    scanned = entityscan("extract", "one.txt", "--db", "scan.sqlite", "-o", f"gold.{suffix}", "-q")
    assert (scanned.returncode, scanned.stdout, scanned.stderr) == (0, b"", b"")
    exported = entityscan("export", "scan.sqlite", "-f", form)
    assert exported.stdout == (tmp_path / f"gold.{suffix}").read_bytes()
    measured = entityscan("evaluate", f"gold.{suffix}", "--json")
    assert measured.returncode == 0, measured.stderr
    figures = json.loads(measured.stdout)["spans"]["strict"]["all"]
    assert (figures["f1"], figures["support"]) == (1.0, 4)
    (tmp_path / "one.txt").unlink()
    gone = entityscan("export", "scan.sqlite", "-f", form)
    assert gone.returncode == 0
    assert b"1 of 1 articles are not at their paths any more, or changed" in gone.stderr
