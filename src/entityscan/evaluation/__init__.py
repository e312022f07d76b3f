"""Measure what a system found against annotated articles.

``gold_files`` and ``predictions`` read both sides, ``spans`` judges mentions, ``merges`` and ``clusters`` judge
entities, ``intervals`` says how sure the figures are, ``mistakes`` names what went wrong, and ``report``
puts it together. Nothing here runs a pipeline.

>>> from entityscan.records import Kind
>>> text = "Abrams flew to Kyiv."
>>> gold = [GoldDocument("a", text, (GoldSpan(0, 6, "PERSON", Kind.PERSON), GoldSpan(15, 19, "GPE", Kind.PLACE)))]
>>> report = evaluate(gold, [Prediction("a", 0, 6, Kind.EQUIPMENT), Prediction("a", 15, 19, Kind.PLACE)])
>>> report.spans["normalised"]["place"].f1, report.spans["normalised"]["person"].recall
(1.0, 0.0)
"""

from entityscan.evaluation.gold import GoldDocument, GoldSpan
from entityscan.evaluation.gold_files import read_gold
from entityscan.evaluation.predictions import (
    Prediction,
    for_copies,
    from_entities,
    from_mentions,
    read_predictions,
)
from entityscan.evaluation.report import (
    GROUPINGS,
    EvaluationOptions,
    Report,
    Table,
    as_json,
    evaluate,
    tables,
)

__all__ = [
    "GROUPINGS",
    "EvaluationOptions",
    "GoldDocument",
    "GoldSpan",
    "Prediction",
    "Report",
    "Table",
    "as_json",
    "evaluate",
    "for_copies",
    "from_entities",
    "from_mentions",
    "read_gold",
    "read_predictions",
    "tables",
]
