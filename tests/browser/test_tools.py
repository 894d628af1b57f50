"""The frame of every explorer: what has focus or is chosen is seen; the whole screen, its code, its picture."""

import io
from functools import partial

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from shown import PALETTE, Shown

from convscope import ChannelMixer, PoolingExplorer, ShiftExplorer
from telling import EVERY, WITH_STATE

REFUSED = """() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
    Element.prototype.requestFullscreen = () => Promise.reject(new TypeError("refused"));
}"""

OFTEN = ("inception", "mixer", "network", "training")  # which have most of their own
ANY = [pytest.param(make, id=name, marks=() if name in OFTEN else pytest.mark.thorough) for name, make in EVERY.items()]


@pytest.fixture
def pages(open_explorer):
    return partial(open_explorer, Shown)


@pytest.mark.parametrize(
    ("explorer", "code"),
    [
        (PoolingExplorer(), "PoolingExplorer()"),
        (PoolingExplorer("kitten", size=(2, 3)), 'PoolingExplorer(image="kitten", size=(2, 3))'),
        (ChannelMixer(weights=[[1, 0, -1]]), "ChannelMixer(weights=[[1, 0, -1]])"),
        (ShiftExplorer(layer="dense"), 'ShiftExplorer(layer="dense")'),
    ],
)
def test_the_call_is_copied_with_what_is_not_as_usual(pages, explorer, code):
    shown = pages(explorer, permissions=["clipboard-read", "clipboard-write"])
    shown.button("copy code").click()
    shown.button("copied").wait_for()
    assert shown.page.evaluate("() => navigator.clipboard.readText()") == code


def test_where_there_is_no_clipboard_the_code_is_shown_selected(pages):
    shown = pages(PoolingExplorer(stride=3))
    shown.page.evaluate(REFUSED)
    shown.button("copy code").click()
    expect(shown.root.locator("pre")).to_be_visible()
    assert shown.page.evaluate("() => String(getSelection())") == "PoolingExplorer(stride=3)"


def test_an_explorer_fills_the_screen_and_comes_back(pages):
    shown = pages(PoolingExplorer(), width=1400)
    before = shown.canvas(0).bounding_box()["width"]
    shown.button("full screen").click()
    shown.page.wait_for_function("() => document.fullscreenElement")
    assert shown.settle().canvas(0).bounding_box()["width"] > before
    assert shown.overflow() <= 0
    shown.button("full screen").click()
    shown.page.wait_for_function("() => !document.fullscreenElement")
    shown.page.evaluate(REFUSED)
    shown.button("full screen").click()
    expect(shown.root.get_by_role("alert")).to_contain_text("does not let an explorer have the whole screen")


@pytest.mark.parametrize("make", ANY)
def test_its_picture_is_saved_as_it_is_seen(pages, make):
    shown = pages(make(), theme="dark")
    stage = shown.root.locator(".stage")
    with shown.page.expect_download() as download:
        shown.button("save picture").click()
    assert download.value.suggested_filename == f"{type(make()).__name__}.png"
    saved = Image.open(download.value.path()).convert("RGB")
    box = stage.bounding_box()
    assert saved.width >= 2 * box["width"] and saved.height >= 2 * box["height"]
    seen = Image.open(io.BytesIO(stage.screenshot())).convert("RGB").resize((60, 40))
    edges = shown.root.evaluate(
        """root => {
            const [inner, outer] = [root.querySelector(".stage"), root].map((node) => node.getBoundingClientRect());
            return [inner.x - outer.x, inner.y - outer.y].map((each) => Math.round(2 * each));
        }"""
    )
    part = saved.crop((*edges, edges[0] + round(2 * box["width"]), edges[1] + round(2 * box["height"])))
    apart = abs(np.asarray(part.resize((60, 40)), float) - np.asarray(seen, float))
    assert apart.mean() < 12, apart.mean()
    if make not in WITH_STATE.values():
        return  # it has no marks
    gold = np.array([int(PALETTE["dark"]["gold"][i : i + 2], 16) for i in (1, 3, 5)])
    assert (abs(np.asarray(saved, int) - gold).max(axis=-1) < 12).sum() > 20


@pytest.mark.parametrize("make", ANY)
def test_high_contrast_tells_what_is_chosen(pages, make):
    shown = pages(make(), forced_colors="active")
    shown.more()
    outline = "all => all.map((each) => getComputedStyle(each).outlineStyle)"
    for group in shown.root.locator("[role=radiogroup]:visible").all():
        chosen = group.locator("label:has(:checked)")
        assert set(chosen.evaluate_all(outline)) <= {"solid"}
        assert set(group.locator("label:not(:has(:checked))").evaluate_all(outline)) <= {"none"}
