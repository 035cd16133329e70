"""`andon refused`: what this terminal wrote and the server refused, with all that was typed, for entering it again."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any

import msgspec

from shared.log.canonical import NotCanonical
from shared.log.entry import BadLine, Line, parse_line
from tui.commands.output import print_json, print_lines, words
from tui.commands.place import log_of

_NOT_FIELDS = frozenset({"do"})


def arguments(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("--json", action="store_true", help="print a JSON array")


def run(found: Namespace) -> int:
    """Print them, the oldest first."""
    with log_of(found) as store:
        told = [_told(*one) for one in store.pending.refused()]
    if found.json:
        print_json(told)
    else:
        print_lines(line for one in told for line in _lines(one))
    return 0


def _told(terminal: str, n: int, why: str, line: bytes) -> dict[str, Any]:
    rule, _, text = why.partition(" ")
    told: dict[str, Any] = {"terminal": terminal, "n": n, "rule": rule, "text": text}
    try:
        parsed = parse_line(line)
    except (NotCanonical, BadLine):
        return {**told, "line": line.decode("utf-8", "replace")}
    if not isinstance(parsed, Line):
        return told
    entry = parsed.entry
    fields = msgspec.json.decode(entry.action)
    rest = {name: value for name, value in fields.items() if name not in _NOT_FIELDS}
    return {**told, "do": fields["do"], "record": entry.record, "by": entry.by, "at": entry.at, "fields": rest}


def _lines(one: dict[str, Any]) -> Iterator[str]:
    yield f"{one['terminal']} {one['n']}: {one.get('do', 'not readable')} {one.get('record', '')}".rstrip()
    yield f"    {one['rule']} {one['text']}"
    for name, value in one.get("fields", {}).items():
        yield f"    {name}: {words(value)}"
    if "line" in one:
        yield f"    {one['line']}"
