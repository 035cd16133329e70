"""Logs as they were written once, and what they folded to: `python -m tests.recorded NAME` records one more."""
