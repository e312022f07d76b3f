"""``entityscan why``: what joined the names of a row, and what was nearly joined."""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entityscan.cli.console import count, errors_told, fail, write_out
from entityscan.cli.options import Equipment, Model
from entityscan.cli.rows import called
from entityscan.errors import InputError
from entityscan.records import Entity, Mention, Receipt, Result
from entityscan.shipped import DEFAULT_MODEL
from entityscan.table import printable

if TYPE_CHECKING:
    from entityscan.merging.misses import NearMiss

_SENTENCE = 160  # code points of a sentence that are shown


def why(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name, any alias, or an id.")],
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE", help="A result saved with 'extract -f json', or articles.", show_default=False
        ),
    ] = None,
    misses: Annotated[int, typer.Option(min=0, metavar="N", help="Show at most N near misses.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON lines instead of text.")] = False,
    model: Model = DEFAULT_MODEL,
    equipment: Equipment = None,
) -> None:
    """Show why names are one row, and others are not.

    The chain of merges behind a row with the sentence for each, and what was nearly merged.
    """
    with errors_told():
        entities = _result(inputs or ["-"], model, str(equipment or "")).entities
        chosen = called(name, entities)
        if not chosen:
            fail(f"no row is called {name!r}; 'entityscan extract' lists the rows")
        from entityscan.merging.misses import near_misses

        found = [(entity, near_misses(entity, entities, limit=misses)) for entity in chosen]
        if as_json:
            import orjson

            write_out(orjson.dumps(_record(entity, near)) + b"\n" for entity, near in found)
        else:
            texts = ("\n".join(map(printable, _lines(entity, near))) + "\n" for entity, near in found)
            write_out(["\n".join(texts).encode("utf-8", "replace")])


def _result(inputs: Sequence[str], model: str, equipment: str) -> Result:
    """Load a saved result, or make one."""
    if len(inputs) == 1 and inputs[0].endswith(".json"):
        from entityscan.loading import load

        return load(inputs[0])
    from entityscan.scanning import ScanOptions, scan

    result, ledger = scan(inputs, ScanOptions(model, equipment=equipment), stdin=sys.stdin.buffer)
    if not ledger.read:
        raise InputError("nothing could be read; name a saved result or articles")
    return result


def _lines(entity: Entity, near: Sequence["NearMiss"]) -> Iterator[str]:
    mentions = {(mention.document, mention.start): mention for mention in entity.mentions}
    yield (
        f"{entity.name} ({entity.kind}, {entity.id}): {count(len(entity.mentions), 'mention')} "
        f"in {count(entity.documents, 'article')}"
    )
    yield "  names: " + ", ".join(f"{alias.text} x {alias.count}" for alias in entity.aliases)
    yield "  merged:" if entity.why else "  merged: nothing, the row has one name"
    for receipt in entity.why:
        yield from _receipt_lines(receipt, mentions.get((receipt.document, receipt.start)))
    yield "  not merged:" if near else "  not merged: no other row comes near"
    for miss in near:
        yield from _miss_lines(miss)


def _miss_lines(miss: "NearMiss") -> Iterator[str]:
    rows = count(len(miss.entity.mentions), "mention")
    against = f"veto '{miss.veto}': {_help(miss.veto)}" if miss.veto else miss.missing
    yield f"    {miss.left.text} | {miss.right.text} (row {miss.entity.name}, {rows})"
    yield "      " + (f"rule '{miss.rule}' speaks for it, but " if miss.rule else "") + against
    yield f"      {_place(miss.right)}"


def _receipt_lines(receipt: Receipt, mention: Mention | None) -> Iterator[str]:
    told = _help(receipt.rule)
    yield f"    {receipt.left} = {receipt.right}: {receipt.rule}" + (f" ({told})" if told else "")
    yield f"      {_place(mention) if mention else f'{receipt.document}:{receipt.start}'}"


def _help(rule: str) -> str:
    from entityscan.rules import explanation

    return explanation(rule)


def _place(mention: Mention) -> str:
    sentence = " ".join(mention.sentence.split())
    cut = sentence if len(sentence) <= _SENTENCE else sentence[: _SENTENCE - 3] + "..."
    return f"{mention.document}:{mention.start}" + (f": {cut}" if cut else "")


def _record(entity: Entity, near: Sequence["NearMiss"]) -> dict[str, Any]:
    mentions = {(mention.document, mention.start): mention for mention in entity.mentions}
    return {
        "id": entity.id,
        "kind": entity.kind.value,
        "name": entity.name,
        "aliases": [{"text": alias.text, "count": alias.count} for alias in entity.aliases],
        "merged": [
            {
                "rule": receipt.rule,
                "left": receipt.left,
                "right": receipt.right,
                "document": receipt.document,
                "start": receipt.start,
                "end": receipt.end,
                "sentence": mention.sentence
                if (mention := mentions.get((receipt.document, receipt.start)))
                else "",
            }
            for receipt in entity.why
        ],
        "not_merged": [
            {
                "id": miss.entity.id,
                "name": miss.entity.name,
                "left": miss.left.text,
                "right": miss.right.text,
                "rule": miss.rule,
                "veto": miss.veto,
                "missing": miss.missing,
                "document": miss.right.document,
                "start": miss.right.start,
                "sentence": miss.right.sentence,
            }
            for miss in near
        ],
    }
