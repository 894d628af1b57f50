"""Write the project's public address, stated once in pyproject.toml, wherever a reader can click or install it.

What runs a chapter elsewhere names a release too, so that chapter and library fit each other.
"""

import re

from environment import ROOT, enter

# What comes before owner/name, and the release after it: in set-up cells, badges, clone commands, the workflow's badge.
PLACES = {
    r"git\+https://github\.com/": "@{}",
    r"https://colab\.research\.google\.com/github/": "/blob/{}",
    r"https://mybinder\.org/v2/gh/": "/{}",
    r"git clone https://github\.com/|https://github\.com/(?=[\w.-]+/[\w.-]+/actions/)": "",
}


def files():
    return [*ROOT.glob("*.md"), *(ROOT / "notebooks").glob("*.ipynb")]


def address() -> str:
    import tomllib

    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Repository"]


def version() -> str:
    """The version that the library states, for everything else to follow."""
    stated = (ROOT / "lib" / "convscope" / "__init__.py").read_text(encoding="utf-8")
    return re.search(r'^__version__ = "(.+)"$', stated, re.MULTILINE)[1]


def on_colab(chapter) -> str:
    """The address of a chapter, such as "04-stride-and-padding", on Colab."""
    return f"https://colab.research.google.com/github/{owned(address())}/blob/v{version()}/notebooks/{chapter}.ipynb"


def on_binder(chapter) -> str:
    """The address of a chapter on Binder, in JupyterLab."""
    return f"https://mybinder.org/v2/gh/{owned(address())}/v{version()}?labpath=notebooks/{chapter}.ipynb"


def of_site(repository) -> str:
    """The address of the web site, which GitHub Pages gives a repository."""
    owner, name = owned(repository).split("/")
    return f"https://{owner}.github.io/{name}/"


def owned(repository):
    return repository.removeprefix("https://github.com/")


def relinked(text: str, repository: str, version: str) -> str:
    """`text` with each of its links to this project pointing at `repository`, and at the release of `version`."""
    if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w-]+", repository):
        raise SystemExit(f"Repository in pyproject.toml must read https://github.com/owner/name, not {repository!r}.")
    for before, after in PLACES.items():
        old = after.format(r"[\w.]+")
        new = owned(repository) + after.format(f"v{version}")
        text = re.sub(rf"({before})[\w.-]+/[\w-]+(?:{old})?", rf"\g<1>{new}", text)
    return re.sub(r"https://[\w.-]+\.github\.io/[\w-]+/", of_site(repository), text)


def stale() -> dict:
    """The files whose links point elsewhere, with the text that they should have."""
    old = {file: file.read_text(encoding="utf-8") for file in files()}
    new = {file: relinked(text, address(), version()) for file, text in old.items()}
    return {file: text for file, text in new.items() if text != old[file]}


if __name__ == "__main__":
    enter("lab")
    for file, text in stale().items():
        file.write_text(text, encoding="utf-8", newline="\n")
        print(f"{file.relative_to(ROOT)} now points at {address()}, version {version()}")
