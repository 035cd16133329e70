"""Settings that all tests share."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest
from hypothesis import settings

# No deadline: a slow machine is no failure. In CI a failing example is printed as a line that repeats it.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=False, print_blob=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "here"))

# A shell starts what runs in its background with Ctrl-C ignored, and so would be every process that a test interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)

_OURS = {"live", "syncer", "performer", "counter", "rebuilding", "pulse"}
"""Threads that work; the one that watches a terminal only waits for that."""


@pytest.fixture(autouse=True)
def _threads_end() -> Iterator[None]:
    """No thread of a test goes on into the next one, where it would draw, write and log."""
    before = {*threading.enumerate()}
    yield
    ending = [one for one in threading.enumerate() if one.name in _OURS and one not in before]
    for one in ending:
        one.join(10)
    assert not [one.name for one in ending if one.is_alive()]
