"""The report: its data, its safety, and the page as a person meets it in a browser."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run

from entityscan.records import Alias, Document, DocumentInfo, Entity, Kind, Mention, Receipt, Result
from entityscan.report import page_data, render

BUDGET = 500_000  # bytes of script and style
ASSETS = ROOT / "src" / "entityscan" / "data" / "report"
PAYLOADS = [
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "<!--<script>",
    "]]><svg/onload=document.title='owned'>",
    "\u2028\u2029'\"`${document.title='owned'}",
    "javascript:document.title='owned'",
    '"><iframe src="http://127.0.0.1:9/evil">',
]


def entity(name: str, kind: Kind, places: list[tuple[str, int, str]], **more: Any) -> Entity:
    mentions = tuple(
        Mention(doc, start, start + len(text), text, kind, sentence=f"See {text}.")
        for doc, start, text in places
    )
    texts = [mention.text for mention in mentions]
    aliases = tuple(Alias(text, texts.count(text)) for text in dict.fromkeys(texts))
    return Entity(
        f"{kind}:{name}", kind, name, aliases, mentions, len({place[0] for place in places}), **more
    )


def info(document: Document) -> DocumentInfo:
    return DocumentInfo(
        document.id, document.path, "0" * 64, len(document.text), document.title, document.published
    )


DOCUMENTS = [
    Document("a.txt", "\U0001f680 Ann Lee met NATO in Kyiv. Lee left.", "a.txt", "First", "2024-05-01"),
    Document("b.txt", "NATO praised Ann Lee.", "b.txt", "Second", "2024-07-09"),
    Document("c.txt", "NATO slept.", "c.txt"),
]
ENTITIES = (
    entity(
        "Ann Lee",
        Kind.PERSON,
        [("a.txt", 2, "Ann Lee"), ("a.txt", 28, "Lee"), ("b.txt", 13, "Ann Lee")],
        why=(Receipt("surname", "Lee", "Ann Lee", "a.txt", 28, 31),),
    ),
    entity("Kyiv", Kind.PLACE, [("a.txt", 22, "Kyiv")], attributes={"latitude": 50.45, "longitude": 30.52}),
    entity("NATO", Kind.ORGANISATION, [("a.txt", 14, "NATO"), ("b.txt", 0, "NATO"), ("c.txt", 0, "NATO")]),
)
RESULT = Result(ENTITIES, tuple(info(document) for document in DOCUMENTS))
ARTICLES = {document.id: document for document in DOCUMENTS}


def page(result: Result = RESULT, articles: dict[str, Document] | None = None, title: str = "Test") -> str:
    return b"".join(render(result, ARTICLES if articles is None else articles, title=title)).decode()


def utf16_slice(text: str, start: int, end: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def test_offsets_count_as_javascript_does() -> None:
    data = page_data(RESULT, ARTICLES, "Test")
    found = [
        (utf16_slice(data["articles"][article]["text"], start, end), text)
        for row in data["entities"]
        for article, start, end, text in row["mentions"]
    ]
    assert len(found) == 7
    assert all(cut == text for cut, text in found)


def test_an_article_without_text_keeps_the_sentences() -> None:
    data = page_data(RESULT, {}, "Test")
    assert [article["text"] for article in data["articles"]] == [None] * 3
    assert data["entities"][1]["mentions"] == [(0, 22, 26, "Kyiv", "See Kyiv.")]


def test_network_pairs_entities_of_one_sentence() -> None:
    shared = [entity(name, Kind.PERSON, [("a.txt", 0, "Same")]) for name in ("One", "Two")]
    assert page_data(Result(tuple(shared), RESULT.documents), {}, "T")["edges"] == [(0, 1, 1)]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_gets_out_of_its_block(payload: str) -> None:
    document = Document("a.txt", payload, "a.txt", title=payload)
    result = Result((entity(payload, Kind.PERSON, [("a.txt", 0, payload)]),), (info(document),))
    html = page(result, {"a.txt": document}, title=payload)
    assert re.findall(r"<script[ >]", html) == ["<script ", "<script>"]
    assert html.count("</script>") == 2
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert block is not None
    assert not set("<>&") & set(block.group(1))
    assert json.loads(block.group(1))["articles"][0]["text"] == payload


def test_lone_surrogates_do_not_stop_the_report() -> None:
    document = Document("a.txt", "Ann \ud800 left", "a.txt")
    assert "\\ud800" in page(Result((), (info(document),)), {"a.txt": document})


def test_assets_keep_the_budget_and_their_licences() -> None:
    assert sum((ASSETS / name).stat().st_size for name in ("report.js", "report.css")) <= BUDGET
    licences = (ASSETS / "LICENSES.txt").read_text("utf-8")
    package = json.loads((ROOT / "frontend" / "package.json").read_text("utf-8"))
    for name, version in package["dependencies"].items():
        assert f"{name} {version} (" in licences


@pytest.mark.parametrize("saved", ["saved.json", "scan.sqlite"])
def test_report_of_a_saved_result(entityscan: Run, tmp_path: Path, saved: str) -> None:
    (tmp_path / "one.txt").write_text("Donald Tusk spoke in Warsaw. Tusk left.\n")
    made = entityscan("extract", "one.txt", "-o", "saved.json", "--db", "scan.sqlite")
    assert made.returncode == 0
    done = entityscan("report", saved, "-o", "out.html", "--title", "A & B")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr == b"entityscan: out.html: 2 entities in 1 article\n"
    html = (tmp_path / "out.html").read_text("utf-8")
    assert "<title>A &amp; B</title>" in html
    assert "Donald Tusk spoke in Warsaw." in html
    (tmp_path / "one.txt").write_text("Something else.\n")
    changed = entityscan("report", saved)
    assert b"1 of 1 articles are not at their paths any more, or changed" in changed.stderr
    assert (tmp_path / "report.html").exists()


# ---------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


class Visit:
    """A page in the browser, with everything that it complained of or asked for."""

    def __init__(self, browser: Any, path: Path, html: str) -> None:
        path.write_text(html, "utf-8")
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.problems.append(message.text))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(".list table")


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Any]:
    visits: list[Visit] = []

    def start(html: str) -> Visit:
        visits.append(Visit(browser, tmp_path / "report.html", html))
        return visits[-1]

    yield start
    for made in visits:
        assert made.problems == []
        assert made.requests == [(tmp_path / "report.html").as_uri()]
        made.context.close()


def expected(locator: Any) -> Any:
    """Wait for what a locator is expected to be; ``wait_for_function`` polls by eval, which the policy forbids."""
    from playwright.sync_api import expect

    return expect(locator)


def names(page: Any) -> list[str]:
    return [text.strip() for text in page.locator(".list tbody button").all_inner_texts()]


def test_search_filter_and_sort(visit: Any) -> None:
    page_ = visit(page()).page
    assert names(page_) == ["Ann Lee", "NATO", "Kyiv"]
    page_.get_by_label("Name").fill("lee")
    assert names(page_) == ["Ann Lee"]
    assert page_.inner_text(".filters [role=status]") == "1 shown"
    page_.get_by_label("Name").fill("")
    page_.click("button.chip.place")
    assert names(page_) == ["Kyiv"]
    page_.click("button.chip.place")
    page_.click("th.name button")
    assert names(page_) == ["Ann Lee", "Kyiv", "NATO"]
    page_.click("th.name button")
    assert names(page_) == ["NATO", "Kyiv", "Ann Lee"]
    page_.get_by_text("Next article").click()
    page_.get_by_label("In articles").select_option("view")
    assert names(page_) == ["NATO", "Ann Lee"]


def test_an_entity_leads_through_its_mentions(visit: Any) -> None:
    page_ = visit(page()).page
    page_.get_by_role("button", name="Ann Lee").first.click()
    assert page_.inner_text("mark[data-current]") == "Ann Lee"
    page_.get_by_role("button", name="Next", exact=True).click()
    assert page_.inner_text("mark[data-current]") == "Lee"
    assert page_.inner_text(".why") == "“Lee” was merged with “Ann Lee”: surname."
    page_.get_by_role("button", name="Next", exact=True).click()
    assert page_.inner_text("#article-title") == "Second"
    assert page_.inner_text(".step [role=status]") == "mention 3 of 3"
    assert page_.get_by_role("button", name="Next", exact=True).is_disabled()


def test_a_mention_leads_to_its_entity_by_mouse_and_keys(visit: Any) -> None:
    page_ = visit(page()).page
    page_.locator("mark.organisation").click()
    assert page_.inner_text("#card-name") == "NATO"
    page_.locator("mark.organisation").focus()
    page_.keyboard.press("ArrowRight")
    page_.keyboard.press("Enter")
    assert page_.inner_text("#card-name") == "Kyiv"
    page_.locator(".list tbody button").first.focus()
    page_.keyboard.press("ArrowDown")
    page_.keyboard.press("Enter")
    assert page_.inner_text("#card-name") == "NATO"


def hit_bar(page: Any) -> str:
    return page.inner_text("[aria-label='Hits of the text search'] [role=status]")


def test_texts_are_searched_over_all_articles(visit: Any) -> None:
    page_ = visit(page()).page
    page_.click("#tab-find")
    assert page_.inner_text(".find [role=status]") == "3 of 3 articles"
    page_.get_by_label("Words").fill("LÉE")
    assert page_.inner_text(".find [role=status]") == "3 hits in 2 of 3 articles"
    titles = page_.locator(".result button").all_inner_texts()
    assert titles == ["First", "Second"]
    assert page_.locator(".result .hit").all_inner_texts() == ["Lee", "Lee"]
    page_.get_by_role("button", name="First", exact=True).click()
    assert page_.locator(".text .hit").all_inner_texts() == ["Lee", "Lee"]
    assert hit_bar(page_) == "hit 1 of 3"
    page_.get_by_role("button", name="Next hit").click()
    page_.get_by_role("button", name="Next hit").click()
    assert page_.inner_text("#article-title") == "Second"
    assert page_.inner_text("mark .hit[data-hit]") == "Lee"
    assert page_.locator(".text").text_content() == DOCUMENTS[1].text
    assert page_.get_by_role("button", name="Next hit").is_disabled()
    page_.get_by_label("In articles").select_option("found")
    assert names(page_) == ["Ann Lee", "NATO", "Kyiv"]
    page_.get_by_role("button", name="All hits").click()
    page_.get_by_label("Words").fill('"met nato"')
    assert page_.inner_text(".find [role=status]") == "1 hit in 1 of 3 articles"
    page_.get_by_label("Words").fill("slept")
    assert names(page_) == ["NATO"]
    page_.locator(".result button").press("Enter")
    assert hit_bar(page_) == "hit 1 of 1"
    page_.get_by_role("button", name="End search").click()
    assert page_.locator(".hit").count() == 0


def test_a_search_finds_words_where_they_begin(visit: Any) -> None:
    texts = {
        "a.txt": "An affair of aircraft. Air raid.",
        "b.txt": "Her hair, 習近平 and a raid.",
        "c.txt": "Affairs, air",
    }
    documents = {key: Document(key, text, key) for key, text in texts.items()}
    page_ = visit(page(Result((), tuple(map(info, documents.values()))), documents)).page
    page_.click("#tab-find")
    for query, hits in [("air", 3), ("近平", 1), ("air raid", 3), ('"air raid"', 1)]:
        page_.get_by_label("Words").fill(query)
        assert page_.inner_text(".find [role=status]").startswith(f"{hits} hit")
    page_.get_by_label("Words").fill("air raid")
    page_.click("#tab-article")
    assert page_.locator(".hit").all_inner_texts() == ["air", "Air", "raid"]
    page_.get_by_role("button", name="Next article").click()
    assert page_.locator(".hit").all_inner_texts() == ["raid"]
    assert page_.locator(".hit[data-hit]").count() == 0


@pytest.mark.parametrize("query", [".*", "(", "[a", "\\", "$&", '"'])
def test_a_search_takes_signs_as_they_are(visit: Any, query: str) -> None:
    document = Document("a.txt", f"x {query * 2} y", "a.txt")
    page_ = visit(page(Result((), (info(document),)), {"a.txt": document})).page
    page_.click("#tab-find")
    page_.get_by_label("Words").fill(query * 2)
    expected = "1 of 1 articles" if query == '"' else "1 hit in 1 of 1 articles"
    assert page_.inner_text(".find [role=status]") == expected


def test_the_map_zooms_by_buttons_keys_and_wheel(visit: Any) -> None:
    page_ = visit(page()).page
    page_.click("#tab-map")
    land = page_.locator(".map > g").first

    def scale() -> float:
        found = re.search(r"scale\((.*)\)", land.get_attribute("transform"))
        assert found is not None
        return float(found.group(1))

    assert scale() == 1
    page_.get_by_role("button", name="Zoom in").click()
    assert scale() == pytest.approx(1.6)
    page_.locator("svg.map").focus()
    page_.keyboard.press("+")
    assert scale() == pytest.approx(1.6**2)
    before = land.get_attribute("transform")
    page_.keyboard.press("ArrowRight")
    assert land.get_attribute("transform") != before
    page_.keyboard.press("Tab")
    page_.keyboard.press("Enter")
    assert page_.inner_text("#card-name") == "Kyiv"
    page_.locator("svg.map").hover()
    before = land.get_attribute("transform")
    page_.mouse.wheel(0, -200)
    expected(land).not_to_have_attribute("transform", before)
    assert scale() > 1.6**2
    page_.get_by_role("button", name="Reset").click()
    assert scale() == 1
    assert page_.locator(".map text").all_text_contents() == ["Kyiv"]


def test_timeline_network_and_map(visit: Any) -> None:
    page_ = visit(page()).page
    page_.click("#tab-timeline")
    titles = page_.locator(".timeline rect title").all_text_contents()
    assert titles == ["2024-05: 4", "2024-06: 0", "2024-07: 2"]
    page_.locator("#tab-timeline").press("ArrowRight")
    assert page_.locator("#tab-network").get_attribute("aria-selected") == "true"
    page_.click("#tab-map")
    page_.locator("g.node", has_text="Kyiv").click()
    assert page_.inner_text("#card-name") == "Kyiv"
    assert page_.locator("path.land").count() > 150
    page_.select_option(".view select", "near")
    x = float(page_.locator("g.node circle").get_attribute("cx"))
    assert x == pytest.approx(450, abs=30)  # the middle of the map


def test_the_network_is_walked_by_keys(visit: Any) -> None:
    shared = [entity(name, Kind.PERSON, [("a.txt", 2, "Ann Lee")]) for name in ("One", "Two")]
    page_ = visit(page(Result(tuple(shared), RESULT.documents))).page
    page_.click("#tab-network")
    page_.locator("#view").focus()
    for name in ("One", "Two"):
        page_.keyboard.press("Tab")
        page_.keyboard.press("Enter")
        assert page_.inner_text("#card-name") == name


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_runs_nothing(visit: Any, payload: str) -> None:
    document = Document("a.txt", f"{payload} end", "a.txt", title=payload)
    attributes = {"category": payload, "country": payload, "latitude": 1.0, "longitude": 1.0}
    kinds = [entity(payload, kind, [("a.txt", 0, payload)], attributes=attributes) for kind in Kind]
    page_ = visit(page(Result(tuple(kinds), (info(document),)), {"a.txt": document})).page
    page_.locator(".list tbody button").first.click()
    for tab in ("find", "timeline", "network", "map", "article"):
        page_.click(f"#tab-{tab}")
    assert payload.split("\u2028")[0] in page_.locator(".text").text_content()
    assert page_.title() == "Test"
    assert page_.locator("img, iframe").count() == 0


def test_the_policy_stops_script_that_gets_in(browser: Any, tmp_path: Path) -> None:
    visit = Visit(browser, tmp_path / "r.html", page())
    visit.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', `<img src=x onerror=\"document.title='owned'\">`)"
    )
    visit.page.wait_for_timeout(100)
    assert visit.page.title() == "Test"
    assert any("Content Security Policy" in problem for problem in visit.problems)
    visit.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Any, tmp_path: Path, scheme: str) -> None:
    axe = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
    if not axe.exists():
        pytest.skip("axe-core is not installed (npm ci in frontend/)")
    made = Visit(browser, tmp_path / "r.html", page())
    made.page.emulate_media(color_scheme=scheme)
    made.page.reload()
    made.page.wait_for_selector(".list table")
    made.page.evaluate(axe.read_text("utf-8"))
    made.page.locator(".list tbody button").first.click()
    made.page.click("#tab-find")
    made.page.get_by_label("Words").fill("nato")
    made.page.locator(".result button").first.click()
    for tab in ("article", "find", "timeline", "network", "map"):
        made.page.click(f"#tab-{tab}")
        found = made.page.evaluate("axe.run()")["violations"]
        assert [(item["id"], [n["html"][:120] for n in item["nodes"]]) for item in found] == []
    made.context.close()


def test_a_thousand_articles_scroll_smoothly(visit: Any) -> None:
    text = "Person met NATO in Kyiv. " * 120
    documents = [Document(f"{n:04}.txt", text, f"{n:04}.txt", published="2024-05-01") for n in range(1000)]
    people = [
        entity(f"Person {n}", Kind.PERSON, [(f"{n % 1000:04}.txt", 25 * (n // 1000), "Person")])
        for n in range(5000)
    ]
    html = page(
        Result(tuple(people), tuple(map(info, documents))), {document.id: document for document in documents}
    )
    page_ = visit(html).page
    drawn = page_.evaluate(
        """async () => {
            const list = document.querySelector(".list"), counts = [];
            for (let i = 0; i < 60; i++) {
                list.scrollTop += 900;
                await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
                counts.push(list.querySelectorAll("tbody button").length);
            }
            return counts;
        }"""
    )
    assert 0 < min(drawn) <= max(drawn) < 100  # a frame draws what is in view; measure.py takes the time
    page_.locator(".list").evaluate("list => { list.scrollTop = list.scrollHeight; }")
    page_.get_by_role("button", name="Person 4999", exact=True).click()
    assert page_.inner_text("#card-name") == "Person 4999"
    assert page_.inner_text("#article-title") == "0999.txt"


PEOPLE = tuple(entity(f"Person {n}", Kind.PERSON, [("a.txt", 2, "Ann Lee")]) for n in range(300))


def test_a_narrow_window_scrolls_one_way_only(visit: Any) -> None:
    page_ = visit(page(Result(PEOPLE, RESULT.documents))).page
    page_.set_viewport_size({"width": 320, "height": 640})
    for tab in ("find", "timeline", "network", "map", "article"):
        page_.click(f"#tab-{tab}")
        assert page_.evaluate("document.scrollingElement.scrollWidth") == 320, tab
    assert page_.locator(".list tbody button").count() < 100
    page_.locator(".list tbody button").first.click()
    expected(page_.locator("mark[data-current]")).to_be_in_viewport()


def test_print_has_every_row(visit: Any) -> None:
    page_ = visit(page(Result(PEOPLE, RESULT.documents))).page
    assert page_.locator(".list tbody button").count() < 100
    page_.evaluate("dispatchEvent(new Event('beforeprint'))")
    expected(page_.locator(".list tbody button")).to_have_count(300)
    page_.evaluate("dispatchEvent(new Event('afterprint'))")
    expected(page_.locator('.list tbody button[data-row="299"]')).to_have_count(0)
    page_.set_viewport_size({"width": 790, "height": 1100})
    page_.emulate_media(media="print")
    assert page_.locator("th.articles").is_visible()
