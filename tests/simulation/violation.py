"""What a history broke."""


class Violation(Exception):
    """An invariant does not hold: which of domain.md 8, and what was found."""

    def __init__(self, invariant: str, text: str) -> None:
        super().__init__(f"{invariant}: {text}")
        self.invariant = invariant
        self.text = text
