"""Draw the pictures of the notes again, in images/ or in the folder given."""

import sys

from . import main

main(*sys.argv[1:])
