"""From a slider's step to changed pixels: the explorer against interactive_output with plt.show(), in one page.

Both do the same work, a convolution of the kitten whose kernel size the slider sets, drawn beside its input and
kernel. A step is timed in the browser, from the key's event to the first frame that shows other pixels.
"""

import sys
import tempfile
from pathlib import Path
from statistics import median

from paired import verdict

ROOT = Path(__file__).parent.parent
sys.path += [str(ROOT / "tools"), str(ROOT / "tests" / "browser")]

STEPS, TARGET = 15, 1 / 3

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

# What the page shows, as a string: the picture of the usual way, or points of the explorer's output canvas.
SEEN = {
    "usual": """() => {
        const picture = document.querySelector('.jp-OutputArea img');
        return picture?.complete ? picture.src : null;
    }""",
    "kernel size": """() => {
        const canvas = [...document.querySelectorAll('.convscope-canvas')].at(-1);
        return canvas.getContext('2d').getImageData(0, canvas.height / 2, canvas.width, 1).data.join();
    }""",
}
WATCH = """([key, seen]) => new Promise(done => {
    const look = eval(seen), before = look();
    let start;
    addEventListener('keydown', () => { start = performance.now() }, {capture: true, once: true});
    const frame = now => {
        const after = look();
        if (start && after && after !== before) done(performance.now() - start); else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    window.watching = true;
})"""


def step(page, label, key):
    """Milliseconds from the key to changed pixels."""
    page.evaluate("() => { window.watching = false }")
    handle = page.locator(".widget-slider", has_text=label).first.locator(".noUi-handle")
    handle.focus()
    page.evaluate(f"() => {{ window.step = ({WATCH})(['{key}', `{SEEN[label]}`]) }}")
    page.wait_for_function("() => window.watching")
    page.keyboard.press(key)
    taken = page.evaluate("() => window.step")
    page.wait_for_timeout(150)  # let the page come to rest
    return taken


def main():
    from playwright.sync_api import sync_playwright

    import browser
    from conftest import Lab

    chromium = browser.find()  # it starts a Playwright of its own
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder), playwright.chromium.launch(executable_path=chromium, args=browser.FLAGS))
        try:
            notebook = lab.scratch(USUAL_WAY, EXPLORER, height=2200)
            notebook.run_all()
            notebook.locator(".convscope-canvas").first.wait_for()
            notebook.wait_for_timeout(2000)
            keys = ["ArrowRight", "ArrowLeft"] * STEPS
            times = [(step(notebook.page, "kernel size", key), step(notebook.page, "usual", key)) for key in keys]
        finally:
            lab.stop()
    ours, usual = (median(column) for column in zip(*times, strict=True))
    print("\nSlider step to changed pixels in JupyterLab, medians of", len(times), "steps each, in turn")
    print(f"interactive_output and plt.show() take {usual / ours:.1f} times as long as the explorer")
    verdict("slider step against interactive_output", median(a / b for a, b in times), round(TARGET, 2))


if __name__ == "__main__":
    main()
