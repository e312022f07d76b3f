"""The spaCy component ``entityscan_recogniser`` and the tokenizer of our pipeline.

What comes in: docs. What goes out: the same docs with ``doc.ents``, labelled ``person``, ``place``, ``organisation``
or ``equipment``; common nouns for equipment have the span id ``generic``. ``span._.entityscan_score`` is the calibrated
probability that the span and its label are right.
"""

import json
import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from spacy import util
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import registry
from spacy.vocab import Vocab

from entityscan.errors import PipelineError
from entityscan.recogniser import TEXT
from entityscan.recogniser.article import agree, loud_words, promising, settle_loud
from entityscan.recogniser.decoding import Found, Scores, decode, log_probabilities, windows_of
from entityscan.recogniser.pieces import SPECIAL_SHAPE, WORD, WordPieces, word_gaps
from entityscan.sentences import sentence_starts

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]

SCORE = "entityscan_score"
"""Name of the span extension that holds the calibrated probability."""
GENERIC = "generic"
"""Kind, and span id, of common nouns for equipment."""
_FILES = ("model.onnx", "vocab.txt", "recogniser.json")


class WordTokenizer(util.DummyTokenizer):
    """Splits a text into the recogniser's words, so that every mention can begin and end at a token."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the text as a doc; runs of white space other than one space become tokens."""
        words: list[str] = []
        spaces: list[bool] = []
        end = 0
        for match in WORD.finditer(text):
            _add_gap(text[end : match.start()], words, spaces)
            words.append(match.group())
            spaces.append(False)
            end = match.end()
        _add_gap(text[end:], words, spaces)
        return Doc(self.vocab, words=words, spaces=spaces, user_data={TEXT: text})


def _add_gap(gap: str, words: list[str], spaces: list[bool]) -> None:
    """Give the gap's first space to the word before it and make a token of the rest."""
    if gap.startswith(" ") and words and not spaces[-1]:
        spaces[-1] = True
        gap = gap[1:]
    if gap:
        words.append(gap)
        spaces.append(False)


@registry.tokenizers("entityscan.Tokenizer.v1")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Any:
    """Return the function that makes the tokenizer of a pipeline (named in its config)."""
    return lambda nlp: WordTokenizer(nlp.vocab)


@dataclass(frozen=True, slots=True)
class Settings:
    """What was decided when the network was trained; saved beside it."""

    kinds: tuple[str, ...] = ("person", "place", "organisation", "equipment", GENERIC, "demonym")
    window: int = 128
    """Most pieces that are read together, 32..512; the cost of a piece grows with it."""
    temperature: float = 1.0
    """Divides the network's scores; above 1 when it is too sure of itself."""


@Language.factory("entityscan_recogniser", assigns=["doc.ents"])
def make_recogniser(nlp: Language, name: str) -> "Recogniser":  # noqa: ARG001 - spaCy calls it so
    """Make an untrained component; its network comes from ``from_disk`` or ``from_bytes``."""
    return Recogniser(name)


_CERTAIN = 20.0
"""Score of a label that nothing speaks against."""


@dataclass(slots=True)
class _Article:
    """One doc on its way through the network."""

    doc: Doc
    offsets: list[tuple[int, int]]
    words: list[str]
    gaps: list[int]
    breaks: list[int]
    """Words that begin a sentence."""
    scores: Scores = field(default_factory=lambda: np.zeros((0, 0), np.float32))


class Recogniser:
    """Finds names and equipment in docs with a network of word pieces."""

    def __init__(self, name: str = "entityscan_recogniser") -> None:
        self.name = name
        self.settings = Settings()
        self._network = b""
        self._encoder: WordPieces | None = None
        self._session: InferenceSession | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the spans that it finds."""
        return tuple(kind for kind in self.settings.kinds if kind not in (GENERIC, "demonym"))

    def __call__(self, doc: Doc) -> Doc:
        """Write the mentions of a doc into ``doc.ents``."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:  # noqa: ARG002 - as spaCy calls it
        """Write the mentions of many docs.

        Every window goes through the network alone: 8-bit arithmetic takes its scale from all that is read at once,
        so in company a text's scores would depend on its neighbours; and a batch is no faster (measured).
        """
        for doc in stream:
            article = self._read(doc)
            self._score(article)
            self._write(article)
            yield doc

    def _read(self, doc: Doc) -> _Article:
        text = doc.user_data.get(TEXT) or doc.text
        offsets = [match.span() for match in WORD.finditer(text)]
        words = [text[start:end] for start, end in offsets]
        starts = [start for start, _ in offsets]
        breaks = [bisect_left(starts, start) for start in sentence_starts(text)]
        return _Article(doc, offsets, words, word_gaps(text, offsets), breaks)

    def _score(self, article: _Article) -> None:
        """Fill in the log probabilities of the labels of all words."""
        encoder = self._need_encoder()
        read, breaks = promising(article.words, article.breaks)
        cuts = [encoder.pieces(article.words[index]) for index in read]
        scores = np.zeros((len(article.words), 1 + 2 * len(self.settings.kinds)), np.float32)
        scores[:, 0] = _CERTAIN  # of what is not read: no name
        for start, end in windows_of([len(cut) for cut in cuts], self.settings.window, breaks):
            pieces, shapes, first = _window_input(article, read[start:end], cuts[start:end], encoder)
            found = self._need_session().run(None, {"pieces": pieces, "shapes": shapes})[0][0]
            scores[read[start:end]] = found[first]
        article.scores = log_probabilities(scores / np.float32(self.settings.temperature))

    def _write(self, article: _Article) -> None:
        """Decode the scores of one doc and write its spans."""
        if not Span.has_extension(SCORE):
            Span.set_extension(SCORE, default=None)
        kinds, doc = self.settings.kinds, article.doc
        found = decode(article.scores, article.gaps)
        found = agree(article.words, article.gaps, article.scores, found)
        loud = loud_words(article.words, article.gaps)
        if 0 < sum(loud) < len(loud) / 2:  # an article all in capitals has nothing to compare them with
            found = settle_loud(article.words, found, loud)
        spans = []
        for mention in found:
            kind = kinds[mention.kind]
            if kind != "demonym":
                spans.append((_span(doc, article.offsets, mention, kind), mention.score))
        doc.ents = util.filter_spans([span for span, _ in spans])
        for span, score in spans:
            span._.set(SCORE, score)

    def _need_encoder(self) -> WordPieces:
        if self._encoder is None:
            raise PipelineError(
                "the recogniser has no network; load the pipeline with spacy.load, or train one"
            )
        return self._encoder

    def _need_session(self) -> "InferenceSession":
        """Return the network, made ready at its first use: most commands never read an article."""
        if self._session is None:
            # Since 1.29 onnxruntime reports its use to its maker unless this is set before it is loaded. What
            # an analyst reads, and that they read it, is nobody's business.
            os.environ["ORT_DISABLE_TELEMETRY"] = "1"
            from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

            options = SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = (
                1  # processes share the work, not threads
            )
            options.enable_mem_pattern = False  # windows differ in length
            options.graph_optimization_level = GraphOptimizationLevel.ORT_DISABLE_ALL  # done at export
            self._session = InferenceSession(self._network, options, providers=["CPUExecutionProvider"])
        return self._session

    def __getstate__(self) -> dict[str, Any]:
        """Leave the session out: it cannot travel to another process and is made anew there."""
        return self.__dict__ | {"_session": None}

    def to_bytes(self, **_options: Any) -> bytes:
        """Return network, vocabulary and settings as bytes."""
        import srsly  # type: ignore[import-untyped]

        return bytes(srsly.msgpack_dumps(dict(zip(_FILES, self._contents(), strict=True))))

    def from_bytes(self, data: bytes, **_options: Any) -> "Recogniser":
        """Take network, vocabulary and settings from bytes."""
        import srsly

        contents = srsly.msgpack_loads(data)
        return self._take(*(contents[name] for name in _FILES))

    def to_disk(self, path: Path | str, **_options: Any) -> None:
        """Write network, vocabulary and settings into a folder."""
        folder = util.ensure_path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in zip(_FILES, self._contents(), strict=True):
            (folder / name).write_bytes(content)

    def from_disk(self, path: Path | str, **_options: Any) -> "Recogniser":
        """Take network, vocabulary and settings from a folder."""
        folder = util.ensure_path(path)
        return self._take(*((folder / name).read_bytes() for name in _FILES))

    def fill(self, network: bytes, encoder: WordPieces, settings: Settings) -> None:
        """Take a network in ONNX format, its vocabulary and its settings."""
        self._network, self._encoder, self.settings, self._session = network, encoder, settings, None

    def _contents(self) -> tuple[bytes, bytes, bytes]:
        vocabulary = "".join(f"{piece}\n" for piece in self._need_encoder().vocabulary)
        settings = json.dumps(asdict(self.settings), indent=2) + "\n"
        return self._network, vocabulary.encode(), settings.encode()

    def _take(self, network: bytes, vocabulary: bytes, settings: bytes) -> "Recogniser":
        values = json.loads(settings)
        encoder = WordPieces(vocabulary.decode().split("\n")[:-1])
        self.fill(network, encoder, Settings(**values | {"kinds": tuple(values["kinds"])}))
        return self


def _window_input(
    article: _Article, read: list[int], cuts: list[tuple[int, ...]], encoder: WordPieces
) -> tuple[NDArray[np.int32], NDArray[np.int32], list[int]]:
    """Return the pieces and shapes of the words ``read``, and where each of the words begins."""
    ids, forms, first = [encoder.start], [SPECIAL_SHAPE], []
    for index, cut in zip(read, cuts, strict=True):
        first.append(len(ids))
        ids += cut
        forms += encoder.shapes(article.words[index], article.gaps[index], len(cut))
    ids.append(encoder.end)
    forms.append(SPECIAL_SHAPE)
    return np.asarray([ids], np.int32), np.asarray([forms], np.int32), first


def _span(doc: Doc, offsets: list[tuple[int, int]], mention: Found, kind: str) -> Span:
    """Return a mention as a span of whole tokens."""
    start, end = offsets[mention.start][0], offsets[mention.end - 1][1]
    generic = kind == GENERIC
    span = doc.char_span(
        start,
        end,
        label="equipment" if generic else kind,
        span_id=GENERIC if generic else "",
        alignment_mode="expand",
    )
    assert span is not None  # noqa: S101 - the offsets come from this doc
    return span
