"""Folding a log into records: pure, total and the same on every replica (design.md 4).

`VERSION` changes whenever any log could fold differently; stores rebuild their folded tables when it differs from theirs.
"""

VERSION = 1
