"""Run every benchmark, one after the other."""

import subprocess
import sys

from environment import ROOT, enter

if __name__ == "__main__":
    enter("bench")
    sys.exit(max(subprocess.call([sys.executable, str(file)]) for file in sorted((ROOT / "bench").glob("*.py"))))
