"""Settings that hold however pytest is started."""

from pathlib import Path

NBVAL_RULES = Path(__file__).parent / "tests" / "nbval.cfg"


def pytest_configure(config):
    config.option.nbval_sanitize_with = config.getoption("nbval_sanitize_with", None) or str(NBVAL_RULES)
