"""Run what `make test` leaves out, because it needs another environment or more than a minute: tests/places.

Arguments go on to pytest.
"""

import sys

import test

if __name__ == "__main__":
    test.main("tests/places", *sys.argv[1:])
