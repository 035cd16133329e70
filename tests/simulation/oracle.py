"""What the fold must come to, worked out from the log in another and simpler way: pasts as sets, rules in a few lines.

It is cautious the other way round: where a past is not certain (heads of a terminal that forked), it is taken to be
larger, so that what is found here is wrong for sure.
"""

from typing import Any, Final, NamedTuple

import msgspec

from shared.fold.shown import standing_of
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.log.entry import Entry, Line
from shared.log.leaf import parse_leaf
from shared.store.log_tables import Stored
from shared.store.store import Store
from tests.simulation.founding import QA
from tests.simulation.violation import Violation

_QA: Final = {"anna": "cdmo", "axel": "cdmo", "quin": "sponsor", "rosa": "sponsor"}
_LIFT: Final = {*QA, "sven"}
_GRAVE: Final = ("major", "critical")


class Said(NamedTuple):
    """One entry of the log: where, what it says, and what has become of it."""

    position: int
    id: str
    entry: Entry
    action: dict[str, Any]
    state: str


class Oracle:
    """What must be so, by the leaves alone; what became of each entry is asked of the fold."""

    def __init__(self, store: Store, leaves: list[Stored]) -> None:
        """Read a log, and the folded tables of a store that holds it."""
        self._store = store
        self._unit = Unit(store.tables)
        self._chains: dict[str, list[int]] = {}
        self._past: list[int] = []
        self._said: dict[str, list[Said]] = {}
        self._by_id: dict[str, Said] = {}
        self._granted: set[str] = set()
        for one in leaves:
            line = parse_leaf(one.leaf).line
            entry = line.entry if isinstance(line, Line) else None
            self._past.append(self._seen(one, entry, store))
            self._chains.setdefault(one.branch, []).append(one.position)
            if entry is not None:
                self._note(one.position, entry)

    def _seen(self, one: Stored, entry: Entry | None, store: Store) -> int:
        """An entry's past, as a set of positions in one number; and with it its chain's beginning, for a branch."""
        if one.branch not in self._chains and one.branch != one.terminal:
            parent, since = store.log.left(one.terminal, one.branch)
            self._chains[one.branch] = self._chains.get(parent, [])[:since]
        if entry is None:
            return 0
        size, own_n = entry.seen[:2]
        past = (1 << min(size, one.position)) - 1
        own = self._chains.get(one.branch, [])[:own_n]
        for position in own:
            past |= 1 << position | self._past[position]
        for code, n in entry.heads.items():
            for branch, chain in self._chains.items():
                if branch.split("~")[0] == code or branch.startswith(code):
                    for position in chain[:n]:
                        past |= 1 << position | self._past[position]
        return past

    def _note(self, position: int, entry: Entry) -> None:
        act = self._unit.act(position)
        if act is None:
            raise Violation("I3", f"entry {position} was not folded")
        said = Said(position, act.id, entry, msgspec.json.decode(bytes(entry.action)), standing_of(self._unit, act))
        self._said.setdefault(entry.record, []).append(said)
        self._by_id[said.id] = said
        if said.action["do"] == "member.roles" and {"qa", "supervisor"} & set(said.action.get("grant", [])):
            self._granted.add(entry.record)

    def has(self, later: int, earlier: int) -> bool:
        """Whether the author of an entry had seen an earlier one."""
        return bool(self._past[later] >> earlier & 1)

    def holds(self) -> None:
        """I11: no hold is lifted but by who may, having seen it, and nobody rated higher meanwhile.

        Raises:
            Violation: one is.
        """
        for row in self._store.lists.rows("hold", limit=-1):
            if row.columns["state"] == "held":
                continue
            record = row.record
            reasons = [self._may_lift(one, record) for one in self._of(record, "hold.lift")]
            if "" not in reasons:
                raise Violation("I11", f"{record} is shown as lifted: {reasons}")

    def _of(self, record: str, *names: str) -> list[Said]:
        return [one for one in self._said.get(record, []) if one.action["do"] in names]

    def _may_lift(self, lift: Said, record: str) -> str:
        """Why a lift must not count; "" if it may."""
        if lift.state != "stands":
            return f"{lift.position} {lift.state}"
        confirms = [one for one in self._of(record, "entry.confirm") if one.action["of"] == lift.id]
        signers = {lift.entry.by} | {one.entry.by for one in confirms if one.state == "stands"}
        parts = [lift, *(one for one in confirms if one.state == "stands")]
        if not signers & (_LIFT | self._granted) or lift.entry.by not in _LIFT | self._granted:
            return f"{lift.position} by {sorted(signers)}"
        stops = self._of(record, "hold.stop")
        if not any(self.has(lift.position, stop.position) for stop in stops):
            return f"{lift.position} had not seen the hold"
        raised = [one for one in self._raised(record) if self.has(lift.position, one.position)]
        if not raised and len(signers) < 2:
            return f"{lift.position} by {sorted(signers)} alone"
        both = {_QA[one] for one in signers if one in _QA} == {"cdmo", "sponsor"}
        for deviation in self._raised(record):
            if not both and (unseen := self._unseen(parts, deviation)):
                return f"{lift.position} had not seen that {unseen.position} rated {unseen.action['criticality']}"
        return ""

    def _raised(self, hold: str) -> list[Said]:
        """The deviations that name a hold, by the entries that raised them."""
        every = (one for said in self._said.values() for one in said)
        return [one for one in every if one.action["do"] == "deviation.raise" and one.action.get("hold") == hold]

    def _unseen(self, parts: list[Said], deviation: Said) -> Said | None:
        """A grave rating that stands, of which none of these knew, nor its author of all of them."""
        shown = self._entries(deviation.entry.record, "rating")
        for rating in self._of(deviation.entry.record, "deviation.rate"):
            if rating.id not in shown or rating.action["criticality"] not in _GRAVE or rating.state != "stands":
                continue
            confirms = [one for one in self._of(rating.entry.record, "entry.confirm") if one.action["of"] == rating.id]
            theirs = [rating, *confirms]
            if any(self.has(mine.position, other.position) for mine in parts for other in theirs):
                continue
            if any(self.has(other.position, mine.position) for mine in parts for other in theirs):
                continue
            return rating
        return None

    def _entries(self, record: str, fact: str) -> set[str]:
        return {entry for entry, _, _ in View(self._unit, None, 0, record).get(record).entries(fact)}

    def texts(self) -> None:
        """Section 5: texts that did not know of each other are all shown.

        Raises:
            Violation: one of them is not.
        """
        for record in self._said:
            for do, fact in (("deviation.fix", "fix"), ("deviation.problem", "problem")):
                written = [one for one in self._of(record, do) if one.state == "stands"]
                last = {
                    one.id for one in written if not any(self.has(other.position, one.position) for other in written)
                }
                if written and not last <= self._entries(record, fact):
                    raise Violation("I3", f"{record}: of the {fact} {sorted(last)} not all are shown")

    def read_by(self, pages: list[tuple[str, int]]) -> None:
        """I7: nobody was given a page after the log held that he was expelled.

        Raises:
            Violation: somebody was.
        """
        for row in self._store.lists.rows("terminal", {"state": "revoked"}, limit=-1):
            ends = []
            for one in self._of(row.record, "terminal.revoke"):
                if one.state == "stands":
                    said = self._of(row.record, "entry.confirm", "entry.accept")
                    ends.append(
                        max([one.position, *(other.position for other in said if other.action["of"] == one.id)])
                    )
            if not ends:
                raise Violation("I3", f"{row.record} is revoked by nobody")
            if any(code == row.record and size > min(ends) for code, size in pages):
                raise Violation("I7", f"{row.record} was given a page after {min(ends)}, where it was expelled")
