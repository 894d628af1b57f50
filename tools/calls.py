"""Check the types of the library's calls in the README, in docstrings and in the chapters, with basedpyright.

An editor then underlines no call that the course shows. Other code in the chapters is not checked.
"""

import ast
import builtins
import doctest
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import ROOT, enter
from notebooks import CHAPTERS, plain

RULES = ("reportArgumentType", "reportCallIssue")
CONFIG = {"typeCheckingMode": "off", "extraPaths": [str(ROOT / "lib")], **dict.fromkeys(RULES, "error")}


def sources():
    """Return the code of each source by its path: a list of cells or examples."""
    import nbformat

    found = {"README.md": examples((ROOT / "README.md").read_text(encoding="utf-8"))}
    for module in sorted((ROOT / "lib").rglob("*.py")):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        documented = [n for n in ast.walk(tree) if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef)]
        found[module.relative_to(ROOT).as_posix()] = examples(
            "\n\n".join(ast.get_docstring(n) or "" for n in documented)
        )
    for chapter in CHAPTERS:
        cells = [cell for cell in nbformat.read(chapter, as_version=4).cells if cell.cell_type == "code"]
        found[f"notebooks/{chapter.name}"] = [plain(cell.source) for cell in cells]
    return {path: parts for path, parts in found.items() if parts}


def examples(text):
    """Return the code after each >>> in a text."""
    return [example.source for example in doctest.DocTestParser().get_examples(text.replace("```", ""))]


def reports(checker, found):
    """Return what the checker says of the library's calls, a text for each, which names the source and the cell."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pyrightconfig.json").write_text(json.dumps(CONFIG), encoding="utf-8")
        codes = {f"source_{number}.py": "\n".join(parts) for number, parts in enumerate(found.values())}
        for file, code in codes.items():
            Path(folder, file).write_text(code, encoding="utf-8")
        command = [checker, "--outputjson", "--pythonpath", sys.executable, "--project", folder]
        said = json.loads(subprocess.run(command, capture_output=True, text=True, encoding="utf-8").stdout)
    sources = dict(zip(codes, found.items(), strict=True))
    for report in said["generalDiagnostics"]:
        file = Path(report["file"]).name
        path, parts = sources[file]
        if called(codes[file], report) in others(codes[file]):
            continue
        line = report["range"]["start"]["line"]
        cell = [number for number, part in enumerate(parts) for _ in range(part.count("\n") + 1)][line]
        lines.append(f"{path}, code cell or example {cell}: {report['message']}")
    return lines


def called(code, report):
    """Return the name with which the call begins that a report is about: np of np.sum(x), model of model.build()."""
    lines = code.splitlines()
    start, end = [
        (at["line"] + 1, len(lines[at["line"]][: at["character"]].encode()))  # ast counts lines from 1, and bytes
        for at in (report["range"]["start"], report["range"]["end"])
    ]
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    spans = [(node, (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)) for node in calls]
    around = [node for node, first, last in spans if first <= start and end <= last]
    if report["rule"] == "reportArgumentType":  # the range is the argument, which may be a call itself
        around = [node for node, first, last in spans if node in around and (first, last) != (start, end)]
    node = around[-1] if around else None  # ast.walk comes to outer nodes first
    while node and not isinstance(node, ast.Name):
        node = getattr(node, "func", None) or getattr(node, "value", None)
    return node and node.id


def others(code):
    """Return the names that are not the library's: builtins, other imports, and functions defined in the code."""
    names = {*dir(builtins), None}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Import) or isinstance(node, ast.ImportFrom) and "convscope" not in node.module:
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def check(checker):
    """Return whether the checker has nothing to say; print what it says."""
    lines = reports(checker, sources())
    print(*lines, sep="\n", end="\n" if lines else "")
    return not lines


if __name__ == "__main__":
    enter("test")
    found = shutil.which("basedpyright")
    sys.exit(not check(found) if found else "basedpyright is not installed: `python -m pip install basedpyright`.")
