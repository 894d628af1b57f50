"""A network in training, watched: the view asks for one slice after another, and Python trains and answers.

To pause is not to ask: nothing runs between two slices, so a page that is closed, or a kernel that is interrupted,
leaves a network that can be trained on.
"""

from __future__ import annotations

import threading
from itertools import count

import anywidget
from traitlets import Dict

from ...figures.chapter import as_html, png
from ...training import History
from ..bundle import as_json, display_card
from ..explorer import StateError, described
from ..modules import joined
from ..page import explorer_page, in_script
from .session import Session
from .still import draw_curves_of

SLICE = 0.1  # seconds of training for which the view asks at a time
AWAKE = "<p><em>A still picture: run this cell to train the network yourself.</em></p>"
INTERRUPTED = "The training was interrupted: resume goes on where it stopped."
_SERIALS = count()


class TrainingExplorer(anywidget.AnyWidget):
    """Training, watched: live curves, the kernels, and what an image becomes, with settings to choose before it starts.

    model: a network of layers; or a function that makes one, such as `models.digit_net`: if it takes `kernel_size` or
        `pool`, these can be chosen too.
    examples, validation: (x, labels), as `fit` takes them, with x (example, channel, row, column).
    epochs, rate, batch, seed: as for `fit`. optimiser: "Adam" or "SGD". kernel_size, pool: to begin with; by default
        what the function has.
    example: which image of validation (or of examples) is shown on its way.
    `trained()` gives the network to the cells below. Raises ValueError or TypeError for what cannot be.
    """

    _esm = joined("training/scene.js")

    _told = Dict().tag(sync=True)  # from a view: what it asks for
    _said = Dict().tag(sync=True)  # from Python: where the training stands
    _options = Dict().tag(sync=True)

    def __init__(
        self,
        model,
        examples,
        *,
        validation=None,
        epochs=15,
        rate=0.003,
        batch=32,
        optimiser="Adam",
        kernel_size=None,
        pool=None,
        seed=0,
        example=0,
    ):
        settings = {"rate": rate, "batch": batch, "optimiser": optimiser, "kernel_size": kernel_size, "pool": pool}
        how = {"validation": validation, "epochs": epochs, "seed": seed, "example": example}
        self._lock = threading.RLock()
        self._session = Session(model, examples, **how, settings=settings)
        self._shown = None
        super().__init__()
        image = described(self._session.image[0])
        self._options = {"label": type(self).__name__, "image": image, "truth": self._session.label, "epochs": epochs}
        self._say()
        self.observe(lambda change: self._on_told(change.new), "_told")

    @property
    def model(self):
        """The network as it is now."""
        return self._session.model

    @property
    def history(self) -> History:
        """What was measured at the end of each epoch so far."""
        return self._session.run.history

    @property
    def settings(self) -> dict:
        """What was chosen, by name."""
        return dict(self._session.settings)

    @property
    def sentence(self) -> str:
        """Where the training stands, in words."""
        return f"TrainingExplorer: {self.history}"

    def set(self, **changes) -> None:
        """Change settings before the start; raise StateError after it, or for settings that cannot be."""
        self._do(lambda session: session.set(**changes))

    def reset(self) -> None:
        """Start again from the seed."""
        self._do(lambda session: session.begin())

    def trained(self):
        """Return the network, after training it to the end unless it was stopped.

        Raises FloatingPointError if the rate is too large; the network is then what it was before.
        """
        while self._session.phase != "ended":
            self._do(lambda session: session.advance(SLICE))
        if self._shown and not self._told:  # nobody has watched: what is on show becomes what came out
            self._display(again=self._shown)
        return self.model

    def figure(self):
        """Return the curves so far as a matplotlib figure."""
        return draw_curves_of(self._session)

    def page(self) -> str:
        """Return a page of HTML that shows how far the training has come, without kernel or network."""
        return explorer_page(self, in_script(self._state()))

    def __repr__(self):
        return self.sentence

    def _do(self, act):
        """Let something be done with the session, and tell every view how it stands then."""
        with self._lock:
            try:
                act(self._session)
            except FloatingPointError as error:
                self._say(refusal=str(error))
                raise
            except (TypeError, ValueError) as error:
                raise StateError(str(error)) from None
            self._say()

    def _on_told(self, told):
        """Do what a view asks for and answer; whatever happens, the view and the network go on."""
        with self._lock:
            session, refusal = self._session, ""
            acts = {"set": lambda: None, "train": lambda: session.advance(SLICE)}
            acts |= {"stop": session.stop, "reset": session.begin}
            try:
                if changes := told["changes"]:
                    session.set(**changes)
                acts[told["act"]]()
            except KeyboardInterrupt:
                refusal = INTERRUPTED
            except Exception as error:
                refusal = str(error)
            self._say(told, refusal)

    def _say(self, told=None, refusal=""):
        session, history, told = self._session, self.history, told or {}
        said, share, sheets = session.watched()
        self._said = {
            "serial": next(_SERIALS),  # an equal message would not be sent
            "view": told.get("view", ""),
            "answers": told.get("serial", 0),
            "refusal": refusal,
            "phase": session.phase,
            "settings": session.settings,
            "choices": session.choices(),
            "steps": history.steps,
            "total": session.run.total,
            "per_epoch": session.run.per_epoch,
            "every": session.every,
            "training": session.curves,
            "test": {"loss": history.validation_loss, "accuracy": history.validation_accuracy},
            "sheets": [{"title": title, "maps": described(maps)} for title, maps in sheets.items()],
            "answer": {"class": said, "share": share, "classes": session.classes},
            "code": session.code(),
        }

    def _state(self):
        return as_json({"_options": self._options, "_said": self._said | {"view": "", "answers": 0}})

    def _ipython_display_(self, **_):
        """Show the live view where there is a kernel, the curves and the sentence everywhere else."""
        self._shown = self._display()

    def _display(self, again=None):
        figure = self.figure()
        html = as_html(png(figure), figure.get_label()) + AWAKE
        return display_card(self, self._state(), html=html, text=self.sentence, again=again)
