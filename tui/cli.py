"""The command line: `andon` opens the screens; `andon COMMAND ...` does all that they do, without them.

Each command is a module of `tui/commands`, imported when it is chosen: `andon --version` has 80 ms, and no command
imports Textual.
"""

import sys
from argparse import SUPPRESS, ArgumentParser, HelpFormatter, Namespace
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

COMMANDS = {
    "do": "perform any action",
    "actions": "what can be done, by whom, with which fields",
    "list": "the records of a kind",
    "show": "one record, with its trail",
    "why": "what is in the way of a record, and who can clear it",
    "call": "whom to call now, in order",
    "sync": "push what waits here, and pull what is new",
    "refused": "what the server refused of this terminal, for entering it again",
    "invite": "invite a terminal or a person, and print the code to join with",
    "join": "use an invitation: make this machine a terminal, or a person a member",
    "verify": "check this terminal's logs",
}
"""Each command with its line of help, in the order of the manual."""
DONE, FAILED, REFUSED, UNREACHABLE = range(4)
"""The exit codes: done; a check failed; refused by a rule or not understood; no server (it waits in the outbox)."""
_VALUED = frozenset({"--home", "--program"})
_INTERRUPTED = 130
_WIDTH = 80
_UNKNOWN = "there is no command or record {word!r}; commands are {commands}"


class _Parser(ArgumentParser):
    """Says in one line what was not understood, as every refusal does."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - what its base takes
        # With a width given, the formatter need not ask the terminal for it, which costs an import of 7 ms.
        super().__init__(allow_abbrev=False, formatter_class=lambda prog: HelpFormatter(prog, width=_WIDTH), **options)

    def error(self, message: str) -> NoReturn:
        raise NotUnderstood(f"{message}; see `{self.prog} --help`")


class NotUnderstood(Exception):
    """The arguments make no command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: those behind `andon`; the process' own if None.

    Returns:
        The exit code.
    """
    given = _joined(sys.argv[1:] if arguments is None else arguments)
    word = _word(given)
    chosen = word if word in COMMANDS else ""
    try:
        code = _run(_parser(chosen, record="" if chosen else word).parse_args(given))
        sys.stdout.flush()  # here, where a reader that has gone is no fault
    except NotUnderstood as error:
        return _refuse("USE-1", str(error), "See `andon --help`.", as_json="--json" in given)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _nowhere()
        return DONE
    except Exception as error:  # noqa: BLE001 - a command ends with one line, whatever went wrong; see `explained`
        from tui.failure import explained

        return _refuse(*explained(error), as_json="--json" in given or chosen == "do")
    return code


def _run(found: Namespace) -> int:
    if found.version:
        from shared.terminal.version import VERSION

        print(f"andon {VERSION}")
        return DONE
    if not found.command:
        return _screens(found)
    return int(import_module(f"tui.commands.{found.command}").run(found))


def _screens(found: Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NotUnderstood(f"the screens need a terminal; without one name a command: {', '.join(COMMANDS)}")
    from tui.commands.place import home_of

    home = home_of(found)  # before Textual is loaded: what is wrong with it is told at once
    import gc

    gc.disable()  # until the first paint, see `AndonApp._begin`: looking for garbage while all is loaded finds none
    from tui.start import run

    return run(home, found.program, getattr(found, "record", ""))


def _joined(arguments: Sequence[str]) -> list[str]:
    """The arguments with `--program ID` as one word: an id may begin with a dash, and would be taken for an option."""
    given: list[str] = []
    for one in arguments:
        if given and given[-1] in _VALUED:
            given[-1] += f"={one}"
        else:
            given.append(one)
    return given


def _word(given: Sequence[str]) -> str:
    """The command or record among the arguments: the first word that is neither an option nor an option's value."""
    valued = False
    for one in given:
        if not valued and not one.startswith("-"):
            return one
        valued = not valued and one in _VALUED
    return ""


def _parser(chosen: str, *, record: str = "") -> ArgumentParser:
    if record.isalpha() and record.islower():
        raise NotUnderstood(_UNKNOWN.format(word=record[:40], commands=", ".join(COMMANDS)))
    parser = _Parser(prog="andon", description="Stop, call, decide together.")
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.add_argument("--home", help="this terminal's folder; else ANDON_HOME, else this user's own", default=None)
    parser.add_argument("--program", help="id of the program, or its beginning; the only one if left out", default="")
    if record:
        parser.add_argument("record", metavar="RECORD", help="open the screens on this record")
        parser.set_defaults(command=None)
        return parser
    commands = parser.add_subparsers(prog="andon", dest="command", metavar="COMMAND")
    for name, words in COMMANDS.items():
        if chosen and name != chosen:
            continue  # making a parser takes a while, and only help asks for all of them
        one = commands.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
        if chosen:
            one.add_argument("--home", default=SUPPRESS, help=SUPPRESS)
            one.add_argument("--program", default=SUPPRESS, help=SUPPRESS)
            import_module(f"tui.commands.{name}").arguments(one)
    return parser


def _refuse(rule: str, text: str, then: str, *, as_json: bool) -> int:
    """Say in one line why nothing was done, and with JSON on the other stream too."""
    line = " ".join(part for part in (f"{rule}:", text, then) if part)
    print("andon: " + " ".join(line.split()), file=sys.stderr)
    if as_json:
        import json

        try:
            print(json.dumps({"refused": rule, "text": text, "next": then}), flush=True)
        except OSError:
            _nowhere()  # the line above has said it
    return REFUSED


def _nowhere() -> None:
    """Send what is still to be printed nowhere: else the interpreter complains about it when it ends."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


__all__ = ["DONE", "FAILED", "REFUSED", "UNREACHABLE", "Namespace", "NotUnderstood", "main"]
