"""Take the pictures in docs/pictures/ from a report, in light and dark.

Run from the repository, with the extra ``browser`` and a Chromium:
``entityscan report samples/ -o report.html && python frontend/screenshots.py report.html``
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"


def take(page: Page, report: Path) -> None:
    page.goto(report.resolve().as_uri())
    page.locator(".list tbody button").first.click()
    page.screenshot(path=PICTURES / "report.png")
    for view in ("network", "map"):
        page.click(f"#tab-{view}")
        page.screenshot(path=PICTURES / f"{view}.png")
    page.click("#tab-article")
    page.click("header button")
    page.screenshot(path=PICTURES / "report-dark.png")


def main(report: Path) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take(browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light"), report)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
