"""The browser's modules, joined into the one that anywidget asks for: it is loaded from text, where no relative
import leads anywhere. A part may also be a JSON or a CSS file, imported as browsers do it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
KIT = "kit.js"
_WIRE, _ALIVE = (_HERE / "view" / "wire.js").resolve(), "export { mount, revived };\n"
_IMPORT = re.compile(
    r'^import (?:(?:\{([^}]*)\}|(\w+)) from )?"(\.[^"]+)"(?: with \{ type: "(\w+)" \})?;\n', re.MULTILINE
)
_DEFINED = re.compile(r"^(?:export )?(?:async )?(?:function\*?|class|const|let) (\w+)", re.MULTILINE)
_EXPORT = re.compile(r"^export (?:\{[^}]*\};\n|(?=async |function|class|const|let))", re.MULTILINE)


@cache
def joined(entry: str) -> str:
    """One module in place of `entry`, a path beside this file, and of all that it imports; it exports what entry does.

    A view exports what brings it to life on a page, too.

    Raises ValueError, naming the file, where modules import each other in a circle or a name is defined twice.
    """
    parts = _parts(entry)
    _check_names(parts)
    return "\n".join([*_without_exports(parts), *([_ALIVE] if _WIRE in parts else [])])


def apart(entries: dict[str, str]) -> dict[str, str]:
    """Modules for a page of several explorers, by file name: `entries` says of which view each is made.

    Each has what stands in its view's own folder. All else is in kit.js, once, which also exports what brings an
    explorer to life. Raises ValueError as `joined` does.
    """
    found = {name: ((_HERE / entry).resolve(), _parts(entry)) for name, entry in entries.items()}
    kit, made = {}, {}
    for name, (file, parts) in found.items():
        own = {path: text for path, text in parts.items() if file.parent in path.parents}
        others = {path: text for path, text in parts.items() if path not in own}
        _check_names(own)
        taken = ", ".join(sorted({taken for path in own for taken in _taken(path, others)}))
        made[name] = "\n".join([f'import {{ {taken} }} from "./{KIT}";', *_without_exports(own)])
        kit |= others
    names = ", ".join(_check_names(kit))
    return {KIT: "\n".join([*(_EXPORT.sub("", text) for text in kit.values()), f"export {{ {names} }};\n"]), **made}


def _parts(entry):
    """All that a module is made of: the text of each file without its imports, after those that it imports."""
    parts: dict[Path, str] = {}
    _follow((_HERE / entry).resolve(), parts, ())
    return parts


def _taken(path, files):
    """The names that a module imports from these files."""
    imports = _IMPORT.findall(path.read_text(encoding="utf-8")) if path.suffix == ".js" else []
    for names, name, target, _ in imports:
        if (path.parent / target).resolve() in files:
            yield from filter(None, map(str.strip, [name, *names.split(",")]))


def _without_exports(parts):
    """The texts, of which the last alone exports."""
    *before, last = parts.values()
    return [*(_EXPORT.sub("", text) for text in before), last]


def _check_names(parts) -> dict:
    """The names that these files define, each with its file."""
    names: dict[str, Path] = {}
    for path, text in parts.items():
        for name in _DEFINED.findall(text):
            if name in names:
                raise ValueError(f"{name} is defined in {_short(names[name])} and again in {_short(path)}.")
            names[name] = path
    return names


def _follow(path, parts, on_the_way):
    """Put `path` into parts, without its imports, after all that it imports."""
    if path in parts:
        return
    if path in on_the_way:
        raise ValueError(f"{_short(path)} imports itself, by way of {', '.join(map(_short, on_the_way))}.")
    text = path.read_text(encoding="utf-8")
    for _, name, target, kind in _IMPORT.findall(text):
        other = (path.parent / target).resolve()
        if kind:
            parts.setdefault(other, _as_module(name, kind, other.read_text(encoding="utf-8")))
        else:
            _follow(other, parts, (*on_the_way, path))
    parts[path] = _IMPORT.sub("", text)


def _as_module(name, kind, text):
    if kind == "json":
        return f"const {name} = {json.dumps(json.loads(text), ensure_ascii=False)};\n"
    sheet = json.dumps(re.sub(r"\s+", " ", text), ensure_ascii=False)
    return f"const {name} = new CSSStyleSheet();\n{name}.replaceSync({sheet});\n"


def _short(path):
    return path.name if _HERE not in path.parents else path.relative_to(_HERE).as_posix()
