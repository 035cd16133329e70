"""The founded firm from which every history starts: made once a process, in memory where the system offers that."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from shared.terminal import enrol
from tests.terminal.firm import OFFICERS, Firm, password

MORE: Final = {"axel": ("cdmo", "qa"), "rosa": ("sponsor", "qa")}
"""A second QA person for each company, who can accept what does not count."""
QA: Final = ("anna", "axel", "quin", "rosa")
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there, as in the temporary folder


class Base(NamedTuple):
    """The firm's files.

    Attributes:
        folder: where they are; a folder for each terminal, the server's file and head.
        program: the log's id.
        size: leaves in the log.
        now: the time, ms since 1970 UTC.
        codes: its terminals.
    """

    folder: Path
    program: str
    size: int
    now: int
    codes: tuple[str, ...]


def scratch() -> Path:
    """Make a folder that is removed at the process' end."""
    folder = Path(tempfile.mkdtemp(prefix="andon-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def founded() -> Base:
    """Found the firm; the second call gives the same one."""
    folder = scratch() / "base"
    firm = Firm(folder)
    for person, (company, role) in MORE.items():
        _member(firm, person, company, role)
    for number in range(2):
        _held(firm, number)
    firm.sync()
    for person in MORE:
        for code in ("LYN2", "SPO1"):
            enrol.install(firm.desks[code], enrol.carry(firm.desks["LYN1"], person))
    size = firm.server.log.size
    firm.close()
    return Base(folder, firm.program, size, firm.hand.now, tuple(firm.desks))


def _member(firm: Firm, person: str, company: str, role: str) -> None:
    first, second = (one for one, theirs in OFFICERS.items() if theirs == company)
    invitation = enrol.new_invitation(firm.rng.randbytes)
    fields = {"name": f"{person.title()} Example", "company": company, "roles": [role], "checked": "passport, by HR"}
    proposed = firm.do("LYN1", "member.invite", person, first, public=invitation.public, **fields)
    firm.do("LYN1", "entry.confirm", person, second, of=proposed.id)
    enrol.accept_person(firm.desks["LYN1"], person, invitation.seed, password(person))
    firm.server.sync(firm.desks["LYN1"])


def _held(firm: Firm, number: int) -> None:
    """A hold whose deviation is rated minor and fixed: it may be lifted, and rated higher, at once."""
    held = firm.do("LYN1", "hold.stop", on=f"SUITE-{number}").record
    record = firm.do("LYN1", "deviation.raise", title=f"vial {number}", hold=held).record
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="minor", reason="seen on the floor")
    firm.do("LYN1", "deviation.problem", record, problem="p", procedure="SOP-1", justification="j")
    firm.do("LYN1", "deviation.fix", record, fix="taken out")
