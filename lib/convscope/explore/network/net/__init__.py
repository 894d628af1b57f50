"""A network without a view: its stages, its units and the paths through them, and the ink that it reads."""
