"""Turn documents into mentions with a spaCy pipeline.

What comes in: documents. What goes out: for each one its mentions, in the order of the documents,
whatever the number of processes. spaCy is imported late and only here and in ``components``.

A long text is tagged in windows that end between paragraphs or sentences, so that memory does not
grow with the length of a text; offsets always count from the start of the document.
"""

import gc
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from entityscan.errors import PipelineError
from entityscan.quantities import quantity_of
from entityscan.records import Document, Kind, Mention, Skipped, Source
from entityscan.sentences import sentence_at, sentence_starts
from entityscan.shipped import DEFAULT_MODEL, shipped_model
from entityscan.signatures import signature
from entityscan.surroundings import adjectives_in, with_settings
from entityscan.vetting import vet
from entityscan.workers import Failure, run

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_UNUSED = ("tagger", "parser", "lemmatizer", "attribute_ruler", "senter")  # a name needs none of these
_SCORE_DIGITS = 4  # of a probability; more than its calibration can tell
_WINDOW = 20_000  # code points; longer than nearly every article, and spaCy's memory grows with the text
_BATCH, _BATCH_CHARACTERS = 16, 100_000  # documents sent to a process at a time, until either is reached
_ZONE = 10  # windows after which spaCy's strings are freed
_LINE_END, _SENTENCE_END, _SPACE = re.compile(r"\n\s*"), re.compile(r"[.!?]\s+"), re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Tagged:
    """What was found in a document, and what was left out."""

    mentions: list[Mention]
    """By offset."""
    windows: int = 0
    """Pieces in which the text was tagged."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Spans that are no mentions, counted by the rule that dropped them."""
    signature: bytes | None = None
    """What the text is like; see ``signatures``."""
    adjectives: Mapping[str, int] = field(default_factory=dict)
    """How often adjectives of each country (``Russian``) occur, by ISO code; they are no mentions."""


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from looking, again and again, through tables that are here to stay."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # with the next call: all that is here counts as old, and is not looked through at once
        gc.unfreeze()
        if was:
            gc.enable()


@_no_collection()
def load_pipeline(model: str = DEFAULT_MODEL, equipment: str = "") -> "Language":
    """Load a spaCy pipeline and add our components to it.

    Args:
        model: An installed pipeline's name or a folder; any pipeline with a named-entity recogniser
            whose labels are OntoNotes', CoNLL's or ours.
        equipment: A file of the user's own equipment families, or empty.

    Raises:
        PipelineError: when it is missing, broken, or none of its labels is understood.
        DataError: when the file of families breaks its schema.
    """
    import spacy

    from entityscan.components import load_labels

    if (folder := shipped_model(model) or Path(model)).is_dir():
        vet(folder)
    try:
        with warnings.catch_warnings():
            # W095 says that a pipeline was trained with another minor version of spaCy; the recogniser's
            # weights and features have not changed between 3.7 and 3.8, and the accuracy gate would show it.
            warnings.filterwarnings("ignore", message=r"\[W095\]")
            nlp = spacy.load(shipped_model(model) or model, exclude=list(_UNUSED))
    except OSError as err:
        raise PipelineError(
            f"model {model!r} not found; give the name of an installed spaCy pipeline or a folder"
        ) from err
    except Exception as err:  # a pipeline folder can fail in as many ways as it has components
        first_line = str(err).strip().splitlines()[0] if str(err).strip() else type(err).__name__
        raise PipelineError(f"model {model!r} cannot be loaded: {first_line}") from err
    labels = {label for component in nlp.pipe_names for label in nlp.pipe_labels.get(component, [])}
    known = load_labels()
    if not any(known.get(label) for label in labels):
        shown = ", ".join(sorted(labels)[:8]) or "none"
        wanted = ", ".join(sorted(label for label, kind in known.items() if kind))
        raise PipelineError(
            f"model {model!r} has no labels that entityscan understands (it has: {shown}; known: {wanted})"
        )
    if nlp.pipe_names == ["entityscan_recogniser"]:
        # nobody asks for shapes and the like, a tenth of the time
        nlp.vocab.lex_attr_getters = {}  # type: ignore[attr-defined]
    settings = {"entityscan_names": {}, "entityscan_equipment": {"families": equipment}}
    for component, config in settings.items():
        if component in nlp.pipe_names:
            nlp.remove_pipe(component)
        nlp.add_pipe(component, config=config)
    return nlp


def tag(
    documents: Iterable[Document], *, model: str = DEFAULT_MODEL, equipment: str = "", jobs: int = 1
) -> Iterator[tuple[Document, list[Mention]]]:
    """Find the mentions of each document.

    Args:
        documents: Read lazily; a bounded number is held at a time.
        model: See :func:`load_pipeline`.
        equipment: See :func:`load_pipeline`.
        jobs: Number of processes, at least 1; each loads the pipeline once.

    Yields:
        Each document with its mentions by offset, in the order of ``documents``.

    Raises:
        PipelineError: also when a document cannot be tagged.
    """
    for document, found in tag_or_skip(documents, model=model, equipment=equipment, jobs=jobs):
        if isinstance(found, Skipped):
            raise PipelineError(f"{found.path}: {found.reason}")
        yield document, found.mentions


def tag_or_skip(
    documents: Iterable[Document], *, model: str = DEFAULT_MODEL, equipment: str = "", jobs: int = 1
) -> Iterator[tuple[Document, Tagged | Skipped]]:
    """Find the mentions of each document, and go on when one cannot be tagged; see :func:`tag`."""
    start = partial(start_tagging, model, equipment)
    for document, found in run(start, _batches(documents), jobs=jobs):
        if isinstance(found, Failure):
            yield document, Skipped(document.id, found.reason)
        else:
            yield document, found


def start_tagging(model: str, equipment: str) -> Callable[[Sequence[Document]], list[Tagged]]:
    """Load the pipeline and return what a process does with a batch."""
    nlp = load_pipeline(model, equipment)
    return lambda batch: [_tag_document(nlp, document) for document in batch]


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    characters = 0
    for document in documents:
        batch.append(document)
        characters += len(document.text)
        if len(batch) == _BATCH or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _tag_document(nlp: "Language", document: Document) -> Tagged:
    """Tag a document by itself, so that the result does not depend on what else a run reads.

    Batches across documents are no faster on a processor (measured). Nothing of spaCy's outlives a
    memory zone, so memory stays flat.
    """
    from entityscan.components import DROPPED

    starts = sentence_starts(document.text)
    mentions: list[Mention] = []
    dropped: Counter[str] = Counter()
    number = 0
    pieces = windows(document.text)
    while zone := list(islice(pieces, _ZONE)):
        number += len(zone)
        with nlp.memory_zone():
            for start, end in zone:
                doc = nlp(document.text[start:end])
                mentions += _mentions(doc, document, start, starts)
                dropped.update(doc.user_data.get(DROPPED, {}))
    mentions = with_settings(document.text, link_equated(document.text, mentions))
    return Tagged(mentions, number, dict(dropped), signature(document.text), adjectives_in(document.text))


def windows(text: str, size: int = _WINDOW) -> Iterator[tuple[int, int]]:
    """Cut ``text`` into consecutive half-open ranges of at most ``size`` code points.

    A cut falls after a line, else after a sentence, else after white space, else at ``size``, always in
    the second half of the window. The ranges cover the text without gap or overlap.

    >>> list(windows("One. Two. Three.", 10))
    [(0, 10), (10, 16)]
    """
    start = 0
    while len(text) - start > size:
        end = start + size
        for pattern in (_LINE_END, _SENTENCE_END, _SPACE):
            cuts = [match.end() for match in pattern.finditer(text, start + size // 2, start + size)]
            if cuts:
                end = cuts[-1]
                break
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def _mentions(doc: "Doc", document: Document, offset: int, starts: list[int]) -> Iterator[Mention]:
    from entityscan.components import facts

    sentences: dict[tuple[int, int], str] = {}  # so that the mentions of one sentence share one string
    for span in doc.ents:
        known = facts(span)
        start, end = span.start_char + offset, span.end_char + offset
        bounds = sentence_at(document.text, starts, start)
        sentence = sentences.setdefault(bounds, document.text[bounds[0] : bounds[1]])
        match = known.match
        yield Mention(
            document=document.id,
            start=start,
            end=end,
            text=document.text[start:end],
            kind=Kind(span.label_),
            source=known.source,
            score=None if known.score is None else round(known.score, _SCORE_DIGITS),
            sentence=sentence,
            title=known.title,
            category=match.category if match else "",
            family=match.family if match else "",
            variant=match.variant if match else "",
            origin=match.origin if match else "",
            generic=bool(match and match.generic),
            ship_class=match.ship_class if match else "",
            quantity=quantity_of(document.text, start, end, left=bounds[0], generic=match.generic)
            if match
            else None,
        )


_OPEN_BRACKET = re.compile(r"\s?[(（]\s?(?:or\s|also\s|now\s)?(?:the\s)?[\"“‘']?")
_CLOSE_BRACKET = re.compile(r"[\"”’']?\s?(?:[)）]|[,;]\s)")
_CUES = re.compile(
    r"(?:\s?[,(\u2013\u2014-])?\s?(?:which is |who is |better |widely |commonly |also |otherwise |popularly |officially |formerly |"
    r"previously |locally )*(?P<cue>known as|called|dubbed|nicknamed|formerly|now called|renamed|abbreviated as|"
    r"abbreviated to|aka|a\.k\.a\.|alias|n[ée]e|short for)\s(?:the\s)?[\"“‘']?",
    re.IGNORECASE,
)
_VERB = re.compile(r"\s(?:called|dubbed|nicknamed|renamed)\s", re.IGNORECASE)
"""At once behind the first name such a cue is a verb, ``Hill called Khan a cheat``; behind a comma a participle."""
_PART_OF = re.compile(r"\b(?:at|by|from|in|inside|near|of|within)\s(?:the\s)?$", re.IGNORECASE)
"""Before the first name: what is called so is a part of it, ``a unit within Vostok called Rys``."""
_LONGEST_LINK = 60  # code points between two names that a cue may join


def link_equated(text: str, mentions: list[Mention]) -> list[Mention]:
    """Mark the mentions that the text itself equates with the one before: brackets and phrases.

    ``Xi Jinping (習近平)``, ``Chinese Nationalist Party (KMT)``, ``Geran-2, also known as Shahed-136``:
    the second mention gets ``same_as`` (the start of the first) and ``same_as_cue``. Of a name of equipment and its
    designation in brackets, the one that the catalogue knows lends the other its family. A byname behind a person's name
    is the person's, where its own kind is less sure.
    """
    linked = list(mentions)
    for index in range(1, len(linked)):
        left, right = linked[index - 1], linked[index]
        cue = _cue_between(text, left, right)
        if cue not in ("", "brackets"):
            right = linked[index] = _as_byname(left, right)
        if cue and left.kind is right.kind and not (left.generic or right.generic):
            if cue == "brackets" and Source.MODEL in (left.source, right.source):
                known = right if left.source is Source.MODEL else left
                linked[index - 1], right = _as_family_of(left, known), _as_family_of(right, known)
            linked[index] = replace(right, same_as=left.start, same_as_cue=cue)
    return linked


def _as_byname(person: Mention, name: Mention) -> Mention:
    """Return a name that a phrase equates with a person's as a person's too, unless its own kind is surer."""
    unsure = person.score is not None and name.score is not None and name.score < person.score
    byname = person.kind is Kind.PERSON and name.kind in (Kind.PLACE, Kind.ORGANISATION) and unsure
    return replace(name, kind=Kind.PERSON) if byname else name


def _as_family_of(mention: Mention, known: Mention) -> Mention:
    """Return a mention of equipment as one of a known family's; any other as it is."""
    if not known.family:
        return mention
    return replace(mention, family=known.family, category=known.category, origin=known.origin)


def _cue_between(text: str, left: Mention, right: Mention) -> str:
    if not 0 < right.start - left.end <= _LONGEST_LINK:
        return ""
    between = text[left.end : right.start]
    if _OPEN_BRACKET.fullmatch(between) and _CLOSE_BRACKET.match(text, right.end):
        if not any(character.isascii() for character in right.text if character.isalpha()):
            return "native script"
        return "brackets" if _brackets_equate(left, right) else ""
    joined = between[:1] == " " and between[1:2].isalpha()
    part = joined and _PART_OF.search(text, max(0, left.start - 20), left.start)
    if (match := _CUES.fullmatch(between)) and not part and not _VERB.match(between):
        return match.group("cue").lower()
    return ""


def _brackets_equate(left: Mention, right: Mention) -> bool:
    """Say whether ``left (right)`` can be two names of one thing, not a thing and where it belongs.

    ``Springfield (Illinois)`` and ``Ann Lee (Leeds)`` are two things each; organisations are equated
    when one of the names is a single word such as an acronym, equipment always.
    """
    if left.kind is Kind.EQUIPMENT:
        return True
    words = sorted((len(left.text.split()), len(right.text.split())))
    return left.kind is Kind.ORGANISATION and words[0] == 1 < words[1]
