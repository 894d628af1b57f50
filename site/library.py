"""The library's pages: every public name with its docstring, which has its arguments as `name: what it is`."""

from __future__ import annotations

import re
from inspect import getdoc, isclass, isfunction, ismodule

import convscope

ARGUMENT = re.compile(r"^(\w+(?:, \w+)*): (.*)")
FIRST = "convscope"  # from where most is imported


def write(pages):
    """Write a page for each public module, and one that lists them."""
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


LIBRARY = """
The library
===========

``convscope`` is a small library of vectorised NumPy. What its chapters use most can be imported from ``convscope``
itself; the other names are in its modules.

.. toctree::
   :maxdepth: 2

{entries}
"""


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
        if (isclass(each) or isfunction(each)) and f"{each.__module__}.".startswith(f"{module.__name__}.") and getdoc(each)
    ]


def page(name, module, names) -> str:
    lines = [name, "=" * len(name), "", *paragraphs(getdoc(module).splitlines()), ""]
    for each in names:
        top = each in convscope.__all__ and getattr(convscope, each) is getattr(module, each)
        place = FIRST if top else module.__name__
        kind = "class" if isclass(getattr(module, each)) else "function"
        lines += [each, "-" * len(each), "", f".. auto{kind}:: {place}.{each}", *["   :members:"] * (kind == "class"), ""]
    return "\n".join(lines)


def as_rst(app, what, name, obj, options, lines):
    """Give Sphinx a docstring of ours in its own notation."""
    lines[:] = paragraphs(lines)


def paragraphs(lines) -> list[str]:
    """A docstring as reStructuredText: what stands in backticks as code, arguments as a list of definitions."""
    made, inside = [], False
    for line in (re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", line.replace("\\", "\\\\").replace("*", "\\*").replace("|", "\\|")) for line in lines):
        found = ARGUMENT.match(line)
        if found:
            made += ["", f"``{found[1]}``", f"    {found[2]}"]
        elif inside and line.startswith("    "):
            made.append(line)
        else:
            made += [""] * inside + [line]
        inside = bool(found) or (inside and line.startswith("    "))
    return made
