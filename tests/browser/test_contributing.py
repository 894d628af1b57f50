"""The example of CONTRIBUTING puts a living explorer into a plain web page."""

import re

import numpy as np
from playwright.sync_api import expect

from convscope import ConvolutionExplorer
from environment import ROOT

SITE = "http://convscope.test/"


def blocks(language):
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_a_page_of_ones_own_holds_a_living_explorer(open_page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    [program], [page] = blocks("python"), blocks("html")
    exec(program, {})
    (tmp_path / "index.html").write_text(f"<!doctype html><title>Mine</title>{page}", encoding="utf-8")
    opened = open_page()
    opened.route(f"{SITE}**", lambda route: route.fulfill(path=tmp_path / route.request.url.removeprefix(SITE)))
    opened.goto(f"{SITE}index.html")
    explorer = opened.show(opened.locator("#edges .explorer"))
    explorer.get_by_role("slider", name="stride", exact=True).press("ArrowRight")
    output = ConvolutionExplorer("kitten", "Sobel x", stride=2).output
    expect(explorer.locator(".picture .note").last).to_have_text(" × ".join(map(str, output.shape)))
    total = float(explorer.locator(".total").inner_text().replace("−", "-"))
    assert np.isclose(output, total, rtol=6e-3).any()
    assert opened.console_errors() == []
