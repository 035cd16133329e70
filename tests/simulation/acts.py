"""What honest people do at a terminal, all of it by `perform`: each act is asked for as a form would ask for it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from shared.fold.unit import Unit
from shared.fold.view import View
from shared.terminal.asked import Asked
from shared.terminal.desk import Desk
from shared.trust.passwords import Secret
from tests.simulation.founding import QA
from tests.simulation.machine import Machine
from tests.simulation.steps import Step
from tests.terminal.firm import password

if TYPE_CHECKING:
    from tests.simulation.world import World

RATERS: Final = (*QA, "sam", "sven")
LIFTERS: Final = (*QA, "sven")
ORDER: Final = ("minor", "major", "critical")
OFFICERS: Final = {"cdmo": ("olga", "otto"), "sponsor": ("ruth", "rolf")}
REMOVED: Final = {"anna": "cdmo", "sven": "cdmo", "omar": "cdmo", "quin": "sponsor", "sam": "sponsor"}
ROSTER: Final = frozenset({"revoke", "roles", "expel"})
"""Acts that two officers do together, one right after the other as a rule."""
_START: Final = "2026-01-01T00:00:00.000+00:00"


def asked(world: "World", machine: Machine, step: Step) -> Asked | None:
    """Give what a step asks for at a machine; None if there is nothing there that it could be about."""
    seen = machine.seens[step.a % len(machine.seens)] if step.old and machine.seens else None
    found = _ASK[step.word](_Form(world, machine.desk, step.a, step.b))
    return found and found._replace(seen=seen)


class _Form:
    """What a form knows: the desk, and two numbers by which it is filled in."""

    def __init__(self, world: "World", desk: Desk, a: int, b: int) -> None:
        self.world = world
        self.desk = desk
        self.a = a
        self.b = b

    def one(self, kind: str) -> str:
        """One of the records of a kind that were made first, so that people speak of the same; "" if there is none."""
        rows = self.desk.store.lists.rows(kind, order="record", limit=4)
        names = sorted(row.record for row in rows)
        return names[self.a % len(names)] if names else ""

    def ratings(self, record: str) -> list[str]:
        with self.desk.store.snapshot():
            view = View(Unit(self.desk.store.tables), None, 0, record)
            return [entry for entry, _, _ in view.here.entries("rating")]

    def signed(self, do: str, record: str, people: tuple[str, ...], /, **fields: Any) -> Asked:
        person = people[self.b // 8 % len(people)]
        return Asked(do, record, fields, person, password(person))


def _stop(form: _Form) -> Asked:
    fields = {"on": f"SUITE-{form.a % 3}", "reason": f"seen {form.b}"}
    person = ("", "omar", "sven")[form.b % 3]
    return Asked("hold.stop", "", fields, person, password(person) if person == "sven" else None)


def _raise(form: _Form) -> Asked:
    return Asked("deviation.raise", "", {"title": f"drift {form.b}", "hold": form.one("hold") if form.b % 4 else ""})


def _rate(form: _Form) -> Asked | None:
    record = form.one("deviation")
    return form.signed("deviation.rate", record, RATERS, criticality=ORDER[form.b % 3], reason="r") if record else None


def _settle(form: _Form) -> Asked | None:
    record = form.one("deviation")
    if not record:
        return None
    settles = form.ratings(record)
    return form.signed("deviation.rate", record, QA, criticality=ORDER[form.b % 3], reason="r", settles=settles)


def _about(do: str, kind: str, people: tuple[str, ...], **fields: str) -> Callable[[_Form], Asked | None]:
    def ask(form: _Form) -> Asked | None:
        record = form.one(kind)
        filled = {name: value.format(form.b) for name, value in fields.items()}
        if not record or people:
            return form.signed(do, record, people, **filled) if record else None
        return Asked(do, record, filled)

    return ask


def _spoken(do: str) -> Callable[[_Form], Asked | None]:
    def ask(form: _Form) -> Asked | None:
        recent = form.world.proposed[-4:]
        if not recent:
            return None
        entry, record, by = recent[form.a % len(recent)]
        company = next((theirs for theirs, officers in OFFICERS.items() if by in officers), "")
        others = tuple(one for one in OFFICERS.get(company, LIFTERS) if one != by)
        reason = {} if do == "entry.confirm" else {"reason": "because"}
        return form.signed(do, record, (by,) if do == "entry.withdraw" else others, of=entry, **reason)

    return ask


def _accept(form: _Form) -> Asked | None:
    recent = form.world.decided[-8:]
    if not recent:
        return None
    entry, record, _ = recent[form.a % len(recent)]
    return form.signed("entry.accept", record, QA, of=entry, reason="known to us")


def _roles(form: _Form) -> Asked:
    person = sorted(REMOVED)[form.a % len(REMOVED)]
    change = {("grant", "revoke")[form.b % 2]: [("qa", "supervisor", "qa")[form.b // 2 % 3]]}
    return form.signed("member.roles", person, OFFICERS[REMOVED[person]], reason="r", **change)


def _revoke(form: _Form) -> Asked:
    person = sorted(REMOVED)[form.a % len(REMOVED)]
    return form.signed("member.revoke", person, OFFICERS[REMOVED[person]], reason="left")


def _expel(form: _Form) -> Asked:
    rows = sorted(form.desk.store.lists.rows("terminal"), key=lambda row: row.record)
    row = rows[form.a % len(rows)]
    return form.signed("terminal.revoke", row.record, OFFICERS[str(row.columns["company"])], reason="lost")


def _terms(form: _Form) -> Asked:
    terms = {"night_rating": form.b % 2 == 0}
    return form.signed("agreement.set", "PROGRAM", QA, terms=terms, start=_START, reason="r")


def _happened(form: _Form) -> Asked | None:
    record = form.one("deviation")
    return Asked("deviation.fix", record, {"fix": f"late {form.b}", "happened": "at night"}) if record else None


def _wrong(form: _Form) -> Asked | None:
    record = form.one("deviation")
    fields = {"criticality": "minor", "reason": "r"}
    return Asked("deviation.rate", record, fields, "sven", Secret("wrong orbit kettle plum")) if record else None


_ASK: Final[dict[str, Callable[[_Form], Asked | None]]] = {
    "stop": _stop,
    "raise": _raise,
    "rate": _rate,
    "settle": _settle,
    "lift": _about("hold.lift", "hold", LIFTERS, reason="evaluated"),
    "confirm": _spoken("entry.confirm"),
    "decline": _spoken("entry.decline"),
    "withdraw": _spoken("entry.withdraw"),
    "note": _about("deviation.note", "deviation", (), text="note {0}"),
    "fix": _about("deviation.fix", "deviation", (), fix="fix {0}"),
    "problem": _about("deviation.problem", "deviation", (), problem="p {0}", procedure="SOP", justification="j {0}"),
    "close": _about("deviation.close", "deviation", QA, conclusion="c {0}", other_batches="none"),
    "reopen": _about("deviation.reopen", "deviation", LIFTERS, reason="again"),
    "accept": _accept,
    "revoke": _revoke,
    "roles": _roles,
    "expel": _expel,
    "terms": _terms,
    "post": lambda form: Asked("terminal.post", form.desk.code, {"places": [f"SUITE-{form.a % 3}"]}),
    "happened": _happened,
    "wrong": _wrong,
}
