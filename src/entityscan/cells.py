"""Cells of spreadsheets: a pure function over a value."""

from typing import Any

_FORMULA_START = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # what makes a spreadsheet run a cell
_WHITE_START = ("\t", "\r", "\n")  # what some spreadsheets drop before they look


def harmless(cell: Any) -> Any:
    """Return the cell as text that no spreadsheet runs as a formula.

    >>> harmless("=1+1"), harmless("T-72"), harmless(3)
    ("'=1+1", 'T-72', 3)
    """
    if not isinstance(cell, str):
        return cell
    runs = cell.startswith(_WHITE_START) or cell.lstrip().startswith(_FORMULA_START)
    return f"'{cell}" if runs else cell
