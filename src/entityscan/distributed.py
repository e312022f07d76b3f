"""The whole job on a Ray cluster: Ray Data reads and shuffles, actors tag, parts of the archive are merged apart.

What comes in: files and folders that every machine of the cluster can read. What goes out: a folder of Parquet
files with the same entities and mentions that :func:`entityscan.scanning.scan` finds. Steps are those of
``reading``, ``tagging``, ``merging``, ``geography`` and ``signatures``; here is only what must meet where:

- articles of one id, then of one text, so that ids are unique and each text is tagged once;
- the votes on one name; texts that share a band of their signatures; persons that share a block of spellings;
- the clusters of one identity, which become rows; countries and places of one article; rows of one id.

What meets is put in one part by the hash of its key. The driver holds exceptions only: see ``docs/ray.md``.
"""

import hashlib
import json
import logging
import os
import pickle
import re
import shutil
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import orjson

from entityscan.errors import EntityscanError, InputError, PipelineError
from entityscan.geography import country_named, located, needs_context
from entityscan.kinds import Votes, add_votes, disputed, votes_of
from entityscan.merging import across, merge_article
from entityscan.merging.rows import entity_of, output_order, with_adjectives, with_distinct_ids
from entityscan.parquet import entity_table, mention_table
from entityscan.reading import STDIN, File, ReadOptions, files_of, printable, read_file, unique_id
from entityscan.records import Document, Entity, Mention, Skipped
from entityscan.scanning import Ledger, ScanOptions, run_record, tagging_settings, with_independent_documents
from entityscan.sentences import count_words
from entityscan.signatures import bands, copy_links, first_copies
from entityscan.store import MENTION_FIELDS, mention_of, values_of
from entityscan.tagging import Tagged, start_tagging
from entityscan.workers import Failure, attempt
from entityscan.writing import entity_row, mention_row

Rows = list[dict[str, Any]]

_ARTICLES = 20_000  # of a part: about 400 MB of mentions
_BATCH = 16  # articles sent to an actor at a time
_MANY = 1_000  # rows of a light batch
_NUMBERED = re.compile(r"(?:#\d+)+$")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run found, in numbers, and what it did not read."""

    ledger: Ledger
    entities: int
    duplicates: int
    near_duplicates: int


def scan_on_ray(
    inputs: Iterable[str], folder: Path, options: ScanOptions, *, address: str = "", quiet: bool = True
) -> Summary:
    """Find and merge the names in an archive, and write ``tagged``, ``entities`` and ``mentions`` into a folder.

    A run that was cut short goes on in its folder: articles in ``tagged`` are not tagged again.

    Args:
        inputs: Files, folders or addresses.
        folder: Made when it is missing; all machines must be able to write into it.
        options: Model, reading, own equipment; with more than one job, so many actors.
        address: Of a cluster (``auto``, ``ray://host:10001``); empty starts one on this machine.
        quiet: Show no progress.

    Raises:
        InputError: when Ray is missing, an input is standard input, or the folder holds a result, or an unfinished one
            of other settings or articles.
        PipelineError: when the model cannot be used.
    """
    listed = [found for item in inputs for found in _files_of(item)]
    skipped = [found for found in listed if isinstance(found, Skipped)]
    files = [
        {"file": number, "path": found.path, "named": found.named, "at": -1, "id": "", "tagged": False}
        for number, found in enumerate(found for found in listed if isinstance(found, File))
    ]
    _prepare(folder, options)
    with _cluster(address, quiet=quiet):
        return _Run(folder, options).scan(files, skipped)


def _prepare(folder: Path, options: ScanOptions) -> None:
    """Make a new folder, or clear that of a run that was cut short of all but what was tagged."""
    settings, known = orjson.dumps(tagging_settings(options)) + b"\n", folder / "settings.json"
    if (folder / "run.json").exists() or ((folder / "tagged").exists() and not known.exists()):
        raise InputError(f"{folder}: holds a result; name another folder")
    if known.exists() and known.read_bytes() != settings:
        raise InputError(f"{folder}: holds an unfinished run with other settings; name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    known.write_bytes(settings)
    for name in ("entities", "mentions"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for file in (folder / "tagged").glob("*"):
        if not _is_whole(file):
            file.unlink()


def _is_whole(file: Path) -> bool:
    """Tell whether a file was written to its end; a Parquet file ends in what says where all else is."""
    from pyarrow import ArrowInvalid  # type: ignore[import-untyped]
    from pyarrow.parquet import read_metadata  # type: ignore[import-untyped]

    try:
        return bool(read_metadata(file).num_columns)
    except ArrowInvalid:
        return False


def _files_of(item: str) -> Iterator[File | Skipped]:
    if item == STDIN:
        raise InputError("-: the ray engine reads files and folders; write standard input to a file")
    yield from files_of(item)


@contextmanager
def _cluster(address: str, *, quiet: bool) -> Iterator[None]:
    """Connect to a cluster or start one here, and end the connection; Ray's errors become ours."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # who reads what is nobody's business
    try:
        import ray
        import ray.data
    except ImportError as err:
        raise InputError("--engine ray needs Ray; install it with: pip install 'entityscan[ray]'") from err
    here: dict[str, Any] = {} if address else {"include_dashboard": False}
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        ray.init(address or "local", log_to_driver=False, logging_level=logging.ERROR, **here)
    except (ConnectionError, ValueError, RuntimeError) as err:
        first_line = next(iter(str(err).strip().splitlines()), type(err).__name__)
        raise InputError(f"{address or 'local'}: no Ray cluster answers ({first_line})") from err
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = not quiet and sys.stderr.isatty()
    context.execution_options.preserve_order = True
    context.log_internal_stack_trace_to_stdout = False
    try:
        yield
    except ray.exceptions.RayError as err:
        cause = _cause(err)
        if isinstance(cause, EntityscanError):
            raise cause from err
        raise
    finally:
        ray.shutdown()


def _cause(err: BaseException) -> BaseException:
    """Give the error that a worker raised."""
    while (inner := getattr(err, "cause", None) or err.__cause__) is not None and inner is not err:
        err = inner
    return err


class _Run:
    """One run on a cluster that is there."""

    def __init__(self, folder: Path, options: ScanOptions) -> None:
        import ray

        self._given, self._folder, self._options = folder, folder.absolute(), options
        self._here = str(Path.cwd())
        self._ray: Any = ray
        self._parts = 1

    def scan(self, files: Rows, skipped: list[Skipped]) -> Summary:
        """Run all steps."""
        ledger = Ledger(skipped=skipped)
        duplicates = near = entities = 0
        if files:
            jobs, duplicates = self._take_stock(files, ledger)
            if jobs is not None:
                self._tag(jobs)
            if ledger.read:
                adjectives = self._sum_up(ledger)
                copies = self._copies()
                near = sum(one != first for one, first in copies.items())
                entities = self._merge(adjectives, copies) if ledger.mentions else 0
        record = run_record(self._options, ledger)
        record["ledger"] |= {"duplicates": duplicates, "near_duplicates": near, "entities": entities}
        (self._folder / "run.json").write_bytes(orjson.dumps(record, option=orjson.OPT_INDENT_2) + b"\n")
        return Summary(ledger, entities, duplicates, near)

    def _meet(self, dataset: Any, work: Any) -> Any:
        """Bring the rows of each part together and let a function work on them, table in, table out."""
        return dataset.groupby("part", num_partitions=self._parts).map_groups(work, batch_format="pyarrow")

    def _map(self, dataset: Any, work: Any, size: int | None = _MANY) -> Any:
        return dataset.map_batches(work, batch_size=size, batch_format="pyarrow")

    def _tagged(self, *columns: str) -> Any:
        return self._ray.data.read_parquet(str(self._folder / "tagged"), columns=["reason", *columns])

    # ------------------------------------------------------------ articles

    def _take_stock(self, files: Rows, ledger: Ledger) -> tuple[Any, int]:
        """Give the files to read, each with the articles in it that have another id or need no tagging; None if all do."""
        blocks = min(len(files), 10_000)
        listed = self._ray.data.from_items(files, override_num_blocks=blocks)
        stock = self._map(listed, partial(_take_stock, self._here, self._options.reading), 1).materialize()
        number = stock.count()
        unread = self._map(stock, _unread).take_all()
        ledger.skipped += [Skipped(row["id"], row["reason"], row["expected"]) for row in unread]
        ledger.read = number - len(unread)
        if not ledger.read:
            return None, 0
        self._parts = max(self._processors(), -(-ledger.read // _ARTICLES))
        stock = self._map(stock, partial(_part_by_id, self._parts))
        stock = self._meet(stock, partial(_name_apart, self._parts))
        number = 0
        if any((self._folder / "tagged").glob("*")):
            known = self._map(self._tagged("id", "sha256"), partial(_known, self._parts)).materialize()
            stock, number = stock.union(known), known.count()
        changes = self._meet(stock, _find_copies).materialize()
        counted = self._map(changes, _count_copies).take_all()
        duplicates = sum(row["copies"] for row in counted)
        if sum(row["tagged"] for row in counted) < number:
            raise InputError(
                f"{self._given}: holds an unfinished run over other articles; name another folder"
            )
        if number == ledger.read - duplicates:
            return None, duplicates
        together = self._map(listed.union(changes), partial(_part_by_file, self._parts))
        return self._meet(together, _with_changes), duplicates

    def _tag(self, jobs: Any) -> None:
        articles = self._map(jobs, partial(_articles, self._here, self._options.reading), 1)
        number = self._options.jobs
        tagged = articles.map_batches(
            _Tagger,
            batch_size=_BATCH,
            batch_format="pyarrow",
            fn_constructor_args=(self._here, self._options.model, self._options.equipment),
            compute=self._ray.data.ActorPoolStrategy(
                min_size=number, max_size=number if number > 1 else self._processors()
            ),
        )
        tagged.write_parquet(str(self._folder / "tagged"))

    def _processors(self) -> int:
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def _sum_up(self, ledger: Ledger) -> Counter[str]:
        """Count what was tagged, and give how often the texts use adjectives of countries."""
        columns = ("id", "words", "characters", "windows", "dropped", "adjectives", "mentions")
        adjectives: Counter[str] = Counter()
        dropped: Counter[str] = Counter()
        for row in self._map(self._tagged(*columns), _sum_up).take_all():
            found = json.loads(row["sums"])
            ledger.processed += found["processed"]
            ledger.tagged += found["processed"]
            ledger.characters += found["characters"]
            ledger.words += found["words"]
            ledger.windows += found["windows"]
            ledger.mentions += found["mentions"]
            ledger.skipped += [Skipped(*item) for item in found["failed"]]
            adjectives.update(found["adjectives"])
            dropped.update(found["dropped"])
        ledger.dropped = dict(sorted(dropped.items()))
        if not ledger.processed:
            raise PipelineError(f"no article could be tagged: {ledger.problems[-1].reason}")
        return adjectives

    def _copies(self) -> dict[str, str]:
        banded = self._map(self._tagged("id", "signature"), partial(_bands, self._parts))
        return first_copies((row["one"], row["other"]) for row in self._meet(banded, _copy_links).iter_rows())

    # ------------------------------------------------------------ merging

    def _merge(self, adjectives: Counter[str], copies: dict[str, str]) -> int:
        votes = self._map(self._tagged("id", "mentions"), partial(_count_votes, self._parts))
        kept = self._meet(votes, _disputed).iter_rows()
        everywhere = {row["name"]: _opened(row["votes"]) for row in kept}
        shared = self._ray.put((everywhere, copies))
        articles = self._tagged("id", "published", "mentions")
        clusters = self._map(articles, partial(_clusters, shared)).materialize()
        same = self._ray.put(self._same_persons(clusters))
        placed = self._map(clusters, partial(_placed, self._parts, same))
        rows = self._meet(placed, partial(_rows, self._parts, dict(adjectives))).materialize()
        evidence = self._map(rows, partial(_evidence, self._parts)).materialize()
        if evidence.count():  # Ray Data does not know the columns of what is empty
            rows = rows.union(self._meet(evidence, _contexts))
        done = self._meet(rows, _finished).materialize()
        self._map(done, _mention_table, 100).write_parquet(str(self._folder / "mentions"))
        keys = ["kind_order", "generic", "fewer_mentions", "fewer_documents", "name", "id"]
        self._map(done.sort(keys), _entity_table, 100).write_parquet(str(self._folder / "entities"))
        return int(done.count())

    def _same_persons(self, clusters: Any) -> dict[str, str]:
        """Give the identities of persons that are another's; only names with other spellings come here."""
        names = self._map(clusters, partial(_full_names, self._parts)).materialize()
        if not names.count():
            return {}
        blocks = self._meet(names, partial(_blocks, self._parts))
        persons, links = {}, {}
        for row in self._meet(blocks, _spelling_links).iter_rows():
            link, left, right = _opened(row["link"])
            links[link.left, link.right] = link
            persons[left], persons[right] = link.left, link.right
        return across.same_persons(persons, links.values())


# ---------------------------------------------------------------- steps that run anywhere: a table in, a table out


def _part(key: str, parts: int) -> int:
    """Give the part in which everything of this key meets; the same on every machine."""
    return crc32(key.encode("utf-8", "surrogatepass")) % parts


def _table(rows: Rows, **columns: str) -> Any:
    """Make a table; columns have types that are known, since a part may be empty."""
    import pyarrow as pa

    types = {"text": pa.string(), "number": pa.int64(), "yes": pa.bool_(), "bytes": pa.large_binary()}
    return pa.Table.from_pylist(rows, pa.schema({name: types[kind] for name, kind in columns.items()}))


def _go_to(here: str) -> None:
    """Let relative paths mean what they mean to the driver; a machine without its folder needs absolute ones."""
    with suppress(FileNotFoundError):
        os.chdir(here)


def _take_stock(here: str, options: ReadOptions, files: Any) -> Any:
    """List the articles of a file, without their texts."""
    _go_to(here)
    rows: Rows = []
    for file in files.to_pylist():
        for at, found in enumerate(read_file(File(file["path"], file["named"]), options)):
            row = {"file": file["file"], "at": at, "sha256": "", "reason": "", "expected": False}
            if isinstance(found, Skipped):
                rows.append(row | {"id": found.path, "reason": found.reason, "expected": found.expected})
            else:
                rows.append(row | {"id": printable(found).id, "sha256": _digest(found.text)})
    return _table(rows, file="number", at="number", id="text", sha256="text", reason="text", expected="yes")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _unread(stock: Any) -> Any:
    rows = [row for row in stock.to_pylist() if row["reason"]]
    return _table(rows, id="text", reason="text", expected="yes")


def _part_by_id(parts: int, stock: Any) -> Any:
    """Articles of one id meet, and those that have it with a number."""
    rows = [row for row in stock.to_pylist() if not row["reason"]]
    for row in rows:
        row["part"] = _part(_NUMBERED.sub("", row["id"]), parts)
    return _table(rows, part="number", file="number", at="number", id="text", sha256="text")


def _name_apart(parts: int, stock: Any) -> Any:
    """Give articles of one id different ones, in the order in which they are read."""
    rows = stock.to_pylist()
    seen: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: (row["file"], row["at"])):
        row["given"], row["id"] = row["id"], unique_id(row["id"], seen)
        row["part"] = _part(row["sha256"], parts)
    return _table(rows, part="number", file="number", at="number", given="text", id="text", sha256="text")


def _known(parts: int, tagged: Any) -> Any:
    """Give the articles that an earlier run has tagged, as articles of no file."""
    rows = [
        {"part": _part(row["sha256"], parts), "file": -1, "at": -1, "given": "", **row}
        for row in tagged.to_pylist()
    ]
    return _table(rows, part="number", file="number", at="number", given="text", id="text", sha256="text")


def _find_copies(stock: Any) -> Any:
    """Give the articles that have another id than their file says, and without one those that need no tagging."""
    rows = [row for row in stock.to_pylist() if row["file"] >= 0]
    tagged = {(row["id"], row["sha256"]) for row in stock.to_pylist() if row["file"] < 0}
    first: dict[str, str] = {}
    for row in rows:
        first[row["sha256"]] = min(row["id"], first.get(row["sha256"], row["id"]))
    changed = []
    for row in rows:
        is_first = first[row["sha256"]] == row["id"]
        known = is_first and (row["id"], row["sha256"]) in tagged
        name = row["id"] if is_first and not known else ""
        if name != row["given"]:
            changed.append(
                {
                    "file": row["file"],
                    "path": "",
                    "named": False,
                    "at": row["at"],
                    "id": name,
                    "tagged": known,
                }
            )
    return _table(changed, **_CHANGE)


_CHANGE = {"file": "number", "path": "text", "named": "yes", "at": "number", "id": "text", "tagged": "yes"}


def _count_copies(changes: Any) -> Any:
    tagged = changes["tagged"].to_pylist().count(True)
    copies = changes["id"].to_pylist().count("") - tagged
    return _table([{"copies": copies, "tagged": tagged}], copies="number", tagged="number")


def _part_by_file(parts: int, table: Any) -> Any:
    rows = [row | {"part": row["file"] % parts} for row in table.to_pylist()]
    return _table(rows, part="number", **_CHANGE)


def _with_changes(rows: Any) -> Any:
    """Put together a file and the articles in it that have another id or none."""
    files: dict[int, dict[str, Any]] = {}
    changes: dict[int, dict[int, str]] = defaultdict(dict)
    for row in rows.to_pylist():
        if row["at"] < 0:
            files[row["file"]] = row
        else:
            changes[row["file"]][row["at"]] = row["id"]
    jobs = [row | {"changes": pickle.dumps(changes[number])} for number, row in files.items()]
    return _table(jobs, path="text", named="yes", changes="bytes")


_ARTICLE = dict.fromkeys(("id", "text", "path", "title", "published", "url"), "text")


def _articles(here: str, options: ReadOptions, jobs: Any) -> Iterator[Any]:
    """Yield the articles of a file that are to be tagged."""
    _go_to(here)
    rows: Rows = []
    for job in jobs.to_pylist():
        changes = _opened(job["changes"])
        for at, found in enumerate(read_file(File(job["path"], job["named"]), options)):
            if isinstance(found, Skipped):
                continue
            document = printable(found)
            if name := changes.get(at, document.id):
                rows.append({key: getattr(document, key) for key in _ARTICLE} | {"id": name})
            if len(rows) == _BATCH:
                yield _table(rows, **_ARTICLE)
                rows = []
    yield _table(rows, **_ARTICLE)


class _Tagger:
    """An actor: loads the pipeline once and tags batches of articles."""

    def __init__(self, here: str, model: str, equipment: str) -> None:
        _go_to(here)
        self._work = start_tagging(model, equipment)

    def __call__(self, articles: Any) -> Any:
        import pyarrow as pa

        documents = [Document(**row) for row in articles.to_pylist()]
        found = attempt(self._work, documents)
        rows = [_tagged_row(document, one) for document, one in zip(documents, found, strict=True)]
        return pa.Table.from_pylist(rows, _tagged_schema())


def _tagged_row(document: Document, found: Tagged | Failure) -> dict[str, Any]:
    tagged = Tagged([]) if isinstance(found, Failure) else found
    return {
        "id": document.id,
        "path": document.path,
        "sha256": _digest(document.text),
        "title": document.title,
        "published": document.published,
        "url": document.url,
        "characters": len(document.text),
        "words": count_words(document.text),
        "windows": tagged.windows,
        "dropped": json.dumps(dict(tagged.dropped)),
        "adjectives": json.dumps(dict(tagged.adjectives)),
        "signature": tagged.signature,
        "reason": found.reason if isinstance(found, Failure) else "",
        "mentions": [
            dict(zip(MENTION_FIELDS, values_of(one), strict=True)) | {"sentence": one.sentence}
            for one in tagged.mentions
        ],
    }


def _tagged_schema() -> Any:
    import pyarrow as pa

    numbers, floats, truths = {"start", "end", "same_as"}, {"score"}, {"generic"}
    mention = {
        name: pa.int64()
        if name in numbers
        else pa.float64()
        if name in floats
        else pa.bool_()
        if name in truths
        else pa.string()
        for name in (*MENTION_FIELDS, "sentence")
    }
    columns = dict.fromkeys(("id", "path", "sha256", "title", "published", "url"), pa.string())
    columns |= dict.fromkeys(("characters", "words", "windows"), pa.int64())
    columns |= dict.fromkeys(("dropped", "adjectives"), pa.string())
    columns |= {"signature": pa.binary(), "reason": pa.string(), "mentions": pa.list_(pa.struct(mention))}
    return pa.schema(columns)


def _read_articles(table: Any) -> Iterator[tuple[dict[str, Any], list[Mention]]]:
    """Yield the articles that could be tagged, with their mentions."""
    for row in table.to_pylist():
        if not row["reason"]:
            mentions = row.pop("mentions") or []
            yield (
                row,
                [
                    mention_of(row["id"], [one[name] for name in MENTION_FIELDS], one["sentence"])
                    for one in mentions
                ],
            )


def _sum_up(table: Any) -> Any:
    sums: dict[str, Any] = {
        "processed": 0,
        "characters": 0,
        "words": 0,
        "windows": 0,
        "mentions": 0,
        "failed": [],
    }
    counts = {name: Counter[str]() for name in ("dropped", "adjectives")}
    for row in table.to_pylist():
        if row["reason"]:
            sums["failed"].append((row["id"], row["reason"]))
            continue
        sums["processed"] += 1
        sums["mentions"] += len(row["mentions"])
        for name in ("characters", "words", "windows"):
            sums[name] += row[name]
        for name, count in counts.items():
            count.update(json.loads(row[name]))
    return _table([{"sums": json.dumps(sums | counts)}], sums="text")


def _bands(parts: int, table: Any) -> Any:
    rows = [
        {"part": _part(band.hex(), parts), "band": band, "id": row["id"], "signature": row["signature"]}
        for row in table.to_pylist()
        if row["signature"] is not None
        for band in bands(row["signature"])
    ]
    return _table(rows, part="number", band="bytes", id="text", signature="bytes")


def _copy_links(table: Any) -> Any:
    alike: dict[bytes, list[tuple[str, bytes]]] = defaultdict(list)
    for row in table.to_pylist():
        alike[row["band"]].append((row["id"], row["signature"]))
    links = {link for found in alike.values() if len(found) > 1 for link in copy_links(sorted(found))}
    return _table([{"one": one, "other": other} for one, other in sorted(links)], one="text", other="text")


def _count_votes(parts: int, table: Any) -> Any:
    votes = add_votes(votes_of(mentions) for _, mentions in _read_articles(table))
    return _votes_table(votes, parts)


def _disputed(table: Any) -> Any:
    votes = add_votes({row["name"]: _opened(row["votes"])} for row in table.to_pylist())
    return _votes_table(disputed(votes), 1)


def _votes_table(votes: Mapping[str, Votes], parts: int) -> Any:
    rows = [
        {"part": _part(name, parts), "name": name, "votes": pickle.dumps(found)}
        for name, found in votes.items()
    ]
    return _table(rows, part="number", name="text", votes="bytes")


_CLUSTER = {"part": "number", "copy_of": "text", "cluster": "bytes"}


def _clusters(shared: Any, table: Any) -> Any:
    """Merge inside each article."""
    import ray

    everywhere, copies = ray.get(shared)
    rows = [
        {"part": 0, "copy_of": copies.get(row["id"], ""), "cluster": pickle.dumps(cluster)}
        for row, mentions in _read_articles(table)
        for cluster in merge_article(mentions, everywhere, row["published"]).clusters
    ]
    return _table(rows, **_CLUSTER)


def _opened(value: bytes) -> Any:
    return pickle.loads(value)  # noqa: S301 - made by this run


def _unpacked(table: Any, column: str) -> list[Any]:
    return list(map(_opened, table[column].to_pylist()))


def _full_names(parts: int, table: Any) -> Any:
    names = across.full_names(_unpacked(table, "cluster"))
    rows = [
        {"part": _part(identity, parts), "person": pickle.dumps((identity, form))}
        for identity, form in names.items()
    ]
    return _table(rows, part="number", person="bytes")


def _blocks(parts: int, table: Any) -> Any:
    """Choose the form that stands for each person, and put it into the blocks of its spellings."""
    names: dict[str, Any] = {}
    for identity, form in _unpacked(table, "person"):
        names[identity] = across.better_form(identity, names.get(identity, form), form)
    rows = [
        {"part": _part(" ".join(key), parts), "block": pickle.dumps((key, identity, form))}
        for identity, form in names.items()
        for key in across.blocks([form])
    ]
    return _table(rows, part="number", block="bytes")


def _spelling_links(table: Any) -> Any:
    blocks: dict[Any, list[Any]] = defaultdict(list)
    identities = {}
    for key, identity, form in _unpacked(table, "block"):
        blocks[key].append(form)
        identities[form] = identity
    rows = [
        {"link": pickle.dumps((link, identities[link.left], identities[link.right]))}
        for link in across.spelling_links(blocks.values())
    ]
    return _table(rows, link="bytes")


def _placed(parts: int, same: Any, table: Any) -> Any:
    """Give every cluster the part in which its entity is made."""
    import ray

    known = ray.get(same)
    rows = table.to_pylist()
    for row, cluster in zip(rows, _unpacked(table, "cluster"), strict=True):
        row["part"] = _part(f"{cluster.kind} {across.identity_of(cluster, known)}", parts)
        row["same"] = known.get(cluster.identity, "")
    return _table(rows, **_CLUSTER, same="text")


_ROW = {"part": "number", "key": "text", "country": "text", "number": "number", "row": "bytes"}


def _rows(parts: int, adjectives: Mapping[str, int], table: Any) -> Any:
    """Make the rows of a part's clusters."""
    clusters = _unpacked(table, "cluster")
    copy_of, same = table["copy_of"].to_pylist(), table["same"].to_pylist()
    first = {one.forms[0].document: copy for one, copy in zip(clusters, copy_of, strict=True) if copy}
    known = {one.identity: other for one, other in zip(clusters, same, strict=True) if other}
    rows = []
    for group in across.grouped(clusters, known):
        entity = with_adjectives(entity_of(group), adjectives)
        own = {
            mention.document: first[mention.document]
            for mention in entity.mentions
            if mention.document in first
        }
        rows.append(
            {"part": _part(entity.id, parts), "key": _key(entity), "row": pickle.dumps((entity, own))}
        )
    return _table(rows, **_ROW)


def _key(entity: Entity) -> str:
    """Give what tells two rows apart even if they share an id."""
    return f"{entity.id} {entity.mentions[0].start} {entity.mentions[0].document}"


def _evidence(parts: int, table: Any) -> Any:
    """Say for each article which countries it names, and which places need to know."""
    rows: Rows = []
    for entity, _ in _unpacked(table, "row"):
        documents = Counter(mention.document for mention in entity.mentions)
        if country := country_named(entity):
            rows += [
                {
                    "part": _part(document, parts),
                    "document": document,
                    "key": "",
                    "country": country,
                    "number": number,
                }
                for document, number in documents.items()
            ]
        if needs_context(entity):
            key, home = _key(entity), _part(entity.id, parts)
            rows += [
                {
                    "part": _part(document, parts),
                    "document": document,
                    "key": key,
                    "country": "",
                    "number": home,
                }
                for document in documents
            ]
    return _table(rows, part="number", document="text", key="text", country="text", number="number")


def _contexts(table: Any) -> Any:
    """Count for each place the countries that its articles name."""
    named: dict[str, Counter[str]] = defaultdict(Counter)
    places = []
    for row in table.to_pylist():
        if row["key"]:
            places.append(row)
        else:
            named[row["document"]][row["country"]] += row["number"]
    found: Counter[tuple[int, str, str]] = Counter()
    for place in places:
        for country, number in named.get(place["document"], {}).items():
            found[place["number"], place["key"], country] += number
    rows = [
        {"part": part, "key": key, "country": country, "number": number}
        for (part, key, country), number in found.items()
    ]
    return _table(rows, **_ROW)


def _finished(table: Any) -> Any:
    """Give rows their last facts: an id of their own, where a place is, how many articles are no copies."""
    contexts: dict[str, Counter[str]] = defaultdict(Counter)
    entities: list[Entity] = []
    first: dict[str, str] = {}
    keys: dict[tuple[Any, ...], str] = {}
    for row in table.to_pylist():
        if row["row"] is None:
            contexts[row["key"]][row["country"]] += row["number"]
        else:
            entity, own = _opened(row["row"])
            entities.append(entity)
            first |= own
            keys[_place(entity)] = row["key"]
    rows = []
    for entity in with_distinct_ids(entities):
        entity = located(entity, contexts[keys[_place(entity)]])
        entity = with_independent_documents(entity, first)
        order = dict(zip(_ORDER, output_order(entity), strict=True))
        rows.append(
            order | {"generic": int(entity.attributes.get("generic", False)), "row": pickle.dumps(entity)}
        )
    types = {name: "text" if name in ("name", "id") else "number" for name in _ORDER}
    return _table(rows, **types, row="bytes")


_ORDER = ("kind_order", "generic", "fewer_mentions", "fewer_documents", "name", "id")
"""Columns that sort rows as the output contract says."""


def _place(entity: Entity) -> tuple[Any, ...]:
    """Give the kind and place of a row's first mention, which no other row has."""
    return entity.kind, entity.mentions[0].document, entity.mentions[0].start, entity.mentions[0].end


def _entity_table(table: Any) -> Any:
    return entity_table(map(entity_row, _unpacked(table, "row")))


def _mention_table(table: Any) -> Any:
    pairs = ((mention, entity) for entity in _unpacked(table, "row") for mention in entity.mentions)
    return mention_table(mention_row(mention, entity.id, entity.name) for mention, entity in pairs)
