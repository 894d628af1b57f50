"""From the pen to changed maps of all layers: NetworkExplorer in Chromium against the same maps drawn by matplotlib.

A step of the pen is timed in the browser, from the pointer's event to the end of the first frame in which the maps of
every layer have other pixels. In turn with it, the same network runs in Python and matplotlib shows its 25 images, in a
new figure as a cell does, and in one that is kept; what it takes to bring them to the page is not counted.
"""

import io
import math
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from paired import verdict
from slider import FRAME, TIMES, WATCH, summary  # it makes the tools importable, too

from convscope import NetworkExplorer
from convscope.explore.network.net.layers import outputs

STEPS, FRAMES = 60, 2  # of the pen; and in so many frames at most maps follow it
PAUSE = 100  # milliseconds

# Of each layer some pixels of its sheet of maps, as a string.
LOOK = """() => {
    const root = [...document.querySelectorAll("*")].find((node) => node.shadowRoot).shadowRoot;
    const some = (canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let sum = 0;
        for (let i = 0; i < data.length; i += 37) sum = (sum * 31 + data[i]) | 0;
        return sum;
    };
    const sheets = [...root.querySelectorAll(".layers canvas")], at = sheets.map(some);
    window.looks = { maps: () => {
        const now = sheets.map(some);
        return now.every((each, i) => each !== at[i]) ? (at.splice(0, at.length, ...now), now.join()) : at.join();
    } };
}"""


class Maps:
    """All maps of the network in a figure of matplotlib."""

    def __init__(self, state):
        self.state = state
        self._figure(np.zeros((1, 1, 28, 28), np.float32))

    def anew(self, x):
        """Milliseconds for these pixels, as a cell with plt.show() takes them: a new figure, as a PNG file."""
        start = time.perf_counter()
        self._figure(x).print_png(io.BytesIO())
        return 1000 * (time.perf_counter() - start)

    def kept(self, x):
        """The same in the figure that there is, which is only drawn."""
        start = time.perf_counter()
        for image, each in zip(self.images, self._maps(x), strict=True):
            image.set_data(each)
        self.canvas.draw()
        return 1000 * (time.perf_counter() - start)

    def _figure(self, x):
        shown = self._maps(x)
        figure = Figure(figsize=(9, 9))
        axes = figure.subplots(5, 5).ravel()
        for ax in axes:
            ax.axis("off")
        self.images = [ax.imshow(each, cmap="RdBu", vmin=-3, vmax=3) for ax, each in zip(axes, shown, strict=True)]
        self.canvas = FigureCanvasAgg(figure)
        return self.canvas

    def _maps(self, x):
        """The input and what four layers make of it: 25 images."""
        return [each for _, maps in outputs(self.state.model, self.state.stages, x)[:-2] for each in maps[0]]


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


def main():
    from playwright.sync_api import sync_playwright

    import browser

    explorer, rng, times = NetworkExplorer(), np.random.default_rng(0), []
    maps, path = Maps(explorer.state), browser.find()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path=path, args=browser.FLAGS)
        page, file = chromium.new_page(viewport={"width": 1160, "height": 900}), Path(folder) / "page.html"
        file.write_text(explorer.page(), encoding="utf-8")
        page.goto(file.as_uri())
        page.get_by_role("button", name="clear", exact=True).click()
        page.wait_for_timeout(1000)
        page.evaluate(LOOK)
        places = stroke(page.locator(".pad canvas").bounding_box())
        page.mouse.move(*next(places))
        page.mouse.down()
        for place in places:
            x = rng.random((1, 1, 28, 28), np.float32)
            times.append((pen(page, *place), maps.anew(x), maps.kept(x)))
    ours, anew, kept = zip(*times, strict=True)
    print(f"\nStep of the pen to changed maps of all layers, {len(times)} steps, in turn")
    print(f"explorer                       {summary(ours)}")
    print(f"matplotlib, figure made anew   {summary(anew)}")
    print(f"matplotlib, figure kept        {summary(kept)}")
    verdict(f"step of the pen, in frames of {FRAME} ms", median(ours) / FRAME, FRAMES, " frames")
    verdict("step of the pen against a new figure", median(a / b for a, b, _ in times), 1 / TIMES)


if __name__ == "__main__":
    main()
