"""The kinds of record: one file each, found by itself.

Adding a kind is adding a file here (docs/manual/first-kind.md).
"""

from importlib import import_module
from pkgutil import iter_modules


def load() -> None:
    """Import every kind, so that `KINDS` and `ACTIONS` are complete; a fault in a declaration is an error here."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")


load()
