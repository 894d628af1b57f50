"""Run Python in the project's environment: `python tools/run.py lab -m convscope.figures`."""

import sys

from environment import become, enter

if __name__ == "__main__":
    enter(sys.argv[1])
    become(sys.executable, *sys.argv[2:])
