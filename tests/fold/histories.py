"""Random histories: several terminals of two companies, cut off from each other for a while, honest and hostile.

A history is made once; `pasts` tells what every entry had seen as a set of (terminal, n). `relinearise` then puts the
same entries into another order that respects causality and derives `size`, own `n` and `heads` anew, as design.md 4
asks ("Order-freeness").
"""

import random
from typing import NamedTuple

import msgspec

from shared.actions.action import decode
from shared.actions.kind import kind_of
from shared.fold.fold import PENDING, fold
from shared.fold.joint import said
from shared.fold.shown import flags, standing_of
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.log.entry import Entry
from tests.fold.floor import Floor, founded, proof, public

Name = tuple[str, int]
"""An entry by (terminal, n): the same in every order."""

KINDS = (
    "stop", "raise", "rate", "rate", "rate", "settle", "lift", "lift", "lift", "note", "fix", "problem",
    "close", "close", "reopen", "confirm", "confirm", "confirm", "decline", "decline", "withdraw",
    "revoke", "revoke", "terms", "accept", "accept",
)  # fmt: skip
"""What may happen next, as often as it is likely."""
ROSTER = (*KINDS, *("roles", "roles", "roles", "train", "rekey", "expel", "reissue", "post", "call", "foreign") * 2)
"""The same, with what changes the roster or stands beside it."""
OFFICERS = (
    ("anna", "olga", "otto"), ("omar", "olga", "otto"), ("omar", "otto", "olga"), ("quin", "ruth", "rolf"),
    ("otto", "olga", "otto"), ("rolf", "ruth", "olga"),
)  # fmt: skip
"""About whom the roster changes, and two who may say so; the last of them may not."""
BASE: Floor = founded()
"""A founded program, made once; histories go on from a copy of its log."""


class Written(NamedTuple):
    """An entry with its id and its past as a set of names beyond the common base."""

    id: str
    entry: Entry
    past: frozenset[Name]


def start() -> Floor:
    """A new floor that holds the founded program."""
    floor = Floor()
    floor.program = BASE.program
    floor.unit = Unit(BASE.unit)
    floor.log = list(BASE.log)
    floor.now = BASE.now
    for code, terminal in BASE.terminals.items():
        copy = floor.terminal(code)
        copy.size, copy.n = len(floor.log), terminal.n
    return floor


def history(seed: int, length: int, *, hostile: bool = False, kinds: tuple[str, ...] = KINDS) -> Floor:
    """A random history of about `length` entries on three terminals that sync now and then."""
    rng = random.Random(seed)
    floor = start()
    records: dict[str, list[str]] = {"hold": [], "deviation": []}
    ids: list[tuple[str, str]] = []
    drafts: dict[str, tuple[int, int]] = {}
    for _ in range(length):
        at = rng.choice(("LYN1", "LYN2", "SPO1"))
        terminal = floor.terminal(at)
        if rng.random() < 0.3:
            floor.sync(at)
        if rng.random() < 0.1:
            drafts[at] = (terminal.size, terminal.n)
        seen = drafts.get(at) if rng.random() < 0.3 else None
        _step(rng, floor, at, records, ids, seen, kinds, hostile=hostile)
        if not hostile:
            _keep_honest(floor, at)
    for code in rng.sample(sorted(floor.terminals), 3):
        floor.sync(code)
    return floor


def _keep_honest(floor: Floor, at: str) -> None:
    """Take the last entry back if its terminal would have refused it: an honest one writes no void decision."""
    terminal = floor.terminal(at)
    unit = Unit(floor.unit)
    for index, (id_, entry) in enumerate(terminal.waiting):
        act = fold(unit, PENDING + index, id_, entry)
        if act.verdict == "void":  # and with it what was written after it
            terminal.n -= len(terminal.waiting) - index
            del terminal.waiting[index:]
            return


def _roster_step(  # noqa: PLR0913, PLR0917  one branch an action
    rng: random.Random, floor: Floor, at: str, ids: list[tuple[str, str]], seen: tuple[int, int] | None, kind: str
) -> None:
    person, officer, second = rng.choice(OFFICERS)
    number = floor.terminal(at).n + 1
    if kind == "post":
        floor.write(at, "terminal.post", rng.choice((at, "LYN1")), seen=seen, places=["SUITE-1"])
    elif kind == "call":
        floor.write(at, "call.log", rng.choice((at, person)), seen=seen, contact="CON-1", outcome="busy")
    elif kind == "foreign" and ids:  # about the roster, and speaking to any entry; or of a later version
        verb = rng.choice(("entry.confirm", "entry.decline", "entry.withdraw", "entry.accept", "roster.sing"))
        words = {} if verb == "entry.confirm" else {"reason": "r"}
        floor.write(at, verb, rng.choice((person, at, "PROGRAM")), officer, seen=seen, of=rng.choice(ids)[0], **words)
    elif kind == "rekey":
        name = f"{at} {number}"
        floor.write(at, "terminal.key", at, seen=seen, public=public(name), proof=proof(at, name))
    else:
        do, record, fields = {
            "train": (
                "member.train",
                person,
                {"role": "qa", "until": "2026-01-01T00:00:00.000+00:00", "evidence": "e"},
            ),
            "reissue": ("member.reissue", person, {"public": public(f"{at} {number}"), "checked": "c", "reason": "r"}),
            "expel": ("terminal.revoke", rng.choice(("LYN2", "SPO1")), {"reason": "stolen"}),
        }.get(
            kind,
            ("member.roles", person, {rng.choice(("grant", "revoke")): [rng.choice(("qa", "admin"))], "reason": "r"}),
        )
        ids.append((floor.write(at, do, record, officer, seen=seen, **fields), record))
        if rng.random() < 0.8:
            floor.write(rng.choice((at, at, "LYN1")), "entry.confirm", record, second, of=ids[-1][0])
        if rng.random() < 0.2:  # by somebody who has not seen that
            draft = (floor.terminal(at).size, number)
            floor.write(at, "entry.decline", record, second, seen=draft, of=ids[-1][0], reason="r")


def _step(  # noqa: C901, PLR0912, PLR0913, PLR0917  one branch an action
    rng: random.Random,
    floor: Floor,
    at: str,
    records: dict[str, list[str]],
    ids: list[tuple[str, str]],
    seen: tuple[int, int] | None,
    kinds: tuple[str, ...],
    *,
    hostile: bool,
) -> None:
    company = "sponsor" if at == "SPO1" else "cdmo"
    qa = rng.choice(("quin", "rosa") if company == "sponsor" else ("anna", "axel", "sven"))
    if hostile and rng.random() < 0.3:
        qa = rng.choice(("anna", "quin", "omar", "olga", "nobody"))
    deviation = rng.choice(records["deviation"]) if records["deviation"] else ""
    hold = rng.choice(records["hold"]) if records["hold"] else ""
    kind = rng.choice(kinds)
    terminal = floor.terminal(at)
    n = terminal.n + 1
    if kind not in KINDS:
        _roster_step(rng, floor, at, ids, seen, kind)
    elif kind == "stop" or not hold:
        floor.write(at, "hold.stop", seen=seen, on=f"BAT-LYN1-{rng.randrange(3)}", batch="BAT-LYN1-1")
        records["hold"].append(f"HLD-{at}-{n}")
    elif kind == "raise" or not deviation:
        floor.write(
            at, "deviation.raise", seen=seen, title="drift", hold=hold, detected="2026-11-22T07:38:09.120+01:00"
        )
        records["deviation"].append(f"DEV-{at}-{n}")
    elif kind in {"rate", "settle"}:
        standing = [entry for entry, _, _ in floor.see(deviation).entries("rating")] if kind == "settle" else []
        ids.append(
            (
                floor.write(
                    at,
                    "deviation.rate",
                    deviation,
                    qa,
                    seen=seen,
                    criticality=rng.choice(("minor", "major", "critical")),
                    reason="r",
                    settles=standing,
                ),
                deviation,
            )
        )
    elif kind == "lift":
        ids.append((floor.write(at, "hold.lift", hold, qa, seen=seen, reason="ok"), hold))
    elif kind == "note":
        floor.write(at, "deviation.note", deviation, seen=seen, text="n")
    elif kind == "fix":
        floor.write(at, "deviation.fix", deviation, seen=seen, fix=f"f{n}")
    elif kind == "problem":
        floor.write(at, "deviation.problem", deviation, seen=seen, problem=f"p{n}", procedure="SOP", justification="j")
    elif kind == "close":
        ids.append(
            (
                floor.write(at, "deviation.close", deviation, qa, seen=seen, conclusion="c", other_batches="none"),
                deviation,
            )
        )
    elif kind == "reopen":
        floor.write(at, "deviation.reopen", deviation, qa, seen=seen, reason="r")
    elif kind == "terms":
        ids.append(
            (
                floor.write(
                    at,
                    "agreement.set",
                    "PROGRAM",
                    qa,
                    seen=seen,
                    terms={"night_rating": rng.random() < 0.5},
                    start="2026-01-01T00:00:00.000+00:00",
                    reason="r",
                ),
                "PROGRAM",
            )
        )
    elif kind == "revoke" and rng.random() < 0.5:
        person, officer, second = rng.choice(
            (("anna", "olga", "otto"), ("quin", "ruth", "rolf"), ("sven", "otto", "olga"))
        )
        revocation = floor.write(at, "member.revoke", person, officer, seen=seen, reason="left")
        floor.write(at, "entry.confirm", person, second, of=revocation)
    elif ids:
        of, record = rng.choice(ids[-4:])
        by = (
            rng.choice(("olga", "otto", "ruth", "rolf"))
            if record.islower()
            else rng.choice(("anna", "axel", "quin", "rosa"))
        )
        verb = {"decline": "entry.decline", "withdraw": "entry.withdraw", "accept": "entry.accept"}.get(
            kind, "entry.confirm"
        )
        words = {} if verb == "entry.confirm" else {"reason": "no"}
        ids_record = record if not hostile or rng.random() < 0.9 else "PROGRAM"
        floor.write(at, verb, ids_record, by, seen=seen, of=of, **words)


def pasts(floor: Floor) -> list[Written]:
    """The entries after the base, each with its whole past by name."""
    base = len(BASE.log)
    closed: dict[int, frozenset[Name]] = {}
    positions = {(entry.terminal, entry.n): position for position, (_, entry, _) in enumerate(floor.log)}
    found = []
    for position, (id_, entry, _) in enumerate(floor.log):
        if position < base:
            continue
        act = floor.unit.act(position)
        assert act is not None
        seen = {name for name, place in positions.items() if place >= base and act.cut.has(place, name[0], name[1])}
        closed[position] = frozenset(seen)
        found.append(Written(id_, entry, closed[position]))
    return found


def relinearise(written: list[Written], rng: random.Random) -> tuple[list[Written], Unit]:
    """The same entries in another causally possible order, folded anew; pasts are told by size, own n and heads."""
    left = {(one.entry.terminal, one.entry.n): one for one in written}
    counts = {name: sum(other[0] == name[0] and other[1] < name[1] for other in left) for name in left}
    unit = Unit(BASE.unit)
    order: list[Name] = []
    placed: set[Name] = set()
    base = len(BASE.log)
    late = BASE.now
    while left:
        ready = [
            name
            for name, one in left.items()
            if one.past <= placed and sum(other[0] == name[0] for other in order) == counts[name]
        ]
        name = rng.choice(sorted(ready))
        one = left.pop(name)
        size = base
        while size - base < len(order) and order[size - base] in one.past:
            size += 1
        beyond: dict[str, int] = {}
        for terminal, n in one.past:
            beyond[terminal] = max(beyond.get(terminal, 0), n)
        own = beyond.pop(one.entry.terminal, 0) or _base_n(one.entry.terminal)
        entry = msgspec.structs.replace(one.entry, seen=(size, own), heads=beyond)
        late += 1
        fold(unit, base + len(order), one.id, entry, late)
        order.append(name)
        placed.add(name)
    return [next(one for one in written if (one.entry.terminal, one.entry.n) == name) for name in order], unit


def _base_n(terminal: str) -> int:
    return BASE.terminals[terminal].n


def outcome(unit: Unit, written: list[Written]) -> dict[Name, tuple[object, ...]]:
    """What the fold says of each entry and its record, in terms that do not depend on the order."""
    found: dict[Name, tuple[object, ...]] = {}
    for one in written:
        position = unit.find(one.id)
        act = unit.act(position) if position is not None else None
        assert act is not None
        view = View(unit, None, BASE.now, act.record)
        spec, _, _ = decode(bytes(one.entry.action))
        marks = sorted({(mark.kind, mark.rule) for instance in act.instances for mark in instance.marks})
        found[one.entry.terminal, one.entry.n] = (
            spec.name if spec else "",
            standing_of(unit, act),
            act.refused,
            marks,
            sorted(flags(view, act.record)),
            values(view, act.record),
            sorted(other.id for other in said(unit, act, ("confirm", "decline", "withdraw"))),
        )
    return found


def values(view: View, record: str) -> list[tuple[str, list[str]]]:
    """The standing values of every fact of a record, without the order of arrival."""
    kind = kind_of(record)
    facts = kind.facts if kind else {}
    return [
        (fact, sorted(repr((one.key, _timeless(one.value))) for one in view.standing(record, fact, merge)))
        for fact, merge in facts.items()
    ]


def _timeless(value: object) -> object:
    return {k: v for k, v in value.items() if k != "at"} if isinstance(value, dict) else value
