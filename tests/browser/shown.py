"""What tests of explorers share: an explorer on a page, as a person sees it, compared with NumPy's numbers."""

import json
import os
from functools import partial
from importlib.resources import files

import numpy as np
import pytest
from traitlets import Bunch

import convscope

PALETTE = json.loads((files("convscope.explore") / "view" / "draw" / "palette.json").read_text(encoding="utf-8"))
thorough = partial(pytest.param, marks=pytest.mark.thorough)  # a case that `make test` leaves out
SEEDS = [thorough(int(os.environ.get("MONKEY", 5)))]  # one walk, the same each time; in public another each time
SCREENS = [390, 950, *map(thorough, (320, 480, 600, 700, 760, 1280, 1600))]  # pixels of width
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
SETTLED = f"""async explorer => {{ do await ({FRAMES})(); while (explorer.ariaBusy === "true"); }}"""


class Shown:
    """An explorer on a page, as a person sees it."""

    WORDS = "p, .segments label, .check, h3, button"  # that must fit their places

    def __init__(self, page, nth=0):
        self.page = page
        self.root = page.locator(".explorer").nth(nth)
        self.root.wait_for()
        self.keyboard, self.mouse = page.keyboard, page.mouse

    def slider(self, name):
        return self.root.get_by_role("slider", name=name, exact=True)

    def choose(self, name, value):
        self.root.get_by_role("combobox", name=name, exact=True).select_option(label=value)

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def radio(self, name):
        return self.root.get_by_role("radio", name=name, exact=True)

    def more(self):
        if self.root.locator("details").get_attribute("open") is None:
            self.root.locator("summary").click()

    def settle(self):
        self.root.evaluate(SETTLED)
        return self

    def text(self, part):
        self.settle()
        return self.root.locator(part).first.inner_text()

    def canvas(self, which):
        """A picture's canvas: "input", "output", or its number among all."""
        return self.root.locator("canvas").nth({"input": 0, "output": 1}.get(which, which))

    def note(self, which):
        return self.root.locator(".picture .note").nth({"input": 0, "output": 1}[which]).inner_text()

    def size(self, which):
        """Rows and columns that a canvas shows: of the input with its padding."""
        rows, columns = map(int, self.note(which).split(" × "))
        if which == "input":
            rows, columns = self.expected().state.padded.shape[-2:]
        return rows, columns

    def place(self, which, row, column):
        rows, columns = self.size(which)
        box = self.canvas(which).bounding_box()
        return {"x": (column + 0.5) * box["width"] / columns, "y": (row + 0.5) * box["height"] / rows}

    def hover(self, which, row, column):
        self.canvas(which).hover(position=self.place(which, row, column))
        self.settle()

    def overflow(self):
        """By how many pixels the page is wider than its window."""
        return self.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def cut_off(self):
        """Words that do not fit their places."""
        self.settle()
        return self.root.evaluate(
            """(root, words) => [...root.querySelectorAll(words)]
            .filter(node => node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 2)
            .filter(node => !node.classList.contains("heard") && node.clientHeight).map(node => node.textContent)""",
            self.WORDS,
        )

    def rest(self):
        """Nothing is typed, played or pointed at any more."""
        if self.root.locator(".field").count():
            self.root.locator(".field").press("Escape")
        self.root.get_by_role("button", name="pause").evaluate_all("all => all.forEach((button) => button.click())")
        self.mouse.move(1, 1)

    def total(self):
        return number(self.text(".total"))

    def expected(self, image=None):
        """The explorer that the view says it is, of `image` where that is one's own."""
        self.settle()
        code = self.root.locator("pre").text_content().replace("explorer.image", "image")
        return eval(code, {name: getattr(convscope, name) for name in convscope.__all__} | {"image": image})

    def places(self):
        """Where everything stands, to see whether it jumps."""
        return self.root.evaluate(
            """root => [...root.querySelectorAll("h3, .cells, .row, button, .written")]
                .filter(node => node.getClientRects().length).map(node => {
                const [box, outer] = [node, root].map(each => each.getBoundingClientRect());
                return [box.x - outer.x, box.y - outer.y];
            })"""
        )


def number(text):
    return float(text.replace("−", "-").replace(",", ""))


def opened_at(explorer, **settings):
    """Its page, as a link with these settings in it would open it."""
    page, said = explorer.page(), json.dumps(explorer.state.settings, separators=(",", ":"))
    asked = json.dumps(explorer.state.settings | settings, separators=(",", ":"))
    before, after = page.rsplit(said, 1)
    return Bunch(page=lambda: before + asked + after)


def colours_agree(shown, which, values, scale):
    """A canvas shows these numbers, but where a digit or a line lies over them."""
    kind, low, high = scale
    rows, columns = values.shape
    seen = shown.canvas(which).evaluate(
        """(canvas, [rows, columns]) => {
            const pen = canvas.getContext("2d"), cell = canvas.width / columns, at = cell < 18 ? 0.5 : 0.15;
            const image = pen.getImageData(0, 0, canvas.width, canvas.height).data, seen = [];
            for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) {
                const i = 4 * (Math.floor((r + at) * cell) * canvas.width + Math.floor((c + at) * cell));
                seen.push(image[i], image[i + 1], image[i + 2]);
            }
            return seen.join(); // as a list, each number would be wrapped on its way
        }""",
        [rows, columns],
    )
    theme = "dark" if "dark" in shown.root.get_attribute("class").split() else "light"
    share = np.clip((values.astype(float) - low) / (high - low), 0, 1).ravel()
    if kind == "grey":
        wanted = np.repeat(share[:, None] * 255, 3, axis=1)
    else:
        strength = (np.sign(2 * share - 1) * abs(2 * share - 1) ** PALETTE["strength"] + 1) / 2
        stops = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in PALETTE[theme]["signed"]])
        wanted = np.stack([np.interp(strength * 6, range(7), stops[:, part]) for part in range(3)], axis=1)
    off = abs(np.reshape(np.fromstring(seen, sep=","), (-1, 3)) - wanted).max(axis=1)
    small = values.size > 2000  # cells of a few pixels are smoothed
    return np.median(off) < 4 and (off > (60 if small else 8)).mean() < 0.06


KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "Escape", "Tab", "Enter", " ", *"5.-+ab"]


def monkey(shown, seed, touches=120):
    """Touches and keys at random leave no error and a true picture; a failure is played again by MONKEY=seed."""
    chance, steps = np.random.default_rng(seed), []
    shown.more()
    parts = shown.root.locator("select, button:not(.tools *), canvas, .cell, input:not([type=file])")
    for _ in range(touches):
        part = shown.settle() and parts.nth(int(chance.integers(parts.count())))  # whose cells may come and go
        where, key, option = chance.random(2), str(chance.choice(KEYS)), chance.random()
        steps.append(
            (part.evaluate("part => part.getAttribute('aria-label') || part.textContent || part.className"), key)
        )
        if not part.is_visible() or part.is_disabled():
            continue
        if part.evaluate("part => part.tagName") == "SELECT":
            part.evaluate(
                """(select, share) => {
                    const possible = [...select.options].filter((each) => !each.disabled);
                    select.selectedIndex = possible[Math.floor(share * possible.length)].index;
                    select.dispatchEvent(new Event("change"));
                }""",
                option,
            )
        else:
            box = part.bounding_box()
            shown.mouse.click(box["x"] + where[0] * box["width"], box["y"] + where[1] * box["height"])
        shown.keyboard.press(key)
    shown.rest()
    try:
        if not shown.root.locator("label", has_text="one scale").locator(":checked").count():
            shown.is_true()
    except AssertionError as failure:
        raise AssertionError(f"MONKEY={seed} plays it again; its last steps: {steps[-12:]}") from failure


def python(notebook, code):
    """What code prints in the notebook's kernel, once that is free."""
    return notebook.page.evaluate(
        """async code => {
            const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const future = kernel.requestExecute({code});
            let said = "";
            future.onIOPub = ({header, content}) => {
                if (header.msg_type === "stream") said += content.text;
                if (header.msg_type === "error") said += content.evalue;
            };
            await future.done;
            return said;
        }""",
        code,
    ).strip()


def until(notebook, code, wanted):
    """Wait until the kernel prints this."""
    for _ in range(200):
        said = python(notebook, code)
        if said == wanted:
            return
        notebook.page.evaluate(FRAMES)
    raise AssertionError(f"{code} prints {said}, not {wanted}")
