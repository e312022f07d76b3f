"""The recogniser: words and pieces, windows, decoding, the second look at an article, the spaCy component."""

import os
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from entityscan.errors import PipelineError
from entityscan.recogniser.article import agree, loud_words, promising, settle_loud
from entityscan.recogniser.component import SCORE, Recogniser, Settings, WordTokenizer
from entityscan.recogniser.decoding import Found, decode, log_probabilities, windows_of
from entityscan.recogniser.pieces import NEWLINE, SHAPE_COUNT, SPACE, WORD, WordPieces, word_gaps

PIPELINE = Path(__file__).parents[1] / "models" / "en_entityscan_news"
VOCABULARY = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "tu",
    "##sk",
    "warsaw",
    "in",
    "met",
    "tanks",
    "polish",
    "北",
    "京",
    ".",
]
KINDS = Settings().kinds
PERSON, PLACE = KINDS.index("person"), KINDS.index("place")


def scores_of(labels: list[int], sure: float = 5.0) -> np.ndarray:
    """Scores that favour these labels."""
    scores = np.zeros((len(labels), 1 + 2 * len(KINDS)), np.float32)
    scores[np.arange(len(labels)), labels] = sure
    return log_probabilities(scores)


class TestPieces:
    def test_a_word_is_cut_longest_piece_first(self) -> None:
        encoder = WordPieces(VOCABULARY)
        assert encoder.pieces("TUSK") == (4, 5)
        assert encoder.pieces("北京") == (11, 12)
        assert encoder.pieces("tuxedo") == (1,)
        assert encoder.pieces("tu" * 50) == (1,)

    def test_accents_are_dropped_as_in_the_vocabulary(self) -> None:
        assert WordPieces(VOCABULARY).pieces("Túśk") == (4, 5)

    @given(st.text())
    def test_words_cover_everything_but_white_space(self, text: str) -> None:
        spans = [match.span() for match in WORD.finditer(text)]
        assert "".join(text[a:b] for a, b in spans) == "".join(text.split())
        assert len(word_gaps(text, spans)) == len(spans)

    @given(st.text(min_size=1))
    def test_every_word_has_pieces_and_shapes(self, text: str) -> None:
        encoder = WordPieces(VOCABULARY)
        for word in WORD.findall(text):
            cut = encoder.pieces(word)
            assert cut
            assert all(0 <= shape < SHAPE_COUNT for shape in encoder.shapes(word, SPACE, len(cut)))

    def test_gaps(self) -> None:
        text = "T-72 in\nKyiv"
        spans = [match.span() for match in WORD.finditer(text)]
        assert word_gaps(text, spans) == [NEWLINE, 0, 0, SPACE, NEWLINE]


class TestWindows:
    @given(st.lists(st.integers(1, 12), max_size=300), st.integers(32, 256), st.sets(st.integers(0, 300)))
    def test_every_word_is_read_once_and_no_window_is_too_large(
        self, lengths: list[int], size: int, breaks: set[int]
    ) -> None:
        windows = list(windows_of(lengths, size, sorted(word for word in breaks if word < len(lengths))))
        assert [index for start, end in windows for index in range(start, end)] == list(range(len(lengths)))
        assert all(0 < sum(lengths[start:end]) <= size - 2 for start, end in windows)

    def test_windows_begin_with_sentences(self) -> None:
        windows = list(windows_of([1] * 500, 128, range(0, 500, 20)))
        assert [start % 20 for start, _ in windows] == [0] * len(windows)
        assert len(windows) == 5

    def test_a_long_sentence_is_cut_anywhere(self) -> None:
        assert list(windows_of([1] * 250, 128, [0])) == [(0, 126), (126, 250)]


class TestDecoding:
    def test_mentions_begin_properly(self) -> None:
        begin, inside = 1 + 2 * PERSON, 2 + 2 * PERSON
        found = decode(scores_of([0, inside, begin, inside, begin]), [SPACE] * 5)
        assert [(m.start, m.end) for m in found if m.start >= 2] == [(2, 4), (4, 5)]
        assert all(m.kind == PERSON for m in found)

    def test_no_mention_crosses_a_line_break(self) -> None:
        labels = [1 + 2 * PLACE, 2 + 2 * PLACE]
        assert [(m.start, m.end) for m in decode(scores_of(labels), [NEWLINE, SPACE])] == [(0, 2)]
        assert all(m.end - m.start == 1 for m in decode(scores_of(labels), [NEWLINE, NEWLINE]))

    @given(st.lists(st.lists(st.floats(-9, 9, width=32), min_size=13, max_size=13), max_size=30), st.data())
    def test_any_scores_give_mentions_in_order(self, rows: list[list[float]], data: st.DataObject) -> None:
        scores = log_probabilities(np.asarray(rows, np.float32).reshape(-1, 13))
        gaps = data.draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows)))
        found = decode(scores, gaps)
        assert all(left.end <= right.start for left, right in pairwise(found))
        assert all(0 <= m.score <= 1 for m in found)
        assert all(NEWLINE not in gaps[m.start + 1 : m.end] for m in found)


class TestArticle:
    def test_an_unsure_occurrence_follows_the_sure_one(self) -> None:
        words = ["Orsk", "fell", ".", "Orsk", "burns"]
        gaps = [NEWLINE, SPACE, 0, NEWLINE, SPACE]
        scores = scores_of([1 + 2 * PLACE, 0, 0, 0, 0], sure=8)
        scores[3] = scores_of([0], sure=0.5)[0]
        assert [m.start for m in decode(scores, gaps)] == [0]
        assert [m.start for m in agree(words, gaps, scores, decode(scores, gaps))] == [0, 3]

    def test_a_clear_second_reading_stays(self) -> None:
        words, gaps = ["Jordan", "said", ".", "Jordan", "."], [NEWLINE, SPACE, 0, SPACE, 0]
        scores = scores_of([1 + 2 * PERSON, 0, 0, 1 + 2 * PLACE, 0], sure=2)
        scores[0] = scores_of([1 + 2 * PERSON], sure=6)[0]
        scores[3] = scores_of([1 + 2 * PLACE], sure=8)[0]
        found = agree(words, gaps, scores, decode(scores, gaps))
        assert found[-1].kind == PLACE

    def test_a_surname_alone_does_not_cut_the_full_name(self) -> None:
        words, gaps = ["Ada", "Orsk", "met", "Orsk"], [NEWLINE, SPACE, SPACE, SPACE]
        scores = scores_of([1 + 2 * PERSON, 2 + 2 * PERSON, 0, 1 + 2 * PERSON], sure=8)
        found = agree(words, gaps, scores, decode(scores, gaps))
        assert [(m.start, m.end, m.kind) for m in found] == [(0, 2, PERSON), (3, 4, PERSON)]
        assert min(m.score for m in found) > 0.9

    def test_a_full_name_tells_the_kind_of_the_surname_alone(self) -> None:
        words, gaps = ["Ada", "Orsk", "met", "Orsk"], [NEWLINE, SPACE, SPACE, SPACE]
        scores = scores_of([1 + 2 * PERSON, 2 + 2 * PERSON, 0, 1 + 2 * PLACE], sure=8)
        scores[3] = scores_of([1 + 2 * PLACE], sure=1)[0]
        found = agree(words, gaps, scores, decode(scores, gaps))
        assert [(m.start, m.end, m.kind) for m in found] == [(0, 2, PERSON), (3, 4, PERSON)]

    def test_capitals(self) -> None:
        words = ["TUSK", "VISITS", "PARIS", "Tusk", "said"]
        loud = loud_words(words, [NEWLINE, SPACE, SPACE, NEWLINE, SPACE])
        assert loud == [True, True, True, False, False]
        found = [Found(1, 2, PLACE, 0.3), Found(2, 3, PLACE, 0.9), Found(3, 4, PERSON, 0.9)]
        settled = settle_loud(words, found, loud)
        assert [(m.start, m.kind) for m in settled] == [(0, PERSON), (2, PLACE), (3, PERSON)]


class ScriptedNetwork:
    """Stands in for the trained network: each piece of the vocabulary has one label."""

    LABELS: ClassVar = {
        "tu": 1 + 2 * PERSON,
        "warsaw": 1 + 2 * PLACE,
        "tanks": 1 + 2 * KINDS.index("generic"),
    }
    LABELS["polish"] = 1 + 2 * KINDS.index("demonym")

    def __init__(self, *_arguments: Any, **_options: Any) -> None:
        pass

    def run(self, _outputs: None, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
        scores = np.zeros((*inputs["pieces"].shape, 13), np.float32)
        scores[..., 0] = 4
        for piece, label in self.LABELS.items():
            scores[inputs["pieces"] == VOCABULARY.index(piece), label] = 9
        return [scores]


@pytest.fixture
def recogniser(monkeypatch: pytest.MonkeyPatch) -> Recogniser:
    monkeypatch.setattr("onnxruntime.InferenceSession", ScriptedNetwork)
    component = Recogniser()
    component.fill(b"network", WordPieces(VOCABULARY), Settings(window=32))
    return component


TOKENIZER = WordTokenizer(spacy.blank("en").vocab)


class TestComponent:
    @given(st.text())
    def test_the_tokenizer_keeps_the_text(self, text: str) -> None:
        doc = TOKENIZER(text)
        assert doc.text == text
        assert [token.text for token in doc if not token.is_space] == WORD.findall(text)

    def test_spans_have_exact_offsets_in_a_long_text(self, recogniser: Recogniser) -> None:
        text = "Tusk met Polish tanks in  Warsaw.\n\n" * 60
        doc = recogniser(TOKENIZER(text))
        assert [span.text for span in doc.ents] == ["Tusk", "tanks", "Warsaw"] * 60
        assert {span.label_ for span in doc.ents} == {"person", "equipment", "place"}
        assert {span.text for span in doc.ents if span.id_ == "generic"} == {"tanks"}
        assert all(0.9 < span._.get(SCORE) <= 1 for span in doc.ents)

    def test_many_docs_give_what_each_gives_alone(self, recogniser: Recogniser) -> None:
        texts = ["", "Tusk", " \n", "in Warsaw " * 40, "met"]
        docs = list(recogniser.pipe([TOKENIZER(text) for text in texts], batch_size=2))
        assert [doc.text for doc in docs] == texts
        assert [len(doc.ents) for doc in docs] == [0, 1, 0, 40, 0]

    def test_saved_and_loaded(self, recogniser: Recogniser, tmp_path: Path) -> None:
        recogniser.to_disk(tmp_path / "recogniser")
        for copy in (
            Recogniser().from_disk(tmp_path / "recogniser"),
            Recogniser().from_bytes(recogniser.to_bytes()),
        ):
            assert copy.settings == recogniser.settings
            assert copy.to_bytes() == recogniser.to_bytes()
            assert len(copy(TOKENIZER("Tusk in Warsaw")).ents) == 2

    def test_without_a_network_it_says_so(self) -> None:
        with pytest.raises(PipelineError, match="no network"):
            Recogniser()(TOKENIZER("Tusk"))


@pytest.mark.model
@pytest.mark.skipif(
    not (PIPELINE.exists() or "ENTITYSCAN_MODEL" in os.environ), reason="no trained pipeline here"
)
class TestTrained:
    def nlp(self) -> spacy.Language:
        return spacy.load(os.environ.get("ENTITYSCAN_MODEL", PIPELINE))

    def test_it_reads_news(self) -> None:
        doc = self.nlp()(
            "KYIV (Reuters) - Ukraine's defence minister Rustem Umerov said on Monday that Leopard 2A6 tanks and "
            "F-16s had reached the 47th Mechanized Brigade near Pokrovsk, while Russian drones struck Kharkiv."
        )
        found = {(span.text, span.label_) for span in doc.ents}
        assert ("Rustem Umerov", "person") in found
        assert {("Ukraine", "place"), ("Pokrovsk", "place"), ("Kharkiv", "place")} <= found
        assert {("Leopard 2A6", "equipment"), ("F-16s", "equipment"), ("drones", "equipment")} <= found
        assert ("47th Mechanized Brigade", "organisation") in found
        assert not any(span.text == "Russian" for span in doc.ents)

    def test_its_answer_does_not_depend_on_the_company(self) -> None:
        nlp = self.nlp()
        texts = ["HMS Duncan left Portsmouth on Friday.", "Tusk met Macron in Paris. " * 30]
        together = [[(s.start_char, s.end_char, s.label_) for s in doc.ents] for doc in nlp.pipe(texts)]
        alone = [[(s.start_char, s.end_char, s.label_) for s in nlp(text).ents] for text in texts]
        assert together == alone


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("The committee meets again on 14 May.", True),
        ("The committee meets again in a week, and I will go.", False),
        ("Putin was asked what it meant.", True),
        ("the committee meets again in a week.", True),  # a text without capitals is read
        ("\u201cThey left at 3,\u201d he said.", False),
        ("It fired T-72s.", True),
        ("14 were hurt.", True),
        ("AND THEN THEY LEFT", True),
    ],
)
def test_sentences_that_cannot_hold_a_name_are_not_read(sentence: str, read: bool) -> None:
    words = WORD.findall(sentence)
    assert promising(words, [0]) == ((list(range(len(words))), [0]) if read else ([], []))


@given(st.lists(st.sampled_from(["The", "he", "Kyiv", "fell", ".", "7", "I"]), max_size=30), st.data())
def test_whole_sentences_are_read_or_not(words: list[str], data: st.DataObject) -> None:
    breaks = sorted(data.draw(st.sets(st.integers(0, max(0, len(words) - 1))))) if words else []
    read, borders = promising(words, breaks)
    assert read == sorted(set(read))
    assert {index for index, word in enumerate(words) if word == "Kyiv"} <= set(read)
    assert all(read[border] in {0, *breaks} for border in borders)
