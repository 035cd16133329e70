"""Verifying what this terminal holds: the log from its leaves on, and the folded tables against a fold from nothing."""

from typing import NamedTuple

from shared.fold.roster import RosterNow
from shared.store.compare import compare
from shared.store.errors import StoreError
from shared.store.faults import Fault, Keys
from shared.store.verify import verify
from shared.terminal.home import Home
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
        store = home.open_log(program)
    except StoreError as error:
        return Verified(program, 0, 0, [Fault("the file", str(error))])
    with store:
        try:
            roster = RosterNow(store.tables, program)
            faults = list(verify(store, Keys(verify=fits, holder=roster.holds_key)))
            if not faults:  # what the tables should say can be told only from a log that is whole
                faults += compare(store)
            return Verified(program, store.log.size(), store.pending.count(), faults)
        except StoreError as error:
            return Verified(program, 0, 0, [Fault("the file", str(error))])
