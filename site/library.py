"""The library's pages: every public name with its docstring, which has its arguments as `name: what it is`."""

from __future__ import annotations

import re
from inspect import getdoc, isclass, isfunction, ismodule, signature

import convscope

ARGUMENT = re.compile(r"([a-z]\w*(?:(?:, | or | and )(?:the )?\w+)*): (.*)")
BEGIN = ("Returns ", "Return ", "Raises ", "Formula: ", "Source: ", "The figure's label ")  # a paragraph of its own
FIRST = "convscope"  # from where most is imported
LIBRARY = """
The library
===========

``convscope`` is a small library of vectorised NumPy. What its chapters use most can be imported from ``convscope``
itself; the other names are in its modules.

.. toctree::
   :maxdepth: 2

{entries}
"""


def write(pages):
    """Write a page for each public module into a folder of `pages`, and one that lists them."""
    (pages / "library").mkdir(parents=True)
    listed = []
    for module in public_modules():
        name = module.__name__.removeprefix(f"{FIRST}.")
        names = members(module)
        if names:
            listed.append(name)
            (pages / "library" / f"{name}.rst").write_text(page(name, module, names), encoding="utf-8")
    entries = "\n".join(f"   {name}" for name in listed)
    (pages / "library" / "index.rst").write_text(LIBRARY.format(entries=entries), encoding="utf-8")


def public_modules() -> list:
    found = (getattr(convscope, name) for name in convscope.__all__)
    return sorted({module.__name__: module for module in found if ismodule(module)}.values(), key=lambda m: m.__name__)


def members(module) -> list[str]:
    """The functions and classes of a module that are public and at home there."""
    names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
    found = {name: getattr(module, name) for name in names}
    return [
        name
        for name, each in found.items()
        if (isclass(each) or isfunction(each))
        and f"{each.__module__}.".startswith(f"{module.__name__}.")
        and getdoc(each)
    ]


def page(name, module, names) -> str:
    lines = [name, "=" * len(name), "", *paragraphs(getdoc(module).splitlines()), ""]
    for each in names:
        top = each in convscope.__all__ and getattr(convscope, each) is getattr(module, each)
        place = FIRST if top else module.__name__
        kind = "class" if isclass(getattr(module, each)) else "function"
        options = ["   :members:"] if kind == "class" else []
        lines += [each, "-" * len(each), "", f".. auto{kind}:: {place}.{each}", *options, ""]
    return "\n".join(lines)


def as_rst(app, what, name, obj, options, lines):
    """Give Sphinx a docstring of ours in its own notation."""
    lines[:] = paragraphs(lines)


def as_written(app, what, name, obj, options, arguments, returns):
    """Give Sphinx the types of arguments as the source has them: names for what would be long."""
    if arguments is None or not callable(obj):
        return None
    plain = re.sub(r"(: |-> )'([^']+)'", r"\1\2", str(signature(obj)))
    arguments, _, returns = plain.partition(" -> ")
    return arguments, returns


def paragraphs(lines) -> list[str]:
    """A docstring as reStructuredText: arguments as a list of definitions, all else as paragraphs."""
    made: list[str] = []
    for line in items(lines):
        argument = ARGUMENT.match(line)
        made += [f"``{argument[1]}``", f"    {marked(argument[2])}", ""] if argument else [marked(line), ""]
    return made


def items(lines) -> list[str]:
    """The parts of a docstring, each on one line: its paragraphs, its arguments, and what stands below an argument."""
    made, is_new = [], True
    for line in re.sub(r"(?<=\.) (?=[a-z]\w*: )", "\n", "\n".join(lines)).split("\n"):  # several stand on one line
        text, hangs = line.strip(), line.startswith("    ")
        begins = is_new or ARGUMENT.match(line) or text.startswith(BEGIN)
        if text and begins and not (hangs and not is_new):
            made.append(text)
        elif text:
            made[-1] += f" {text}"
        is_new = not text
    return made


def marked(text) -> str:
    """Text in which what stands in backticks is code, and nothing else has a meaning."""
    plain = re.sub(r"([\\*|_])", r"\\\1", text)
    coded = re.sub(r"`([^`]+)`", lambda code: f"``{code[1]}``".replace("\\", ""), plain)
    return re.sub(r"(``[^`]+``)(?=\w)", r"\1\\ ", coded)
