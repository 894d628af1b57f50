"""Measure again what takes too long for a chapter, and keep it: `python tools/results.py 05` does one chapter.

Further words choose experiments of that chapter: `python tools/results.py 05 stride_against_pool`.
"""

import ast
import hashlib
import importlib
import inspect
import json
import sys
import time

from environment import ROOT, enter

MEASURED = ROOT / "lib" / "convscope" / "data" / "measured"
MODULES = {file.stem.removeprefix("chapter"): file for file in sorted((ROOT / "bench/measured").glob("chapter*.py"))}


def fingerprint(file):
    """What a module does, whatever its comments and layout: a result is stale when this differs from what made it."""
    return hashlib.sha256(ast.dump(ast.parse(file.read_text(encoding="utf-8"))).encode()).hexdigest()[:16]


def experiments(chapter):
    """The public functions of a chapter's module that are its own, by name."""
    module = importlib.import_module(f"measured.chapter{chapter}")
    own = inspect.getmembers(module, lambda it: inspect.isfunction(it) and it.__module__ == module.__name__)
    return {name: function for name, function in own if not name.startswith("_")}


def main():
    enter("test")
    sys.path.insert(0, str(ROOT / "bench"))
    MEASURED.mkdir(exist_ok=True)
    chapter, *wanted = sys.argv[1:] or [None]
    if chapter is not None and chapter not in MODULES:
        sys.exit(f"No experiments for chapter {chapter}: there are some for {', '.join(MODULES)}.")
    for name in [chapter] if chapter else MODULES:
        file = MEASURED / f"{name}.json"
        kept = json.loads(file.read_text(encoding="utf-8"))["experiments"] if file.exists() else {}
        found = {}
        for title, experiment in experiments(name).items():
            if wanted and title not in wanted and title in kept:
                found[title] = kept[title]
                continue
            start = time.perf_counter()
            found[title] = experiment()
            print(f"{name} {title}: {time.perf_counter() - start:.0f} s", flush=True)
        text = json.dumps({"made_by": fingerprint(MODULES[name]), "experiments": found}, indent=1)
        file.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
