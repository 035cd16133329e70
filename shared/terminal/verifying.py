"""Verifying what this terminal holds: the log from its leaves on, and the folded tables against a fold from nothing."""

from collections.abc import Iterator
from typing import NamedTuple

from shared.fold.roster import RosterNow
from shared.log.canonical import unb64
from shared.store.compare import compare
from shared.store.errors import StoreError
from shared.store.faults import UNREADABLE, Fault, Keys
from shared.store.store import Store
from shared.store.verify import verify
from shared.terminal.evidence import evidence, told
from shared.terminal.genesis import genesis_of
from shared.terminal.home import Home
from shared.trust.plain import verify as plain
from shared.trust.sshsig import verify as fits


class Verified(NamedTuple):
    """One program's log: how many entries it holds, how many wait, and what is wrong with it."""

    program: str
    entries: int
    pending: int
    faults: list[Fault]


def verify_log(home: Home, program: str) -> Verified:
    """Verify one program's log: every leaf, chain, seal, signature and checkpoint, and that the tables say the same.

    A file that cannot be read is a fault like any other.
    """
    try:
        with home.open_log(program) as store:
            return _verified(store, program)
    except (StoreError, *UNREADABLE) as error:
        return Verified(program, 0, 0, [_of_the_file(error)])


def keys_of(store: Store, program: str) -> Keys:
    """Give what the signatures in a log are verified with: the keys that the log itself names.

    They are read from the folded tables, which are compared with the log afterwards: a key that was put in there shows.
    """
    roster = RosterNow(store.tables, program)
    terminals = {row.record: list(_publics(store, row.record)) for row in store.lists.rows("terminal", limit=-1)}
    return Keys(verify=fits, holder=roster.holds_key, plain=plain, log=_log_key(store), cosigners=terminals)


def _verified(store: Store, program: str) -> Verified:
    faults = []
    try:
        keys = keys_of(store, program)
    except (StoreError, *UNREADABLE) as error:
        keys, faults = Keys(), [_of_the_file(error)]  # the log can still tell much of itself
    faults += verify(store, keys)
    if not faults:  # what the tables should say can be told only from a log that is whole
        faults += compare(store)
    faults += [Fault("the server", told(note)) for note in evidence(store)]
    return Verified(program, *_counted(store), faults)


def _of_the_file(error: Exception) -> Fault:
    return Fault("the file", str(error) if isinstance(error, StoreError) else f"it is damaged ({error})")


def _log_key(store: Store) -> bytes:
    """The key of the log's checkpoints; b"" if the program names none, and then no checkpoint is signed."""
    named = genesis_of(store)
    return named.log_key if named else b""


def _publics(store: Store, record: str) -> Iterator[bytes]:
    for write in store.tables.history(record, "publics"):
        yield unb64(write.value)


def _counted(store: Store) -> tuple[int, int]:
    """How many entries there are and how many wait; 0 where a damaged file cannot tell."""
    try:
        return store.log.size(), store.pending.count()
    except UNREADABLE:
        return 0, 0
