"""`andon list`: the records of a kind."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from shared.store.lists import Listed
from shared.store.store import Store
from shared.terminal.clock import now_ms
from shared.terminal.home import Home
from shared.terminal.naming import Names
from shared.terminal.refusal import USE, Refused
from tui.commands.output import WIDTH, cut, print_json, print_lines
from tui.commands.place import home_of

if TYPE_CHECKING:
    from shared.terminal.blind import Blind

_RATED = "deviation"
_SHOWN = 200
_ALL = -1


def arguments(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("kind", metavar="KIND", help="hold, deviation, member, ...")
    parser.add_argument(
        "--where", metavar="COLUMN=VALUE", action="append", default=[], help="only these; may be repeated"
    )
    parser.add_argument("--limit", type=int, metavar="N", help=f"at most N; else all as JSON, {_SHOWN} as text")
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def run(found: Namespace) -> int:
    """Print them, what changed last first."""
    where = dict(map(_test, found.where))
    home = home_of(found)
    with home.open_log(found.program) as store:
        blind = _blind(home, store) if found.kind == _RATED else None
        unseen = blind.unseen(found.kind) if blind else None
        limit = found.limit if found.limit is not None else _ALL if found.json else _SHOWN
        rows = store.lists.rows(found.kind, where, limit=limit, unseen=unseen)
        total = len(rows) if found.json or len(rows) < limit else store.lists.count(found.kind, where, unseen)
        lines = [] if found.json else list(_lines(rows, Names(store)))
        made = [as_json(row, hidden=blind is not None and blind.hides(row)) for row in rows] if found.json else []
    if found.json:
        print_json(made)
        return 0
    print_lines(lines)
    if total > len(rows):
        print_lines([f"({len(rows)} of {total}; --limit shows more)"])
    return 0


def _blind(home: Home, store: Store) -> "Blind":
    """What is hidden from who asks by a command: nobody in particular."""
    from shared.terminal.blind import Blind  # noqa: PLC0415 - loads the kinds, which other lists do not need

    return Blind(store, home.code, "", frozenset(), now_ms())


def as_json(row: Listed, *, hidden: bool) -> dict[str, Any]:
    """One record as JSON: `record`, `kind`, the kind's columns, `flags` and `sync`; without a rating that is hidden."""
    columns = {**row.columns, "criticality": "hidden"} if hidden else row.columns
    return {"record": row.record, "kind": row.kind, **columns, "flags": row.flags, "sync": row.sync}


def _test(text: str) -> tuple[str, str]:
    column, equals, value = text.partition("=")
    if not equals or not column:
        raise Refused(USE.id, f"--where {text[:40]!r} is not COLUMN=VALUE.", "Write it like --where state=held.")
    return column, value


def _lines(rows: list[Listed], names: Names) -> Iterator[str]:
    widest = max((len(row.record) for row in rows), default=0)
    states = max((len(str(row.columns["state"] or "")) for row in rows), default=0)
    for row in rows:
        marks = ", ".join([*row.flags, *([] if row.sync == "cosigned" else [row.sync])])
        head = f"{row.record:<{widest}}  {row.columns['state'] or '':<{states}}  "
        tail = f"  ({marks})" if marks else ""
        title = names.within(str(row.columns["title"] or ""))
        yield cut(head, WIDTH) + cut(title, max(WIDTH - len(head) - len(tail), 12)) + tail
