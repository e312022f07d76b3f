"""The JSON Schema is that of the output: what is written fits, and no field is undocumented or no longer written."""

import json
import subprocess
import sys
from copy import deepcopy
from typing import Any

import pytest
from conftest import SAMPLES, Run
from jsonschema import Draft202012Validator, ValidationError

from entityscan.records import Kind, Source
from entityscan.schemas import PARTS, schema

STORY = (
    "Prime Minister Donald Tusk spoke in Warsaw. Tusk said NATO, the North Atlantic Treaty Organization (NATO), "
    "would send three F-16s, 20 to 30 tanks and more than 10 T-72B3 tanks.\n"
)


def closed(node: Any) -> Any:
    """The same schema without room for fields that it does not name."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: closed(value) for key, value in node.items()}
    if "properties" in node and "allOf" not in node:
        node.setdefault("unevaluatedProperties", False)
    return node


def strict(part: str) -> Draft202012Validator:
    whole = schema(part)
    quantity = whole["$defs"]["attributes"]["properties"]["quantities"]["items"]
    quantity["properties"] |= whole["$defs"]["quantity"]["properties"]  # or its own fields were unevaluated
    quantity.pop("allOf")
    return Draft202012Validator(closed(whole))


@pytest.mark.parametrize("part", PARTS)
def test_the_schema_is_a_schema(part: str) -> None:
    Draft202012Validator.check_schema(schema(part))
    assert Draft202012Validator(schema(part)).is_valid({}) is False


def test_the_command_prints_it(entityscan: Run) -> None:
    for part in PARTS:
        done = entityscan("schema", part)
        assert (done.returncode, done.stderr) == (0, b"")
        assert json.loads(done.stdout) == schema(part)
    assert entityscan("schema").stdout == entityscan("schema", "result").stdout
    assert entityscan("schema", "row").returncode == 2


def test_what_extract_writes_fits(entityscan: Run, tmp_path: Any) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b.txt").write_text(STORY)
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    whole = json.loads(entityscan("extract", ".", "-f", "json").stdout)
    strict("result").validate(whole)
    assert whole["run"]["ledger"]["skipped"]
    assert whole["run"]["ledger"]["duplicates"]
    strict("result").validate(json.loads(entityscan("extract", ".", "-f", "json", "--no-run").stdout))
    for line in entityscan("extract", ".").stdout.splitlines():
        strict("entity").validate(json.loads(line))
    for line in entityscan("extract", ".", "--mentions").stdout.splitlines():
        strict("mention").validate(json.loads(line))


@pytest.mark.model
def test_the_samples_fit_and_have_nearly_every_field() -> None:
    command = [sys.executable, "-m", "entityscan", "extract", str(SAMPLES), "-q", "-f", "json"]
    whole = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    strict("result").validate(whole)
    written = {name for entity in whole["entities"] for name in entity["attributes"]}
    documented = set(schema()["$defs"]["attributes"]["properties"])
    assert documented - written <= {"namesake", "sport", "independent_documents", "labels", "ambiguous"}
    assert {name for row in whole["mentions"] for name in row["quantity"] or ()} >= {"value", "low", "text"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("entities", 0, "id"), "person:xyz"),
        (("entities", 0, "mentions"), 0),
        (("entities", 0, "surprise"), 1),
        (("entities", 0, "attributes", "surprise"), 1),
        (("mentions", 0, "score"), 1.5),
        (("mentions", 0, "kind"), "ship"),
        (("documents", 0, "sha256"), "abc"),
        (("schema",), "entityscan/2"),
    ],
)
def test_what_does_not_fit_is_found(
    entityscan: Run, tmp_path: Any, path: tuple[Any, ...], value: Any
) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    whole = deepcopy(json.loads(entityscan("extract", "a.txt", "-f", "json").stdout))
    node = whole
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    with pytest.raises(ValidationError):
        strict("result").validate(whole)


def test_others_may_find_new_fields_and_still_validate(entityscan: Run, tmp_path: Any) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    row = json.loads(entityscan("extract", "a.txt").stdout.splitlines()[0])
    Draft202012Validator(schema("entity")).validate({**row, "new_field": 1})


def test_the_lists_of_values_are_those_of_the_code() -> None:
    defined = schema()["$defs"]
    assert defined["kind"]["enum"] == [kind.value for kind in Kind]
    assert defined["mention"]["properties"]["source"]["enum"] == [source.value for source in Source]
