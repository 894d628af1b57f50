"""Draw every picture in images/ again: those of the notes by Matplotlib, the README's by a browser."""

import io
import sys

from environment import ROOT, enter

PORTRAIT = ROOT / "images" / "explorer.png"
WIDTH, SHARP = 950, 2  # CSS pixels that a notebook's cell has, and dots for each
COLOURS = 256


def portrait(chromium) -> bytes:
    """The convolution explorer as people see it, as a PNG file; chromium: Playwright's browser."""
    from PIL import Image

    from convscope import ConvolutionExplorer

    margins = 32
    page = chromium.new_page(viewport={"width": WIDTH + margins, "height": 1000}, device_scale_factor=SHARP)
    page.set_content(ConvolutionExplorer("kitten", "Sobel x", stride=2).page())
    page.locator(".explorer .written :first-child").wait_for()
    picture = Image.open(io.BytesIO(page.locator(".explorer").screenshot())).convert("RGB")
    page.close()
    small = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "png", optimize=True)
    return small.getvalue()


def main():
    from playwright.sync_api import sync_playwright

    import browser
    from convscope import figures

    figures.main(ROOT / "images")
    path = browser.find()  # it starts a Playwright of its own
    if path is None:
        sys.exit(f"No Chromium starts here: {PORTRAIT.name} stays as it is. `make test` finds or installs one.")
    with sync_playwright() as playwright:
        PORTRAIT.write_bytes(portrait(playwright.chromium.launch(executable_path=path, args=browser.FLAGS)))
    print(PORTRAIT)


if __name__ == "__main__":
    enter("test")
    main()
