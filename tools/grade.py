"""Grade returned notebooks: `python tools/grade.py FOLDER` writes grades.csv and class.html into it.

Each learner's code runs in a process of its own, with limits; see `convscope.check.remote`. A notebook that breaks
costs its own row alone.
"""

import csv
import os
import re
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import cache
from html import escape
from pathlib import Path

from environment import enter
from notebooks import CHAPTERS

LARGEST = 100 * 2**20  # bytes of a notebook
CHECKS = re.compile(r"\bcheck\.(\w+)\(")


def graded(file):
    """(what was wrong with the notebook as a whole, {exercise: (state, what is said of it)}) of one notebook."""
    from convscope.check.exercises import EXERCISES
    from convscope.check.remote import Child, Gone

    try:
        sources = cells(file)
        names = [name for name in dict.fromkeys(CHECKS.findall("\n".join(sources))) if name in EXERCISES]
        child = Child(sources, file.parent)
    except (Gone, ValueError, OSError) as error:
        return str(error), {}
    found = {}
    try:
        for name in names:
            try:
                found[name] = said_of(EXERCISES[name], child.answer(name))
            except Gone as error:
                found[name] = "stopped", str(error)
                child.close()
                child = Child(sources, file.parent)  # the others still count
        return "", found
    except Gone as error:
        return str(error), found
    finally:
        child.close()


def cells(file):
    """The sources that matter: the set-up, and whatever the course's own chapter does not hold just so."""
    import nbformat

    if file.stat().st_size > LARGEST:
        raise ValueError(f"The file has more than {LARGEST >> 20} MiB.")
    try:
        notebook = nbformat.read(file, as_version=4)
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    except Exception:  # whatever a damaged file makes of nbformat
        raise ValueError("The file is no notebook.") from None
    if notebook.metadata.get("kernelspec", {}).get("language", "python") != "python":
        raise ValueError("The notebook is not for Python.")
    return [source for i, source in enumerate(code) if i == 0 or source not in of_course() or CHECKS.search(source)]


@cache
def of_course():
    """The sources of all cells of the course: what is just so in a returned notebook is not the learner's."""
    import nbformat

    return {cell.source for chapter in CHAPTERS for cell in nbformat.read(chapter, as_version=4).cells}


def said_of(exercise, answer):
    """(right, not yet or not right yet; why: the known mistake, or what was first said)."""
    from convscope.check.diagnosis import diagnosed
    from convscope.check.exercise import Design, Write
    from convscope.check.says import of_design, of_function, reported

    guess = ()
    if isinstance(exercise, Design) and isinstance(answer, dict):

        def measured():
            if "error" in answer:
                raise TypeError(answer["error"])
            return answer["measured"]

        report = of_design(exercise, measured)
    elif isinstance(exercise, Write) and callable(answer):
        found = diagnosed(exercise, answer)
        report, guess = of_function(found, exercise.name), found.guess
    else:
        report = reported(exercise, answer)
    if report.state != "not right yet":
        return report.state, ""
    return report.state, " and ".join(mistake.says for mistake in guess) or report.lines[0].replace("`", "")


def write_csv(file, exercises, rows):
    with open(file, "w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["notebook", "points", "of", "problem", *exercises])
        for name, problem, found in rows:
            points = sum(state == "right" for state, _ in found.values())
            told = [": ".join(filter(None, found.get(exercise, ("not there", "")))) for exercise in exercises]
            writer.writerow([name, points, len(exercises), problem, *told])


def page(exercises, rows, predictions):
    """The class at a glance: which exercise fails, by which mistake; what was guessed before each answer."""
    body = [f"<h1>{len(rows)} notebooks</h1>"]
    stopped = sum(bool(problem) for _, problem, _ in rows)
    body.append(f"<p>{stopped} could not be graded as a whole; grades.csv says why.</p><h2>Exercises</h2>")
    for exercise in exercises:
        told = Counter(
            "right" if state == "right" else "not yet" if state in ("not yet", "not there") else why or state
            for state, why in (found.get(exercise, ("not there", "")) for _, _, found in rows)
        )
        body.append(bars(exercise, told, "right"))
    body.append("<h2>Predictions</h2>" if predictions else "")
    for key, guesses in sorted(predictions.items()):
        right = next((guess for guess, is_right in guesses if is_right), None)
        body.append(bars(key, Counter(guess for guess, _ in guesses), right))
    style = (
        "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
        ":root{color-scheme:light dark}"
        "h3{margin:1.5rem 0 .3rem}div{display:grid;gap:.2rem .8rem;grid-template-columns:2fr 3fr}"
        "b{background:#c65436;display:inline-block;height:.8rem;margin-right:.5rem}"
        "b.right{background:#00796b}b.open{background:#8a939c}"
    )
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head += f"<title>Class</title><style>{style}</style>"
    return f'<!doctype html><html lang="en">{head}{"".join(body)}'


def bars(title, counted, right):
    most, kinds = max(counted.values(), default=1), {right: "right", "not yet": "open"}
    rows = [
        f'<span>{escape(str(what))}</span><span><b class="{kinds.get(what, "")}" '
        f'style="width:calc({count / most:.3f} * (100% - 3rem))"></b>{count}</span>'
        for what, count in sorted(counted.items(), key=lambda each: (each[0] != right, -each[1]))
    ]
    return f"<h3>{escape(title)}</h3><div>{''.join(rows)}</div>"


def guesses_in(files):
    """{question: [(guess, whether it is right)]}, as `check.guesses()` left them in the notebooks."""
    found = {}
    for file in files:
        mine = {}  # one guess for each question, however often the cell ran
        with suppress(Exception):  # whatever a damaged file makes of nbformat; grades.csv says so
            for told in guesses_kept(file):
                mine[str(told["question"])] = str(told["guess"]), told["right"] is True
        for question, guess in mine.items():
            found.setdefault(question, []).append(guess)
    return found


def guesses_kept(file):
    import nbformat

    from convscope.check.progress import GUESSES

    if file.stat().st_size > LARGEST:
        return
    for cell in nbformat.read(file, as_version=4).cells:
        for output in cell.get("outputs", []):
            yield from output.get("data", {}).get(GUESSES, [])


def main():
    enter("test")
    from tqdm import tqdm

    folder = Path(sys.argv[1]) if len(sys.argv) == 2 else None
    if folder is None or not folder.is_dir():
        sys.exit("Name the folder with the returned notebooks: make grade DIR=returned")
    files = sorted(file for file in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in file.parts)
    if not files:
        sys.exit(f"{folder} holds no notebooks.")
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        results = list(tqdm(workers.map(graded, files), total=len(files), desc="grading", unit="notebook"))
    rows = [(file.relative_to(folder).as_posix(), *result) for file, result in zip(files, results, strict=True)]
    exercises = list(dict.fromkeys(name for _, _, found in rows for name in found))
    write_csv(folder / "grades.csv", exercises, rows)
    (folder / "class.html").write_text(page(exercises, rows, guesses_in(files)), encoding="utf-8")
    print(f"{len(rows)} notebooks: {folder / 'grades.csv'} and {folder / 'class.html'}")


if __name__ == "__main__":
    main()
