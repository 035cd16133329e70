"""Planning: what an entry would be and what would become of it, judged on scratch before anything is written.

It is read in one snapshot or transaction of the store, which the caller has open.
"""

from typing import Any, Final, NamedTuple

import msgspec

from shared import kinds  # noqa: F401 - declares every kind and action
from shared.actions.action import Action, Happened, Spec, Writer
from shared.actions.derive import derivation
from shared.actions.world import Record, World
from shared.fold.act import Act
from shared.fold.fold import PENDING, fold
from shared.fold.joint import own_view, proposal
from shared.fold.judge import missing, needs
from shared.fold.unit import Unit
from shared.fold.view import MADE, PROGRAM, View
from shared.log.canonical import b64
from shared.log.entry import Entry, Sign
from shared.store.keep import digest_of
from shared.terminal.asked import Asked, Signer
from shared.terminal.blobs import Blob, outside
from shared.terminal.desk import Desk
from shared.terminal.fields import COMMON, Fields, build, known_fields, spec_of
from shared.terminal.own_chain import own_end
from shared.terminal.references import any_record, named, resolve
from shared.terminal.refusal import FORM_2, FORM_5, FORM_8, FORM_12, NEW_1, WHO_1, Refused, from_fold, refused
from shared.terminal.suggest import Here, fill, post_of
from shared.terminal.times import timed
from shared.terminal.version import VERSION

SALT_BYTES: Final = 16
_SCRATCH_ID: Final = b64(bytes(32))


class Plan(NamedTuple):
    """An entry as it would be written, and what would become of it.

    Attributes:
        spec: its action's declaration.
        action: its action.
        entry: the entry itself, with the signature's meaning if somebody signs.
        sheet: the text that is signed; "" if nobody signs.
        refusal: why a rule refuses it; None if it passes.
        certain: whether `happened` cannot help: it is not of its form, or no fact.
        waiting: who must still confirm it, in words.
        blobs: what is kept outside the log.
        filled: what was left out and the terminal filled in, by field.
    """

    spec: Spec
    action: Action
    entry: Entry
    sheet: str
    refusal: Refused | None
    certain: bool
    waiting: tuple[str, ...]
    blobs: list[Blob]
    filled: Fields

    @property
    def derived(self) -> str:
        """The deviation that the entry opens because it breaks a rule; "" for none."""
        declared = derivation()
        if self.refusal is None or self.certain or declared is None:
            return ""
        record = f"{declared[0]}-{self.entry.terminal}-{self.entry.n}"
        return "" if record == self.entry.record else record


def plan(desk: Desk, asked: Asked, signer: Signer | None = None, *, pretend: bool = False) -> Plan:
    """Make the entry that is asked for, and judge it.

    Args:
        desk: the program's log on this terminal.
        asked: what to do.
        signer: who will sign it; None if nobody does.
        pretend: judge it as if the person who is asked for had signed it (a dry run).

    Returns:
        The plan; its `refusal` says whether a rule refuses it.

    Raises:
        Refused: it is not understood, not of its form, or about a record that is not here or not for this version.
    """
    spec = spec_of(asked.do)
    known_fields(spec, asked.fields)
    now = desk.clock.now()
    unit = Unit(desk.store.tables)
    world = View(unit, None, now)
    signer = signer or _unsigned(spec, asked, world, pretend=pretend)
    by = signer.person if signer else f"@{desk.code}"
    fields = resolve(spec, asked.fields, world)
    if signer is None and asked.person and "claimed" not in fields:
        fields["claimed"] = asked.person
    n = own_end(desk.store, desk.code).n + 1
    record = _record(spec, asked, fields, world, desk.code) or _new_id(spec, desk.code, n)
    here = Here(View(unit, None, now, record, by), desk.code, desk.clock, now)
    whole = timed(spec, fill(spec, fields, here), desk.clock, now)
    filled = {name: value for name, value in whole.items() if name not in fields}
    kept, fields = outside(spec, whole, desk.random)
    action, data = build(spec, fields)
    if spec.kind and not spec.creates and not world.get(record).exists:
        raise refused(FORM_2, record)
    if spec.sheet and not _tells(spec, action, world.get(record)):
        raise refused(FORM_12)
    if not spec.fact and world.standing(record, "@newer", MADE):
        raise refused(NEW_1, record)
    salt = desk.random(SALT_BYTES)
    entry = Entry(
        action=msgspec.Raw(data),
        app=VERSION,
        at=desk.clock.at(now),
        by=by,
        n=n,
        program=desk.program,
        record=record,
        salt=b64(salt),
        seen=asked.seen or seen_now(desk, n - 1),
        sign=Sign(key=signer.key, meaning=spec.signed or "recorded", sheet=digest_of(b"", b"")) if signer else None,
        terminal=desk.code,
    )
    act = fold(unit, _scratch_position(desk), _SCRATCH_ID, entry)
    waiting = waiting_for(unit, act, entry, action)
    text = ""
    if entry.sign is not None:
        from shared.terminal.sheets import sheet_text  # noqa: PLC0415 - for signing only: a stop should be quick

        text = sheet_text(desk, unit, spec, action, entry, waiting)
        sign = msgspec.structs.replace(entry.sign, sheet=digest_of(salt, text.encode()))
        entry = msgspec.structs.replace(entry, sign=sign)
    refusal = None
    if act.refused:
        asks = _asks(spec, act.refused, action, own_view(unit, act, entry, action))
        refusal = from_fold(act.refused, act.text, record, asks)
    return Plan(spec, action, entry, text, refusal, act.verdict == "void", waiting, kept, filled)


def _tells(spec: Spec, action: Action, here: Record) -> bool:
    """Whether a screen of a call sheet says anything: something is typed, or what stands there is taken back.

    The fold keeps an entry that does not, as it keeps every fact; it is only not made any more.
    """
    fields = zip(spec.fields, action.__struct_fields__, strict=True)
    if any(getattr(action, name) for field, name in fields if field.name not in COMMON):
        return True
    writer = Writer("", "", "", "", 0, spec.writes)
    action.apply(writer)
    return any(getattr(here, fact) for _, fact, _, _ in writer.writes)


def _asks(spec: Spec, rule: str, action: Action, world: World) -> str:
    """The field that a rule which refuses an action is about: the only one that it looks at, or the first empty one."""
    looked: dict[str, bool] = {}

    class Watched:
        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever an action has
            found = getattr(action, name)
            if name in spec.cls.__struct_fields__:
                looked.setdefault(name, msgspec.to_builtins(found) in ("", [], {}))
            return found

    for one in spec.rules:
        if one.id == rule:
            one.check(Watched(), world)
    empty = [name for name, is_empty in looked.items() if is_empty]
    names = empty[:1] or (list(looked) if len(looked) == 1 else [])
    return spec.fields[spec.cls.__struct_fields__.index(names[0])].name if names else ""


def seen_now(desk: Desk, own_n: int) -> tuple[int, ...]:
    """What is shown now: the size of the log, this terminal's own entries, and the epoch if that is not 0."""
    epoch = desk.store.epoch()
    size = desk.store.log.size()
    return (size, own_n, epoch) if epoch else (size, own_n)


def waiting_for(unit: Unit, act: Act, entry: Entry, action: Action) -> tuple[str, ...]:
    """Who must still confirm what an entry proposes, or what it confirms; in words."""
    if act.verdict == "waiting":
        view = own_view(unit, act, entry, action)
        me = [] if act.by.startswith("@") else [view.me]
        return tuple(slot.words() for slot in missing(needs(view, action), me))
    of = getattr(action, "of", "")
    if of and act.verdict == "stands":
        shown = proposal(View(unit, None, 0, act.record), of)
        return shown.open if shown.state == "waiting" else ()
    return ()


def renumbered(desk: Desk, planned: Plan) -> Entry:
    """The planned entry with the number that is next now: others may have written while the password was typed."""
    n = own_end(desk.store, desk.code).n + 1
    if n == planned.entry.n:
        return planned.entry
    record = _new_id(planned.spec, desk.code, n) or planned.entry.record
    return msgspec.structs.replace(planned.entry, n=n, record=record)


def _unsigned(spec: Spec, asked: Asked, world: View, *, pretend: bool) -> Signer | None:
    """Who is taken to sign without a password: nobody, but for a dry run."""
    if not asked.person or (issubclass(spec.cls, Happened) and spec.by.terminal):
        return None
    if not pretend:
        raise refused(WHO_1, spec.name)
    member = world.get(asked.person)
    key = member.key if member.kind == "member" else None
    return Signer(asked.person, key or "none")


def own_record(spec: Spec, world: World, code: str) -> str:
    """The record that an action is about where none is named: the program, this terminal, its batch; "" for none."""
    own = {"program": PROGRAM}
    if not spec.creates:
        own |= {"terminal": code, "batch": post_of(world, code).get("batch") or ""}
    return own.get(spec.kind.name, "") if spec.kind else ""


def _record(spec: Spec, asked: Asked, fields: Fields, world: View, code: str) -> str:
    """The record that the action is about; "" where it makes one with an id of its own."""
    kind = spec.kind
    if spec.creates and kind and kind.code:
        if asked.record:
            raise refused(FORM_8, f"{spec.name} {asked.record[:60]!r}")
        return ""
    if asked.record:
        found = named(world, asked.record, (kind.name,)) if kind else any_record(world, asked.record)
        return asked.record if spec.creates else found
    if kind:
        found = own_record(spec, world, code)
        if not found:
            raise refused(FORM_5, spec.name)
        return found
    if "of" not in fields:
        return code  # what is about nothing in particular, such as a call, is kept with the terminal
    position = world.unit.find(str(fields["of"]))
    about = world.unit.act(position) if position is not None else None
    if about is None:
        raise refused(FORM_2, f"entry {str(fields['of'])[:60]!r}")
    return about.record


def _new_id(spec: Spec, code: str, n: int) -> str:
    return f"{spec.kind.code}-{code}-{n}" if spec.creates and spec.kind and spec.kind.code else ""


def _scratch_position(desk: Desk) -> int:
    return max(desk.store.tables.top() + 1, PENDING)
