"""Choose and pin one version of everything that any extra but bench needs, for each Python and system."""

import sys

from environment import LOCK, ROOT, enter, run

if __name__ == "__main__":
    enter("lab")
    run(sys.executable, "-m", "pip", "install", "--quiet", "uv")
    choose = [sys.executable, "-m", "uv", "pip", "compile", "--no-config", "--quiet", "--upgrade", "--universal"]
    choose += ["--no-annotate", "--python-version=3.11", "--custom-compile-command=make lock"]
    choose += ["--extra=lab", "--extra=conda", "--extra=test", "--extra=site"]
    run(*choose, f"--output-file={LOCK}", str(ROOT / "pyproject.toml"))
