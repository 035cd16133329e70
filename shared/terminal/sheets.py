"""The sheet of one entry: what the signer is shown, with everything that this terminal knows about it."""

import msgspec

from shared.actions.action import Action, Spec
from shared.actions.kind import kind_of
from shared.actions.sheet import SheetFacts, sheet
from shared.fold.unit import Unit
from shared.fold.view import PROGRAM, View
from shared.log.clock import parse_at
from shared.log.entry import Entry
from shared.terminal.desk import Desk
from shared.terminal.heard import last_heard
from shared.terminal.trail import spoken_of


def sheet_text(  # noqa: PLR0913, PLR0917 - an entry, what it was judged with, and who is waited for
    desk: Desk, unit: Unit, spec: Spec, action: Action, entry: Entry, waiting: tuple[str, ...]
) -> str:
    """Write the sheet of an entry that is about to be signed.

    Args:
        desk: the program's log on this terminal.
        unit: the scratch that the entry was judged on.
        spec: the action's declaration.
        action: the action.
        entry: the entry, with the signature's key.
        waiting: who must still confirm it, in words.
    """
    at = parse_at(entry.at)
    view = View(unit, None, at, entry.record, entry.by)
    tables = desk.store.tables
    positions = [] if spec.creates else tables.touches(entry.record, 0)
    last = tables.act(positions[-1]) if positions else None
    size = entry.seen[0]
    heard = last_heard(desk)
    member = view.get(entry.by)
    known = member.kind == "member"
    facts = SheetFacts(
        program=f"{view.get(PROGRAM).product or 'not founded yet'} ({desk.program})",
        record=entry.record,
        title="" if spec.creates else _title(view),
        changes=len(positions),
        last=(last.id,) if last else (),
        seen=entry.seen,
        needs=" and ".join(waiting),
        beside=spec.reminders(view, msgspec.structs.asdict(action)),
        about=spoken_of(desk.store, entry.record, str(getattr(action, "of", "") or "")),
        name=(member.name if known else "") or entry.by,
        user=entry.by,
        roles=tuple(sorted(view.me.roles)),
        company=view.me.company,
        key=entry.sign.key if entry.sign else "",
        terminal=desk.code,
        at=entry.at,
        zone=desk.home.zone or f"UTC{entry.at[-6:]}",
        clock_offset=None if heard is None or heard.offset is None else -heard.offset,
        contact_age=None if heard is None else at - heard.at,
        roster_age=at - tables.received(size) if size else None,
    )
    return sheet(spec, action, facts)


def _title(view: View) -> str:
    kind = kind_of(view.record)
    title = kind.columns["title"].read(view.here) if kind else ""
    return title if isinstance(title, str) else str(title or "")
