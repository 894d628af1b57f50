"""The prose of each chapter fits in half an hour, and its numbers are those that its cells print."""

import json

import nbformat
import pytest

import prose
import results

MOST_WORDS, MOST_PREDICTIONS = 1500, 8


def read(chapter):
    return nbformat.read(chapter, as_version=4)


chapters = pytest.mark.parametrize("chapter", prose.CHAPTERS, ids=lambda chapter: chapter.stem)


@chapters
def test_a_chapter_takes_half_an_hour(chapter):
    core, _ = prose.parts(read(chapter))
    assert prose.words(core) <= MOST_WORDS
    assert prose.predictions(read(chapter)) <= MOST_PREDICTIONS


@chapters
def test_each_number_in_prose_comes_from_a_cell_or_a_source(chapter):
    assert list(prose.unplaced(read(chapter))) == []


def notebook(text, printed="", source="x"):
    output = nbformat.v4.new_output("stream", text=printed)
    code = nbformat.v4.new_code_cell(source, outputs=[output])
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text), code])


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("It gets 96% right", "0.9571"),
        ("It gets 96 % right", "95.7%"),
        ("about 2.5 points", "2.46"),
        ("4,771 steps, so about 4,800", "4771"),
        ("1.2 million weights", "1,204,000"),
        ("a 3×3 kernel in 1998, and 12 of them", ""),
        ("an error of 15.3% ([2012](https://papers.example/alexnet))", ""),
        ("the setting `0.123`", ""),
    ],
)
def test_numbers_that_can_be_placed(text, printed):
    assert not list(prose.unplaced(notebook(text, printed)))


@pytest.mark.parametrize(
    ("text", "printed", "number"),
    [
        ("It gets 96% right", "0.9449", "96%"),
        ("about 2.5 points", "2.56", "2.5"),
        ("4,771 steps", "4770", "4,771"),
        ("1.2 million weights", "1,304,000", "1.2 million"),
    ],
)
def test_numbers_that_cannot(text, printed, number):
    assert [found for found, _ in prose.unplaced(notebook(text, printed))] == [number]


def test_words_of_the_core_leave_out_what_is_folded_and_what_is_code():
    folded = "<details><summary>More</summary>\n\nthree more words</details>"
    page = notebook(f"# Two words\n\n{folded}\n\n[a link](x.y)\n\n```\ncode\n```")
    page.cells.append(nbformat.v4.new_markdown_cell("## Go deeper", metadata={prose.COLLAPSED: True}))
    page.cells.append(nbformat.v4.new_markdown_cell("### Deep\n\nhere"))
    page.cells.append(nbformat.v4.new_markdown_cell("## Exercises\n\n### One\n\n<details>a b</details>"))
    page.cells.append(nbformat.v4.new_markdown_cell("## Back"))
    core, folded = prose.parts(page)
    assert prose.words(core) == 5 and prose.words(folded) == 8


@pytest.mark.parametrize("chapter", results.MODULES)
def test_measured_results_are_those_of_their_experiments(chapter):
    kept = json.loads((results.MEASURED / f"{chapter}.json").read_text(encoding="utf-8"))
    assert kept["made_by"] == results.fingerprint(results.MODULES[chapter]), f"`make results` measures {chapter} again"
