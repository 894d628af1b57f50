"""Check the code's style; with --fix, mend what can be mended."""

import subprocess
import sys

from environment import ROOT, enter


def lint(fix=False):
    """Whether ruff finds nothing to say; it says it on standard output."""
    check = ["check", "--fix"] if fix else ["check"]
    layout = ["format"] if fix else ["format", "--diff"]
    return all([subprocess.call([sys.executable, "-m", "ruff", *each, str(ROOT)]) == 0 for each in (check, layout)])


if __name__ == "__main__":
    enter("test")
    sys.exit(not lint(fix="--fix" in sys.argv[1:]))
