"""Run every test: the library, the notebooks, the browser. Arguments go on to pytest."""

import os
import sys

from environment import ROOT, enter


def main():
    enter("test")
    import pytest

    import browser

    os.chdir(ROOT)
    os.environ["CHROMIUM"] = browser.found()
    mine = sys.argv[1:]
    # A file stays on one worker, so that the cells of a notebook meet one kernel, in order.
    options = ["--nbval-current-env", "--nbval-cell-timeout=120", "--numprocesses=2", "--dist=loadfile"]
    options += [] if "--nbval-lax" in mine else ["--nbval"]  # each output is compared, or each cell only run
    options += [] if any(not each.startswith("-") for each in mine) else ["tests", "notebooks"]
    sys.exit(pytest.main(options + mine))


if __name__ == "__main__":
    main()
