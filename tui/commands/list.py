"""`andon list`: the records of a kind."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any

from shared.store.lists import Listed
from shared.terminal.naming import Names
from shared.terminal.refusal import USE, Refused
from tui.commands.output import WIDTH, cut, print_json, print_lines
from tui.commands.place import log_of

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
    with log_of(found) as store:
        limit = found.limit if found.limit is not None else _ALL if found.json else _SHOWN
        rows = store.lists.rows(found.kind, where, limit=limit)
        total = len(rows) if found.json or len(rows) < limit else store.lists.count(found.kind, where)
        lines = [] if found.json else list(_lines(rows, Names(store)))
    if found.json:
        print_json([as_json(row) for row in rows])
        return 0
    print_lines(lines)
    if total > len(rows):
        print_lines([f"({len(rows)} of {total}; --limit shows more)"])
    return 0


def as_json(row: Listed) -> dict[str, Any]:
    """One record as JSON: `record`, `kind`, the kind's columns, `flags` and `sync`."""
    return {"record": row.record, "kind": row.kind, **row.columns, "flags": row.flags, "sync": row.sync}


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
