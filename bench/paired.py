"""Fair comparison of functions on a busy machine: interleaved runs, and the median of the ratios within each round."""

import json
import os
import time
from pathlib import Path
from statistics import geometric_mean, median

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"  # one thread each; they are read when NumPy and PyTorch are first imported

ROUNDS, SECONDS = 200, 2.0  # at most so many rounds, and about so long, for each workload


def ratio(ours, theirs, rounds=ROUNDS, seconds=SECONDS):
    """How long `ours` takes relative to `theirs`: the median over rounds in which each ran once, first by turns."""
    ours(), theirs()  # caches, buffers and code are warm from here on
    taken, end = [], time.perf_counter() + seconds
    while len(taken) < 3 or len(taken) < rounds and time.perf_counter() < end:
        if len(taken) % 2:
            they_took, we_took = _seconds(theirs), _seconds(ours)
        else:
            we_took, they_took = _seconds(ours), _seconds(theirs)
        taken.append(we_took / they_took)
    return median(taken)


def _seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def print_table(title, columns, rows):
    """A table of ratios; below 1 we are faster. The last row is their geometric mean."""
    width = max(len(name) for name, _ in rows)
    print(f"\n{title}")
    print(" " * width, *(f"{column:>12}" for column in columns))
    for name, values in rows:
        print(f"{name:{width}}", *("           –" if value is None else f"{value:11.2f}×" for value in values))
    means = [[values[index] for _, values in rows if values[index] is not None] for index in range(len(columns))]
    print(f"{'geometric mean':{width}}", *(f"{geometric_mean(values):11.2f}×" for values in means))


def keep(tables):
    """Write tables, each a list of names and ratios, to where the web site reads them."""
    text = json.dumps(tables, indent=1, ensure_ascii=False, default=list)
    Path(__file__).with_name("measured.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")


def verdict(what, value, target, unit="×"):
    """One line that says whether a target is met. A miss is no failure: machines are noisy, and a reader judges."""
    print(f"{'met' if value <= target else 'MISSED':6} {what}: {value:.2f}{unit}, target at most {target}{unit}")
