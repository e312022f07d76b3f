"""Take the pictures in docs/pictures/ from reports of ``samples/`` and of generated articles.

Run from the repository, with the extra ``browser`` and a Chromium: ``python frontend/screenshots.py``
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import generated
from playwright.sync_api import Browser, Page, sync_playwright

from entityscan.report import render

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"


def opened(browser: Browser, report: Path) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
    page.goto(report.as_uri())
    page.locator(".list tbody button").first.click()
    return page


def take_samples(page: Page) -> None:
    page.screenshot(path=PICTURES / "report.png")
    page.click("#tab-network")
    page.screenshot(path=PICTURES / "network.png")
    page.get_by_role("button", name="Warsaw", exact=True).first.click()
    page.click("#tab-map")
    page.locator(".view select").select_option("near")
    page.screenshot(path=PICTURES / "map.png")
    page.click("#tab-find")
    page.get_by_label("Words").fill("air defence")
    page.screenshot(path=PICTURES / "search.png")
    page.locator(".result button").nth(2).click()
    page.click("header button")
    page.wait_for_selector("html[data-theme=dark]")
    page.screenshot(path=PICTURES / "report-dark.png")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        small, large = Path(folder) / "samples.html", Path(folder) / "large.html"
        subprocess.run(
            [sys.executable, "-m", "entityscan", "report", "samples/", "-o", small, "-q"],
            cwd=ROOT,
            check=True,
        )
        large.write_bytes(b"".join(render(*generated(1000), title="Generated articles")))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take_samples(opened(browser, small))
        page = opened(browser, large)
        page.click("#tab-timeline")
        page.screenshot(path=PICTURES / "timeline.png")
        browser.close()


if __name__ == "__main__":
    main()
