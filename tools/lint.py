"""Check the code's style; with --fix, mend what can be mended.

The explorers' JavaScript is checked too where ESLint and TypeScript are: `npm install` puts them into the tree.
"""

import shutil
import subprocess
import sys

from environment import ROOT, enter


def lint(fix=False):
    """Whether ruff, and ESLint and TypeScript where they are, find nothing to say; they say it on standard output."""
    check = ["check", "--fix"] if fix else ["check"]
    layout = ["format"] if fix else ["format", "--diff"]
    commands = [[sys.executable, "-m", "ruff", *each, str(ROOT)] for each in (check, layout)]
    npx = shutil.which("npx")
    if npx and (ROOT / "node_modules" / "eslint").is_dir():
        commands.append([npx, "--no-install", "eslint", *(["--fix"] if fix else [])])
    if npx and (ROOT / "node_modules" / "typescript").is_dir():
        commands.append([npx, "--no-install", "tsc", "-p", "jsconfig.json"])
    return all([subprocess.call(command, cwd=ROOT) == 0 for command in commands])


if __name__ == "__main__":
    enter("test")
    sys.exit(not lint(fix="--fix" in sys.argv[1:]))
