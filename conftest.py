"""However pytest is started: one thread and no progress bars, also in the kernels of notebooks, whose outputs are
compared; and what of those outputs is left out, since it differs between machines.
"""

import os

from environment import NO_BARS, ONE_THREAD, ROOT

os.environ.update(ONE_THREAD, **NO_BARS)


def pytest_configure(config):
    rules = config.getoption("nbval_sanitize_with", None)
    config.option.nbval_sanitize_with = rules or str(ROOT / "tests" / "nbval.cfg")
