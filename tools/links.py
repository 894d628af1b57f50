"""Write the project's public address, stated once in pyproject.toml, wherever a reader can click or install it."""

import re

from environment import ROOT, enter

# What comes before owner/name: in set-up cells, clone commands, and the badges of Binder, Colab and the workflow.
BEFORE = r"git\+https://github\.com/|git clone https://github\.com/|https://mybinder\.org/v2/gh/"
BEFORE += r"|https://colab\.research\.google\.com/github/|https://github\.com/(?=[\w.-]+/[\w.-]+/actions/)"


def files():
    return [*ROOT.glob("*.md"), *(ROOT / "notebooks").glob("*.ipynb")]


def address() -> str:
    import tomllib

    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Repository"]


def relinked(text: str, repository: str) -> str:
    """`text` with each of its links to this project pointing at `repository`."""
    if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w-]+", repository):
        raise SystemExit(f"Repository in pyproject.toml must read https://github.com/owner/name, not {repository!r}.")
    return re.sub(rf"({BEFORE})[\w.-]+/[\w-]+", rf"\g<1>{repository.removeprefix('https://github.com/')}", text)


def stale() -> dict:
    """The files whose links point elsewhere, with the text that they should have."""
    old = {file: file.read_text(encoding="utf-8") for file in files()}
    new = {file: relinked(text, address()) for file, text in old.items()}
    return {file: text for file, text in new.items() if text != old[file]}


if __name__ == "__main__":
    enter("lab")
    for file, text in stale().items():
        file.write_text(text, encoding="utf-8", newline="\n")
        print(f"{file.relative_to(ROOT)} now points at {address()}")
