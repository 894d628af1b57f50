"""Run Python in the project's environment: `python tools/run.py lab -m convscope.figures`."""

import subprocess
import sys

from environment import enter

if __name__ == "__main__":
    enter(sys.argv[1])
    sys.exit(subprocess.call([sys.executable, *sys.argv[2:]]))
