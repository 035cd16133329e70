"""Who must not see yet how another person rated: the second rater of a deviation, until both are in (domain.md 3).

Screens and commands hide it, from whoever is to rate; it is no secret, for the entry is in the log.
"""

from collections.abc import Sequence
from typing import Any, Final

from shared.actions.action import ACTIONS
from shared.actions.kind import Blocker
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.kinds.member import MEMBER  # noqa: F401 - declares the kinds that ratings need
from shared.store.lists import Listed, Unseen
from shared.store.store import Store
from shared.terminal.trail import Step

HIDDEN: Final = "hidden"
RATE: Final = "deviation.rate"
SENTENCE: Final = "rated: hidden until you have rated"
"""Stands in the place of what a rating says."""
CLEARS: Final = "as the agreement has it for the rating, which is hidden until you have rated"
"""Stands in the place of who clears what a rating decides."""
_TWO: Final = 2


class Blind:
    """What is hidden from one person."""

    def __init__(self, store: Store, code: str, person: str, roles: frozenset[str], now: int) -> None:
        """Hide from a person with these roles, at the terminal with this code.

        With nobody signed in it is hidden where nobody works at a line, as on a reviewer's laptop, who need only lock
        it, or ask by a command, to see; a floor, which is a terminal at a place, must see how bad it is.

        Args:
            store: the program's log.
            code: the terminal's code.
            person: who looks, "" for nobody that is known.
            roles: that person's roles.
            now: the time at which the agreement counts, ms since 1970 UTC.
        """
        self._store = store
        self._code = code
        self._now = now
        self._person = person
        self._rates = bool(ACTIONS[RATE].by.roles & roles) if person else not self._stands()
        self._second: tuple[str, ...] | None = None

    def hides(self, row: Listed | None) -> bool:
        """Whether how a deviation was rated is hidden: a second rating is due, and this person may give it."""
        if row is None or not self._rates or row.kind != "deviation":
            return False
        raters = row.columns.get("raters")
        by = raters if isinstance(raters, list) else []
        return len(by) == _TWO - 1 and self._person not in by and row.columns.get("criticality") in self._asked()

    def unseen(self, kind: str) -> Unseen | None:
        """What lists of a kind neither sort nor choose by; see `Lists.rows`."""
        if not self._rates or kind != "deviation":
            return None
        return Unseen("criticality", self._asked(), "raters", self._person)

    def shown(self, row: Listed) -> Listed:
        """A row without what is hidden."""
        return row._replace(columns={**row.columns, "criticality": None}) if self.hides(row) else row

    def covers(self, do: str, by: str) -> bool:
        """Whether an act is another person's rating; asked only where `hides`."""
        return do == RATE and by != self._person

    def masked(self, one: Step) -> Step:
        """An entry of a trail, without what it says if it is another person's rating; asked only where `hides`."""
        return one._replace(sentence=SENTENCE, entry="") if self.covers(one.do, one.by) else one

    def blockers(self, found: Sequence[Blocker]) -> list[Blocker]:
        """What is in the way; who clears it is left out where that would tell a rating."""
        return [one._replace(who=CLEARS) if self._tells(one) else one for one in found]

    def facts(self, found: dict[str, Any]) -> dict[str, Any]:
        """A deviation's facts without what is hidden; asked only where `hides`."""
        return {name: HIDDEN if name == "rating" else value for name, value in found.items()}

    def _tells(self, one: Blocker) -> bool:
        """Whether who clears a hold, or closes a deviation, is another person for another rating that is hidden."""
        if not self._rates or one.rule not in {"HOLD-1", "CLOSE-7"}:
            return False
        row = self._store.lists.row(one.record)
        if row is None or row.kind != "hold":
            return self.hides(row)
        under = Unit(self._store.tables).members("deviation", "hold", one.record)
        return any(self.hides(self._store.lists.row(each)) for each in under)

    def _stands(self) -> bool:
        """Whether this terminal stands at a place, or a step: one that only follows a batch may stand anywhere."""
        row = self._store.lists.row(self._code)
        columns = row.columns if row is not None and row.kind == "terminal" else {}
        return any(columns.get(name) for name in ("places", "step"))

    def _asked(self) -> tuple[str, ...]:
        """The criticalities for which the agreement asks for a second rater."""
        if self._second is None:
            with self._store.snapshot():
                self._second = View(Unit(self._store.tables), None, self._now).terms.second_rater
        return self._second
