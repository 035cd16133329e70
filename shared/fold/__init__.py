"""Folding a log into records: pure, total and the same on every replica (design.md 4).

`VERSION` changes whenever any log could fold differently; a store whose folded tables have another one rebuilds them.
"""

VERSION = 5
