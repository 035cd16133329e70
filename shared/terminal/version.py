"""The version of this program, as entries and `andon --version` name it.

A constant, because asking the installed package for it takes longer than all else that `andon --version` does; a test
compares it with pyproject.toml.
"""

from typing import Final

VERSION: Final = "0.1.0"
"""The release, by semantic versioning."""
