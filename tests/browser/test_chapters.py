"""Each chapter, opened in JupyterLab, runs top to bottom, and again, and its explorers are alive."""

import inspect

import pytest

from environment import ROOT
from notebooks import DEAD_WITHOUT_KERNEL

CHAPTERS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
# Mark the outputs that hold a widget; gives how many there are.
MARK_WIDGETS = """kind => {
    let count = 0;
    for (const cell of jupyterapp.shell.currentWidget.content.widgets.filter(({ model }) => model.type === "code"))
        for (const [i, output] of cell.model.outputs.toJSON().entries())
            if (output.data?.[kind]) {
                cell.outputArea.widgets[i].node.dataset.widget = "yes";
                count++;
            }
    return count;
}"""


def train_once():
    """In the kernel: a model that is trained again as before, on the same examples, is spared the time.

    What a second run makes of what the first has changed is another task, and is trained.
    """
    import hashlib
    import pickle

    import convscope
    from convscope.training import fitting

    learned = {}

    def fit(model, x, labels, **how):
        task = hashlib.sha256(pickle.dumps((model, x, labels, how))).digest()
        if task not in learned:
            history = fitting.fit(model, x, labels, **how)
            learned[task] = pickle.dumps((dict(model.parameters), history))
            return history
        weights, history = pickle.loads(learned[task])
        if not model.built:
            model.build(x.shape[1:])
        for name, array in model.parameters.items():
            array[...] = weights[name]
        return history

    convscope.fit = fit


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_runs_twice(lab, chapter):
    notebook = lab.open(chapter, theme="dark")
    notebook.execute(f"{inspect.getsource(train_once)}\ntrain_once()")
    for _ in range(2):
        notebook.run_all()
        assert notebook.cell_errors() == []
    notebook.evaluate("() => jupyterapp.commands.execute('notebook:expand-all-headings')")  # what goes deeper is folded
    assert notebook.evaluate(MARK_WIDGETS, DEAD_WITHOUT_KERNEL)
    for output in notebook.locator("[data-widget]").all():
        output.scroll_into_view_if_needed()
        output.locator(".explorer, .jupyter-widgets").first.wait_for(state="attached")
        for view in output.locator(".explorer").all():
            if view.is_visible():
                notebook.show(view)
    assert notebook.locator("body").get_attribute("data-jp-theme-light") == "false"
    assert notebook.console_errors() == []
