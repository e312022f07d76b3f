"""Tagging: windows, links between names, and pipelines that do not fit."""

from dataclasses import replace

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from entityscan.errors import PipelineError
from entityscan.records import Document, Kind, Mention, Source
from entityscan.tagging import link_equated, load_pipeline, tag, windows


@given(st.text(alphabet="ab. \n", max_size=80), st.integers(2, 20))
def test_windows_cover_the_text_without_gap_or_overlap(text: str, size: int) -> None:
    cuts = list(windows(text, size))
    assert "".join(text[start:end] for start, end in cuts) == text
    assert all(0 < end - start <= size for start, end in cuts)


def test_windows_prefer_to_cut_between_lines() -> None:
    assert list(windows("aa. bb\ncc dd", 10)) == [(0, 7), (7, 12)]


def names(text: str, *surfaces: str, kind: Kind = Kind.ORGANISATION) -> list[Mention]:
    return [Mention("d", text.index(s), text.index(s) + len(s), s, kind) for s in surfaces]


@pytest.mark.parametrize(
    ("text", "left", "right", "cue"),
    [
        ("Xi Jinping (習近平) said", "Xi Jinping", "習近平", "native script"),
        ("the Chinese Nationalist Party (KMT) said", "Chinese Nationalist Party", "KMT", "brackets"),
        ("KMT (the Chinese Nationalist Party) said", "KMT", "Chinese Nationalist Party", "brackets"),
        ("the Geran-2, also known as the Shahed-136, fell", "Geran-2", "Shahed-136", "known as"),
        (
            "the Geran-2 \u2014 widely known as the Shahed-136 \u2014 fell",
            "Geran-2",
            "Shahed-136",
            "known as",
        ),
        ("Bytow, formerly Butow, lies", "Bytow", "Butow", "formerly"),
        ("Unit A and Unit B", "Unit A", "Unit B", ""),
        ("Anna Hill called Omar Khan a cheat", "Anna Hill", "Omar Khan", ""),
        ("Omar Khan, called the Fox, lives", "Omar Khan", "Fox", "called"),
        ("Unit A (with Unit B)", "Unit A", "Unit B", ""),
        ("Bank One (Bank Two) said", "Bank One", "Bank Two", ""),
    ],
)
def test_link_equated(text: str, left: str, right: str, cue: str) -> None:
    first, second = link_equated(text, names(text, left, right))
    assert (second.same_as, second.same_as_cue) == ((first.start, cue) if cue else (-1, ""))


def test_a_designation_in_brackets_lends_its_family_to_the_name_before_it() -> None:
    text = "the Foobar Missile (FB-6) hit"
    first, second = names(text, "Foobar Missile", "FB-6", kind=Kind.EQUIPMENT)
    known = replace(second, source=Source.CATALOGUE, family="FB-6", category="missile")
    assert {m.family for m in link_equated(text, [replace(first, family="Foobar Missile"), known])} == {
        "FB-6"
    }


def test_link_equated_does_not_take_a_region_for_its_town() -> None:
    town, region = link_equated(
        "Springfield (Illinois)", names("Springfield (Illinois)", "Springfield", "Illinois", kind=Kind.PLACE)
    )
    assert (town.same_as, region.same_as) == (-1, -1)


def test_link_equated_does_not_take_a_part_for_the_whole() -> None:
    text = "He left a unit within Vostok Group called the Lynx Circle."
    mentions = names(text, "Vostok Group", "Lynx Circle")
    assert link_equated(text, mentions) == mentions


def test_link_equated_needs_one_kind() -> None:
    text = "Smith (Labour) said"
    person, party = names(text, "Smith", kind=Kind.PERSON) + names(text, "Labour")
    assert link_equated(text, [person, party]) == [person, party]


@pytest.mark.parametrize(("score", "kind"), [(0.5, Kind.PERSON), (0.95, Kind.PLACE)])
def test_link_equated_makes_a_byname_the_persons_unless_its_kind_is_surer(score: float, kind: Kind) -> None:
    text = "Omar Khan, better known as Tavro, fled"
    person = replace(names(text, "Omar Khan", kind=Kind.PERSON)[0], score=0.9)
    byname = replace(names(text, "Tavro", kind=Kind.PLACE)[0], score=score)
    first, second = link_equated(text, [person, byname])
    assert (first.kind, second.kind) == (Kind.PERSON, kind)
    assert second.same_as == (first.start if kind is Kind.PERSON else -1)


def test_load_pipeline_says_that_a_model_is_missing() -> None:
    with pytest.raises(
        PipelineError, match=r"model 'no_such_model' not found; give the name of an installed spaCy pipeline"
    ):
        load_pipeline("no_such_model")


def test_load_pipeline_refuses_labels_that_it_does_not_understand(tmp_path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "GENE", "pattern": "BRCA1"}])
    nlp.to_disk(tmp_path / "genes")
    with pytest.raises(PipelineError, match="has no labels that entityscan understands \\(it has: GENE;"):
        load_pipeline(str(tmp_path / "genes"))


@pytest.mark.parametrize(
    "labels", [("PERSON", "GPE", "ORG"), ("PER", "LOC", "ORG"), ("person", "place", "organisation")]
)
def test_tag_understands_label_schemes(tmp_path, labels: tuple[str, str, str]) -> None:
    nlp = spacy.blank("en")
    patterns = zip(labels, ["Donald Tusk", "Warsaw", "Sejm"], strict=True)
    nlp.add_pipe("entity_ruler").add_patterns([{"label": label, "pattern": name} for label, name in patterns])
    nlp.to_disk(tmp_path / "rules")
    text = "Prime Minister Donald Tusk told the Sejm in Warsaw that T-72B3Ms had crossed."
    [(_, mentions)] = tag([Document("a", text)], model=str(tmp_path / "rules"))
    assert [(m.kind, m.text, m.title) for m in mentions] == [
        (Kind.PERSON, "Donald Tusk", "Prime Minister"),
        (Kind.ORGANISATION, "Sejm", ""),
        (Kind.PLACE, "Warsaw", ""),
        (Kind.EQUIPMENT, "T-72B3Ms", ""),
    ]
    assert all(text[m.start : m.end] == m.text for m in mentions)
    assert mentions[-1].family == "T-72"
