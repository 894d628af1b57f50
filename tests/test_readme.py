"""The README keeps its word: its commands exist, its links lead somewhere, its example gives the answer it shows."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_its_example_gives_the_answer_it_shows():
    [source] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    example = doctest.DocTestParser().get_doctest(source, {}, "README", "README.md", 0)
    assert len(example.examples) >= 4
    assert doctest.DocTestRunner().run(example).failed == 0


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)", README))))
def test_its_commands_exist(target):
    assert target in TARGETS


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https:)([^)]+)\)", README))))
def test_its_links_lead_into_the_tree(link):
    assert (ROOT / link).is_file()


def test_its_map_names_every_chapter():
    chapters = {f"notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert set(re.findall(r"\]\((notebooks/[^)]+)\)", README)) == chapters


@pytest.mark.parametrize(
    "badge", re.findall(r"https://(?:mybinder\.org/v2|colab\.research\.google\.com/github)/\S+?\.ipynb", README)
)
def test_its_badges_open_a_chapter(badge):
    assert (ROOT / "notebooks" / badge.rsplit("/", 1)[1]).is_file()
