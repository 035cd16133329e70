"""Who must not see yet how another person rated: the second rater of a deviation, until both are in (domain.md 3).

It hides on the screens, for whoever is to rate; it is no secret, for the entry is in the log.
"""

from typing import Final

from shared.actions.action import ACTIONS
from shared.kinds.member import MEMBER  # noqa: F401 - declares the kinds that ratings need
from shared.store.lists import Listed
from shared.terminal.trail import Step
from tui.reader import Reader

HIDDEN: Final = "hidden"
RATE: Final = "deviation.rate"
TWO: Final = 2


class Blind:
    """What is hidden from one person."""

    def __init__(self, reader: Reader, person: str, roles: frozenset[str]) -> None:
        """Hide from a person with these roles.

        With nobody signed in it is hidden where nobody works at a line, as on a reviewer's laptop, who need only lock
        it to see; a floor must see how bad it is.
        """
        self._reader = reader
        self._person = person
        self._rates = bool(ACTIONS[RATE].by.roles & roles) if person else not any(reader.post())
        self._second: tuple[str, ...] | None = None

    def hides(self, row: Listed) -> bool:
        """Whether how a deviation was rated is hidden: a second rating is due, and this person may give it."""
        if not self._rates or row.kind != "deviation":
            return False
        raters = row.columns.get("raters")
        by = raters if isinstance(raters, list) else []
        return len(by) == TWO - 1 and self._person not in by and row.columns.get("criticality") in self._asked()

    def shown(self, row: Listed) -> Listed:
        """A row without what is hidden."""
        return row._replace(columns={**row.columns, "criticality": None}) if self.hides(row) else row

    def covers(self, step: Step) -> bool:
        """Whether an entry of a trail is another person's rating; asked only where `hides`."""
        return step.do == RATE and step.by != self._person

    def _asked(self) -> tuple[str, ...]:
        """The criticalities for which the agreement asks for a second rater."""
        if self._second is None:
            with self._reader.store.snapshot():
                self._second = self._reader.view().terms.second_rater
        return self._second
