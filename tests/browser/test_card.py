"""Questions in a browser: on a page with no kernel, and in a notebook where a cell below measures the answer."""

import pytest
from playwright.sync_api import expect
from shown import until

from browsing import bring_to_life
from convscope import Predict

MAPS = {"question": "Kernels of `3×3` read a photo. How many maps?", "choices": ["one", "three"], "answer": "one"}


@pytest.fixture
def cards(chromium):
    """Questions on a plain page that includes the module and their states, with what a cell below has folded away."""
    contexts = []

    def open_cards(*questions, fold="", **context):
        contexts.append(chromium.new_context(viewport={"width": 900, "height": 900}, **context))
        page = contexts[-1].new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error.stack)))
        page.set_content(f"<!doctype html><main></main>{fold}")
        bring_to_life(page, *questions)
        return page

    yield open_cards
    for context in contexts:
        context.close()


def test_a_choice_by_keys_alone_then_the_answer_then_again(cards):
    page = cards(Predict(**MAPS, why="All go into one sum."), color_scheme="dark")
    assert "All go" not in page.locator(".predict").inner_text()
    page.get_by_role("button", name="lock in").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Choose one first")
    page.get_by_role("radio", name="one").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="lock in").press("Enter")
    expect(page.locator(".verdict")).to_have_text("Not this time.")
    expect(page.locator(".choice.mine .tag")).to_have_text("your guess")
    expect(page.locator(".choice.right .tag")).to_have_text("answer")
    expect(page.locator(".why")).to_have_text("All go into one sum.")
    assert page.get_by_role("radio", name="one").is_disabled()
    page.get_by_role("button", name="ask again").press("Enter")
    expect(page.locator(".verdict")).to_have_count(0)
    page.get_by_role("radio", name="one").check()
    page.get_by_role("button", name="lock in").click()
    expect(page.locator(".verdict")).to_have_text("Right.")
    assert page.errors == []


def test_a_number_is_compared_kindly(cards):
    page = cards(Predict("How many parameters?", unit="parameters", low=0, answer=1168))
    for typed, shown, verdict in [
        ("1,168", "1,168", "Exactly."),
        ("1200 parameters", "1,200", "Close."),
        ("160", "160", "7.3 times too small."),
        ("1e4", "10,000", "8.6 times too large."),
        ("900", "900", "Too small."),
        ("1/2", "0.5", "2,300 times too small."),
    ]:
        page.get_by_role("textbox").fill(typed)
        page.keyboard.press("Enter")
        expect(page.locator(".verdict")).to_have_text(verdict)
        expect(page.get_by_role("textbox")).to_have_value(shown)
        expect(page.locator(".figure")).to_have_text("1,168")
        page.get_by_role("button", name="ask again").click()
        expect(page.get_by_role("textbox")).to_have_value("")
    assert page.errors == []


def test_what_is_no_guess_is_refused_beside_the_button(cards):
    page = cards(Predict("How many?", unit="%", low=0, high=100, answer=5))
    for typed, words in {
        "": "Write a number first",
        "about a thousand": "is not a number",
        "-1": "Write a number that is 0 to 100.",
        "101": "Write a number that is 0 to 100.",
        "1/0": "divided by 0",
        "<img src=x onerror=alert(1)>": "is not a number",
    }.items():
        page.get_by_role("textbox").fill(typed)
        page.get_by_role("button", name="lock in").click()
        expect(page.get_by_role("alert")).to_contain_text(words)
        assert page.get_by_role("textbox").is_enabled() and page.errors == []
    page.get_by_role("button", name="show me").click()
    expect(page.locator(".figure")).to_have_text("5")
    for end in ("0", "100"):
        page.get_by_role("button", name="ask again").click()
        page.get_by_role("textbox").fill(end)
        page.keyboard.press("Enter")
        expect(page.get_by_role("textbox")).to_be_disabled()


def test_the_fold_opens_with_the_guess_and_the_guess_with_the_fold(cards):
    question = Predict("How many?", unit="%", answer=5)
    fold = f'<details data-question="{question._asked["id"]}"><summary>hidden</summary>It is 5%.</details>'
    page = cards(question, question, fold=fold)
    page.get_by_role("textbox").first.fill("7")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is 5%.")).to_be_visible()
    other = cards(question, fold=fold)
    other.get_by_text("hidden").click()
    expect(other.locator(".figure")).to_have_text("5")


def test_it_fits(cards):
    page = cards(Predict(**MAPS), Predict("How many?", unit="parameters", low=0, high=10**6, answer=5))
    for width in (1280, 760, 390, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), width
    heights = [button.bounding_box()["height"] for button in page.get_by_role("button", name="lock in").all()]
    assert min(heights) >= 44


CELLS = (
    "from convscope import Predict\nPredict('Which?', ['one', 'three'], answer='one')",
    "from convscope import Predict\nread = Predict('How many are read?', unit='%', low=0, high=100)\nread",
    "with read.folded():\n    print('measured: 72')\n    read.reveal(72, why='So it is.')",
)


def test_run_all_spoils_nothing_and_a_guess_opens_both(lab):
    notebook = lab.scratch(*CELLS)
    notebook.run_all()
    page = notebook.page
    page.get_by_role("radio", name="three").check()
    page.get_by_role("button", name="lock in").first.click()
    expect(page.locator(".choice.right")).to_have_text("oneanswer")
    fold = page.locator("details[data-question]")
    assert fold.get_attribute("open") is None and "72" not in page.locator(".predict").last.inner_text()
    field = page.get_by_role("textbox", name="your guess")
    field.fill("60")
    field.press("Enter")
    expect(page.locator(".figure")).to_have_text("72")
    expect(page.locator(".why")).to_have_text("So it is.")
    expect(fold.locator("pre")).to_be_visible()
    until(notebook, "print(read.guess)", "60")
    assert notebook.console_errors() == []
