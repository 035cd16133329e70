"""One record as people look at it: every fact as it is shown, what is in the way, and who is waited for."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from shared import kinds  # noqa: F401 - declares every kind and action
from shared.actions.kind import Blocker, kind_of
from shared.fold.joint import proposal
from shared.fold.shown import Shown, flags, row, waiting
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.terminal.refusal import CLONE_1, CLONE_2


class Looked(NamedTuple):
    """A record: its row, its facts, and the names of those that are contested."""

    row: Shown
    facts: dict[str, Any]
    contested: list[str]


class Proposed(NamedTuple):
    """A joint act that waits: the entry, what it does, who proposed it, and who must still confirm, in words."""

    entry: str
    do: str
    by: str
    needs: tuple[str, ...]


def look(unit: Unit, record: str, now: int) -> Looked | None:
    """Look at a record.

    Args:
        unit: the folded state to look at.
        record: its id.
        now: the time up to which dated values count, ms since 1970 UTC.

    Returns:
        What it shows; None for one that nothing has created.
    """
    found = row(unit, record)
    kind = kind_of(record)
    if found is None or kind is None:
        return None
    here = View(unit, None, now, record).here
    facts = {fact: getattr(here, fact) for fact in kind.facts}
    contested = [fact for fact, merge in kind.facts.items() if merge.name != "union" and here.contested(fact)]
    return Looked(found, facts, contested)


def outside_now(view: View, record: str) -> dict[str, Any]:
    """The columns of a record that hold digests of what is kept outside the log, as of the view's time.

    Lists hold what is dated as of its latest day; whoever calls somebody needs the number that counts now.
    """
    kind = kind_of(record)
    columns = kind.columns.items() if kind is not None else ()
    return {name: column.read(view.get(record)) for name, column in columns if column.blobs}


def in_the_way(unit: Unit, record: str, now: int) -> list[Blocker]:
    """What is in the way of a record, and who can clear it."""
    kind = kind_of(record)
    if kind is None:
        return []
    view = View(unit, None, now, record)
    found: Iterable[Blocker] = kind.blockers(view, view.here) if kind.blockers else ()
    return [*found, *_cloned(view, record)]


def _cloned(view: View, record: str) -> list[Blocker]:
    """What people must do about a terminal of which there are two, until its code is revoked, or what those made."""
    if "cloned" not in flags(view, record):
        return []
    here = view.here
    if here.kind != "terminal":
        return [Blocker(record, CLONE_2.text, CLONE_2.id, CLONE_2.next)]
    if here.state == "revoked":
        return []
    return [Blocker(record, CLONE_1.text, CLONE_1.id, CLONE_1.next)]


def proposals(unit: Unit, record: str, now: int) -> list[Proposed]:
    """The joint acts about a record that wait for somebody."""
    found = []
    for act in waiting(unit, record):
        shown = proposal(View(unit, None, now, record), act.id)
        if shown.state == "waiting":
            found.append(Proposed(act.id, act.do, act.by, shown.open))
    return found
