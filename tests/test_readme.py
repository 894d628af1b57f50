"""README and CONTRIBUTING keep their word: what they name exists, and the example gives the answer it shows."""

import doctest
import re
from pathlib import Path

import nbformat
import pytest

import links
import notebooks

ROOT = Path(__file__).parent.parent
README, CONTRIBUTING = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
BOTH = README + CONTRIBUTING
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
CHAPTERS = {chapter.name for chapter in notebooks.CHAPTERS}
# Names in the code that CONTRIBUTING speaks of, each with the files that its item or paragraph links to.
ITEMS = re.split(r"\n(?=\d\. |\n)", CONTRIBUTING)
CODE = [
    (files, name)
    for item in ITEMS
    if (files := re.findall(r"\]\(([^)]+\.(?:py|js))\)", item))
    for name in re.findall(r"`(\w+)`", item)
]


def named(pattern, text=BOTH):
    return sorted(set(re.findall(pattern, text, re.MULTILINE)))


def test_the_example_gives_the_answer_it_shows():
    [source] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    example = doctest.DocTestParser().get_doctest(source, {}, "README", "README.md", 0)
    assert len(example.examples) >= 4
    assert doctest.DocTestRunner().run(example).failed == 0


@pytest.mark.parametrize("target", named(r"(?:`|^)make ([a-z]+)"))
def test_the_commands_exist(target):
    assert target in TARGETS


@pytest.mark.parametrize("link", named(r"\]\((?!https:)([^)]+)\)"))
def test_the_links_lead_into_the_tree(link):
    assert (ROOT / link).is_file()


@pytest.mark.parametrize("path", named(r"(?:`|python3 )((?:\w+/)+(?:\w+\.\w+)?)(?:`|$)"))
def test_the_other_paths_exist(path):
    assert (ROOT / path).exists() or (ROOT / "lib" / "convscope" / path).exists()


@pytest.mark.parametrize(("files", "name"), CODE)
def test_a_name_stands_in_a_file_that_contributing_links_to_beside_it(files, name):
    assert any(re.search(rf"\b{name}\b", (ROOT / file).read_text(encoding="utf-8")) for file in files)


def test_the_map_leads_to_every_chapter_here_and_elsewhere():
    assert set(re.findall(r"\]\(notebooks/([^)]+)\)", README)) == CHAPTERS
    for chapter in notebooks.CHAPTERS:
        assert f"[Binder]({links.on_binder(chapter.stem)}), [Colab]({links.on_colab(chapter.stem)})" in README


def test_the_first_page_leads_to_every_other_and_shows_it():
    first = nbformat.read(ROOT / "notebooks" / "00-start-here.ipynb", as_version=4)
    (table,) = [cell.source for cell in first.cells if cell.id == "map"]
    (pictures,) = [cell.source for cell in first.cells if cell.id == "map-pictures"]
    links = re.findall(r"\[(.+?)\]\((\d\d-[\w-]+\.ipynb)\)", table)
    assert {file for _, file in links} | {"00-start-here.ipynb"} == CHAPTERS
    assert all(f'"{title}"' in pictures for title, _ in links)


@pytest.mark.parametrize(
    "badge", named(r"https://(?:mybinder\.org/v2|colab\.research\.google\.com/github)/\S+?\.ipynb")
)
def test_the_badges_open_a_chapter(badge):
    assert badge.rsplit("/", 1)[1] in CHAPTERS
