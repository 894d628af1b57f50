"""From the pen to changed maps of all layers, in Chromium; and a slider that turns the drawing against matplotlib.

A step of the pen is timed in the browser, from the pointer's event to the end of the first frame in which the maps of
every layer have other pixels. How often the same maps are drawn by matplotlib, interactive_output and plt.show() is
seen in JupyterLab: there a slider turns the drawing, that of NetworkExplorer and that of the usual way in turn.
"""

import math
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from paired import verdict
from slider import FRAME, TIMES, USUAL, WATCH, step, summary  # it makes the tools importable, too

from convscope import NetworkExplorer

STEPS, FRAMES = 60, 2  # of the pen; and in so many frames at most maps follow it
PAUSE = 100  # milliseconds
TURNS = 20  # of the drawing

USUAL_WAY = """
import matplotlib.pyplot as plt
from ipywidgets import IntSlider, VBox, interactive_output
from convscope import datasets, models

network, digit = models.trained_digit_net(), datasets.digits()[0][0][:1]

def draw(turn):
    maps = [datasets.rotate(digit, turn)]
    for layer in network.layers:
        maps.append(layer(maps[-1]))
    figure, axes = plt.subplots(5, 5, figsize=(9, 9))
    for ax, picture in zip(axes.ravel(), [each for layer in (0, 1, 3, 4, 6) for each in maps[layer][0]]):
        ax.imshow(picture, cmap="RdBu", vmin=-3, vmax=3)
        ax.axis("off")
    plt.show()

turn = IntSlider(0, -180, 180, 15, description="usual")
VBox([turn, interactive_output(draw, {"turn": turn})])
"""

# Of each layer some pixels of its sheet of maps, as a string.
LOOK = """() => {
    const has_maps = (node) => node.shadowRoot?.querySelector(".layers");
    const root = [...document.querySelectorAll("*")].find(has_maps).shadowRoot;
    const some = (canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let sum = 0;
        for (let i = 0; i < data.length; i += 37) sum = (sum * 31 + data[i]) | 0;
        return sum;
    };
    const sheets = [...root.querySelectorAll(".layers canvas")], at = sheets.map(some);
    const maps = () => {
        const now = sheets.map(some);
        return now.every((each, i) => each !== at[i]) ? (at.splice(0, at.length, ...now), now.join()) : at.join();
    };
    window.looks = { maps, usual: USUAL };
}""".replace("USUAL", USUAL)


def pen(page, x, y):
    """Milliseconds from a move of the pen to changed maps of all layers."""
    page.evaluate(WATCH, ["maps", "pointermove"])
    page.mouse.move(x, y)
    page.wait_for_function("() => watch.first")
    taken = page.evaluate("() => watch.first - watch.event")
    page.wait_for_timeout(PAUSE)
    return taken


def stroke(box):
    """Places on a spiral: each step has new ink."""
    for i in range(STEPS):
        angle, radius = i / 5, 0.12 + 0.26 * i / STEPS
        x, y = 0.5 + radius * math.cos(angle), 0.5 + radius * math.sin(angle)
        yield box["x"] + x * box["width"], box["y"] + y * box["height"]


def draw(chromium, folder):
    """For each step of a stroke, milliseconds to changed maps."""
    page, file = chromium.new_page(viewport={"width": 1160, "height": 900}), folder / "page.html"
    file.write_text(NetworkExplorer().page(), encoding="utf-8")
    page.goto(file.as_uri())
    page.get_by_role("button", name="clear", exact=True).click()
    page.wait_for_timeout(1000)
    page.evaluate(LOOK)
    places = stroke(page.locator(".pad canvas").bounding_box())
    page.mouse.move(*next(places))
    page.mouse.down()
    return [pen(page, *place) for place in places]


def turn(chromium, folder):
    """For each step of the two sliders that turn the drawing, milliseconds to changed maps: ours, and theirs."""
    from browsing import Lab, patient_page

    lab = Lab(folder, partial(patient_page, chromium))
    try:
        notebook = lab.scratch(USUAL_WAY, "from convscope import NetworkExplorer\nNetworkExplorer()", height=2600)
        notebook.run_all()
        notebook.show(notebook.locator(".explorer"))
        page = notebook.page
        page.evaluate(LOOK)
        page.wait_for_function("() => looks.usual()")
        explorer = page.get_by_role("slider", name="turn", exact=True)
        usual = page.locator(".widget-slider .noUi-handle")
        keys = ["ArrowRight", "ArrowLeft"] * (TURNS // 2)
        return [(step(page, "maps", explorer, key), step(page, "usual", usual, key)) for key in keys]
    finally:
        lab.stop()


def main():
    from playwright.sync_api import sync_playwright

    import browser

    path = browser.find()  # it starts a Playwright of its own
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path=path, args=browser.FLAGS)
        times, turns = draw(chromium, Path(folder)), turn(chromium, Path(folder))
    ours, theirs = zip(*turns, strict=True)
    print(f"\nTo changed maps: {len(times)} steps of the pen; in JupyterLab {len(turns)} of each slider, in turn")
    print(f"step of the pen                            {summary(times)}")
    print(f"the explorer's slider                      {summary(ours)}")
    print(f"slider, interactive_output and plt.show()  {summary(theirs)}")
    verdict(f"step of the pen, in frames of {FRAME} ms", median(times) / FRAME, FRAMES, " frames")
    verdict("slider of the explorer against the usual one", median(a / b for a, b in turns), 1 / TIMES)


if __name__ == "__main__":
    main()
