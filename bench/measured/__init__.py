"""Experiments that take too long for a chapter: a module a chapter, a function an experiment.

Each public function of a module measures one thing, with several seeds, and returns its figures by name, as lists or
numbers. `make results` runs them and keeps what they return, which a chapter reads by `datasets.measured`.
"""
