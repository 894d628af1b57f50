"""axe-core finds nothing serious in what is ours: each explorer and question alone, in JupyterLab, and on the site."""

import json
import shutil
import subprocess

import pytest

from browsing import bring_to_life
from convscope import Predict
from environment import ROOT
from telling import EVERY

PLACES = [(theme, width) for theme in ("light", "dark") for width in (390, 1100)]
everywhere = pytest.mark.parametrize(("theme", "width"), PLACES)
BUILT = ROOT / "build" / "site"
FOUND = (each.relative_to(BUILT) for each in BUILT.rglob("*.html"))
SITE = sorted(each.as_posix() for each in FOUND if each.parts[0] != "lite")

# Of the whole page, or of the hosts of our views alone.
FINDINGS = """async (ours) => {
    const hosts = [...document.querySelectorAll("*")].filter((each) => each.shadowRoot?.querySelector(".explorer"));
    const { violations, passes } = await axe.run(ours ? hosts : document, { resultTypes: ["violations"] });
    if (!passes.length) throw new Error("axe has looked at nothing");
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
        .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}"""


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """The text of axe-core, in the version that package.json pins: npm brings it."""
    pinned = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]["axe-core"]
    folder, npm = tmp_path_factory.mktemp("axe"), shutil.which("npm")
    if npm is None:
        pytest.fail("axe-core comes by npm, which is not here: install Node.js.")
    subprocess.run([npm, "install", "--silent", "--prefix", folder, f"axe-core@{pinned}"], check=True)
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def findings(axe):
    """What is serious or critical on a page, or in our views on it."""

    def find(page, ours=False):
        page.evaluate(axe)
        return page.evaluate(FINDINGS, ours)

    return find


@everywhere
@pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)
def test_an_explorer_alone(findings, open_page, tmp_path, make, theme, width):
    page = open_page(color_scheme=theme, viewport={"width": width, "height": 900})
    (tmp_path / "page.html").write_text(make().page(), encoding="utf-8")
    page.goto((tmp_path / "page.html").as_uri())
    explorer = page.show(page.locator(".explorer"))
    explorer.locator("summary").click()
    assert findings(page) == []


QUESTIONS = {
    "choice": lambda: Predict("Kernels of `3×3`. How many maps?", ["one", "three"], answer="one", why="`All` add up."),
    "number": lambda: Predict("How many?", unit="%", low=0, high=100, answer=5, why="`So` it is."),
}


@everywhere
@pytest.mark.parametrize("make", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_open_refused_and_answered(findings, open_page, make, theme, width):
    page = open_page(color_scheme=theme, viewport={"width": width, "height": 900})
    page.set_content("<!doctype html><html lang='en'><title>A question</title><main><h1>A question</h1></main>")
    bring_to_life(page, make())
    assert findings(page) == []
    page.get_by_role("button", name="lock in").click()
    page.get_by_role("alert").wait_for()
    assert findings(page) == []
    if page.get_by_role("radio").count():
        page.get_by_role("radio", name="three").check()
    else:
        page.get_by_role("textbox").fill("7")
    page.get_by_role("button", name="lock in").click()
    page.locator(".why").wait_for()
    assert findings(page) == []


CELLS = """import sys
sys.path.insert(0, {tests!r})
from telling import EVERY
from IPython.display import display
from convscope import Predict
display(*[make() for make in EVERY.values()], Predict("Which?", ["one", "two"], answer="one"),
        Predict("How many?", unit="%", answer=5))"""


@everywhere
def test_all_of_them_in_jupyterlab(findings, lab, theme, width):
    notebook = lab.scratch(CELLS.format(tests=str(ROOT / "tests")), theme=theme, width=width)
    notebook.run_all()
    assert notebook.cell_errors() == []
    views = notebook.locator(".explorer")
    views.nth(len(EVERY) + 1).wait_for(state="attached")
    for view in views.all():
        notebook.show(view)
    assert views.count() == len(EVERY) + 2
    assert findings(notebook, ours=True) == []


@everywhere
@pytest.mark.parametrize("place", SITE)
def test_a_page_of_the_site(findings, open_page, address, place, theme, width):
    page = open_page(color_scheme=theme, viewport={"width": width, "height": 900})
    page.goto(f"{address}/{place}", wait_until="load")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert findings(page) == []


def test_the_site_has_pages(address):
    assert len(SITE) > 10
