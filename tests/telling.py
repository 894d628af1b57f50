"""What tests of explorers share without a browser: what a view says to Python, and what Python says to views."""

import json

import numpy as np


def told(explorer, view="a", picture=None, **changes):
    """What a view sends when a person changes something there; gives what Python then says."""
    settings = json.loads(json.dumps(explorer.state.settings | changes))
    explorer._told = {
        "view": view,
        "serial": explorer._told.get("serial", 0) + 1,
        "settings": settings,
        "mine": list(changes),
        "picture": picture,
    }
    return explorer._said


def numbers(described):
    return np.frombuffer(described["data"], "<f4").reshape(described["shape"])
