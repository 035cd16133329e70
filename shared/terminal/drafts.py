"""Drafts: what was typed into a form and not performed yet. They survive lock, crash and power loss.

A draft remembers what its form had shown when it was opened: what is performed from it on Monday evening has seen
Monday morning, and is judged so (design.md 3, `seen`).
"""

from typing import Any

import msgspec

from shared.terminal.asked import Asked, DraftName
from shared.terminal.desk import Desk
from shared.terminal.own_chain import own_end
from shared.terminal.plan import seen_now


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One draft: the action, its record, its fields so far, what the form had shown, and who typed ("" for nobody)."""

    do: str
    record: str
    seen: tuple[int, ...]
    fields: dict[str, Any] = {}
    by: str = ""


def open_draft(desk: Desk, owner: str, form: str, do: str, record: str = "") -> Draft:
    """Give the draft of a form, made anew from what is shown now if there is none."""
    found = load(desk, owner, form)
    if found is not None:
        return found
    with desk.store.write():
        draft = Draft(do, record, seen_now(desk, own_end(desk.store, desk.code).n))
        desk.store.drafts.save(owner, form, msgspec.json.encode(draft).decode())
    return draft


def load(desk: Desk, owner: str, form: str) -> Draft | None:
    """Give a draft, None if there is none, or one that an older version left in a form that this one cannot read."""
    body = desk.store.drafts.get(owner, form)
    try:
        return msgspec.json.decode(body, type=Draft) if body is not None else None
    except msgspec.MsgspecError:
        return None


def save(desk: Desk, owner: str, form: str, draft: Draft) -> None:
    """Keep a draft durably, in the place of the one before."""
    with desk.store.write():
        desk.store.drafts.save(owner, form, msgspec.json.encode(draft).decode())


def drop(desk: Desk, owner: str, form: str) -> None:
    """Forget a draft."""
    with desk.store.write():
        desk.store.drafts.drop(owner, form)


def asked_of(draft: Draft, owner: str, form: str) -> Asked:
    """What a draft asks for; performing it forgets the draft in the same transaction."""
    return Asked(draft.do, draft.record, draft.fields, seen=draft.seen, draft=DraftName(owner, form))
