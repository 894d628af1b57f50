"""Check the code's style; with --fix, correct what can be corrected.

The explorers' JavaScript is checked too where ESLint and TypeScript are found (`npm install` puts them into the tree),
and the types of the calls that README and chapters show where basedpyright is (`pip install basedpyright`).
"""

import shutil
import subprocess
import sys

import calls
from environment import ROOT, enter


def lint(fix=False):
    """Return whether ruff, and ESLint, TypeScript and basedpyright if they are found, have nothing to report."""
    check = ["check", "--fix"] if fix else ["check"]
    layout = ["format"] if fix else ["format", "--diff"]
    commands = [[sys.executable, "-m", "ruff", *each, str(ROOT)] for each in (check, layout)]
    npx = shutil.which("npx")
    if npx and (ROOT / "node_modules" / "eslint").is_dir():
        commands.append([npx, "--no-install", "eslint", *(["--fix"] if fix else [])])
    if npx and (ROOT / "node_modules" / "typescript").is_dir():
        commands.append([npx, "--no-install", "tsc", "-p", "jsconfig.json"])
    good = [subprocess.call(command, cwd=ROOT) == 0 for command in commands]
    checker = shutil.which("basedpyright")
    return all([*good, calls.check(checker) if checker else True])


if __name__ == "__main__":
    enter("test")
    sys.exit(not lint(fix="--fix" in sys.argv[1:]))
