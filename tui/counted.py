"""What the desk shows of one program, counted from that program's own log alone."""

from typing import Final

from shared.actions.kind import KINDS
from shared.store.lists import Cell, Listed
from shared.terminal.heard import last_heard
from shared.terminal.naming import Names
from tui.attending import CLONED, CONTESTED, LATE, MINE, NAMED, OTHERS, OVERTAKEN, REFUSED, UNCOUNTED, Item, attention
from tui.blind import blinded
from tui.programs import Counted, Urgent
from tui.reader import Reader
from tui.session import Session

_CRITICAL: Final = "critical"
_SETTLE: Final = frozenset({REFUSED, CLONED, CONTESTED, OVERTAKEN, UNCOUNTED})
_MOST: Final = 200
"""Critical deviations that are counted at most."""
_LINES: Final = 12
"""Urgent things of a program that are told in a line each."""


def member_of(reader: Reader, key: str) -> Session:
    """Give who holds a key in this program, for between other companies somebody may have another id, or none."""
    rows = reader.lists.rows("member", {"key": key, "state": "active"}, limit=1) if key else []
    return session_of(rows[0]) if rows else Session()


def session_of(row: Listed) -> Session:
    """Give a member as if they were signed in, for what waits for them; nothing is signed by it."""
    roles = row.columns.get("roles")
    named = str(row.columns.get("title") or row.record), str(row.columns.get("company") or "")
    return Session(row.record, *named, frozenset(roles if isinstance(roles, list) else ()))


def counted(reader: Reader, session: Session) -> Counted:
    """Count a program for whoever looks; nobody if the session is empty.

    Raises:
        StoreError: the log cannot be read.
    """
    with reader.store.snapshot():
        names = reader.names()
        items = attention(reader, session)
        state, post, heard = reader.state(), reader.post(), last_heard(reader.desk)
        over = KINDS["deviation"].over
        where: dict[str, Cell] = {"state": [one for one in reader.lists.states("deviation") if one not in over]}
        critical = _critical(reader, session, where)
        mine = {MINE, NAMED, LATE} if session.person else {MINE, OTHERS}
        return Counted(
            program=reader.desk.program,
            product=_product(reader),
            partners=tuple(_partners(reader)),
            person=session.person,
            held=state.holds,
            open=reader.lists.count("deviation", where),
            critical=len(critical),
            waiting=sum(one.section in mine for one in items),
            settle=sum(one.section in _SETTLE for one in items),
            unsent=state.local,
            size=state.size,
            cosigned=state.cosigned,
            alarm=state.urgent,
            heard=heard.at if heard else 0,
            posted=bool(post.places or post.batch),
            urgent=tuple(_urgent(reader, names, critical, [one for one in items if one.section in _SETTLE | mine])),
        )


def _critical(reader: Reader, session: Session, where: dict[str, Cell]) -> list[Listed]:
    """Open deviations that are critical, or for which that is proposed; not those whose rating is hidden yet."""
    blind = blinded(reader, session.person, session.roles)
    tests: tuple[dict[str, Cell], ...] = (
        {"criticality": _CRITICAL}, {"criticality": None, "proposed": _CRITICAL},
    )  # fmt: skip
    found = [row for test in tests for row in reader.lists.rows("deviation", {**where, **test}, limit=_MOST)]
    return [row for row in found if not blind.hides(row)]


def _product(reader: Reader) -> str:
    row = reader.program()
    return str(row.columns.get("title") or "") if row else ""


def _partners(reader: Reader) -> list[str]:
    """The printed names of the other companies."""
    row = reader.lists.row(reader.desk.code)
    own = row.columns.get("company") if row else None
    companies = reader.view("PROGRAM").here.companies
    return [str(known.get("name") or code) for code, known in sorted(companies.items()) if code != own]


def _urgent(reader: Reader, names: Names, critical: list[Listed], items: list[Item]) -> list[Urgent]:
    held = reader.lists.rows("hold", {"state": "held"}, limit=_LINES)
    found = [Urgent("CRITICAL", _titled(names, row), bad=True) for row in critical]
    found += [Urgent("HELD", _titled(names, row), bad=True) for row in held]
    found += [Urgent(one.section, one.words, bad=one.section in {REFUSED, CLONED}) for one in items]
    return found[:_LINES]


def _titled(names: Names, row: Listed) -> str:
    return f"{names.within(str(row.columns.get('title') or ''))}  {row.record}"
