"""A chapter, opened in JupyterLab, runs top to bottom, and again, and its explorers are alive."""

import inspect

from notebooks import DEAD_WITHOUT_KERNEL

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


def train_little():
    """In the kernel: of twenty steps of training one is taken. Whether the numbers are right is nbval's question."""
    from convscope.training import Run

    learned = Run._learn

    def learn(run, chosen):
        if run.history.steps % 20 == 0:
            run.last = learned(run, chosen)
        else:
            run.history.steps += 1
            run._losses.append(run.last[0] * run.labels[chosen].size)
            run._seen += run.labels[chosen].size
        return run.last

    Run._learn = learn


def run_twice(notebook):
    notebook.execute(f"{inspect.getsource(train_little)}\ntrain_little()")
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
    assert notebook.console_errors() == []
