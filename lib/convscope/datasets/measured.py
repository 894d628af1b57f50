"""The results of experiments that take too long for a chapter, as `make results` measured them."""

from __future__ import annotations

import json
from importlib.resources import files


def measured(chapter: str, experiment: str) -> dict:
    """Return the results of an experiment in `bench/measured`, by the names that it gives them.

    chapter: two digits, such as "05". experiment: a function of that chapter's module.
    Raises ValueError, listing the names, for an unknown chapter or experiment.
    """
    folder = files("convscope") / "data" / "measured"
    chapters = sorted(file.name.removesuffix(".json") for file in folder.iterdir() if file.name.endswith(".json"))
    if chapter not in chapters:
        raise ValueError(f"chapter {chapter!r} has no measured results; those that have are {', '.join(chapters)}.")
    found = json.loads((folder / f"{chapter}.json").read_text(encoding="utf-8"))["experiments"]
    if experiment not in found:
        raise ValueError(f"chapter {chapter} has no experiment {experiment!r}; it has {', '.join(found)}.")
    return found[experiment]
