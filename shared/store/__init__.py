"""One SQLite file per log: what was said (the log), what it means (the folded tables), and what waits here.

`Store` (store.py) opens a file; `store.write()` gives the one transaction in which everything changes together. This is
the one place that knows SQL. Nothing is imported here, so that a command that only lists pays for nothing else.
"""
