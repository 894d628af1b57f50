"""A learner's cells in a process of their own, which gives nothing back but numbers.

Cases and comparison stay here. What runs there has limits of time and memory, no network where the system can take it
away, and a folder of its own; what it prints goes nowhere, and nothing that it sends is ever executed.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import selectors
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

MEMORY, FILES = 2 * 2**30, 64 * 2**20  # bytes that a child may use, and may write into one file
ANSWER = 64 * 2**20  # bytes that one answer may have
SECONDS, CALL_SECONDS = 120.0, 20.0  # that all cells of a notebook may take, and one call
MARK = "\0function"  # stands for an answer that is a function


class Gone(BaseException):
    """The child ended, broke a limit, or answered in a way that it should not.

    Not an Exception, so that a check does not take it for what the learner's function raised.
    """


def packed(value: Any) -> bytes:
    """Numbers, text, arrays, and lists and dicts of them, as one .npz without pickle, its length before it."""
    arrays: list[np.ndarray] = []

    def plain(each):
        if isinstance(each, np.ndarray | np.generic) and each.dtype.kind in "biuf":
            arrays.append(np.asarray(each))
            return {"array": len(arrays) - 1, "scalar": isinstance(each, np.generic)}
        if isinstance(each, tuple | list):
            return {"list": [plain(one) for one in each], "tuple": isinstance(each, tuple)}
        if isinstance(each, dict):
            return {"dict": [[str(name), plain(one)] for name, one in each.items()]}
        if each is Ellipsis:
            return {"open": True}
        if callable(each):
            return {"plain": MARK}
        if each is None or isinstance(each, bool | int | float | str):
            return {"plain": each}
        return {"plain": f"a {type(each).__name__}"}

    file, said = io.BytesIO(), json.dumps(plain(value))
    np.savez(file, said=np.array(said), **{f"a{i}": array for i, array in enumerate(arrays)})
    return struct.pack(">Q", file.tell()) + file.getvalue()


def unpacked(data: bytes) -> Any:
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}

    def full(each):
        if "array" in each:
            array = arrays[f"a{each['array']}"]
            return array[()] if each["scalar"] else array
        if "list" in each:
            return (tuple if each["tuple"] else list)(map(full, each["list"]))
        if "dict" in each:
            return {name: full(one) for name, one in each["dict"]}
        return ... if "open" in each else each["plain"]

    return full(json.loads(str(arrays["said"])))


class Child:
    """Runs cells, keeps the answers that they give to `check`, and calls those that are functions.

    cells: their sources. folder: whose `mine.py` the cells may import.
    """

    def __init__(self, cells: list[str], folder: Path):
        self.place = tempfile.TemporaryDirectory()
        with contextlib.suppress(OSError):
            shutil.copy(folder / "mine.py", self.place.name)
        command = [*_without_network(), sys.executable, "-c", "from convscope.check import remote; remote.serve()"]
        self.process = subprocess.Popen(
            command,
            cwd=self.place.name,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self.answers = self.ask({"cells": cells}, SECONDS)
        except BaseException:
            self.close()
            raise

    def answer(self, name: str) -> Any:
        """What the cells gave to `check` under that name; `...` where they gave nothing; a function to call."""
        value = self.answers.get(name, ...)
        return Remote(self, name) if isinstance(value, str) and value == MARK else value

    def ask(self, request: dict, seconds: float) -> Any:
        try:
            self.process.stdin.write(packed(request))
            self.process.stdin.flush()
            (length,) = struct.unpack(">Q", self._read(8, seconds))
            if length > ANSWER:
                raise Gone(f"its answer has {length:,} bytes")
            return unpacked(self._read(length, seconds))
        except Gone:
            raise
        except Exception as error:  # a broken pipe, or bytes that are no answer
            raise Gone("its process ended, or sent what is no answer") from error

    def _read(self, length: int, seconds: float) -> bytes:
        end, parts = time.monotonic() + seconds, []
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ)
            while length:
                if not ready.select(max(end - time.monotonic(), 0)):
                    raise Gone(f"it ran for more than {seconds:.0f} seconds")
                part = os.read(self.process.stdout.fileno(), min(length, 2**20))
                if not part:
                    raise Gone("its process ended")
                parts.append(part)
                length -= len(part)
        return b"".join(parts)

    def close(self):
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, 9)
        self.process.wait()
        with contextlib.suppress(OSError):  # what was never sent
            self.process.stdin.close()
        self.process.stdout.close()
        self.place.cleanup()


class Remote:
    """A function of the child's, called from here."""

    def __init__(self, child: Child, name: str):
        self.child, self.__name__ = child, name

    def __call__(self, *given):
        said = self.child.ask({"call": self.__name__, "given": list(given)}, CALL_SECONDS)
        for mine, theirs in zip(given, said["given"], strict=True):
            if isinstance(mine, np.ndarray) and mine.shape == np.shape(theirs):
                mine[...] = theirs  # so that a changed input is seen here
        if "error" in said:
            name, text = map(str, said["error"])
            if name == "NotImplementedError":
                raise NotImplementedError
            raise type(name if name.isidentifier() else "Exception", (Exception,), {})(text)  # called as it was there
        return said["answer"]


class Recorder:
    """Stands for `convscope.check` in the child: keeps what it is given."""

    def __init__(self):
        self.answers: dict[str, Any] = {}

    def __getattr__(self, name):
        return lambda *answer: self.answers.__setitem__(name, answer[0] if answer else ...)


def serve() -> None:
    """The child's end: runs the cells, tells the answers, then calls what it is asked to, until nobody asks."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    with contextlib.suppress(ImportError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILES, FILES))
    sys.path.insert(0, os.getcwd())

    from .exercise import Design
    from .exercises import EXERCISES

    recorder = Recorder()
    sys.modules["convscope"].check = sys.modules["convscope.check"] = recorder  # whichever way a cell imports it
    scope: dict[str, Any] = {"__name__": "__main__"}
    while len(head := questions.read(8)) == 8:
        request = unpacked(questions.read(struct.unpack(">Q", head)[0]))
        if "cells" in request:
            for source in request["cells"]:
                _run(source, scope)
            for name, answer in recorder.answers.items():
                exercise = EXERCISES.get(name)
                if isinstance(exercise, Design) and answer is not ...:
                    recorder.answers[name] = _measured(exercise, answer)
            said = recorder.answers
        else:
            said = _called(recorder.answers[request["call"]], request["given"])
        answers.write(packed(said))
        answers.flush()


def _run(source, scope):
    with contextlib.suppress(Exception, SystemExit):
        exec(compile(re.sub(r"^( *)[%!].*$", r"\1pass", source, flags=re.MULTILINE), "<cell>", "exec"), scope)


def _measured(exercise, answer):
    try:
        return {"measured": exercise.measure(answer)}
    except NotImplementedError:
        return ...
    except Exception as error:
        return {"error": str(error)}


def _called(function, given):
    try:
        return {"answer": function(*given), "given": given}
    except Exception as error:
        return {"error": [type(error).__name__, str(error)[:200]], "given": given}


@cache
def _without_network() -> list[str]:
    """What starts a command without a network, where the system has that; asked once."""
    command = ["unshare", "--map-root-user", "--net"]
    works = shutil.which(command[0]) and subprocess.run([*command, "true"], capture_output=True).returncode == 0
    return command if works else []
