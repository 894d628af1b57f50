"""Run every test: the library, the notebooks and the browser. Arguments go on to pytest."""

import sys

from environment import ROOT, enter


def main():
    enter("test")
    import pytest

    # Each file stays on one worker, so that the cells of a notebook meet one kernel, in order.
    options = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=120", "--numprocesses=2", "--dist=loadfile"]
    sys.exit(pytest.main([*options, *(sys.argv[1:] or [str(ROOT / "tests"), str(ROOT / "notebooks")])]))


if __name__ == "__main__":
    main()
