"""The server's command line: `andon-server COMMAND ...`."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

DONE: Final = 0
REFUSED: Final = 2
PORT: Final = 8450
_PORTS: Final = 65_536
_LEVELS: Final = ("debug", "info", "warning", "error")


class _Parser(ArgumentParser):
    """Says in one line what was not understood."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}; see `{self.prog} --help`", file=sys.stderr)
        raise SystemExit(REFUSED)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: those behind `andon-server`; the process' own if None.

    Returns:
        0, or 2 if it was refused.
    """
    found = _parser().parse_args(arguments)
    if found.version:
        from shared.terminal.version import VERSION

        print(f"andon-server {VERSION}")
        return DONE
    if found.command == "run":
        return _run(found)
    if found.command == "key":
        return _key(found)
    return _refuse("Name a command: run, key.")


def _parser() -> ArgumentParser:
    parser = _Parser(prog="andon-server", description="Orders the entries of Andon's logs.", allow_abbrev=False)
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    run = commands.add_parser("run", help="serve the logs in a folder until stopped", allow_abbrev=False)
    run.add_argument("--data", type=Path, required=True, metavar="DIR", help="the server's folder: logs and keys")
    run.add_argument("--tails", type=Path, metavar="DIR", help="where what was published last is kept, outside every "
                     "backup; DIR.tails beside the folder if left out")  # fmt: skip
    run.add_argument("--host", default="127.0.0.1", help="the address to listen at, one of this machine's own")
    run.add_argument("--port", type=_port, default=PORT, help=f"the port; 0 for any that is free ({PORT})")
    run.add_argument("--log-level", choices=_LEVELS, default="info", help="the least that is logged on stderr (info)")
    key = commands.add_parser("key", help="make the key of a new log, and print its public half", allow_abbrev=False)
    key.add_argument("--data", type=Path, required=True, metavar="DIR", help="the server's folder")
    return parser


def _port(text: str) -> int:
    """Read a port; a larger number would silently become another port (ValueError: it is none)."""
    if int(text) not in range(_PORTS):
        raise ValueError
    return int(text)


def _run(found: Namespace) -> int:
    import structlog

    from server import journal
    from server.run import Refused, run

    data = found.data.absolute()
    tails = found.tails.absolute() if found.tails else data.with_name(f"{data.name}.tails")
    journal.start(found.log_level)

    def ready(port: int) -> None:
        structlog.get_logger("server").info("listening", host=found.host, port=port)
        print(f"andon-server: listening at http://{found.host}:{port}", flush=True)

    try:
        run(data, tails, found.host, found.port, ready)
    except (Refused, OSError) as error:
        return _refuse(str(error))
    return DONE


def _key(found: Namespace) -> int:
    import os

    from server.keys import Keys

    try:
        print(Keys(found.data / "keys").make(os.urandom(32)))
    except OSError as error:
        return _refuse(f"The key cannot be kept: {error}.")
    return DONE


def _refuse(text: str) -> int:
    print(f"andon-server: {' '.join(text.split())}", file=sys.stderr)
    return REFUSED


__all__ = ["main"]
