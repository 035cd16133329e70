"""Views: what an author had been shown, as the world that rules read (shared/actions/world.py).

Every read of any record goes through `standing`. Where the author had seen all that stands, the view is what stands;
otherwise the fact's history is cut down to what had been seen, and the undominated values of that are taken.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from shared.actions.action import Newcomer
from shared.actions.kind import KINDS, kind_of
from shared.actions.merge import Merge, contested, part_of, shown
from shared.actions.terms import DEFAULT, Terms
from shared.actions.world import Person, Proposal, Record
from shared.fold.act import Act, Write, holds, overtaken, present
from shared.fold.cut import Cut
from shared.fold.unit import Unit

PROGRAM = "PROGRAM"
"""The record of the program itself: its companies, its agreement, its officers' founding signatures."""
MADE = Merge("union")
"""The merge of `@made`, the ids of the entries that create a record, and of the other pseudo-facts."""


def undominated(unit: Unit, merge: Merge, writes: Sequence[Write], cut: Cut | None) -> list[Write]:
    """The values of a fact that stand for a reader who has seen `cut` (None: everything), in the log's order.

    A value is dominated by a later one of the same key whose author had seen it, or which names its entry in `settles`;
    an overtaken act does not dominate on a cautious fact, so that the cautious value stays shown.
    """
    acts: dict[int, Act] = {}
    for write in writes:
        act = unit.act(write.position)
        if act is not None and present(act, cut):
            acts[write.position] = act
    live = [write for write in writes if write.position in acts]
    if merge.name == "union":
        return live
    weak = {position for position, act in acts.items() if merge.name == "cautious" and overtaken(act, cut)}
    parts = [(part_of(merge, write.key, write.value), write, acts[write.position]) for write in live]
    return [
        write
        for part, write, act in parts
        if not any(
            other.position not in weak and other is not write and dominates(later, act, cut, same=part == other_part)
            for other_part, other, later in parts
        )
    ]


def dominates(later: Act, earlier: Act, cut: Cut | None, *, same: bool) -> bool:
    """Whether an act in effect for `cut` had seen an earlier one and writes the same part, or settles it by name."""
    if not same and earlier.id not in later.names:
        return False
    return any(holds(one, cut) and present(earlier, one.cut) for one in later.instances)


_PERSON = "@person"
"""Under which a member is remembered as somebody who signs, beside its facts."""
_TERMINAL = "@terminal"
"""Under which a terminal is remembered as an author."""
_NOBODY: Mapping[str, Newcomer] = MappingProxyType({})
_MANY = frozenset({"union", "effective"})
"""Merges whose shown value is not simply the only one that stands."""


class RecordView:
    """One record in one view; see `world.Record`."""

    def __init__(self, view: "View", record: str) -> None:
        """Look at `record` in `view`."""
        self._view = view
        self.id = record
        kind = kind_of(record)
        self.kind = kind.name if kind else ""
        self._facts = kind.facts if kind else {}
        natural = kind is not None and not kind.code and view.cut is not None
        self.common = view.unit.remembered(record, view.cut.size) if natural and view.cut else None

    @property
    def exists(self) -> bool:
        """Whether an action that creates it is in the view."""
        return bool(self._view.standing(self.id, "@made", MADE))

    def __getattr__(self, fact: str) -> Any:  # noqa: ANN401 - a fact's value, any JSON value
        """The fact as merged; see `world.Record`."""
        merge = self._facts.get(fact)
        if merge is None:
            msg = f"{self.kind or 'unknown kind'} has no fact {fact!r}"
            raise AttributeError(msg)
        common = self.common
        if common is None or merge.name == "effective":
            value = self._shown(fact, merge)
        elif fact in common:
            self._view.reads[self.id] = None
            value = common[fact]
        else:
            value = self._shown(fact, merge)
            state = self._view.unit.fact(self.id, fact)
            if state is None or not state.marked:
                common[fact] = value
        self.__dict__[fact] = value  # found there from now on: a view does not change
        return value

    def _shown(self, fact: str, merge: Merge) -> Any:  # noqa: ANN401 - a fact's value, any JSON value
        writes = self._view.standing(self.id, fact, merge)
        if not merge.per:
            if len(writes) < 2 and merge.name not in _MANY:  # noqa: PLR2004  the common case: one value, or none
                return writes[0].value if writes else None
            return shown(merge, [write.value for write in writes], self._view.at)
        table: dict[str, list[Any]] = {}
        for write in writes:
            table.setdefault(write.key, []).append(write.value)
        return {key: shown(merge, values, self._view.at) for key, values in table.items()}

    def contested(self, fact: str) -> bool:
        """See `world.Record`."""
        merge = self._facts[fact]
        writes = self._view.standing(self.id, fact, merge)
        if not merge.per or merge.across:
            return contested(merge, [write.value for write in writes])
        keys = {write.key for write in writes}
        return any(contested(merge, [one.value for one in writes if one.key == key]) for key in keys)

    def entries(self, fact: str) -> list[tuple[str, str, Any]]:
        """See `world.Record`."""
        found = [
            (self._view.unit.act(one.position), one) for one in self._view.standing(self.id, fact, self._facts[fact])
        ]
        return [(act.id, one.key, one.value) for act, one in found if act is not None]


class View:
    """The world as shown to an author who had seen `cut` (None: all there is); see `world.World`."""

    def __init__(self, unit: Unit, cut: Cut | None, at: int, record: str = PROGRAM, by: str = "") -> None:
        """Look through `cut` at time `at` (ms), from `record`, as `by`."""
        self.unit = unit
        self.cut = cut
        self.at = at
        self.record = record
        self.by = by
        self.reads: dict[str, None] = {}
        self.introduced = _NOBODY
        self._me: Person | None = None
        self._terms: Terms | None = None
        self._records: dict[str, RecordView] = {}
        self._people: dict[str, Person] = {}
        self._proposals: dict[str, Proposal] = {}

    def standing(self, record: str, fact: str, merge: Merge) -> Sequence[Write]:
        """The values of a fact that stand in this view."""
        self.reads[record] = None
        unit = self.unit
        state = unit.facts.get((record, fact)) or unit.fact(record, fact)
        if state is None:
            return ()
        cut = self.cut
        if cut is None:
            return state.standing
        if not state.marked:
            size = cut.size
            for write in state.standing:
                if write.position >= size or not write.plain:
                    act = unit.act(write.position)
                    if act is None or not present(act, cut):
                        break
            else:
                return state.standing
        return undominated(unit, merge, unit.history(record, fact), cut)

    @property
    def here(self) -> RecordView:
        """See `world.World`."""
        return self.get(self.record)

    @property
    def me(self) -> Person:
        """See `world.World`."""
        if self._me is None:
            self._me = self.terminal(self.by[1:]) if self.by.startswith("@") else self.person(self.by)
        return self._me

    @property
    def terms(self) -> Terms:
        """See `world.World`."""
        if self._terms is None:
            value = self.get(PROGRAM).terms
            self._terms = msgspec.convert(value["terms"], Terms) if value else DEFAULT
        return self._terms

    def get(self, record: str) -> RecordView:
        """See `world.World`."""
        found = self._records.get(record)
        if found is None:
            found = self._records[record] = RecordView(self, record)
        return found

    def all(self, kind: str, fact: str, value: str) -> list[Record]:
        """See `world.World`."""
        if not KINDS[kind].facts[fact].indexed:
            msg = f"{kind}.{fact} is not indexed"
            raise LookupError(msg)
        self.reads[f"{kind}.{fact}={value}"] = None
        found: list[Record] = []
        for record in dict.fromkeys(self.unit.members(kind, fact, value)):
            known = record in self.reads
            member = RecordView(self, record)
            if _names(getattr(member, fact), value):
                found.append(member)
            elif not known:
                del self.reads[record]  # not in this view: what is read must not depend on what has arrived since
        return found

    def person(self, person: str) -> Person:
        """See `world.World`; people whom a proposal introduces are taken from it while it is judged."""
        if person in self.introduced:
            return Person(person, self.introduced[person].company, self.introduced[person].roles)
        found = self._people.get(person)
        if found is None:
            found = self._people[person] = self._member(person)
        return found

    def _member(self, person: str) -> Person:
        record = self.get(person)
        common = record.common
        if common is not None and _PERSON in common:
            self.reads[person] = None
            known: Person = common[_PERSON]
            return known
        found = self._read_member(person, record)
        if common is not None and not any(self._marked(person, fact) for fact in ("state", "company", "roles")):
            common[_PERSON] = found
        return found

    def _marked(self, record: str, fact: str) -> bool:
        state = self.unit.fact(record, fact)
        return state is not None and state.marked

    @staticmethod
    def _read_member(person: str, record: RecordView) -> Person:
        if record.kind != "member" or record.state != "active":
            return Person(person, (record.company or "") if record.kind == "member" else "", frozenset())
        held = frozenset(role for role, value in record.roles.items() if value == "granted")
        return Person(person, record.company or "", held)

    def terminal(self, code: str) -> Person:
        """A terminal as an author: its code, its company, no roles."""
        by = f"@{code}"
        if by in self.introduced:
            return Person(by, self.introduced[by].company, frozenset())
        record = self.get(code)
        common = record.common
        if common is not None and _TERMINAL in common:
            self.reads[code] = None
            known: Person = common[_TERMINAL]
            return known
        found = Person(by, (record.company or "") if record.kind == "terminal" else "", frozenset())
        if common is not None and not self._marked(code, "company"):
            common[_TERMINAL] = found
        return found

    def proposal(self, entry: str) -> Proposal:
        """See `world.World`."""
        from shared.fold.joint import proposal  # noqa: PLC0415  joint acts are judged through views: the two need each other

        found = self._proposals.get(entry)
        if found is None:
            found = self._proposals[entry] = proposal(self, entry)
        return found


def _names(value: Any, wanted: str) -> bool:  # noqa: ANN401 - a fact's value, any JSON value
    return wanted in value if isinstance(value, list) else value == wanted
