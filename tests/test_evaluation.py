"""Evaluation: readers of gold, judging of mentions, measures of merging, intervals, the report."""

import importlib.util
import json
import os
from collections.abc import Hashable, Mapping
from itertools import combinations, permutations
from pathlib import Path
from types import ModuleType

import numpy as np
import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from entityscan.errors import InputError
from entityscan.evaluation import (
    EvaluationOptions,
    GoldDocument,
    GoldSpan,
    Prediction,
    Report,
    as_json,
    evaluate,
    for_copies,
    from_entities,
    from_mentions,
    read_gold,
    read_predictions,
    tables,
)
from entityscan.evaluation.clusters import MEASURES, b_cubed, best_assignment, ceaf_e, lea, pairwise
from entityscan.evaluation.gold import kind_of
from entityscan.evaluation.intervals import draws, score
from entityscan.evaluation.spans import Matching, compare, is_country, is_demonym, is_pronoun, normalise
from entityscan.records import Alias, Entity, Kind, Mention

FOLDER = Path(__file__).parent / "evaluation"
PERSON, PLACE, ORGANISATION, EQUIPMENT = Kind
LABELS = {PERSON: "PERSON", PLACE: "PLACE", ORGANISATION: "ORG", EQUIPMENT: "EQUIPMENT"}


# --- reading gold


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def found(document: GoldDocument) -> list[tuple[str, Kind | None]]:
    return [(document.text[span.start : span.end], span.kind) for span in document.spans]


def test_jsonl_keeps_ids_flags_and_source() -> None:
    documents = read_gold([FOLDER / "gold.jsonl"])
    assert [document.id for document in documents] == ["naval", "armour", "town"]
    assert documents[0].source == "sea"
    carney = documents[0].spans[1]
    assert (carney.kind, carney.entity, carney.is_global, carney.named) == (EQUIPMENT, "carney", True, True)
    trucks = next(span for span in documents[1].spans if span.maybe)
    assert (trucks.kind, trucks.maybe) == (None, EQUIPMENT)


def test_ids_of_a_knowledge_base_hold_across_articles_and_no_entry_is_no_id(tmp_path: Path) -> None:
    spans = [
        {"start": 0, "end": 4, "label": "PLACE", "entity": "wiki:Kyiv", "cluster": "c1"},
        {"start": 5, "end": 9, "label": "PLACE", "entity": "wd:<NO_MAPPING>"},
        {"start": 10, "end": 14, "label": "PLACE", "entity": "7"},
    ]
    line = json.dumps({"id": "a", "text": "Kyiv Lviv Sumy", "spans": spans})
    [document] = read_gold([write(tmp_path, "a.jsonl", line)])
    assert [(s.entity, s.cluster, s.is_global) for s in document.spans] == [
        ("wiki:Kyiv", "c1", True),
        ("", "", False),
        ("7", "", False),
    ]


COLUMNS = {  # the same three names in four ways of tagging
    "iob": "Joe NNP I-PER\nBiden NNP I-PER\nmet VBD O\nNATO NNP I-ORG\nEU NNP B-ORG\n",
    "bio": "Joe NNP B-PER\nBiden NNP I-PER\nmet VBD O\nNATO NNP B-ORG\nEU NNP B-ORG\n",
    "bilou": "Joe B-PERSON\nBiden L-PERSON\nmet O\nNATO U-ORG\nEU U-ORG\n",
    "conll": "-DOCSTART- -X- O O\n\nJoe B-PER\nBiden E-PER\nmet O\nNATO S-ORG\nEU S-ORG\n",
}


@pytest.mark.parametrize("suffix", COLUMNS)
def test_columns_become_spans_of_rebuilt_text(tmp_path: Path, suffix: str) -> None:
    [document] = read_gold([write(tmp_path, f"news.{suffix}", COLUMNS[suffix])])
    assert document.text.strip() == "Joe Biden met NATO EU"
    assert found(document) == [("Joe Biden", PERSON), ("NATO", ORGANISATION), ("EU", ORGANISATION)]


def test_columns_part_articles_and_sentences(tmp_path: Path) -> None:
    text = "-DOCSTART- O\n\nKyiv B-GPE\n. O\n\nLviv I-LOC\n\n-DOCSTART- O\n\nMarder B-EQUIPMENT\n# O\n"
    first, second = read_gold([write(tmp_path, "x.conll", text)])
    assert (first.id, first.text, second.id, second.text) == ("x:1", "Kyiv .\nLviv\n", "x:2", "Marder #\n")
    assert found(first) == [("Kyiv", PLACE), ("Lviv", PLACE)]
    assert found(second) == [("Marder", EQUIPMENT)]


def test_spacy_binary_documents(tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    doc = spacy.blank("en")("Biden met NATO.")
    doc.set_ents([doc.char_span(0, 5, "PERSON", kb_id="wd:Q6279"), doc.char_span(10, 14, "ORG")])
    DocBin(docs=[doc]).to_disk(tmp_path / "a.spacy")
    [document] = read_gold([tmp_path / "a.spacy"])
    assert document.text == "Biden met NATO."
    assert found(document) == [("Biden", PERSON), ("NATO", ORGANISATION)]
    assert [(span.entity, span.is_global) for span in document.spans] == [("wd:Q6279", True), ("", False)]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonl", '{"text": "x", "spans": []}\n{"text"', r"a\.jsonl:2: not JSON"),
        ("a.jsonl", "[]", r"a\.jsonl:1: expected an object"),
        ("a.jsonl", '{"text": "x"}', r"a\.jsonl:1: expected the list 'spans'"),
        ("a.jsonl", '{"text": "x", "spans": [7]}', r"a\.jsonl:1: span 1: expected an object"),
        (
            "a.jsonl",
            '{"text": "x", "spans": [{"start": 0, "end": 2, "label": "ORG"}]}',
            "span 1: start 0 and end 2",
        ),
        ("a.jsonl", '{"text": "x", "spans": [{"start": 0, "end": 1}]}', "expected the string 'label'"),
        ("a.jsonl", '{"id": 1, "text": "x", "spans": []}\n' * 2, "two articles have the id '1'"),
        ("a.jsonl", "", "no annotated article"),
        ("a.conll", "Kyiv B-LOC\nLviv\n", r"a\.conll:2: expected a token and a tag"),
        ("a.conll", "Kyiv LOC\n", r"a\.conll:1: 'LOC' is no IOB"),
        ("a.spacy", "no such thing", r"a\.spacy: not a spaCy DocBin"),
        ("a.pdf", "", "no known gold format"),
    ],
)
def test_broken_gold_is_named_with_its_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_gold([write(tmp_path, name, text)])


def test_missing_gold_and_undecodable_gold_are_input_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_gold([tmp_path / "none.jsonl"])
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9")
    with pytest.raises(InputError, match=r"not UTF-8 text \(byte 0\)"):
        read_gold([tmp_path / "latin.jsonl"])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", ":1: no mention row"),
        ('{"document": "a", "start": 1, "end": 1, "kind": "person"}', ":1: start 1 and end 1"),
        ('{"document": "a", "start": 0, "end": 1, "kind": "animal"}', "unknown kind 'animal'"),
        ('{"document": "a", "start": 0, "kind": "person"}', "'end'"),
    ],
)
def test_broken_predictions_are_named_with_their_line(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_predictions(write(tmp_path, "p.jsonl", row))


def test_records_become_predictions() -> None:
    mention = Mention("a", 0, 4, "Tusk", PERSON)
    entity = Entity("person:1", PERSON, "Tusk", (Alias("Tusk", 1),), (mention,), 1)
    assert from_entities([entity]) == [Prediction("a", 0, 4, PERSON, "person:1")]
    assert from_mentions([mention]) == [Prediction("a", 0, 4, PERSON)]


@pytest.mark.parametrize("label", ["PER", "person", "GPE", "FAC", "LOC", "ORG", "EQUIPMENT"])
def test_usual_labels_have_a_kind(label: str) -> None:
    assert kind_of(label) is not None


@pytest.mark.parametrize("label", ["NORP", "MISC", "DATE", "NONSENSE"])
def test_other_labels_have_none(label: str) -> None:
    assert kind_of(label) is None


# --- judging mentions


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("the Kremlin", ORGANISATION, "Kremlin"),
        ("“Ukraine’s", PLACE, "Ukraine"),
        ("Ukraine's,", PLACE, "Ukraine"),
        ("President Joe Biden", PERSON, "Joe Biden"),
        ("Rear Adm. Mary Stone", PERSON, "Mary Stone"),
        ("former Prime Minister Tusk", PERSON, "Tusk"),
        ("President", PERSON, "President"),
        ("President Hotel", PLACE, "President Hotel"),
        ("(MITI),", ORGANISATION, "(MITI)"),
        ("U.S.", PLACE, "U.S."),
        ("The", ORGANISATION, "The"),
    ],
)
def test_borders_that_annotators_draw_differently(text: str, kind: Kind, wanted: str) -> None:
    place = normalise(text, 0, len(text), kind)
    assert text[place.start : place.end] == wanted


def test_word_lists() -> None:
    assert is_pronoun("us")
    assert is_pronoun("I")
    assert not is_pronoun("US")
    assert is_demonym("Ukrainians")
    assert not is_demonym("Ukraine")
    assert is_country("u.s.")
    assert not is_country("Kyiv")


def gold_of(text: str, *marks: tuple[str, Kind | None, dict[str, object]]) -> GoldDocument:
    spans = []
    for words, kind, more in marks:
        start = text.index(words)
        spans.append(GoldSpan(start, start + len(words), LABELS.get(kind, "OTHER"), kind, **more))  # type: ignore[arg-type]
    return GoldDocument("a", text, tuple(spans))


def judged(
    document: GoldDocument, *marks: tuple[str, Kind], matching: Matching | None = None
) -> tuple[int, int, int]:
    predictions = []
    for words, kind in marks:
        start = document.text.index(words)
        predictions.append(Prediction("a", start, start + len(words), kind))
    outcome = compare(document, predictions, matching or Matching())
    return len(outcome.right), len(outcome.invented), len(outcome.missed)


TEXT = "Moscow and France met; she saw Russian tanks and the Lincoln Tunnel Authority lorry."


@pytest.mark.parametrize(
    ("gold", "predicted", "counts"),
    [
        ([("Moscow", PLACE, {})], [("Moscow", PLACE)], (1, 0, 0)),
        ([("Moscow", PLACE, {})], [("Moscow", PLACE), ("Moscow", PLACE)], (1, 0, 0)),
        ([("Moscow", PLACE, {})], [("Moscow", PERSON)], (0, 1, 1)),
        ([("Moscow", PLACE, {})], [("Moscow", ORGANISATION)], (0, 1, 1)),
        ([("France", PLACE, {})], [("France", ORGANISATION)], (1, 0, 0)),
        ([("she", PERSON, {})], [], (0, 0, 0)),
        ([("she", PERSON, {})], [("she", PERSON)], (0, 0, 0)),
        ([("Russian", PLACE, {})], [("Russian", PLACE)], (0, 0, 0)),
        ([], [("Russian", PLACE)], (0, 1, 0)),
        ([("tanks", EQUIPMENT, {"named": False})], [("tanks", EQUIPMENT)], (0, 0, 0)),
        ([], [("tanks", EQUIPMENT)], (0, 0, 0)),
        ([("Authority", ORGANISATION, {"named": False})], [("Authority", ORGANISATION)], (0, 0, 0)),
        ([("lorry", None, {"maybe": EQUIPMENT})], [("lorry", PERSON)], (0, 1, 0)),
        ([("lorry", None, {"maybe": "*"})], [("lorry", PERSON)], (0, 0, 0)),
        ([("Lincoln", PERSON, {"nested": True})], [("Lincoln Tunnel", PERSON)], (0, 0, 0)),
        ([("Lincoln", PERSON, {"nested": True})], [("Lincoln Tunnel", PLACE)], (0, 1, 0)),
    ],
)
def test_what_counts(
    gold: list[tuple[str, Kind, dict[str, object]]],
    predicted: list[tuple[str, Kind]],
    counts: tuple[int, int, int],
) -> None:
    assert judged(gold_of(TEXT, *gold), *predicted) == counts


def test_common_nouns_for_equipment_count_when_asked() -> None:
    document = gold_of(TEXT, ("tanks", EQUIPMENT, {"named": False}))
    every = Matching(named_only=False)
    assert judged(document, ("tanks", EQUIPMENT), matching=every) == (1, 0, 0)
    assert judged(document, matching=every) == (0, 0, 1)


def test_overlap_is_enough_when_asked_and_a_gold_mention_is_hit_once() -> None:
    document = gold_of(TEXT, ("Lincoln Tunnel Authority", ORGANISATION, {}))
    parts = [("Lincoln Tunnel", ORGANISATION), ("Authority", ORGANISATION)]
    assert judged(document, *parts) == (0, 2, 1)
    assert judged(document, *parts, matching=Matching(overlap=frozenset(Kind))) == (1, 1, 0)


def test_strict_takes_offsets_and_kinds_as_they_are() -> None:
    document = gold_of(TEXT, ("Lincoln Tunnel Authority", ORGANISATION, {}), ("France", PLACE, {}))
    strict = Matching(normalise=False)
    assert judged(document, ("the Lincoln Tunnel Authority", ORGANISATION)) == (1, 0, 1)
    assert judged(document, ("the Lincoln Tunnel Authority", ORGANISATION), matching=strict) == (0, 1, 2)
    assert judged(document, ("France", ORGANISATION), matching=strict) == (0, 1, 2)


def test_only_the_annotated_part_is_judged() -> None:
    document = gold_of(TEXT, ("Moscow", PLACE, {}), ("France", PLACE, {}))
    part = GoldDocument("a", TEXT, document.spans, scored=(TEXT.index("France"), len(TEXT)))
    assert judged(part, ("Moscow", PLACE)) == (0, 0, 1)


# --- measures of merging


def partition(*clusters: str) -> dict[str, int]:
    return {mention: number for number, cluster in enumerate(clusters) for mention in cluster}


def test_lea_on_the_example_of_its_paper() -> None:
    """Moosavi and Strube 2016, section 4: recall 0.24, precision 0.33, F1 0.28."""
    figures = lea(partition("abc", "defg"), partition("ab", "cd", "fghi"))
    assert figures.recall == pytest.approx((3 * 1 / 3 + 4 * 1 / 6) / 7)
    assert figures.precision == pytest.approx((2 + 0 + 4 * 1 / 6) / 8)
    assert figures.f1 == pytest.approx(0.28, abs=0.005)


def test_b_cubed_on_the_examples_of_its_paper() -> None:
    """Bagga and Baldwin 1998: merging two entities of five costs more than five with two."""
    key = partition("abcde", "fg", "hijkl")
    small, large = b_cubed(key, partition("abcde", "fghijkl")), b_cubed(key, partition("abcdehijkl", "fg"))
    assert (small.precision, small.recall) == (pytest.approx(16 / 21), 1)
    assert (large.precision, large.recall) == (pytest.approx(7 / 12), 1)


def test_ceaf_on_an_example_of_its_paper() -> None:
    """Luo 2005, table 1 (a): entity-based CEAF precision 1.83/2 and recall 1.83/3."""
    figures = ceaf_e(partition("abcde", "fg", "hijkl"), partition("abcde", "fghijkl"))
    assert figures.precision == pytest.approx((1 + 10 / 12) / 2)
    assert figures.recall == pytest.approx((1 + 10 / 12) / 3)


def test_pairwise_by_hand() -> None:
    figures = pairwise(partition("abcd", "e"), partition("ab", "cde"))
    assert (figures.precision, figures.recall) == (2 / 4, 2 / 6)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_a_perfect_answer_is_perfect(measure: type) -> None:
    key = partition("abc", "d", "ef")
    figures = measure(key, {mention: f"x{cluster}" for mention, cluster in key.items()})
    assert (figures.precision, figures.recall, figures.f1) == (1, 1, 1)


def test_a_missed_singleton_is_not_found() -> None:
    key, response = partition("ab", "c"), partition("ab")
    assert lea(key, response).recall == pytest.approx(2 / 3)
    assert b_cubed(key, response).recall == pytest.approx(2 / 3)
    assert ceaf_e(key, response).recall == pytest.approx(1 / 2)


def sets(part: Mapping[str, Hashable]) -> list[set[str]]:
    groups: dict[Hashable, set[str]] = {}
    for mention, cluster in part.items():
        groups.setdefault(cluster, set()).add(mention)
    return list(groups.values())


def plain_b_cubed(key: dict[str, int], response: dict[str, int]) -> tuple[float, float]:
    of = lambda part, mention: {other for other in part if part[other] == part[mention]}  # noqa: E731
    both = [mention for mention in key if mention in response]
    shared = {mention: len(of(key, mention) & of(response, mention)) for mention in both}
    precision = sum(shared[mention] / len(of(response, mention)) for mention in both)
    recall = sum(shared[mention] / len(of(key, mention)) for mention in both)
    return precision / len(response), recall / len(key)


def links(cluster: set[str]) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in combinations(cluster, 2)} or {frozenset(cluster)}


def plain_lea(key: dict[str, int], response: dict[str, int]) -> tuple[float, float]:
    def one_way(left: list[set[str]], right: list[set[str]]) -> float:
        known = {link for cluster in right for link in links(cluster)}
        parts = [len(cluster) * len(links(cluster) & known) / len(links(cluster)) for cluster in left]
        return sum(parts) / sum(map(len, left))

    return one_way(sets(response), sets(key)), one_way(sets(key), sets(response))


def plain_ceaf(key: dict[str, int], response: dict[str, int]) -> tuple[float, float]:
    few, many = sorted((sets(key), sets(response)), key=len)
    best = max(
        sum(2 * len(left & right) / (len(left) + len(right)) for left, right in zip(few, order, strict=True))
        for order in permutations(many, len(few))
    )
    return best / len(sets(response)), best / len(sets(key))


def plain_pairs(key: dict[str, int], response: dict[str, int]) -> tuple[float, float]:
    left, right = (
        {pair for pair in combinations(sorted(part), 2) if part[pair[0]] == part[pair[1]]}
        for part in (key, response)
    )
    shared = len(left & right)
    return (shared / len(right) if right else 1.0), (shared / len(left) if left else 1.0)


SECOND = {"b_cubed": plain_b_cubed, "lea": plain_lea, "ceaf_e": plain_ceaf, "pairwise": plain_pairs}
partitions = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 4), min_size=1)


@pytest.mark.parametrize("name", SECOND)
@given(key=partitions, response=partitions)
def test_measures_agree_with_a_second_implementation(
    name: str, key: dict[str, int], response: dict[str, int]
) -> None:
    figures = MEASURES[name](key, response)
    assert (figures.precision, figures.recall) == pytest.approx(SECOND[name](key, response))


@settings(deadline=None)  # the first call imports scipy
@given(key=partitions, response=partitions)
def test_measures_agree_with_published_scorers(key: dict[str, int], response: dict[str, int]) -> None:
    scores = pytest.importorskip("scorch.scores")
    assume(key.keys() & response.keys())  # it divides by zero when nothing is shared
    for ours, theirs in ((b_cubed, scores.b_cubed), (ceaf_e, scores.ceaf_e)):
        figures = ours(key, response)
        recall, precision, _ = theirs(sets(key), sets(response))
        assert (figures.precision, figures.recall) == pytest.approx((precision, recall))


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_assignment_is_the_best_of_all(rows: int, columns: int, seed: int) -> None:
    gain = np.random.default_rng(seed).random((rows, columns))
    few = gain if rows <= columns else gain.T
    every = permutations(range(few.shape[1]), few.shape[0])
    best = max(sum(few[row, column] for row, column in enumerate(order)) for order in every)
    assert best_assignment(gain) == pytest.approx(best)


# --- intervals


def test_interval_holds_the_figure_and_is_seeded() -> None:
    counts = [(8, 2, 1), (3, 4, 2), (9, 0, 0), (5, 1, 6)]
    first, again = score(counts, draws(4, 0)), score(counts, draws(4, 0))
    assert first == again
    assert first != score(counts, draws(4, 1))
    assert first.f1_interval is not None
    low, high = first.f1_interval
    assert 0 < low < first.f1 < high < 1
    assert (first.precision, first.recall, first.support) == (25 / 32, 25 / 34, 34)


def test_one_article_has_no_interval() -> None:
    assert score([(1, 0, 0)], draws(1, 0)).f1_interval is None


def test_alike_articles_have_a_narrow_interval() -> None:
    assert score([(8, 2, 2)] * 20, draws(20, 0)).f1_interval == (pytest.approx(0.8), pytest.approx(0.8))


# --- the whole


@pytest.fixture(scope="module")
def report() -> Report:
    options = EvaluationOptions(kinds=frozenset(Kind), by="source", errors=5)
    return evaluate(
        read_gold([FOLDER / "gold.jsonl"]), read_predictions(FOLDER / "predictions.jsonl"), options
    )


def per_cent(figures: object) -> list[float]:
    return [round(100 * getattr(figures, name), 1) for name in ("precision", "recall", "f1")]


def test_figures_equal_those_of_the_reference_scorer(report: Report) -> None:
    """``expected.json`` was computed by the reference scorer on the same two files."""
    expected = json.loads((FOLDER / "expected.json").read_text("utf-8"))
    for way, kinds in expected["spans"].items():
        found = {kind: [*per_cent(score), score.support] for kind, score in report.spans[way].items()}
        assert found == kinds, way
    for scope, wanted in expected["merging"].items():
        merging = report.merging[scope]
        counts = [
            merging.gold_mentions,
            merging.found_mentions,
            merging.gold_entities,
            merging.found_entities,
        ]
        assert counts == wanted.pop("counts")
        for name, figures in wanted.items():
            view, measure = name.split()
            assert per_cent(merging.views[view][measure]) == figures, (scope, name)


def _reference_scorer() -> ModuleType:
    corpora = os.environ.get("ENTITYSCAN_CORPORA")
    path = Path(corpora or "") / ".." / "tools" / "score.py"
    if not corpora or not path.exists():
        pytest.skip("needs ENTITYSCAN_CORPORA and the reference scorer beside it")
    spec = importlib.util.spec_from_file_location("reference_scorer", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NAMES = {"ALL": "all"} | {label: str(kind) for kind, label in LABELS.items()}
WAYS = {
    "normalised": (list(LABELS.values()), True, ()),
    "overlap": (list(LABELS.values()), True, tuple(LABELS.values())),
    "equipment_all": (["EQUIPMENT"], False, ()),
    "equipment_all_overlap": (["EQUIPMENT"], False, ("EQUIPMENT",)),
}


def damaged(gold: list[GoldDocument], seed: int) -> list[Prediction]:
    """Predictions made from the gold by losing, moving, renaming, inventing and badly merging some."""
    generator = np.random.default_rng(seed)
    made = []
    for document in gold:
        for span in document.spans:
            luck = generator.random()
            start, end = span.start, span.end
            if luck < 0.15:
                continue
            if luck < 0.25:
                start = max(0, start - int(generator.integers(1, 12)))
            elif luck < 0.35:
                start = int(generator.integers(0, len(document.text) - 1))
                end = min(len(document.text), start + 8)
            kind = span.kind if span.kind and luck < 0.9 else list(Kind)[int(generator.integers(4))]
            words = document.text[start:end].casefold().split() or ["?"]
            made.append(Prediction(document.id, start, end, kind, f"{kind}:{words[-1]}"))
    return made


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it leaves files open
def test_figures_equal_those_of_the_reference_scorer_on_every_corpus() -> None:
    reference = _reference_scorer()
    for path in sorted(Path(os.environ["ENTITYSCAN_CORPORA"]).glob("dev/*.jsonl")):
        gold = read_gold([path])
        predictions = damaged(gold, seed=len(gold))
        ours = evaluate(gold, predictions, EvaluationOptions(kinds=frozenset(Kind)))
        rows = [
            {"doc": p.document, "start": p.start, "end": p.end, "type": str(p.kind), "entity": p.entity}
            for p in predictions
        ]
        records = reference.load(path)
        for way, arguments in WAYS.items():
            theirs, _ = reference.mention_score(records, rows, *arguments)
            for label, figures in theirs.items():
                if NAMES[label] in ours.spans[way]:
                    found = ours.spans[way][NAMES[label]]
                    assert per_cent(found) == pytest.approx([100 * x for x in figures[:3]], abs=0.1), (
                        path,
                        way,
                        label,
                    )
        for scope, merging in ours.merging.items():
            theirs = reference.clusters(records, rows, list(LABELS.values()), scope == "across")
            for view, measure, name in (
                ("matched", "b_cubed", "b3_common"),
                ("matched", "pairwise", "pair_common"),
                ("end_to_end", "b_cubed", "b3_end_to_end"),
            ):
                wanted = [100 * x for x in theirs[name]]
                assert per_cent(merging.views[view][measure]) == pytest.approx(wanted, abs=0.1), (
                    path,
                    scope,
                    name,
                )


def test_mistakes_are_named(report: Report) -> None:
    named = {(str(found.type), found.words, found.kinds) for found in report.mistakes}
    assert named >= {
        ("invented", "Monday", "person"),
        ("wrong kind", "Abrams", "person → equipment"),
        ("wrong boundary", "Apache → Apache helicopters", "equipment"),
        ("wrongly merged", "Mary Stone + Stone", ""),
        ("wrongly split", "Donald Tusk | Tusk", ""),
    }
    assert sum(report.mistake_totals.values()) >= len(report.mistakes)


def test_mistakes_show_the_place_and_the_most_frequent_come_first() -> None:
    text = "Mr Obi saw the Zulu hills. Obi left. Then Ada came. Obi again."
    starts = [text.index("Obi"), text.index("Obi left"), text.index("Obi again")]
    spans = [GoldSpan(at, at + 3, "PERSON", PERSON) for at in sorted([*starts, text.index("Ada")])]
    result = evaluate([GoldDocument("a", text, tuple(spans))], [], EvaluationOptions(errors=1))
    [worst] = result.mistakes
    assert (worst.words, worst.count, [example.start for example in worst.examples]) == ("Obi", 3, starts)
    assert worst.examples[0].snippet == "Mr «Obi» saw the Zulu hills. Obi left."
    assert result.mistake_totals["missed"] == 4


def test_groups_add_up(report: Report) -> None:
    assert set(report.groups) == {"sea", "land"}
    for kind in ("person", "all"):
        total = sum(group[kind].support for group in report.groups.values())
        assert total == report.spans["normalised"][kind].support


def test_kinds_that_the_gold_lacks_are_not_judged() -> None:
    gold = GoldDocument("a", "Kyiv saw Obi.", (GoldSpan(0, 4, "LOC", PLACE),))
    result = evaluate([gold], [Prediction("a", 9, 12, PERSON)])
    assert result.kinds == (PLACE,)
    assert result.spans["normalised"]["place"].invented == 0


def test_local_ids_are_not_joined_across_articles() -> None:
    text = "Obi met Obi."
    spans = tuple(GoldSpan(at, at + 3, "PERSON", PERSON, entity="1") for at in (0, 8))
    gold = [GoldDocument(name, text, spans) for name in "ab"]
    answer = [Prediction(name, at, at + 3, PERSON, f"{name}") for name in "ab" for at in (0, 8)]
    result = evaluate(gold, answer)
    assert set(result.merging) == {"inside"}
    assert result.merging["inside"].gold_entities == 2


@pytest.mark.parametrize(
    ("prediction", "message"),
    [
        (Prediction("b", 0, 4, PLACE), "no such article"),
        (Prediction("a", 0, 9, PLACE), "only 4 characters; it was made on another text"),
        (Prediction("a", 0, 4, PLACE, text="Lviv"), "'Kyiv' there, not 'Lviv'; it was made on another text"),
    ],
)
def test_predictions_made_on_other_texts_are_refused(prediction: Prediction, message: str) -> None:
    with pytest.raises(InputError, match=message):
        evaluate([GoldDocument("a", "Kyiv", ())], [prediction])


def test_articles_of_one_text_have_the_same_predictions() -> None:
    documents = [
        GoldDocument(name, text, ()) for name, text in (("a", "Orsk."), ("b", "Orsk."), ("c", "Perm."))
    ]
    found = [Prediction("b", 0, 4, PLACE, "place:1")]
    assert set(for_copies(documents, found)) == {
        Prediction("a", 0, 4, PLACE, "place:1"),
        Prediction("b", 0, 4, PLACE, "place:1"),
    }
    own = [*found, Prediction("a", 0, 4, PERSON)]
    assert sorted(for_copies(documents, own), key=str) == sorted(own, key=str)


def test_report_is_json_and_tables(report: Report) -> None:
    read_back = orjson.loads(orjson.dumps(as_json(report)))
    assert read_back["schema"] == "entityscan-evaluation/1"
    assert read_back["spans"]["normalised"]["all"]["support"] == 29
    assert read_back["merging"]["across"]["views"]["matched"]["b_cubed"]["f1"] == pytest.approx(
        0.918, abs=1e-3
    )
    for table in tables(report):
        assert table.rows
        assert all(len(row) == len(table.columns) for row in table.rows), table.title
