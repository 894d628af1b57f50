"""Run chapters from top to bottom, in place, and keep what can be read without a kernel.

Names or their beginnings choose: `python tools/notebooks.py 04`. A chapter that raises is left as it was.
"""

import os
import re
import sys

from environment import NO_BARS, ROOT, enter

DEAD_WITHOUT_KERNEL = "application/vnd.jupyter.widget-view+json"
COLLAPSED = "jp-MarkdownHeadingCollapsed"  # a heading whose section JupyterLab shows folded
CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TIMEOUT = 600  # seconds that a cell may take, or a kernel to start, on a busy machine


def run(chapter):
    """The chapter, executed by a kernel of its own."""
    import nbclient
    import nbformat

    notebook = nbformat.read(chapter, as_version=4)
    place = {"metadata": {"path": str(chapter.parent)}}
    options = {"timeout": TIMEOUT, "startup_timeout": TIMEOUT, "record_timing": False, "store_widget_state": False}
    options["extra_arguments"] = ["--log-level=ERROR"]  # for the kernel would warn of its local sockets
    nbclient.NotebookClient(notebook, resources=place, kernel_name="python3", **options).execute(
        env=os.environ | NO_BARS
    )
    return clean(notebook)


def clean(notebook):
    """The notebook as it is committed: without what differs from run to run or dies with the kernel."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when it ran
        cell.metadata.pop("trusted", None)
        if cell.metadata.get(COLLAPSED):  # Colab has a list of its own, by ids that it keeps in the metadata
            cell.metadata["id"] = cell.id
            notebook.metadata.setdefault("colab", {}).setdefault("collapsed_sections", []).append(cell.id)
        if cell.cell_type == "code":
            cell.outputs = [output for output in joined(cell.outputs) if bare(output)]
    return notebook


def plain(source):
    """The code of a cell as Python alone: `pass` where IPython has a command of its own."""
    return re.sub(r"^( *)[%!].*$", r"\1pass", source, flags=re.MULTILINE)


def joined(outputs):
    """The outputs, with the pieces of one stream in one: how it is cut depends on the clock."""
    whole = []
    for output in outputs:
        if output.output_type == "stream" and whole and whole[-1].get("name") == output.name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


def bare(output):
    """Strip an output of its live view; whether anything is left to show."""
    data = output.get("data")
    if data is None:
        return True
    data.pop(DEAD_WITHOUT_KERNEL, None)
    return bool(data)


def main():
    enter("test")
    import nbformat
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    wanted = tuple(sys.argv[1:]) or ("",)
    chosen = [chapter for chapter in CHAPTERS if chapter.name.startswith(wanted)]
    if not chosen:
        sys.exit(f"No chapter begins with {' or '.join(wanted)}: there is {', '.join(each.stem for each in CHAPTERS)}.")
    failed = []
    for chapter in chosen:
        before = chapter.read_text(encoding="utf-8")
        try:
            after = nbformat.writes(run(chapter)) + "\n"
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            failed.append(chapter.stem)
            print(f"{chapter.stem}: left as it was, for a cell failed.\n{error}", flush=True)
            continue
        chapter.write_text(after, encoding="utf-8", newline="\n")
        print(f"{chapter.stem}: {'as before' if after == before else 'new'}", flush=True)
    sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
