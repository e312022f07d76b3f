"""Cells of spreadsheets: a pure function over a value."""

from typing import Any

_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet run a cell


def harmless(cell: Any) -> Any:
    """Return the cell as text that no spreadsheet runs as a formula.

    >>> harmless("=1+1"), harmless("T-72"), harmless(3)
    ("'=1+1", 'T-72', 3)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_START) else cell
