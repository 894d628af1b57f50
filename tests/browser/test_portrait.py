"""The README's picture of an explorer is one that the command takes: of a browser's fonts only its size is compared."""

import io

import pytest
from PIL import Image

import figures as command


def test_the_command_takes_a_picture_like_the_one_that_is_committed(chromium):
    now, committed = Image.open(io.BytesIO(command.portrait(chromium))), Image.open(command.PORTRAIT)
    assert now.width == committed.width == command.SHARP * command.WIDTH
    assert now.height == pytest.approx(committed.height, rel=0.05)
    assert len(now.getcolors()) > 50  # it is drawn: the kitten's greys, the map's reds and blues
