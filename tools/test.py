"""Run the tests of every change: the library, the notebooks, the browser. Arguments go on to pytest."""

import os
import sys

from environment import ROOT, enter


def main(*mine):
    enter("test")
    import pytest

    import browser

    os.chdir(ROOT)
    os.environ["CHROMIUM"] = browser.found()
    # A file stays on one worker, so that the cells of a notebook meet one kernel, in order.
    options = ["--nbval-current-env", "--numprocesses=2", "--dist=loadfile"]
    options += ["--nbval-cell-timeout=600", "--nbval-kernel-startup-timeout=600"]  # for a busy machine
    options += [] if "--nbval-lax" in mine else ["--nbval"]  # each output is compared, or each cell only run
    # Long files first, so that no worker is left with one at the end: by the number of tests they would come last.
    options += ["--no-loadscope-reorder"]
    options += [] if any(not each.startswith("-") for each in mine) else ["tests/browser", "notebooks", "tests"]
    sys.exit(pytest.main([*options, *mine]))


if __name__ == "__main__":
    main(*sys.argv[1:])
