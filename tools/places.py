"""Run what `make test` leaves out, because it needs another environment or takes long: tests marked as thorough.

The web site is built first, with the course for a browser alone in it. Arguments go on to pytest.
"""

import sys

import test
from environment import ROOT, enter, run

if __name__ == "__main__":
    enter("test")
    for tool in ("website", "lite"):
        run(sys.executable, str(ROOT / "tools" / f"{tool}.py"))
    # all folders of tests/, with the one that pyproject.toml passes over
    test.main("tests", "-o", "norecursedirs=.*", "-m", "thorough", *sys.argv[1:])
