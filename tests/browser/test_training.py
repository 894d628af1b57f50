"""Training in JupyterLab, with the kernel that trains: started, paused while it stands, resumed, stopped and kept."""

import pytest
from playwright.sync_api import expect

from convscope import TrainingExplorer, datasets, models
from shown import Shown

MAKE = """from convscope import TrainingExplorer, datasets, models
(x, y), (xt, yt) = datasets.digits()
e = TrainingExplorer(models.digit_net, (x[:1000], y[:1000]), validation=(xt[:200], yt[:200]), epochs=5)
e"""


class ShownTraining(Shown):
    def go(self, name):
        self.root.locator(".go", has_text=name).click()

    @property
    def progress(self):
        return self.root.locator("progress")

    def share(self):
        return self.progress.evaluate("node => node.value")

    def wait_for(self, name):
        """Until the button that starts all says this."""
        expect(self.root.locator(".go")).to_contain_text(name)
        return self.settle()

    def wait_beyond(self, share):
        self.page.wait_for_function(
            "([node, share]) => node.value > share", arg=[self.progress.element_handle(), share]
        )


def test_started_paused_resumed_and_trained_to_the_end_in_the_cell_below(open_notebook):
    notebook, shown = open_notebook(ShownTraining, MAKE)
    notebook.show(shown.root)
    before = shown.pixels(1)
    shown.go("start")
    shown.wait_beyond(0.1)
    shown.go("pause")
    shown.wait_for("resume")
    notebook.settle()
    stands = shown.share()
    notebook.execute(f"assert 0 < e.history.steps == round({stands} * 160) < 160")
    notebook.execute("import time; time.sleep(0.3)")
    assert shown.share() == stands and shown.pixels(1) != before
    shown.go("resume")
    shown.wait_beyond(stands)
    notebook.execute("net = e.trained()")  # while the view asks too
    shown.wait_for("start again")
    notebook.execute("assert e.history.steps == 160 and net is e.model")
    assert shown.share() == 1
    assert notebook.console_errors() == []
