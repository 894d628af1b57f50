"""The course opens in JupyterLab as a learner meets it: it runs, and nothing else asks for attention."""

import pytest


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_chapter_opens_and_runs(lab, theme):
    notebook = lab.open("00-start-here.ipynb", theme=theme)
    notebook.run_all()
    notebook.run_all()
    assert notebook.cell_errors() == []
    assert notebook.console_errors() == []
    assert notebook.locator("body").get_attribute("data-jp-theme-light") == str(theme == "light").lower()
    assert notebook.outputs()[-1][0]["data"]["text/plain"] == "222"


def test_nothing_asks_for_news_or_updates(lab):
    notebook = lab.open("00-start-here.ipynb")
    notebook.run_all()
    notebook.wait_for_timeout(2000)  # the question comes after the page has loaded
    assert notebook.locator(".Toastify__toast, .jp-Dialog").all_inner_texts() == []


def test_what_goes_wrong_is_seen(lab):
    notebook = lab.scratch("1 / 0", "2")
    notebook.run_all()
    assert notebook.cell_errors() == ["ZeroDivisionError: division by zero"]
    notebook.evaluate("console.error('not this')")
    notebook.evaluate("setTimeout(() => { throw new RangeError('nor this') })")
    notebook.wait_for_timeout(100)
    assert [text for text in notebook.console_errors() if "this" in text] == notebook.console_errors()
    assert len(notebook.console_errors()) == 2
