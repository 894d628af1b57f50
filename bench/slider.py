"""From a slider's step to changed pixels: the explorer against interactive_output with plt.show(), in one page.

Both do the same work, a convolution of the kitten whose kernel size the slider sets, drawn beside its input and
kernel. A step is timed in the browser, from the key's event to the end of the first frame with other pixels. What the
explorer shows after a drag is compared with the library's number. Of the other explorers one slider each is timed.
"""

import re
import sys
import tempfile
from functools import partial
from math import isclose
from pathlib import Path
from statistics import median, quantiles

from paired import verdict

ROOT = Path(__file__).parent.parent
sys.path += [str(ROOT / each) for each in ("tools", "tests", "tests/browser")]

STEPS, DRAGGED = 20, 100
FRAME, TIMES = 20, 10  # a step takes a frame of so many milliseconds at most, or is so many times as fast
BUSY = 300  # milliseconds

USUAL_WAY = """
import matplotlib.pyplot as plt
from ipywidgets import IntSlider, VBox, interactive_output
from convscope import conv2d, datasets, kernels

image = datasets.kitten(96, grey=True)

def draw(kernel_size):
    kernel = kernels.preset("Gaussian", kernel_size)
    figure, axes = plt.subplots(1, 3, figsize=(9, 3.5))
    for ax, picture in zip(axes, [image, kernel, conv2d(image, kernel, padding="same")]):
        ax.imshow(picture, cmap="gray")
    plt.show()

size = IntSlider(3, 1, 11, description="usual")
VBox([size, interactive_output(draw, {"kernel_size": size})])
"""
EXPLORER = "from convscope import ConvolutionExplorer\nConvolutionExplorer(kernel='Gaussian')"
OTHERS = {  # and the slider that is timed
    "PoolingExplorer('kitten')": "window",
    "ChannelMixer()": "bias",
    "ReceptiveFieldExplorer()": "stride",
    "ShiftExplorer()": "stride",
    "FeatureMapsExplorer()": "kernel size",
    "InceptionDesigner()": "3×3",
    "SharingExplorer({n: np.random.default_rng(n).normal(size=(16, 16)) for n in (1, 2)})": "examples",
}

# The picture of the usual way, as a string.
USUAL = """() => {
    const picture = document.querySelector(".jp-OutputArea img[src^='data:image/png']");
    return picture?.complete ? picture.src : null;
}"""
# What the page shows, as a string: that picture; of the explorer points of its output, or of all.
LOOK = """() => {
    const root = [...document.querySelectorAll(".jp-OutputArea-output *")].find((node) => node.shadowRoot).shadowRoot;
    const points = (canvas) => canvas.getContext("2d").getImageData(0, canvas.height / 2, canvas.width, 1).data.join();
    window.looks = {
        explorer: () => points([...root.querySelectorAll("canvas")].at(-1)),
        all: () => [...root.querySelectorAll("canvas")].map(points) + root.querySelector(".plot")?.innerHTML,
        usual: USUAL,
    };
}""".replace("USUAL", USUAL)
# Keeps the time of the last event of that kind, of the first change of pixels that follows one, and of the last.
WATCH = """([name, kind]) => {
    const look = looks[name], watch = { event: 0, first: 0, last: 0 }, task = new MessageChannel();
    let before = look();
    addEventListener(kind, (event) => { watch.event = event.timeStamp }, { capture: true });
    task.port1.onmessage = () => {
        const now = performance.now(), after = look(); // the frame has ended: to look is no part of it
        if (after && after !== before) {
            watch.last = now;
            if (watch.event) watch.first ||= watch.last;
            before = after;
        }
        if (window.watch === watch) requestAnimationFrame(() => task.port2.postMessage(null));
    };
    window.watch = watch;
    requestAnimationFrame(() => task.port2.postMessage(null));
}"""
RESTED = "() => performance.now() - Math.max(watch.event, watch.last) > 1000"
SLEEP = """seconds => {
    const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
    kernel.requestExecute({ code: `import time; time.sleep(${seconds})` });
}"""


def step(page, name, handle, key, busy=0):
    """Milliseconds from the key to changed pixels, with a kernel that is busy for so many."""
    handle.focus()
    page.evaluate(WATCH, [name, "keydown"])
    if busy:
        page.evaluate(SLEEP, busy / 1000)
    page.keyboard.press(key)
    page.wait_for_function("() => watch.first")
    taken = page.evaluate("() => watch.first - watch.event")
    page.wait_for_timeout(max(150, 2 * busy))  # let the page come to rest
    return taken


def drag(notebook, name, track, grip):
    """Milliseconds from the last of a hundred moves to and fro until nothing changes any more."""
    page = notebook.page
    grip.hover()
    page.mouse.down()
    page.evaluate(WATCH, [name, "pointermove"])
    box = track.bounding_box()
    for i in range(DRAGGED + 1):
        share = (1 - abs(i % 20 - 10) / 10) if i < DRAGGED else 0.75
        page.mouse.move(box["x"] + (0.05 + 0.9 * share) * box["width"], box["y"] + box["height"] / 2)
    page.mouse.up()
    notebook.settle()  # a kernel that is behind goes on drawing
    page.wait_for_function(RESTED)
    return page.evaluate("() => watch.last - watch.event")


def check_shown(page):
    """Raise AssertionError where the marked number is not the library's for the settings on show."""
    from shown import Shown

    shown = Shown(page)
    output, total = shown.expected().output, shown.total()
    row, column = map(int, re.findall(r"\d+", shown.root.locator(".card .note").last.text_content()))
    assert isclose(total, output[row, column], rel_tol=6e-3, abs_tol=1e-6), f"stale: {total}, not {output[row, column]}"


def others(lab):
    """For each of the other explorers: its name, its slider, and milliseconds from a key to changed pictures."""
    for code, name in OTHERS.items():
        notebook = lab.scratch("import numpy as np\nfrom convscope import *", code, height=1200)
        notebook.run_all()
        notebook.show(notebook.locator(".explorer"))
        notebook.page.evaluate(LOOK)
        slider = notebook.page.get_by_role("slider", name=name, exact=True)
        times = [step(notebook.page, "all", slider, key) for key in ["ArrowRight", "ArrowLeft"] * (STEPS // 4)]
        lab.put_away(notebook, well=True)
        yield code.partition("(")[0], name, times


def summary(times):
    return f"median {median(times):.0f} ms, 95th percentile {quantiles(times, n=20)[-1]:.0f} ms"


def main():
    from playwright.sync_api import sync_playwright

    import browser
    from browsing import Lab, patient_page

    path = browser.find()  # it starts a Playwright of its own
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path=path, args=browser.FLAGS)
        lab = Lab(Path(folder), partial(patient_page, chromium))
        try:
            notebook = lab.scratch(USUAL_WAY, EXPLORER, height=2200)
            notebook.run_all()
            notebook.show(notebook.locator(".explorer"))
            page = notebook.page
            page.evaluate(LOOK)
            page.wait_for_function("() => looks.usual() && looks.explorer()")
            explorer = page.get_by_role("slider", name="kernel size", exact=True)
            usual = page.locator(".widget-slider .noUi-handle")
            keys = ["ArrowRight", "ArrowLeft"] * STEPS
            steps = [(step(page, "explorer", explorer, key), step(page, "usual", usual, key)) for key in keys]
            busy = [step(page, "explorer", explorer, key, BUSY) for key in keys[:STEPS]]
            ends = (
                drag(notebook, "explorer", explorer, explorer),
                drag(notebook, "usual", page.locator(".widget-slider .noUi-base"), usual),
            )
            check_shown(page)
            rest = list(others(lab))
        finally:
            lab.stop()
    ours, theirs = zip(*steps, strict=True)
    print(f"\nSlider step to changed pixels in JupyterLab, {len(steps)} steps each, in turn")
    print(f"explorer                          {summary(ours)}")
    print(f"interactive_output, plt.show()    {summary(theirs)}: {median(theirs) / median(ours):.1f} times as long")
    print(f"explorer, kernel busy for {BUSY} ms  {summary(busy)}")
    print(
        f"last change after a drag of {DRAGGED} steps: explorer {ends[0]:.0f} ms, interactive_output {ends[1]:.0f} ms"
    )
    print("\nOne step of a slider of the others, to changed pictures")
    for explorer, name, times in rest:
        print(f"{explorer:24} {name:12} {summary(times)}")
    share = median(a / b for a, b in steps)
    verdict(f"slider step, in frames of {FRAME} ms", median(ours) / FRAME, 1, " frames")
    verdict(f"or {TIMES} times as fast: slider step against interactive_output", share, 1 / TIMES)
    verdict(f"kernel busy for {BUSY} ms, in frames of {FRAME} ms", median(busy) / FRAME, 2, " frames")


if __name__ == "__main__":
    main()
