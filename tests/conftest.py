"""Settings that all tests share."""

import os

from hypothesis import settings

# No deadline: a slow machine is no failure. In CI a failing example is printed as a line that repeats it.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=False, print_blob=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "here"))
