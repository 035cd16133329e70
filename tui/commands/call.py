"""`andon call`: whom to call now, in order; with an outcome it logs a call first. Nobody needs to sign in."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any

from shared.kinds.cover import TIERS
from shared.terminal.asked import Asked
from shared.terminal.calling import CallList, Turn, call_list
from shared.terminal.desk import Desk
from shared.terminal.naming import Names
from shared.terminal.perform import perform
from shared.terminal.refusal import USE, Refused
from shared.terminal.times import readable
from tui.commands.output import print_json, print_lines
from tui.commands.place import home_of

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS


def arguments(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument(
        "record", metavar="RECORD", nargs="?", default="", help="what it is about; else what is held here"
    )
    parser.add_argument("contact", metavar="CONTACT", nargs="?", default="", help="who was called, with --outcome")
    parser.add_argument(
        "--outcome", metavar="WORDS", help='"answered", "no answer", "busy", "cannot come", "wrong number"'
    )
    parser.add_argument("--person", default="", help="the member who answered")
    parser.add_argument("--name", default="", help="name of who answered, if not a member")
    parser.add_argument("--text", default="", help="what was said")
    parser.add_argument("--readback", default="", help="the three words that were read back")
    parser.add_argument("--number", metavar="N", default="", help="which of their numbers was called, 1 for the first")
    parser.add_argument("--as", metavar="PERSON", dest="caller", default="", help="who called, not signed in")
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(found: Namespace) -> int:
    """Log the call if there was one, then print the list as it is now."""
    with Desk.open(home_of(found), found.program) as desk:
        if found.outcome:
            if not found.contact:
                raise Refused(USE.id, "--outcome needs RECORD and CONTACT.", "See `andon call --help`.")
            fields = {
                name: getattr(found, name)
                for name in ("person", "name", "text", "readback", "number")
                if getattr(found, name)
            }
            fields |= {"contact": found.contact, "outcome": found.outcome}
            perform(desk, Asked("call.log", found.record, fields, found.caller))
        elif found.contact:
            raise Refused(USE.id, "CONTACT needs --outcome.", "See `andon call --help`.")
        made = call_list(desk, found.record)
        expires = desk.clock.at(made.expires)
        lines = list(_lines(made, readable(expires), Names(desk.store)))
    if found.json:
        print_json(_json(made, expires))
    else:
        print_lines(lines)
    return 0


def _json(made: CallList, expires: str) -> dict[str, Any]:
    return {
        "record": made.record,
        "expertise": made.expertise,
        "calls": [_turn_json(one) for one in made.turns],
        "version": made.version,
        "age_ms": made.age,
        "digest": made.digest,
        "expires": expires,
    }


def _turn_json(turn: Turn) -> dict[str, Any]:
    one = turn.callee._asdict()
    one["numbers"] = list(turn.numbers)
    return {**one, "numbers_missing": turn.missing, "tier_words": TIERS.get(turn.callee.tier, "")}


def _lines(made: CallList, expires: str, names: Names) -> Iterator[str]:
    yield f"Call about {names.whole(made.record)}" + (f", for {made.expertise}" if made.expertise else "")
    for number, turn in enumerate(made.turns, 1):
        one = turn.callee
        head = "NOW" if number == 1 else f"{number:>3}"
        tried = f"  [{one.status}, tried {one.tries}]" if one.tries else ""
        yield f"{head}  {one.name} ({one.contact}, {one.company}){tried}" if one.contact else f"{head}  {one.name}"
        numbers = ", ".join(turn.numbers) or ("number not on this terminal yet" if turn.missing else "")
        if numbers:
            yield f"     {numbers}"
        yield f"     {names.within(one.why)}"
    yield f"Version {made.version}, {_age(made.age)}, digest {made.digest}, counts until {expires}"


def _age(age: int | None) -> str:
    if age is None:
        return "never synced"
    hours, minutes = divmod(age // _MINUTE_MS, 60)
    return f"copy {hours} h {minutes} min old" if hours else f"copy {minutes} min old"
