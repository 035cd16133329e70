"""`andon sync`: push what waits here, pull what is new; with `--watch` stay, as a company's always-on witness."""

import signal
import sys
import threading
from argparse import ArgumentParser, Namespace
from contextlib import closing
from types import FrameType
from typing import Any

from shared.store.errors import StoreError
from shared.terminal import synced as syncing
from shared.terminal.beat import sync_and_beat
from shared.terminal.desk import Desk
from shared.terminal.home import Home
from shared.terminal.net import BadAddress, Http, server_of
from shared.terminal.refusal import SYNC_1, Refused, refused
from shared.terminal.synced import Synced
from shared.terminal.watch import Watch
from tui.cli import DONE, FAILED, REFUSED, UNREACHABLE
from tui.commands.output import print_json
from tui.commands.place import home_of
from tui.failure import explained

_CODES = {
    syncing.IN_LOG: DONE,
    syncing.WAITING: DONE,
    syncing.CONTRADICTION: FAILED,
    syncing.REFUSED: REFUSED,
    syncing.STRANGER: REFUSED,
    syncing.RECOVERING: UNREACHABLE,
    syncing.UNREACHABLE: UNREACHABLE,
    syncing.LATER: UNREACHABLE,
}
"""What each state ends the command with."""
_LOOK_S = 0.2


def arguments(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("--watch", action="store_true", help="stay in sync until stopped; a line for each change")
    parser.add_argument("--json", action="store_true", help="as it is printed anyway")


def run(found: Namespace) -> int:
    """Sync the program that is named, or all that this terminal holds; one JSON object a line for each."""
    home = home_of(found)
    programs = [home.choose(found.program)] if found.program else home.programs() or [home.choose()]
    if found.watch:
        return _watch(home, programs)
    several = len(programs) > 1
    codes = []
    for program in programs:
        try:
            with Desk.open(home, program) as desk:
                done = _once(desk)
        except (Refused, StoreError) as error:
            if not several:
                raise
            _fails(program, error)  # the others go on
            codes.append(REFUSED)
            continue
        print_json({**({"program": program} if several else {}), **said(done)})
        codes.append(code_of(done))
    return FAILED if FAILED in codes else max(codes)  # a check that failed outweighs all else


def _fails(program: str, error: Exception) -> None:
    """Say in one line on stderr what ended one of several programs."""
    rule, text, then = explained(error)
    sys.stderr.write(f"andon: {' '.join(f'{program}: {rule}: {text} {then}'.split())}\n")


def _once(desk: Desk) -> Synced:
    with closing(_server(desk)) as server:
        return sync_and_beat(desk, server)


def _server(desk: Desk) -> Http:
    try:
        return server_of(desk)
    except BadAddress as error:
        raise refused(SYNC_1, str(error)) from error


def said(done: Synced) -> dict[str, Any]:
    """Give what a sync is told as."""
    told: dict[str, Any] = {
        "pushed": done.pushed, "pulled": done.pulled, "position": done.position, "state": done.state,
    }  # fmt: skip
    if done.text:
        told["text"] = done.text
    if done.refused:
        told["refused"] = list(done.refused)
    if done.cloned:
        told["cloned"] = list(done.cloned)
    return told


def code_of(done: Synced) -> int:
    """Say on stderr what a person must know; give the exit code."""
    if done.refused:
        sys.stderr.write("andon: the server refused entries of this terminal; see `andon refused`.\n")
    for code in done.cloned:
        sys.stderr.write(f"andon: two machines write under {code}; see `andon why {code}`.\n")
    if done.text:
        sys.stderr.write(f"andon: {done.text}\n")
    return _CODES[done.state]


def _watch(home: Home, programs: list[str]) -> int:
    """Watch every program in a thread of its own, until a signal, or until none goes on.

    What ends one of them does not end the others: a company's witness of ten programs keeps nine when a file fails.
    """
    stop = threading.Event()
    signals: list[int] = []

    def ended(sig: int, frame: FrameType | None) -> None:
        del frame
        signals.append(sig)  # to set the event could wait for ever: a signal may come while it is locked to wait for it

    signal.signal(signal.SIGTERM, ended)
    signal.signal(signal.SIGINT, ended)
    watched = [_Watched(home, program, stop, named=len(programs) > 1) for program in programs]
    for one in watched:
        one.start()
    while not signals and not stop.wait(_LOOK_S) and any(one.is_alive() for one in watched):
        pass
    stop.set()
    for one in watched:
        one.stop()
    for one in watched:
        one.join()
    failures = [one.failure for one in watched if one.failure is not None]
    if failures and len(watched) == 1:
        raise failures[0]
    return REFUSED if failures else DONE


class _Watched(threading.Thread):
    """One program, watched in a thread of its own.

    Attributes:
        failure: what ended it that nobody asked for; beside others, it was told on stderr then.
    """

    def __init__(self, home: Home, program: str, ended: threading.Event, *, named: bool) -> None:
        super().__init__(name=program)
        self._home = home
        self._program = program
        self._ended = ended
        self._named = named
        self._watch: Watch | None = None
        self.failure: Exception | None = None

    def run(self) -> None:
        """Stay in sync."""
        try:
            with Desk.open(self._home, self._program) as desk, closing(_server(desk)) as server:
                self._watch = Watch(desk, server, self._told)
                if not self._ended.is_set():
                    self._watch.run()
        except Exception as error:  # noqa: BLE001 - told in one line, as whatever ends a command is
            self.failure = error
            if self._named:
                _fails(self._program, error)

    def stop(self) -> None:
        """Let it end soon."""
        if self._watch is not None:
            self._watch.stop()

    def _told(self, done: Synced) -> None:
        try:
            print_json({**({"program": self._program} if self._named else {}), **said(done)})
            sys.stdout.flush()
        except OSError:
            self._ended.set()  # whoever read it has gone
