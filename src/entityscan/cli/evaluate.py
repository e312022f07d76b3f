"""``entityscan evaluate``: accuracy and merging, measured."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from entityscan.cli.console import errors_told, terminal, write_out
from entityscan.cli.options import Kinds, Scanning, spread
from entityscan.records import Document

Grouping = StrEnum("Grouping", ["source", "document"])


@spread
def evaluate(
    gold: Annotated[
        list[Path],
        typer.Argument(
            metavar="GOLD",
            help="Annotated articles: JSONL with spans, CoNLL/IOB, .spacy, brat, Label Studio JSON.",
        ),
    ],
    *,
    predictions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Measure these mention rows (JSONL) instead of running the pipeline."
        ),
    ] = None,
    kind: Kinds = None,
    errors: Annotated[
        int, typer.Option(min=0, metavar="N", help="Show the N worst mistakes of each class.")
    ] = 0,
    by: Annotated[Grouping | None, typer.Option(help="Also figures for each of these apart.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of tables.")] = False,
    scanning: Scanning,
) -> None:
    """Measure accuracy and merging against annotated articles."""
    with errors_told():
        import orjson

        from entityscan import evaluation

        articles = evaluation.read_gold(gold)
        if predictions is not None:
            found = evaluation.read_predictions(predictions)
        else:
            from entityscan.scanning import scan_documents

            texts = {
                article.text: article.id for article in reversed(articles)
            }  # each text once, as extract does
            documents = [Document(name, text) for text, name in reversed(texts.items())]
            found = evaluation.from_entities(scan_documents(documents, scanning.options()))
        options = evaluation.EvaluationOptions(frozenset(kind or ()), by.value if by else "", errors)
        report = evaluation.evaluate(articles, evaluation.for_copies(articles, found), options)
        if as_json:
            write_out([orjson.dumps(evaluation.as_json(report), option=orjson.OPT_INDENT_2) + b"\n"])
            return
        from entityscan.table import render_rows

        width, color = terminal()
        write_out(
            render_rows(table.title, table.columns, table.rows, width=width, color=color).encode()
            for table in evaluation.tables(report)
        )
