"""What must hold after every history (domain.md 8), once the world has come to rest."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import zip_longest

from shared.log.canonical import b64
from shared.log.entry import Line, line_id
from shared.log.leaf import line_of, parse_leaf
from shared.log.merkle import root_at
from shared.log.wire import parse_page
from shared.store.compare import compare, folded
from shared.store.log_tables import Stored
from shared.store.store import Store
from shared.store.verify import verify
from shared.terminal.receive import receive
from shared.terminal.verifying import keys_of
from shared.trust import sshsig
from shared.trust.keys import public_of
from tests.simulation.founding import founded
from tests.simulation.machine import Machine
from tests.simulation.oracle import Oracle
from tests.simulation.violation import Violation
from tests.simulation.world import World
from tests.terminal.firm import LOG_SEED

_EVERY = 16
"""One of so many histories is folded anew in a file of its own too, by the product's own comparison."""


def check(world: World) -> None:
    """Check a world that has come to rest.

    Raises:
        Violation: an invariant does not hold.
    """
    served = world.served.log._store
    leaves = list(served.log.leaves())
    present = [one for one in world.machines if world.served.log.enrolled(one.code)]
    _printed(world, leaves)
    _forks(present, leaves)
    _leaves(present, leaves)
    _prefixes(world, served)
    _intact(world, served)
    _pulled(world, leaves)
    fresh = _fresh(world)
    try:
        _alike(world, present, fresh)
        oracle = Oracle(fresh, leaves)
        oracle.holds()
        oracle.texts()
        oracle.read_by(world.served.pages)
    finally:
        fresh.close()


def _printed(world: World, leaves: list[Stored]) -> None:
    """I1: what was printed is in the log once, or its skip is there and its text at a terminal."""
    held = Counter(b64(line_id(line_of(one.leaf))) for one in leaves)
    skipped = {line.id for line in (parse_leaf(one.leaf).line for one in leaves) if not isinstance(line, Line)}
    kept = {id_ for machine in world.machines for id_ in machine.refused()}
    for id_, printed in world.printed.items():
        if held[id_] > 1:
            raise Violation("I1", f"{printed} is in the log {held[id_]} times")
        if held[id_] or id_ in world.excused:
            continue
        if id_ not in skipped:
            raise Violation("I1", f"{printed} is not in the log")
        if id_ not in kept:
            raise Violation("I1", f"{printed} was refused, and its text is kept nowhere")


def _forks(present: list[Machine], leaves: list[Stored]) -> None:
    """I2: of a terminal that has two lines of one number everybody knows two branches, and the list says so."""
    ids: dict[tuple[str, int], set[bytes]] = {}
    for one in leaves:
        ids.setdefault((one.terminal, one.n), set()).add(one.id)
    forked = {terminal for (terminal, _), lines in ids.items() if len(lines) > 1}
    for machine in present:
        store = machine.desk.store
        known = {one[0] for one in store.connection.execute("SELECT terminal FROM branch WHERE parent IS NOT NULL")}
        if known != forked:
            raise Violation("I2", f"{machine.name} knows forks of {sorted(known)}, and there are {sorted(forked)}")
        for row in store.lists.rows("terminal"):
            if ("cloned" in row.flags) != (row.record in forked):
                raise Violation("I2", f"{machine.name} lists {row.record} as {row.flags}; forked: {sorted(forked)}")


def _leaves(present: list[Machine], leaves: list[Stored]) -> None:
    """I3: one log, byte for byte."""
    for machine in present:
        for mine, theirs in zip_longest(machine.desk.store.log.leaves(), leaves):
            if mine is None or theirs is None or mine.leaf != theirs.leaf:
                raise Violation("I3", f"{machine.name} holds another leaf than the server: {mine!r} {theirs!r}")


def _prefixes(world: World, served: Store) -> None:
    """I4: what a terminal once accepted is the beginning of the log."""
    epoch = served.epoch()
    for (of, size), root in world.accepted.items():
        if of == epoch and (size > served.size() or root_at(served.log.tree.node, size) != root):
            raise Violation("I4", f"a checkpoint of {size} was accepted that the log does not continue")


def _intact(world: World, served: Store) -> None:
    """I6: nothing is stored that was changed."""
    some = world.machines[world.seed % 2 :: 2]  # half of them, for time is dear
    stores = {"server": served, **{machine.name: machine.desk.store for machine in some}}
    keys = keys_of(served, world.program)._replace(verify=_verify)
    for name, store in stores.items():
        faults = list(verify(store, keys))
        if world.seed % _EVERY == 0 and name in {"server", some[0].name}:
            faults += compare(store)
        if faults:
            raise Violation("I6", f"{name}: {'; '.join(map(str, faults[:3]))}")


_verify = lru_cache(1 << 14)(sshsig.verify)
"""Every history begins alike, and its first signatures need be checked once only."""


def _pulled(world: World, leaves: list[Stored]) -> None:
    """I7, roughly: nobody was given more than there is; who was expelled, `Oracle.read_by` knows."""
    if any(size > len(leaves) for _, size in world.served.pages):
        raise Violation("I4", "a page was given of a log that was larger than it is now")


def _fresh(world: World) -> Store:
    """A terminal's log as one that was away all the time comes to it: everything in one page."""
    base = founded()
    folder = world.folder / "fresh"
    folder.mkdir()
    place = base.folder / "LYN1" / "logs" / f"{base.program}.andon"
    path = folder / place.name
    path.write_bytes(place.read_bytes())
    store = Store.open(path)
    page = parse_page(world.served.log.page(base.size))
    receive(store, base.program, public_of(LOG_SEED), page)
    return store


def _alike(world: World, present: list[Machine], fresh: Store) -> None:
    """I3: one log, however it came, gives equal tables."""
    expected = list(folded(fresh))
    kinds = fresh.lists.kinds()
    listed = {kind: fresh.lists.rows(kind, order="record", limit=-1) for kind in kinds}
    for machine in present:
        found = list(folded(machine.desk.store))
        if found != expected:
            raise Violation("I3", f"{machine.name}'s tables differ: {_difference(found, expected)}")
        for kind in kinds:
            if machine.desk.store.lists.rows(kind, order="record", limit=-1) != listed[kind]:
                raise Violation("I3", f"{machine.name} lists other records of {kind}")
    for kind in ("member", "terminal"):
        mine = [(row.record, row.columns["state"]) for row in world.served.log._store.lists.rows(kind, order="record")]
        if mine != [(row.record, row.columns["state"]) for row in listed[kind]]:
            raise Violation("I3", f"the server lists other records of {kind}: {mine}")


def _difference(found: Iterable[object], expected: Iterable[object]) -> str:
    mine, theirs = Counter(map(repr, found)), Counter(map(repr, expected))
    more, less = list((mine - theirs).elements()), list((theirs - mine).elements())
    return f"more {more[:3]!r:.600}, less {less[:3]!r:.600}"
