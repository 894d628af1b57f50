"""The server's configuration for `make lab` and Binder: a saved notebook, opened again, shows its pictures."""

import warnings

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def drop_covering_views(model, **_):
    """Drop each live view that has a picture or HTML beside it.

    A view dies with its kernel, and JupyterLab would show "Error displaying widget: model not found" in place of what
    stands beside it. The page that is open keeps its live views; only the file goes without. A view that stands alone
    stays. What is raised here the server logs, and saves the notebook all the same.
    """
    if model.get("type") != "notebook":
        return
    for cell in model["content"].get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if any(kind == "text/html" or kind.startswith("image/") for kind in data):
                data.pop(WIDGET_VIEW, None)


warnings.filterwarnings("ignore", "Overriding existing pre_save_hook")  # the server configures its file manager twice
c.ContentsManager.pre_save_hook = drop_covering_views  # noqa: F821  Jupyter hands `c` to its configuration
