"""Settings that all tests share."""

import os
import signal

from hypothesis import settings

# No deadline: a slow machine is no failure. In CI a failing example is printed as a line that repeats it.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=False, print_blob=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "here"))

# A shell starts what runs in its background with Ctrl-C ignored, and so would be every process that a test interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
