"""The exercises of the course, by name: a module a chapter, each nothing but data."""

from __future__ import annotations

from ..exercise import Exercise
from . import convolution, inception, invariance, network, one_by_one, pooling, stride, structure

CHAPTERS = (structure, invariance, convolution, stride, pooling, one_by_one, inception, network)
EXERCISES: dict[str, Exercise] = {each.name: each for chapter in CHAPTERS for each in chapter.EXERCISES}
