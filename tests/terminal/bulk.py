"""A log of many entries on a firm's homes, made without performing each, for measuring."""

from collections.abc import Iterator
from hashlib import sha256

import msgspec

from shared.log import chain
from shared.log.canonical import b64, encode
from shared.log.clock import format_at
from shared.log.entry import Entry, line_bytes, line_id, parse_line
from shared.log.leaf import leaf_bytes
from shared.log.push import OrderedLeaf
from shared.terminal.own_chain import own_end, seal_over
from shared.terminal.version import VERSION
from tests.terminal.firm import Firm

_EACH = ("deviation.raise", "deviation.problem", "deviation.fix", "deviation.note", "hold.stop")
ENTRIES_A_RECORD = len(_EACH) / 2
"""Two of them make a record, the others write on one."""


def chained(firm: Firm, code: str, count: int, at: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Make the next lines of a terminal's chain, a second apart: number, line, and link after it.

    They are what a floor writes while nobody has signed in, and have seen the log as it is now.
    """
    desk = firm.desks[code]
    n, link = own_end(desk.store, code)
    size = desk.store.log.size()
    raised = ""
    for number in range(count):
        n += 1
        at += 1_000
        action, record = _action(_EACH[number % len(_EACH)], raised, code, n, at)
        raised = record if record.startswith("DEV") else raised
        entry = Entry(
            action=msgspec.Raw(encode(action)), app=VERSION, at=format_at(at, 60), by=f"@{code}", n=n,
            program=firm.program, record=record, salt=b64(sha256(f"{code} {n}".encode()).digest()[:16]),
            seen=(size, n - 1), terminal=code,
        )  # fmt: skip
        line = line_bytes(entry, None)
        link = chain.link(link, line_id(line))
        yield n, line, link


def fill(firm: Firm, code: str, count: int) -> None:
    """Add `count` unsigned entries of a terminal to the log, and let every desk have them; nothing may wait there."""
    desk = firm.desks[code]
    start = desk.store.log.size()
    received = desk.store.log.last_received()
    leaves = []
    for position, (n, line, link) in enumerate(chained(firm, code, count, received), start):
        received += 1_000
        leaf = leaf_bytes(line, received)
        leaves.append(OrderedLeaf(position, received, leaf, line_id(line), code, n, link, parse_line(line)))
    firm.hand.now = received
    seal = seal_over(desk, leaves[-1].n, leaves[-1].link, desk.home.key().seed)
    for one in (firm.server.log._store, *(desk.store for desk in firm.desks.values())):
        with one.write() as tx:
            tx.arrive(leaves, [(leaves[-1].position, seal)], [True] * len(leaves))
    firm.server.log._published.advance()


def _action(do: str, raised: str, code: str, n: int, at: int) -> tuple[dict[str, object], str]:
    match do:
        case "deviation.raise":
            return {
                "do": do,
                "title": f"Vial {n} tilted",
                "on": "Suite 3",
                "detected": format_at(at, 60),
            }, f"DEV-{code}-{n}"
        case "hold.stop":
            return {"do": do, "on": f"Line {n % 7}", "reason": f"pressure {n}"}, f"HLD-{code}-{n}"
        case "deviation.problem":
            return {"do": do, "problem": f"observed {n} of 40 mbar", "procedure": "SOP-12"}, raised
        case "deviation.fix":
            return {"do": do, "fix": f"vial {n} taken out"}, raised
        case _:
            return {"do": do, "text": f"note {n}"}, raised
