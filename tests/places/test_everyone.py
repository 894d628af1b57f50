"""Every explorer is for everyone: by keyboard alone, by ear, by finger; and it goes when it is told to."""

import io
import re
from functools import partial
from importlib.resources import files

import numpy as np
import pytest
from anywidget import AnyWidget
from PIL import Image
from shown import PALETTE, Shown, opened_at

import convscope
from browsing import bring_to_life
from convscope import ConvolutionExplorer, Predict, ShiftExplorer
from convscope.explore.modules import joined
from telling import EVERY, WITH_STATE

every = pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)
every_with_state = pytest.mark.parametrize("make", WITH_STATE.values(), ids=WITH_STATE)


@pytest.fixture
def pages(open_explorer):
    return partial(open_explorer, Shown)


def test_every_explorer_is_among_those_that_are_tested():
    public = {name for name in convscope.__all__ if isinstance(getattr(convscope, name), type)}
    views = {name for name in public if issubclass(getattr(convscope, name), AnyWidget)}
    assert {type(make()).__name__ for make in EVERY.values()} == views - {"Predict"}


# ---- by eye

CONTRAST = """async (module) => {
    const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
    const { css, ink_on, tinted_cell } = await import(url);
    const pairs = [], steps = Array.from({ length: 1001 }, (_, i) => i / 500 - 1);
    for (const theme of ["light", "dark"]) {
        for (const scale of [["grey", -1, 1], ["ink", -1, 1], ["signed", -1, 1]]) {
            for (const value of steps) pairs.push([css(value, scale, theme), ink_on(value, scale, theme)]);
        }
    }
    for (const channel of [0, 1, 2]) {
        for (const value of steps) {
            const cell = document.createElement("div");
            tinted_cell(cell, channel, value);
            pairs.push([cell.style.backgroundColor, cell.style.color]);
        }
    }
    return pairs;
}"""
# Words and what they stand on, as the style sheets have them.
WORDS = {
    "ink": ["ground", "raised", "accent-wash", "gold-wash", "hatch-ground", "hatch"],
    "quiet": ["ground", "raised", "gold-wash", "accent-wash"],
    "accent": ["ground", "raised"],
    "refusal": ["ground"],
    "ground": ["quiet"],
}
LINES = {"strong-line": ["ground"], "accent": ["ground", "accent-wash"], "gold": ["gold-edge"], "back": ["ground"]}


def contrast(*colours):
    """By WCAG 2: from 1 to 21."""

    def luminance(colour):
        parts = re.findall(r"\d+", colour) if "(" in colour else [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        light = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in np.array(parts, int) / 255
        ]
        return np.dot([0.2126, 0.7152, 0.0722], light)

    low, high = sorted(map(luminance, colours))
    return (high + 0.05) / (low + 0.05)


def test_every_digit_can_be_read_on_every_colour_of_a_cell(open_page):
    pairs = open_page().evaluate(CONTRAST, joined("view/draw/colours.js"))
    assert len(pairs) > 9000 and min(contrast(*pair) for pair in pairs) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_and_lines_seen_on_what_they_stand_on(theme):
    colours = PALETTE[theme]
    for least, table in [(4.5, WORDS), (3, LINES)]:
        found = {(name, on): contrast(colours[name], colours[on]) for name, all_ in table.items() for on in all_}
        assert {pair: each for pair, each in found.items() if each < least} == {}


def test_no_colour_lies_over_a_digit_that_is_read(pages):
    shown = pages(ConvolutionExplorer("numbers", dilation=2))
    shown.hover("input", 5, 5)
    filled = shown.root.locator(".marks path[fill-opacity]:not([fill=none])")
    assert filled.count() == 0


# ---- by keyboard

STOPS = """root => [
        ...root.querySelectorAll("select, button, input, summary, canvas[tabindex='0'], [role=spinbutton]"),
    ].filter((each) => each.getClientRects().length && !each.disabled)"""
FOCUSED = """root => {
    const node = root.getRootNode().activeElement, rings = [node, node?.closest("label"), node?.closest(".plot")];
    const is_ring = ({ outlineStyle, outlineWidth }) => `${outlineStyle} ${outlineWidth}` === "solid 3px";
    if (node && !rings.filter(Boolean).some((each) => is_ring(getComputedStyle(each)))) throw new Error(node.outerHTML);
    return node;
}"""
NAME = """node => [node.type, node.closest("[role=radiogroup]"), node.closest("label"), node]
    .map((each) => each?.ariaLabel ?? each?.textContent ?? each).join()"""
SAME = "([one, other]) => one === other"
SEEN = "root => root.querySelector('.words').textContent + root.querySelector('.marks')?.innerHTML"


@every
def test_keys_alone_reach_every_control_and_every_number_and_a_ring_is_where_they_are(pages, make):
    shown = pages(make())
    shown.more()
    press, reached = shown.keyboard.press, set()

    def focused():
        found = shown.root.evaluate_handle(FOCUSED)
        if found.as_element():
            reached.add(found.evaluate(NAME))
        return found

    def enter():
        shown.root.locator(".stage").evaluate("stage => (stage.tabIndex = -1, stage.focus())")
        press("Tab")

    def moves(key):
        """Whether a key leads on to something else."""
        before = focused()
        press(key)
        return not shown.page.evaluate(SAME, [before, focused()])

    enter()
    while found := focused().as_element():
        kind = found.evaluate("node => node.type || node.getAttribute('role') || node.localName")
        if kind == "radio":  # others of its group are an arrow away, and after the last comes the first
            press("ArrowDown")
            while not shown.page.evaluate(SAME, [found, focused()]):
                press("ArrowDown")
        elif kind == "spinbutton":
            while True:
                for way in ("ArrowRight", "ArrowLeft"):
                    while moves(way):
                        pass
                if not moves("ArrowDown"):
                    break
        elif kind == "application":
            seen = set()
            for way in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"):
                press(way)
                seen.add(shown.settle().root.locator(".stage").inner_html())
            assert len(seen) > 1, found.evaluate("node => node.ariaLabel")
        elif found.evaluate("node => Boolean(node.closest('.answers'))"):  # other classes are an arrow away
            for way in ("ArrowUp", "ArrowDown"):
                while moves(way):
                    pass
            found.evaluate("node => node.focus()")
        press("Tab")
    enter()  # once more, for *undo* and what else there is to do only now
    while focused().as_element():
        press("Tab")
    assert set(shown.root.evaluate(f"root => ({STOPS})(root).map({NAME})")) <= reached


# ---- by ear

NAMED = {"button", "combobox", "slider", "radio", "checkbox", "spinbutton", "textbox", "application", "image"}


def heard(shown):
    """What a screen reader finds of an explorer: {role: names}."""
    nodes = shown.page.context.new_cdp_session(shown.page).send("Accessibility.getFullAXTree")["nodes"]
    found = {}
    for node in nodes:
        if not node["ignored"]:
            found.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
    return found


@every
def test_whatever_can_be_used_or_seen_has_a_name(pages, make):
    shown = pages(make())
    shown.more()
    found = heard(shown)
    assert {role: names for role, names in found.items() if role in NAMED and not all(names)} == {}
    for name in found["application"] if "application" in found else []:
        assert name.endswith(".") and any(word in name for word in (" from ", " all ", "in colour")), name
    labels = {name for role in ("combobox", "slider", "radiogroup") for name in found.get(role, [])}
    assert labels.isdisjoint(found["StaticText"]) or shown.root.locator("label.row").count()
    assert found["status"] == [""] and "banner" not in found


@every_with_state
def test_what_keys_do_is_read_aloud_once_when_the_hand_rests(pages, make):
    shown = pages(make())
    shown.root.evaluate(
        """root => {
            window.said = [];
            const live = root.querySelectorAll("[role=status], [role=alert], [aria-live]");
            for (const node of live) {
                const observer = new MutationObserver(() => said.push(node.textContent));
                observer.observe(node, { childList: true });
            }
        }"""
    )
    shown.root.locator("canvas[tabindex='0']:not(.pad canvas), input[type=range]").first.evaluate(
        """node => {
            node.focus();
            for (let i = 0; i < 3; i++) {
                if (node.localName === "canvas") node.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp" }));
                else (node.stepDown(), node.dispatchEvent(new Event("input")));
            }
        }"""
    )
    shown.page.wait_for_function("() => said.length")
    words = shown.root.locator(".words > *").all_inner_texts()
    said = shown.page.evaluate("() => said")
    assert len(said) == 1 and all(word in said[0] for word in words) and ".." not in said[0]


# ---- by finger


class Fingers:
    """Fingers on a page, each where it is told to be."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)

    def touch(self, kind, *points):
        places = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})


@every
def test_a_finger_scrolls_the_page_over_whatever_is_drawn_and_changes_nothing(pages, make):
    shown = pages(make(), width=390, height=600, has_touch=True)
    shown.page.evaluate("() => (document.body.style.paddingBottom = '800px')")
    fingers, before = Fingers(shown.page), shown.root.evaluate(SEEN)
    for drawn in shown.root.locator(".frame canvas:not(.pad canvas):visible, .plot:visible").all():  # on a pad it draws
        drawn.scroll_into_view_if_needed()
        box, at = drawn.bounding_box(), shown.page.evaluate("() => scrollY")
        x, y = box["x"] + box["width"] / 3, box["y"] + box["height"] / 2
        fingers.touch("touchStart", (x, y))
        for step in range(1, 9):
            fingers.touch("touchMove", (x + step % 2, y - 10 * step))
        fingers.touch("touchEnd")
        shown.page.wait_for_function("at => scrollY > at + 40", arg=at)
        assert shown.settle().root.evaluate(SEEN) == before
    assert shown.root.get_by_role("button", name="undo", disabled=False).count() == 0


def test_a_second_finger_is_no_part_of_a_drag(pages):
    shown = pages(ShiftExplorer(), width=700, has_touch=True)
    box, fingers = shown.canvas(0).bounding_box(), Fingers(shown.page)
    x, y, cell = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] / 48
    fingers.touch("touchStart", (x, y))
    for step in range(1, 5):
        fingers.touch("touchMove", (x + step * cell, y))
    other = (x + 9 * cell, y - 9 * cell)
    fingers.touch("touchStart", (x + 4 * cell, y), other)
    fingers.touch("touchMove", (x + 4 * cell, y), (other[0] - 20, other[1]))
    fingers.touch("touchMove", (x + 5 * cell, y), (other[0] - 40, other[1]))
    assert shown.settle().expected().shift == (0, 5)
    fingers.touch("touchMove", (x + 5 * cell, y))  # the second one is lifted
    fingers.touch("touchMove", (x + 6 * cell, y + 2 * cell))
    fingers.touch("touchEnd")
    assert shown.settle().expected().shift == (2, 6)
    shown.button("undo").tap()
    assert shown.expected().shift == (0, 0)


# ---- it leaves when it is told

COUNTED = """() => {
    window.left = { frames: new Set(), observers: new Set(), listeners: 0 };
    const [ask, forget] = [window.requestAnimationFrame, window.cancelAnimationFrame];
    window.requestAnimationFrame = (act) => {
        const id = ask((now) => (left.frames.delete(id), act(now)));
        left.frames.add(id);
        return id;
    };
    window.cancelAnimationFrame = (id) => (left.frames.delete(id), forget(id));
    for (const name of ["ResizeObserver", "MutationObserver"]) {
        window[name] = class extends window[name] {
            observe(...all) { left.observers.add(this); super.observe(...all); }
            disconnect() { left.observers.delete(this); super.disconnect(); }
        };
    }
    const outlives = (node) => node === window || node === document || node instanceof MediaQueryList;
    for (const [name, by] of [["addEventListener", 1], ["removeEventListener", -1]]) {
        const real = EventTarget.prototype[name];
        EventTarget.prototype[name] = function (...all) {
            if (outlives(this)) left.listeners += by;
            return real.apply(this, all);
        };
    }
}"""
TAKEN_AWAY = """async ([module, text]) => {
    const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
    const { default: view, mount, revived } = await import(url);
    const frame = () => new Promise((done) => setTimeout(done, 30));
    for (let i = 0; i < 2; i++) {
        const el = document.body.appendChild(document.createElement("div"));
        const end = mount(view.render, el, revived(text));
        await frame();
        const root = el.firstChild.shadowRoot;
        root.querySelector(".go, .tools button:nth-child(2)").click(); // it plays, if it can
        root.querySelector("canvas, input")?.focus();
        await frame();
        end();
        if (el.childElementCount) throw new Error("something is left on the page");
    }
    await frame();
    return { frames: left.frames.size, observers: left.observers.size, listeners: left.listeners };
}"""


@every
def test_taken_away_while_it_plays_it_leaves_no_frame_no_observer_and_no_listener(open_page, make):
    page = open_page()
    page.add_init_script(f"({COUNTED})()")
    page.goto("about:blank")
    explorer = make()
    [state] = re.findall(r'id="state">(.*?)</script>', explorer.page())
    assert page.evaluate(TAKEN_AWAY, [explorer._esm, state]) == {"frames": 0, "observers": 0, "listeners": 0}
    assert page.console_errors() == []


@every
def test_hidden_it_draws_nothing_and_shown_again_it_is_whole_and_so_it_is_on_paper(pages, make):
    shown = pages(make())
    shown.page.evaluate("() => (document.getElementById('explorer').style.display = 'none')")
    shown.settle()
    shown.page.emulate_media(color_scheme="dark")
    shown.settle()
    shown.page.evaluate("() => (document.getElementById('explorer').style.display = '')")
    shown.settle()
    assert "dark" in shown.root.get_attribute("class").split() and shown.overflow() <= 0
    sizes = "all => all.map((each) => [each.width, each.clientWidth])"
    assert all(real >= seen > 0 for real, seen in shown.root.locator(".frame canvas:visible").evaluate_all(sizes))
    shown.page.emulate_media(media="print")
    assert shown.settle().overflow() <= 0


def test_a_theme_or_a_width_that_changes_in_a_drag_leaves_the_drag(pages):
    shown = pages(ConvolutionExplorer("numbers"))
    cell = shown.root.locator(".blue .cell").nth(4)
    box = cell.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    shown.mouse.move(x, y)
    shown.mouse.down()
    shown.mouse.move(x, y - 8)
    shown.page.emulate_media(color_scheme="dark")
    shown.settle()
    shown.mouse.move(x, y - 16)
    shown.page.set_viewport_size({"width": 760, "height": 900})
    shown.settle()
    shown.mouse.move(x, y - 24)
    shown.mouse.up()
    assert cell.inner_text() == "0.6"  # six steps of a tenth
    shown.button("undo").click()
    assert shown.settle().root.locator(".blue .cell").nth(4).inner_text() == "0"
    assert shown.button("undo").is_disabled()


# ---- words of others stay words

SINKS = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "createContextualFragment"]
SINKS += ["eval(", "new Function", "srcdoc", "setHTMLUnsafe"]
MARKUP = "<img src=x onerror='window.hurt = 1'>"


def test_no_view_makes_markup_of_text():
    sources = [each for each in files("convscope").joinpath("explore").rglob("*.js")]
    assert len(sources) > 30
    assert [(each.name, sink) for each in sources for sink in SINKS if sink in each.read_text(encoding="utf-8")] == []


@every_with_state
def test_a_link_that_holds_markup_shows_it_as_text_or_not_at_all(open_explorer, chromium, make):
    explorer = make()
    words = {name for name, value in explorer.state.settings.items() if isinstance(value, str)}
    for name in words or {"nothing"}:
        page = chromium.new_context().new_page()
        page.set_content(opened_at(explorer, **{name: MARKUP}).page())
        page.locator(".explorer").wait_for()
        assert page.locator("img").count() == 0 and page.evaluate("() => window.hurt") is None
        page.context.close()


def test_the_name_of_a_file_and_a_question_of_markup_are_text(pages, open_page):
    shown = pages(ConvolutionExplorer())
    stream = io.BytesIO()
    Image.new("L", (4, 4)).save(stream, "BMP")
    name = f"{MARKUP[:30]}.png".replace("/", "")
    shown.root.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": stream.getvalue()}
    )
    shown.root.get_by_role("alert").filter(has_text="<img").wait_for()
    assert shown.root.locator("img").count() == 0

    page = open_page()
    question = Predict(MARKUP, [MARKUP, f"`{MARKUP}`"], answer=MARKUP, why=MARKUP)
    bring_to_life(page, question)
    page.get_by_role("button", name="show me").click()
    assert page.locator(".why").inner_text() == MARKUP
    assert page.locator("img").count() == 0 and page.evaluate("() => window.hurt") is None
