"""Measure a report of generated articles in headless Chromium: size, opening, scrolling, search, axe-core.

Run from the repository, with the extra ``browser``, a Chromium and ``npm ci`` done in ``frontend/``:
``python frontend/measure.py [ARTICLES]``. It prints one JSON object.
"""

import hashlib
import json
import random
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from entityscan.records import Alias, Document, DocumentInfo, Entity, Kind, Mention, Result
from entityscan.report import render

ENTITIES, MENTIONS = 1000, 35  # in all; in each article
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
WORDS = "the said on of officials that talks in week was after would for ministry new late border with had".split()
SCROLL = """async () => {
    const list = document.querySelector(".list"), times = [];
    for (let i = 0; i < 60; i++) {
        list.scrollTop += 300;
        const from = performance.now();
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        times.push(performance.now() - from);
    }
    return times.sort((a, b) => a - b)[54];
}"""


def generated(number: int) -> tuple[Result, dict[str, Document]]:
    """Write articles that name entities, frequent ones often, and return what there is to find in them."""
    draw = random.Random(1)
    kinds = list(Kind)
    names = [f"{kinds[n % 4].value.capitalize()} {n:03}" for n in range(ENTITIES)]
    weights = [1 / (n + 10) for n in range(ENTITIES)]
    found: dict[int, list[Mention]] = defaultdict(list)
    articles = {}
    for place in range(number):
        key, text = f"articles/{place:04}.txt", ""
        for chosen in draw.choices(range(ENTITIES), weights, k=MENTIONS):
            text += " ".join(draw.choices(WORDS, k=17)).capitalize() + " "
            start, name = len(text), names[chosen]
            text += f"{name}.{' ' if draw.random() < 0.8 else chr(10) * 2}"
            found[chosen].append(
                Mention(key, start, start + len(name), name, kinds[chosen % 4], sentence=f"{place} {start}")
            )
        published = f"2024-{1 + place % 12:02}-{1 + place % 28:02}"
        articles[key] = Document(key, text, key, f"Report {place} from the border", published)
    entities = []
    for n, mentions in sorted(found.items()):
        point = (
            {"latitude": draw.uniform(-40, 65), "longitude": draw.uniform(-120, 150)} if n % 4 == 1 else {}
        )
        alias = Alias(names[n], len(mentions))
        documents = len({mention.document for mention in mentions})
        entities.append(
            Entity(
                f"{kinds[n % 4]}:{n:016x}",
                kinds[n % 4],
                names[n],
                (alias,),
                tuple(mentions),
                documents,
                attributes=point,
            )
        )
    infos = tuple(
        DocumentInfo(
            a.id, a.path, hashlib.sha256(a.text.encode()).hexdigest(), len(a.text), a.title, a.published
        )
        for a in articles.values()
    )
    return Result(tuple(entities), infos), articles


def measured(page: Page, report: Path) -> dict[str, Any]:
    """Open a report and go through its views."""
    started = time.monotonic()
    page.goto(report.as_uri())
    page.wait_for_selector(".list tbody tr")
    figures: dict[str, Any] = {"opens_in_seconds": round(time.monotonic() - started, 2)}
    figures["frame_ms_of_nine_in_ten"] = round(page.evaluate(SCROLL), 1)
    page.click("#tab-find")
    started = time.monotonic()
    page.get_by_label("Words").fill("border ministry")
    page.locator(".find [role=status]", has_text="hits").wait_for()
    figures["search_seconds"] = round(time.monotonic() - started, 2)
    page.locator(".list tbody button").first.click()
    if AXE.exists():
        page.evaluate(AXE.read_text("utf-8"))
        violations = {}
        for tab in ("article", "find", "timeline", "network", "map"):
            page.click(f"#tab-{tab}")
            violations[tab] = [one["id"] for one in page.evaluate("axe.run()")["violations"]]
        figures["axe_violations"] = violations
    return figures


def main(number: int) -> None:
    result, articles = generated(number)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        report = Path(folder) / "report.html"
        report.write_bytes(b"".join(render(result, articles, title="Generated articles")))
        figures = {
            "articles": number,
            "entities": len(result.entities),
            "mentions": sum(len(entity.mentions) for entity in result.entities),
            "characters_each": round(sum(len(article.text) for article in articles.values()) / number),
            "megabytes": round(report.stat().st_size / 1e6, 1),
        }
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.on(
            "request",
            lambda request: None if request.url.startswith("file:") else problems.append(request.url),
        )
        figures |= measured(page, report)
        figures["console_and_requests"] = problems
        browser.close()
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
