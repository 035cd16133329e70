"""What the demo starts beside itself: the server, a live sponsor. All of it is ended by its process id."""

import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any, Final, Self

STARTS_S: Final = 10.0
"""How long a process may take until it listens."""
_ENDS_S: Final = 5.0
_USUAL: Final = 8450


def command(name: str) -> str:
    """A command of this environment, by its place."""
    place = Path(sys.executable).with_name(name)
    return str(place) if place.exists() else name


def free_port() -> int:
    """The usual port, or any that is free."""
    for port in (_USUAL, 0):
        try:
            with socket.create_server(("127.0.0.1", port)) as one:
                return int(one.getsockname()[1])
        except OSError:
            continue
    raise OSError("there is no free port on this machine")


class Started:
    """Processes that end with the demo, however it ends."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        """Start nothing yet; `answer` is what was prepared."""
        self._homes = answer["homes"]
        self._port = int(answer["url"].rpartition(":")[2])
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        for one in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(one, _end)
        return self

    def __exit__(self, *_: object) -> None:
        for name in reversed(list(self._running)):
            self.end(name)

    def server(self) -> None:
        """Start the server, and wait until it listens.

        Raises:
            OSError: it does not.
        """
        self._start(
            "server", command("andon-server"), "run", "--data", self._homes["server"], "--port", str(self._port)
        )
        until = time.monotonic() + STARTS_S
        while time.monotonic() < until and self._running["server"].poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError:
                time.sleep(0.05)  # between two tries
            else:
                return
        raise OSError(f"the server did not start; {self._log('server')} says why")

    def watch(self, home: str) -> None:
        """Keep a home in sync, as the screens on it would."""
        self._start(f"{home}-sync", command("andon"), "--home", self._homes[home], "sync", "--watch")

    def screens(self, home: str) -> int:
        """Give this terminal to the screens of a home, until they end; give what they ended with."""
        process = subprocess.Popen([command("andon"), "--home", self._homes[home]])
        self._running["screens"] = process
        code = process.wait()
        del self._running["screens"]
        return code

    def end(self, name: str) -> None:
        """End one, gently if it will."""
        process = self._running.pop(name)
        process.terminate()
        try:
            process.wait(_ENDS_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self, name: str, *words: str) -> None:
        with self._log(name).open("ab") as out:
            self._running[name] = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def _log(self, name: str) -> Path:
        return Path(self._homes["server"]).parent / f"{name}.log"


def wait_for_enter(seconds: float) -> None:
    """Wait a while, or until Enter; not at all without a terminal."""
    if sys.stdin.isatty() and select.select([sys.stdin], [], [], seconds)[0]:
        sys.stdin.readline()


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    raise SystemExit(128 + number)
