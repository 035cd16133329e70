"""The trail of a record: every entry about it, what became of it, and who signed what (21 CFR 11.10(e), 11.50)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from shared.actions.action import ACTIONS, decode
from shared.actions.sentence import sentence_of
from shared.actions.visible import visible
from shared.fold.act import Act
from shared.fold.joint import own_view
from shared.fold.roster import RosterNow
from shared.fold.shown import standing_of
from shared.fold.unit import Unit
from shared.log.canonical import unb64
from shared.log.clock import format_at
from shared.log.entry import ESIGN, Entry, signed_bytes
from shared.store.lists import SKIPPED, Trailed
from shared.store.store import Store


class Signature(NamedTuple):
    """A signature as it is always shown: printed name, user, role, meaning, time and zone, and whether it is valid.

    `sig` is the 64 bytes themselves, base64url, for whoever checks them without us; "" if there are none.
    """

    name: str
    user: str
    role: str
    meaning: str
    time: str
    zone: str
    key: str
    sheet: str
    sig: str
    valid: bool


class Step(NamedTuple):
    """One entry of a trail.

    Attributes:
        id: the entry's id, base64url.
        record: the record that the entry itself is about.
        do: the action's name; "" for what the server refused, in whose place a skip stands.
        by: a person, or `@` and a terminal.
        claimed: who said so without signing; "" for nobody.
        at: the author's time, as it stands in the entry; of what the server refused, when it received the skip.
        received: when the server received it, ms since 1970 UTC; None while it is not in the log.
        position: its place in the log, None while it has none.
        sync: "local", "in log" or "cosigned".
        verdict: what became of it: stands, waiting, void, newer, declined, uncounted, overtaken; or skipped, for what
            the server refused.
        rule: the rule that refused it, or that it broke; "" for none.
        text: that rule's words; of a skip, the server's refusal.
        sentence: what was done, in one plain line.
        signature: who signed it; None if nobody did.
        entry: the canonical text of the entry, whose signature anyone can check; "" for a skip.
    """

    id: str
    record: str
    do: str
    by: str
    claimed: str
    at: str
    received: int | None
    position: int | None
    sync: str
    verdict: str
    rule: str
    text: str
    sentence: str
    signature: Signature | None
    entry: str


def spoken_of(store: Store, record: str, entry: str) -> str:
    """Give who did what in an entry about a record, whole; "" if that is not here."""
    for one in store.lists.trail(record):
        if one.id == entry and one.verdict != SKIPPED:
            said = _read(one.data).entry
            data = bytes(said.action)
            do = str(msgspec.json.decode(data).get("do", ""))
            return f"{do} by {said.by}: {sentence_of(data, record=said.record, by=said.by)}"
    return ""


_ID = 43
"""Characters of an entry's id."""
_LAST = 253_402_300_799_999
"""The last ms of the year 9999: a hostile server may say that it received something later."""


class _Said(msgspec.Struct):
    """Either a leaf or a pending line."""

    entry: Entry
    sig: str | None = None


_read = msgspec.json.Decoder(_Said).decode


def steps(unit: Unit, trail: list[Trailed], program: str, cosigned: int = 0) -> list[Step]:
    """Make the steps of a trail.

    Args:
        unit: the folded state that the trail is read from.
        trail: the entries about the record, in order.
        program: the program's id.
        cosigned: the size up to which both companies have cosigned the log.
    """
    roster = RosterNow(unit, program)
    found: list[Step] = []
    done: dict[str, str] = {}
    for one in trail:
        if one.verdict == SKIPPED:
            found.append(_skip(one, cosigned))
            continue
        act = unit.act(one.position)
        said = _read(one.data)
        if act is not None:
            step = _step(unit, one, act, said, roster, cosigned)
            done[step.id] = f"{step.do} by {step.by}"
            found.append(step._replace(sentence=_told(step.sentence, done)))
    return found


def _told(sentence: str, done: Mapping[str, str]) -> str:
    """A sentence in which an entry spoken of is told by what was done in it: its id says nothing to people."""
    words = sentence.split(" ")
    return " ".join(done.get(one.rstrip(":;,."), one) if len(one) >= _ID else one for one in words)


def _skip(one: Trailed, cosigned: int) -> Step:
    """What the server refused: of the entry only its number and the refusal are in the log."""
    received = min(one.received or 0, _LAST)
    sync = "cosigned" if one.position < cosigned else "in log"
    return Step(
        one.id, one.terminal, "", one.by, "", format_at(received, 0), one.received, one.position, sync, one.verdict,
        "", one.text, f"the server refused its entry {one.n}: {visible(one.text)}", None, "",
    )  # fmt: skip


def _step(unit: Unit, one: Trailed, act: Act, said: _Said, roster: RosterNow, cosigned: int) -> Step:  # noqa: PLR0913, PLR0917 - an entry, and all that tells of it
    entry = said.entry
    data = bytes(entry.action)
    local = one.received is None
    fields = msgspec.json.decode(data)
    return Step(
        id=one.id,
        record=entry.record,
        do=str(fields.get("do", "")),
        by=entry.by,
        claimed=str(fields.get("claimed", "")),
        at=entry.at,
        received=one.received,
        position=None if local else one.position,
        sync="local" if local else "cosigned" if one.position < cosigned else "in log",
        verdict=standing_of(unit, act),
        rule=act.refused,
        text=act.text,
        sentence=sentence_of(data, record=entry.record, by=entry.by),
        signature=_signature(unit, act, said, roster),
        entry=signed_bytes(entry).decode(),
    )


def _signature(unit: Unit, act: Act, said: _Said, roster: RosterNow) -> Signature | None:
    """Who signed an entry, by the roster as the signer saw it."""
    entry = said.entry
    if entry.sign is None:
        return None
    from shared.trust.sshsig import verify  # noqa: PLC0415 - loads the cryptography, for trails that hold signatures only

    _, action, _ = decode(bytes(entry.action))
    name, roles = "", frozenset[str]()
    if action is not None:
        view = own_view(unit, act, entry, action)
        member = view.get(entry.by)
        roles = view.person(entry.by).roles
        if member.kind == "member":
            # Who takes up an invitation is not active yet, but the roles are granted.
            roles = roles or frozenset(role for role, value in member.roles.items() if value == "granted")
            name = member.name or ""
    if not name:
        name = _introduced_name(entry, action)
    key = roster.holds_key(entry.by, entry.sign.key)
    fits = key is not None and said.sig is not None and verify(key, ESIGN, signed_bytes(entry), unb64(said.sig))
    asked = ACTIONS[act.do].by.roles if act.do in ACTIONS else frozenset[str]()
    return Signature(
        name=name or entry.by,
        user=entry.by,
        role=", ".join(sorted(roles & asked or roles)),
        meaning=entry.sign.meaning,
        time=entry.at,
        zone=f"UTC{entry.at[-6:]}",
        key=entry.sign.key,
        sheet=entry.sign.sheet,
        sig=said.sig or "",
        valid=fits,
    )


def _introduced_name(entry: Entry, action: Any) -> str:  # noqa: ANN401 - any action
    """The printed name of somebody whom the signed action itself brings into the program."""
    officers = getattr(action, "officers", ())
    return next((one.name for one in officers if one.id == entry.by), "")
