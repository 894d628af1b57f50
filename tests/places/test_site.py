"""The web site as its readers have it: every page opens and asks nobody else, every explorer is alive and right."""

import base64
import json
import re
from urllib.parse import urlencode

import numpy as np
import pytest
import test_convolution
import test_explorer_pooling
import test_explorer_receptive
import test_feature_maps
import test_inception
import test_mixer
import test_network
import test_shift
from shown import Shown, colours_agree

import convscope
from convscope.explore.bundle import STATE
from environment import ROOT
from notebooks import CHAPTERS

BUILT = ROOT / "build" / "site"
PAGES = [file.relative_to(BUILT).as_posix() for file in sorted(BUILT.rglob("*.html")) if "lite" not in file.parts]
HEAVIEST = 3e6  # bytes of a chapter's page and all that it loads
MOST_SHIFT = 0.1  # of the layout, as "good" is defined
WIDTHS = [390, 1280]
MOST_TURNED = 5  # controls of an explorer that are set before its numbers are compared

UNFOLD = "() => document.querySelectorAll('article details').forEach(each => (each.open = true))"
# The page is read to its end. Whatever comes near is awake before it is seen: a page of the public is read no faster.
READ = """async () => {
    const frame = () => new Promise(requestAnimationFrame), { scrollingElement: page } = document;
    const pause = () => new Promise(next => setTimeout(next, 20)); // in which to load
    const is_asleep = figure => {
        const { top, bottom } = figure.getBoundingClientRect(); // what is folded has a place, too
        return figure.checkVisibility() && top < innerHeight + 300 && bottom > -300;
    };
    page.scrollTo({ top: 0, behavior: "instant" });
    for (let before = -1; page.scrollTop > before;) {
        before = page.scrollTop;
        page.scrollBy({ top: 150, behavior: "instant" });
        await frame();
        while ([...document.querySelectorAll(".live:not(.awake)")].some(is_asleep)) await pause();
    }
}"""
ALL_AWAKE = """() => [...document.querySelectorAll("article .live:not([hidden] *)")].every(each => {
    const root = each.querySelector(":scope > div:not(.still)")?.shadowRoot.querySelector(".explorer");
    return root && !root.inert;
})"""
# Whether the address has the link to what is on show.
LINKS = """() => {
    const write = history.replaceState;
    window.linked = true;
    addEventListener("settings", () => { window.linked = false; });
    history.replaceState = (...all) => { write.apply(history, all); window.linked = true; };
}"""
SHIFTS = """() => {
    window.shifted = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
}"""


def open_at(open_page, address, path, **context):
    """A page of the site, on which nothing may fail, be refused, or be asked of anybody else."""
    sight = open_page(**context)
    sight.problems, sight.weights = [], []
    sight.on(
        "request", lambda asked: asked.url.startswith((address, "data:", "blob:")) or sight.problems.append(asked.url)
    )
    sight.on("requestfailed", lambda asked: sight.problems.append(asked.url))
    sight.on("response", lambda got: got.status < 400 or sight.problems.append(f"{got.status} {got.url}"))
    sight.on("requestfinished", lambda asked: sight.weights.append(asked.sizes()["responseBodySize"]))
    sight.goto(f"{address}/{path}")
    return sight


@pytest.fixture
def site(open_page, address):
    opened = []

    def open_one(path, **context):
        opened.append(open_at(open_page, address, path, **context))
        return opened[-1]

    yield open_one
    for sight in opened:
        assert sight.problems == [] and sight.console_errors() == []


def until(sight, truth, **arg):
    """Wait until something is so, asking again and again: a page's policy lets nobody wait within it."""
    while not sight.evaluate(truth, **arg):
        sight.wait_for_timeout(20)


def see_all(sight):
    """Unfold everything and read it, until all that can be alive is."""
    sight.evaluate(UNFOLD)
    sight.evaluate(READ)
    until(sight, ALL_AWAKE)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_asks_nobody_else(site, path, width):
    sight = site(path, viewport={"width": width, "height": 900})
    sight.evaluate(SHIFTS)
    sight.evaluate(READ)
    assert sight.evaluate("() => window.shifted") < MOST_SHIFT
    see_all(sight)
    assert sight.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert sum(sight.weights) < HEAVIEST


def test_every_chapter_is_a_page_with_all_that_its_cells_have_shown():
    for chapter in CHAPTERS:
        cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
        shown = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
        html = (BUILT / f"{chapter.stem}.html").read_text(encoding="utf-8")
        assert html.count('<figure class="live') == sum(STATE in data for data in shown)
        pictures = sum("".join(data.get("text/html", "")).count("data:image/png") for data in shown)
        assert html.count("_static/stills/") == pictures
        assert (BUILT / "notebooks" / chapter.name).read_bytes() == chapter.read_bytes()


def test_links_within_the_site_lead_somewhere():
    pages = {path: (BUILT / path).read_text(encoding="utf-8") for path in PAGES}
    for path, html in pages.items():
        for link in re.findall(r'(?:href|src)="([^"]+)"', html):
            if not re.match(r"https?:|data:|#|mailto:", link) and not link.startswith("lite/"):
                file, _, anchor = link.partition("#")
                target = (BUILT / path).parent / re.sub(r"\?.*", "", file)
                assert target.exists(), (path, link)
                if anchor and target.name != "explorers.html":
                    assert f'id="{anchor}"' in target.read_text(encoding="utf-8"), (path, link)


# ---- explorers


def kinds():
    return re.findall(r'<section class="alone" id="(\w+)">', (BUILT / "explorers.html").read_text(encoding="utf-8"))


class Alone(Shown):
    """The one explorer that the page of all of them shows."""

    def __init__(self, page):
        super().__init__(page)
        until(page, ALL_AWAKE)

    def code(self):
        self.settle()
        return self.root.locator("pre").text_content()

    def link(self):
        """The link, once it is written: after the hand has rested. LINKS must have been there before the hand moved."""
        until(self.page, "() => linked")
        return self.page.url.partition("#")[2]

    def controls(self):
        """All that can be set."""
        self.more()
        return self.root.locator(
            "input[type=range]:enabled, .segments:has(:checked) input:enabled:not(:checked), select, .check input"
        )

    def turn(self, control):
        """Set a control to something else."""
        kind = control.evaluate("node => node.type")
        if kind == "range":
            control.press("ArrowRight")
            control.press("ArrowRight") if control.input_value() == control.get_attribute("min") else None
        elif kind == "select-one":
            control.evaluate("""node => {
                const other = [...node.options].find(each => !each.selected && !each.disabled);
                if (!other) return;
                node.value = other.value;
                node.dispatchEvent(new Event("change", { bubbles: true }));
            }""")
        else:
            control.evaluate("node => node.click()")
        self.settle()


def at(sight, kind, query=""):
    """Show an explorer by its link, as a learner does who pastes it."""
    sight.evaluate("hash => { location.hash = hash; }", f"{kind}{query and '?'}{query}")
    until(sight, "id => document.getElementById(id)?.hidden === false", arg=kind)
    return Alone(sight)


@pytest.mark.parametrize("kind", kinds())
def test_a_link_leads_to_each_setting_and_back(site, kind):
    there, back = site(f"explorers.html#{kind}"), site("explorers.html")
    explorer = Alone(there)
    there.evaluate(LINKS)
    seen = set()
    for i in range(explorer.controls().count()):
        if i < explorer.controls().count():
            explorer.turn(explorer.controls().nth(i))
        link = explorer.link()
        query = link.partition("?")[2]
        again = at(back, kind, query)
        assert again.code() == explorer.code(), link
        seen.add(query)
        at(back, "convolution" if kind != "convolution" else "pooling")
    assert any(seen)


@pytest.mark.parametrize("kind", kinds())
def test_what_a_link_must_not_ask_for_is_refused_in_words(site, kind):
    sight = site(f"explorers.html#{kind}")
    usual = Alone(sight).code()
    settings = sight.evaluate("""() => Object.keys(JSON.parse(
        document.querySelector(".alone:not([hidden]) script").textContent)._said.settings)""")
    hostile = ["999", "-1", "1e308", "[]", "[[[[]]]]", "{}", "<img src=x onerror=alert(1)>", "__proto__"]
    for name in [*settings, "__proto__", "<img src=x onerror=alert(1)>"]:
        for value in hostile:
            explorer = at(sight, kind, urlencode({name: value}))
            refused = explorer.root.locator(".refused").count() or sight.locator("#told").inner_text()
            assert explorer.code() == usual or not refused, (name, value)
    assert sight.locator("article img[src=x]").count() == 0
    assert explorer.root.locator("img").count() == 0


# What each explorer's own tests take for true: what it shows is what NumPy computes for its settings.
TRUE = {
    "convolution": test_convolution.Convolution,
    "feature_maps": test_feature_maps.FeatureMaps,
    "inception": test_inception.Shown,
    "mixer": test_mixer.ShownMixer,
    "network": test_network.Network,
    "pooling": test_explorer_pooling.Pooling,
    "receptive": test_explorer_receptive.Receptive,
    "sharing": None,
    "shift": test_shift.Shown,
}


@pytest.mark.parametrize("kind", kinds())
def test_an_explorer_that_is_driven_shows_what_numpy_computes(site, kind):
    sight = site(f"explorers.html#{kind}")
    explorer, turned = Alone(sight), 0
    for i in range(MOST_TURNED):
        if i < explorer.controls().count():
            explorer.turn(explorer.controls().nth(i))
            turned += 1
        if TRUE[kind] is None:
            sharing_is_true(sight, explorer)
        else:
            TRUE[kind](sight).is_true()
    assert turned


def sharing_is_true(sight, explorer):
    """This one has matrices of a chapter's, which no code that it shows could name."""
    state = json.loads(sight.evaluate("() => document.querySelector('.alone:not([hidden]) script').textContent"))
    weights = {
        int(name): np.frombuffer(base64.b64decode(each["data"]["base64"]), "<f4").reshape(each["shape"])
        for name, each in state["_options"]["weights"].items()
    }
    made = convscope.SharingExplorer(weights, int(re.search(r'examples="(\d+)"', explorer.code() + 'examples="8"')[1]))
    for which, panel in zip(("input", "output"), made.state.panels, strict=True):
        assert colours_agree(explorer, which, panel.values, panel.scale)


def test_what_is_out_of_sight_is_gone(site):
    sight = site("explorers.html")
    for kind in kinds():
        at(sight, kind)
        assert sight.locator(".explorer").count() == 1
    sight.set_viewport_size({"width": 700, "height": 900})  # nothing that is gone hears of it


# ---- pages


@pytest.mark.parametrize("path", [f"{chapter.stem}.html" for chapter in CHAPTERS])
def test_questions_take_a_guess_and_open_what_came_out(site, path):
    sight = site(path)
    see_all(sight)
    sight.evaluate(
        "() => document.querySelectorAll('article details[data-question]').forEach(each => (each.open = false))"
    )
    for question in sight.locator(".live.question").all():
        if question.get_by_role("radio").count():
            question.get_by_role("radio").first.check()
        else:
            low = re.search(r"[\d,.]+", question.locator(".number .note").inner_text() or "1")
            question.get_by_role("textbox").fill(low[0] if low else "1")
        question.get_by_role("button", name="lock in").click()
        assert question.locator(".refusal").inner_text() == ""
        name = json.loads(question.locator("script").text_content())["_asked"]["id"]
        folds = sight.locator(f"details[data-question='{name}']")
        assert question.locator(".verdict").count() or folds.count()
        assert folds.evaluate_all("all => all.every(each => each.open)")


def test_explorers_follow_the_theme(site):
    sight = site("index.html", color_scheme="light")
    until(sight, ALL_AWAKE)
    dark = "() => document.querySelector('.live > div:last-child').shadowRoot.querySelector('.dark') !== null"
    assert not sight.evaluate(dark)
    for _ in range(2):  # by way of light, or of dark
        sight.locator(".theme-toggle:visible").click()
        seen = sight.evaluate("() => document.body.dataset.theme")
        until(sight, f"() => ({dark})() === {str(seen == 'dark').lower()}")


def test_the_search_finds_a_chapter(site):
    sight = site("search.html?q=dilation")
    sight.get_by_role("link", name="Choose stride and padding").first.wait_for()


@pytest.mark.parametrize("context", [{"java_script_enabled": False}, {}])
def test_still_pictures_stay_without_scripts_and_on_paper(site, context):
    sight = site("05-pooling.html", **context)
    if not context:
        see_all(sight)
        sight.emulate_media(media="print")
    stills = sight.locator(".live > .still")
    for still in stills.all():
        if still.locator("xpath=ancestor::details").count() == 0:
            assert still.is_visible()
    assert sight.locator(".explorer:visible").count() == 0
