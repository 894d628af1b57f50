"""Draw every picture in images/ again, or into the folder that is named."""

import sys

from . import main

main(*sys.argv[1:])
