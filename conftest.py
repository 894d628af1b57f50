"""One thread and no progress bars, in tests and in the kernels that they start: what notebooks print is compared."""

import os

from environment import NO_BARS, ONE_THREAD

os.environ.update(ONE_THREAD, **NO_BARS)
