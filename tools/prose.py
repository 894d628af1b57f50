"""Count the words of each chapter, and list the numbers in its prose that no cell of it gives.

A number that nobody can place is typed by hand, or comes from a source that its paragraph should link to.
"""

import re
import sys

from environment import enter
from notebooks import CHAPTERS, COLLAPSED

NUMBER = re.compile(r"(?<![\w.,])(\d+(?:,\d{3})*(?:\.\d+)?)( ?%| per cent| thousand| million| billion)?(?![\w]|[.,]\d)")
SCALES = {"%": 0.01, "per cent": 0.01, "thousand": 1e3, "million": 1e6, "billion": 1e9}


def words(text):
    """How many words people read in a piece of Markdown: without addresses, tags, comments and code."""
    return sum(bool(re.search(r"\w", word)) for word in plain(text).split())


def plain(text):
    text = re.sub(r"```.*?```|<!--.*?-->", "", text, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", re.sub(r"\]\([^)]*\)", "]", text))


def parts(notebook):
    """The prose of a chapter as (core, folded): folded is what stands in <details> or below a collapsed heading.

    Exercises are neither: they take the time that a learner gives them.
    """
    core, folded, exercises, deep, is_exercise = [], [], [], 0, None
    for cell in notebook.cells:
        heading = re.match(r"(#+) ", cell.source) if cell.cell_type == "markdown" else None
        if heading and (not deep or len(heading[1]) <= deep):
            deep = len(heading[1]) if cell.metadata.get(COLLAPSED) else 0
        if heading and len(heading[1]) <= 2:
            is_exercise = re.match(r"## (\d+ )?Exercises", cell.source)
        if cell.cell_type == "markdown":
            (exercises if is_exercise else folded if deep else core).append(
                re.sub(r"<details>.*?</details>", "", cell.source, flags=re.DOTALL)
            )
            folded += [] if deep or is_exercise else re.findall(r"<details>.*?</details>", cell.source, re.DOTALL)
    return "\n\n".join(core), "\n\n".join(folded)


def predictions(notebook):
    """How many questions a chapter asks."""
    return sum(len(re.findall(r"\bPredict\(", cell.source)) for cell in notebook.cells if cell.cell_type == "code")


def shape_of_sentences(core):
    """(how many sentences, their mean of words, the share with six words or fewer), of paragraphs alone."""
    lines = [line for line in plain(core).splitlines() if re.match(r"[A-Z*(]", line)]
    lengths = [words(one) for line in lines for one in re.split(r"(?<=[.?!])\s+(?=[A-Z*(])", line)]
    lengths = [n for n in lengths if n] or [0]
    return len(lengths), sum(lengths) / len(lengths), sum(n <= 6 for n in lengths) / len(lengths)


def shown(notebook):
    """Every number that a chapter's code says or its cells print, as floats; with the text of its pictures."""
    texts = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            texts.append(cell.source)
            for output in cell.outputs:
                data = output.get("data", {})
                texts += [output.get("text", ""), data.get("text/plain", "")]
                texts.append(re.sub(r"base64,[^\"']*", "", data.get("text/html", "")))
    found = re.findall(r"(?<![\w.])\d[\d,_]*(?:\.\d+)?(?:e[+-]?\d+)?%?", "\n".join(texts))
    return {value(each.rstrip("%")) * (0.01 if each.endswith("%") else 1) for each in found}


def value(text):
    return float(text.replace(",", "").replace("_", "").rstrip("."))


def is_held(number, unit):
    """Whether a number is one that a reader takes for a measurement: a share, a decimal fraction or four digits."""
    digits = number.replace(",", "")
    is_year = re.fullmatch(r"(18|19|20)\d\d", number)
    return bool(unit) or "." in digits or (len(digits) >= 4 and not is_year)


def is_placed(number, unit, given):
    """Whether some given value, rounded as the number is written, is that number."""
    digits = number.replace(",", "")
    scale = SCALES.get(unit.strip(), 1)
    after = len(digits.partition(".")[2])
    zeros = len(digits) - len(digits.rstrip("0")) if not after else 0
    step = scale * (10.0**-after if after else 10.0**zeros)
    wanted = float(digits) * scale
    likely = given | {each * 0.01 for each in given} if scale == 0.01 else given
    return any(abs(each - wanted) <= step * 0.5000001 for each in likely)


def unplaced(notebook):
    """The numbers of a chapter's prose that no cell gives and no source is linked for, each with its paragraph."""
    given = shown(notebook)
    text = re.sub(r"```.*?```", "", "\n\n".join(parts(notebook)), flags=re.DOTALL)
    for paragraph in re.split(r"\n\s*\n", text):
        if re.search(r"\]\(https?:", paragraph):  # from a source that the reader can look up
            continue
        said = re.sub(r"`[^`]*`", " ", plain(paragraph))
        for number, unit in NUMBER.findall(said):
            if is_held(number, unit) and not is_placed(number, unit, given):
                yield number + unit, paragraph


def main():
    enter("test")
    import nbformat

    chosen = [file for file in CHAPTERS if file.name.startswith(tuple(sys.argv[1:]) or ("",))]
    for file in chosen:
        notebook = nbformat.read(file, as_version=4)
        core, folded = parts(notebook)
        count, mean, short = shape_of_sentences(core)
        print(f"{file.stem}: core {words(core):,} words, folded {words(folded):,}, {predictions(notebook)} predictions")
        print(f"  {count} sentences in paragraphs, {mean:.1f} words on the mean, {short:.0%} of six words or fewer")
        for number, paragraph in unplaced(notebook):
            at = paragraph.find(number)
            print(f"  {number}: ...{paragraph[max(0, at - 60) : at + 40]}...".replace("\n", " "))


if __name__ == "__main__":
    main()
