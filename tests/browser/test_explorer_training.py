"""Training in JupyterLab, with the kernel that trains: started, paused while it stands, resumed, stopped and kept."""

import pytest
from playwright.sync_api import expect
from shown import Shown

from convscope import TrainingExplorer, datasets, models

MAKE = """from convscope import TrainingExplorer, datasets, models
(x, y), (xt, yt) = datasets.digits()
e = TrainingExplorer(models.digit_net, (x[:1000], y[:1000]), validation=(xt[:200], yt[:200]), epochs=5)
e"""
LONG = MAKE.replace("epochs=5", "epochs=90")
MAKE_LARGE = MAKE.replace("epochs=5", "epochs=5, optimiser='SGD', rate=1e30")


class ShownTraining(Shown):
    def press(self, name):
        self.root.get_by_role("button", name=name).click()

    def wait_for(self, name):
        """Until the button that starts all says this."""
        expect(self.root.locator(".go")).to_contain_text(name)
        return self.settle()

    @property
    def progress(self):
        return self.root.locator("progress").evaluate("node => node.value")

    def wait_beyond(self, share):
        self.page.wait_for_function(
            "([node, share]) => node.value > share",
            arg=[self.root.locator("progress").element_handle(), share],
        )

    def pixels(self, which):
        return self.root.locator("canvas").nth(which).evaluate("canvas => canvas.toDataURL()")


def test_started_paused_resumed_and_trained_to_the_end_by_a_cell_below(open_notebook):
    notebook, shown = open_notebook(ShownTraining, MAKE)
    notebook.show(shown.root)
    expect(shown.root.locator(".written")).to_contain_text("Not trained yet")
    image, *before = (shown.pixels(i) for i in range(4))
    shown.press("start")
    shown.wait_beyond(0.1)
    shown.press("pause")
    shown.wait_for("resume")
    notebook.settle()
    stands = shown.progress
    notebook.execute(f"import time; time.sleep(0.3); assert 0 < e.history.steps == round({stands} * 160) < 160")
    shown.settle()
    assert shown.progress == stands and shown.pixels(0) == image
    assert all(shown.pixels(i + 1) != each for i, each in enumerate(before))  # kernels and maps of both layers
    shown.press("resume")
    shown.wait_beyond(stands)
    notebook.execute("net = e.trained()")  # while the view asks too
    shown.wait_for("start again")
    notebook.execute("assert e.history.steps == 160 and net is e.model")
    assert shown.progress == 1
    expect(shown.root.locator(".heard")).to_contain_text(shown.text(".readout"))  # read aloud
    expect(shown.root.get_by_role("img", name="right answers: training")).to_be_visible()
    assert notebook.console_errors() == []


def test_stopped_it_is_kept_and_begun_again_the_run_before_stays_to_compare(open_notebook):
    notebook, shown = open_notebook(ShownTraining, LONG)
    notebook.show(shown.root)
    assert shown.button("stop and keep").is_disabled()
    shown.press("start")
    shown.wait_beyond(0.02)
    assert shown.radio("3").is_disabled()
    shown.press("stop and keep")
    shown.wait_for("start again")
    notebook.settle()
    notebook.execute("steps = e.history.steps; assert e.trained() is e.model and e.history.steps == steps > 0")
    shown.press("start again")
    shown.wait_for("▶ start")
    expect(shown.root.locator("header .note", has_text="run before")).to_have_count(2)
    shown.radio("3").check()
    shown.choose("batch size", "64")
    notebook.settle()
    notebook.execute("assert e.settings['kernel_size'] == 3 and e.settings['batch'] == 64 and not e.history.steps")
    shown.press("start")
    shown.wait_beyond(0)
    shown.press("pause")
    shown.wait_for("resume")
    assert notebook.console_errors() == []


def test_a_rate_that_is_too_large_is_told_and_another_one_learns(open_notebook):
    notebook, shown = open_notebook(ShownTraining, MAKE_LARGE)
    notebook.show(shown.root)
    shown.press("start")
    expect(shown.root.get_by_role("alert")).to_contain_text("use a smaller rate")
    shown.wait_for("▶ start")
    assert shown.progress == 0
    shown.choose("rate", "0.03")
    notebook.settle()
    expect(shown.root.get_by_role("alert")).to_have_count(0)
    shown.press("start")
    shown.wait_for("start again")
    notebook.execute("assert e.history.loss[-1] < 1 and e.history.steps == 160")


def test_a_view_that_is_closed_asks_no_more_and_another_goes_on(open_notebook):
    notebook, shown = open_notebook(ShownTraining, LONG)
    notebook.show(shown.root)
    shown.press("start")
    shown.wait_beyond(0)
    notebook.evaluate("() => jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    expect(notebook.locator(".explorer")).to_have_count(0)
    notebook.settle()  # which would wait for ever for one that asks on
    notebook.execute("import time; steps = e.history.steps; time.sleep(0.3); assert e.history.steps == steps > 0")
    notebook.hold("e")
    notebook.run_all()
    again = ShownTraining(notebook.page)
    notebook.show(again.root)
    again.wait_for("resume")
    there = again.progress
    again.press("resume")
    again.wait_beyond(there)
    again.press("pause")


def test_a_kernel_that_dies_while_it_trains_is_one_line(open_notebook):
    notebook, shown = open_notebook(ShownTraining, LONG)
    notebook.show(shown.root)
    shown.press("start")
    shown.wait_beyond(0)
    notebook.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    expect(shown.root.locator(".status")).to_contain_text("run this cell again")
    assert shown.root.locator(".go").is_disabled()
    notebook.evaluate("() => { window.unanswered = undefined; }")  # what was asked then is never answered


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_without_a_kernel_the_kept_curves_stand_and_all_words_fit(open_explorer, theme):
    (x, y), (xt, yt) = datasets.digits()
    kept = TrainingExplorer(models.digit_net, (x[:500], y[:500]), validation=(xt[:200], yt[:200]), epochs=1)
    kept.trained()
    shown, said = open_explorer(ShownTraining, kept, theme=theme), f"{100 * kept.history.validation_accuracy[-1]:.1f}%"
    for width in (390, 600, 800, 1280):
        shown.page.set_viewport_size({"width": width, "height": 900})
        expect(shown.root.locator(".status")).to_contain_text("training needs Python")
        assert shown.root.locator(".go").is_disabled() and shown.progress == 1
        expect(shown.root.get_by_role("img", name=f"test {said}")).to_be_visible()
        assert shown.settle().cut_off() == [] and shown.overflow() <= 0, width
