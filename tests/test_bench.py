"""What the benchmark measures with, and the page that it writes."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

import growth
from page import write_readme
from texts import make_mentions, write_articles


def test_articles_are_the_same_on_every_run_and_all_different(tmp_path: Path) -> None:
    counts = [write_articles(tmp_path / name, 5, words=50) for name in ("a", "b")]
    assert counts[0] == counts[1] >= 250
    lines = (tmp_path / "a").read_text("utf-8")
    assert lines == (tmp_path / "b").read_text("utf-8")
    assert len({json.loads(line)["text"] for line in lines.splitlines()}) == 5


def test_mentions_are_the_same_on_every_run() -> None:
    mentions = make_mentions(300)
    assert mentions == make_mentions(300)
    assert len(mentions) == 300
    assert len({mention.text for mention in mentions}) < 300


def test_page_shows_the_results(tmp_path: Path) -> None:
    cost = {"10000": {"on disk": {"seconds": 0.25, "runs": 5, "mebibytes": 3}}}
    result = {"machine": {"processor": "abacus"}, "merging": cost}
    (tmp_path / "merging.json").write_text(json.dumps(result), "utf-8")
    write_readme(tmp_path, tmp_path / "README.md")
    page = (tmp_path / "README.md").read_text("utf-8")
    assert "| 10,000 | on disk | 0.25 s | 25 µs | 3 MiB | 5 |" in page
    assert "Measured on: processor abacus." in page


def test_growth_can_be_measured_in_every_stage() -> None:
    """With inputs as small as they come, so that only what no longer runs is found."""
    found = [(stage, name, growth.measured(4, make, run)) for stage, name, _, make, run in growth.stages()]
    assert {stage.split(" ")[0] for stage, _, _ in found} == {
        *("reading", "tagging", "merging", "geography", "writing", "highlighting", "report", "verdicts")
    }
    assert [(stage, name) for stage, name, figures in found if not figures["calls"]] == []
