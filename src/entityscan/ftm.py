"""A result in the model of FollowTheMoney, for Aleph, OpenAleph and yente; one JSON object is one thing.

Articles become ``Article``, persons ``Person``, organisations ``Organization``, places ``Address``,
individual ships ``Vessel``, other named equipment ``Asset``. A ``Mention`` says that an article names
something; the model lets it point to persons and organisations alone, so that the others name their
articles as ``proof``. Common nouns (``tanks``) are left out: they are no things.

Ids come from content: the same articles give the same ids, whatever is scanned beside them.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from entityscan.records import DocumentInfo, Entity, Kind, Result

_SCHEMATA = {
    Kind.PERSON: "Person",
    Kind.ORGANISATION: "Organization",
    Kind.PLACE: "Address",
    Kind.EQUIPMENT: "Asset",
}
_LINKED = {"Person", "Organization"}
Properties = dict[str, list[str]]


def objects(result: Result) -> Iterator[dict[str, Any]]:
    """Yield articles, then entities, each followed by its mentions: ``id``, ``schema``, ``properties``."""
    articles = {info.id: _article(info) for info in result.documents}
    yield from {article["id"]: article for article in articles.values()}.values()
    ids = {name: article["id"] for name, article in articles.items()}
    for entity in result.entities:
        if entity.attributes.get("generic"):
            continue
        thing = _thing(entity, ids)
        yield thing
        for document in dict.fromkeys(mention.document for mention in entity.mentions):
            yield _mention(thing, entity, document, ids[document])


def _article(info: DocumentInfo) -> dict[str, Any]:
    properties = {
        "title": [info.title],
        "fileName": [info.path or info.id],
        "publishedAt": [info.published],
    }
    return _object(f"article-{info.sha256[:40]}", "Article", properties)


def _thing(entity: Entity, articles: dict[str, str]) -> dict[str, Any]:
    known = entity.attributes
    category = known.get("category", "").replace("_", " ")
    schema = "Vessel" if known.get("class") else _SCHEMATA[entity.kind]
    others = [alias.text for alias in entity.aliases if alias.text != entity.name]
    properties: Properties = {
        "name": [entity.name],
        "alias": [text for text in others if " " in text],
        "weakAlias": [text for text in others if " " not in text],  # a surname, an acronym
        "country": [str(known.get("country") or known.get("origin") or "").lower()],
    }
    if schema == "Person":
        properties["title"] = list(known.get("titles", ()))
    elif schema == "Organization":
        properties["abbreviation"] = [known.get("acronym", "")]
    else:
        named_in = dict.fromkeys(mention.document for mention in entity.mentions)
        properties["proof"] = [articles[document] for document in named_in]
    if schema == "Address":
        properties["full"] = [entity.name]
        properties |= {key: [str(known[key])] for key in ("latitude", "longitude") if key in known}
    elif schema == "Vessel":
        properties |= {"type": [category], "model": [known["class"]], "flag": properties["country"]}
    elif schema == "Asset":
        properties["keywords"] = [category]
    return _object(entity.id.replace(":", "-"), schema, properties)


def _mention(thing: dict[str, Any], entity: Entity, document: str, article: str) -> dict[str, Any]:
    forms = [mention.text for mention in entity.mentions if mention.document == document]
    properties = {
        "document": [article],
        "name": forms,
        "detectedSchema": [thing["schema"]],
        "contextCountry": thing["properties"].get("country", []),
        "resolved": [thing["id"]] if thing["schema"] in _LINKED else [],
    }
    key = hashlib.sha256(f"{article} {thing['id']}".encode()).hexdigest()
    return _object(f"mention-{key[:40]}", "Mention", properties)


def _object(name: str, schema: str, properties: Properties) -> dict[str, Any]:
    """Make an object of the values that say something, each once."""
    told = {key: _values(values) for key, values in properties.items()}
    return {
        "id": name,
        "schema": schema,
        "properties": {key: values for key, values in told.items() if values},
    }


def _values(values: Sequence[str]) -> list[str]:
    tidy = (" ".join(value.encode("utf-8", "replace").decode().split()) for value in values)
    return list(dict.fromkeys(filter(None, tidy)))
