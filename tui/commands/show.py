"""`andon show`: one record, with its trail, now or as the log was at a time."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from textwrap import wrap
from typing import Any

from shared.actions.kind import KINDS, kind_of
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.kinds.call_sheet import answers
from shared.log.clock import is_at, parse_at
from shared.store.lists import Trailed
from shared.store.store import Store
from shared.terminal.as_of import folded_until
from shared.terminal.blind import HIDDEN, Blind
from shared.terminal.blobs import parts_inside
from shared.terminal.clock import now_ms
from shared.terminal.desk import Desk
from shared.terminal.naming import Names
from shared.terminal.record import look, outside_now
from shared.terminal.references import any_record
from shared.terminal.refusal import FORM_2, USE, Refused, refused
from shared.terminal.times import readable
from shared.terminal.trail import Step, steps
from tui.commands.output import WIDTH, cut, print_json, print_lines, words
from tui.commands.place import home_of
from tui.reader import Reader
from tui.wording import REPEATED, Wording

_LABEL = 22


def arguments(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("record", metavar="RECORD", help="its id or number")
    parser.add_argument("--trail", action="store_true", help="every entry about it, with signatures")
    parser.add_argument("--as-of", metavar="TIME", help="as the log was then, like 2026-11-22T07:38:09.120+01:00")
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(found: Namespace) -> int:
    """Print it."""
    until = _time(found.as_of) if found.as_of else None
    home = home_of(found)
    with Desk.open(home, found.program) as desk, desk.store.snapshot():
        store = desk.store
        if until is None:
            unit, size = Unit(store.tables), None
        else:
            unit, size = folded_until(store, until)
        record = any_record(View(unit, None, now_ms()), found.record)
        program = store.path.stem
        trail = _trail(store, record, size)
        done = steps(unit, trail, program, int(store.meta("cosigned") or 0)) if found.trail else []
        shown = _shown(store, unit, record, trail, size, until)
        blind = Blind(store, home.code, "", frozenset(), now_ms())
        if blind.hides(store.lists.row(record)):  # as it stands now, of whatever time is asked
            shown |= {"criticality": HIDDEN, "facts": blind.facts(shown["facts"])}
            done = [blind.masked(one) for one in done]
        names = Names(store)
        lines = [] if found.json else [*_lines(shown, names, desk), *_facts(shown, Wording(Reader(desk)))]
        lines += [] if found.json else [line for one in done for line in _step_lines(one, names)]
    if found.json:
        entries = {"entries": [_step_json(one) for one in done]} if found.trail else {}
        print_json({**shown, **entries})
        return 0
    print_lines(lines)
    return 0


def _time(text: str) -> int:
    """Read a time as people write it; one without an offset is this machine's local time."""
    if is_at(text):
        return parse_at(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(USE.id, f"--as-of {text[:40]!r} is no time.", "Write it like 2026-11-22T07:38+01:00.") from None
    return int(moment.astimezone(UTC).timestamp() * 1000)


def _trail(store: Store, record: str, size: int | None) -> list[Trailed]:
    whole = store.lists.trail(record)
    return whole if size is None else [one for one in whole if one.received is not None and one.position < size]


def _shown(  # noqa: PLR0913, PLR0917 - where it is read, and as of when
    store: Store, unit: Unit, record: str, trail: list[Trailed], size: int | None, until: int | None
) -> dict[str, Any]:
    at = now_ms() if until is None else until
    looked = look(unit, record, at)
    kind = kind_of(record)
    if looked is None and not (trail and kind):
        raise refused(FORM_2, record)
    last = trail[-1] if trail else None
    cosigned = int(store.meta("cosigned") or 0)
    local = last is not None and last.received is None
    sync = "local" if local else "cosigned" if last is not None and last.position < cosigned else "in log"
    # What a joint act would create is no record yet, but its trail can be looked at.
    columns: dict[str, Any] = {"title": None, "state": "proposed"}
    if looked:
        columns = {**looked.row.columns, **outside_now(View(unit, None, at), record)}
    return {
        "record": record,
        "kind": looked.row.kind if looked else kind.name if kind else "",
        **columns,
        "flags": looked.row.flags if looked else ["waiting"],
        "sync": sync,
        "facts": looked.facts if looked else {},
        "contested": looked.contested if looked else [],
        **({"as_of": until, "size": size} if until is not None else {}),
    }


def _lines(shown: dict[str, Any], names: Names, desk: Desk) -> Iterator[str]:
    """Write it for people: records by their names, times with date and zone, what is kept outside the log itself."""
    kind = KINDS.get(shown["kind"])
    columns = kind.columns.items() if kind else ()
    times = {"as_of", *(name for name, column in columns if column.time)}
    outside = {name for name, column in columns if column.blobs}

    def said(value: str | int) -> str:
        return names.whole(value) if isinstance(value, str) else str(value)

    for name, value in shown.items():
        if name == "facts":
            continue
        if name in outside:
            yield from _labelled(name, parts_inside(desk.store.blobs, value))
            continue
        if name in times and isinstance(value, int):
            text = readable(desk.clock.at(value))
        else:
            text = words(value) if name == "record" else words(value, said)
        yield from _labelled(name, text.split("\n") if text else [])


def _facts(shown: dict[str, Any], said: Wording) -> Iterator[str]:
    """Write the facts that no column tells, in the words of the screens: an option, say, or what spoils."""
    for name, value in shown["facts"].items():
        if name == "assessment":
            yield from _assessed(value)
        elif name not in shown and name not in REPEATED:
            yield from _labelled(
                name.replace("_", " "), [part for one in _each(value, said) for part in one.split("\n")]
            )


def _each(value: Any, said: Wording) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """A fact; of a list or table each group on a line of its own."""
    groups = said.groups(value)
    yield from (f"{name}: {said.value(one)}" if name else said.value(one) for name, one in groups)
    if not groups and (text := said.value(value)):
        yield text


def _assessed(assessment: dict[str, Any]) -> Iterator[str]:
    """The fixed questions of a deviation, with what each person answered."""
    for person, said in assessment.items():
        found = [f"{question}: {answer}" for question, answer in answers(said)]
        yield from _labelled("questions", [f"answered by {words(person)}: {words(said['proposes'])} proposed", *found])


def _labelled(label: str, lines: list[str]) -> Iterator[str]:
    """Lines beside a label, long ones folded beside it too."""
    for line in lines:
        for part in wrap(line, WIDTH - _LABEL, subsequent_indent="  ") or [""]:
            yield f"{label:<{_LABEL}}{part}"
            label = ""


def _step_json(one: Step) -> dict[str, Any]:
    return {**one._asdict(), "signature": one.signature._asdict() if one.signature else None}


def _step_lines(one: Step, names: Names) -> Iterator[str]:
    who = f"{one.by} (says {one.claimed})" if one.claimed else one.by
    marks = [part for part in (one.verdict if one.verdict != "stands" else "", one.rule, one.sync) if part]
    yield ""
    yield f"{readable(one.at)}  {who}  {one.do}  ({', '.join(marks)})"
    yield f"  entry {one.id}"  # whole: a rating that is settled, or a proposal that is confirmed, is named by it
    yield f"  {cut(names.within(one.sentence), 2000)}"
    if one.rule:
        yield f"  {one.rule}: {one.text}"
    if one.signature:
        sign = one.signature
        valid = "" if sign.valid else "  SIGNATURE NOT VALID"
        role = f", {sign.role}" if sign.role else ""
        yield f"  signed by {sign.name} ({sign.user}{role}): {sign.meaning}, {readable(sign.time)}{valid}"
