"""What a broken rule makes of itself: the record that a fact done against a rule opens (design.md 4, "Facts").

The kind of record that is opened declares it here, once; the fold calls it and knows no kind by name.
"""

from collections.abc import Callable

from shared.actions.action import Writer

Derivation = Callable[[Writer, str, str, str], None]
"""Writes the derived record's facts, given its writer, the broken rule's id and text, and the record it is about."""
_DECLARED: list[tuple[str, frozenset[str], Derivation]] = []


def derives(code: str, writes: tuple[str, ...]) -> Callable[[Derivation], Derivation]:
    """Declare that records with this id code are opened by broken rules, with these facts."""

    def declare(derivation: Derivation) -> Derivation:
        if _DECLARED:
            msg = "broken rules already open another kind of record"
            raise TypeError(msg)
        _DECLARED.append((code, frozenset(writes), derivation))
        return derivation

    return declare


def derivation() -> tuple[str, frozenset[str], Derivation] | None:
    """The declared one, None where no kind of record is opened by broken rules."""
    return _DECLARED[0] if _DECLARED else None
