"""Parquet: the rows of JSON lines, column by column."""

import io
import json
import sys

import pytest
from pyarrow.parquet import read_table

from entityscan.errors import InputError
from entityscan.merging import merge
from entityscan.records import Kind, Mention, Quantity, Result
from entityscan.writing import WriteOptions, write_jsonl, write_parquet

MENTIONS = [
    Mention("a", 0, 11, "Donald Tusk", Kind.PERSON, score=0.5, sentence="Donald Tusk left."),
    Mention("a", 20, 24, "Tusk", Kind.PERSON),
    Mention(
        "b",
        3,
        8,
        "tanks",
        Kind.EQUIPMENT,
        category="tank",
        family="tank",
        generic=True,
        quantity=Quantity(20, 20, "20", 0, 2),
    ),
]


@pytest.mark.parametrize("mentions", [False, True])
def test_parquet_has_the_rows_of_json_lines(mentions: bool) -> None:
    options = WriteOptions(mentions=mentions)
    result = Result(tuple(merge(MENTIONS)), ())
    expected = [json.loads(line) for line in b"".join(write_jsonl(result, options)).splitlines()]
    [data] = write_parquet(result, options)
    found = read_table(io.BytesIO(data)).to_pylist()
    for row in found:
        for column in ("attributes", "quantity"):
            if isinstance(row.get(column), str):
                row[column] = json.loads(row[column])
    assert found == expected
    assert list(write_parquet(result, options)) == [data]


def test_parquet_of_nothing_has_its_columns() -> None:
    [data] = write_parquet(Result((), ()), WriteOptions())
    assert read_table(io.BytesIO(data)).column_names[:3] == ["id", "kind", "name"]


def test_parquet_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"install it with: pip install 'entityscan\[parquet\]'"):
        list(write_parquet(Result((), ()), WriteOptions()))
