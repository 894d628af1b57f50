"""Draw the pictures of the notes again, in images/ or the folder that is named."""

import sys

from . import main

main(*sys.argv[1:])
