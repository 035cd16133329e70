"""A real `andon-server` process on a folder, its output in files so that no pipe can fill and block it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from server.keys import Keys
from shared.terminal.home import ENDING
from tests.terminal.firm import LOG_SEED, Firm

SERVER = Path(sys.executable).with_name("andon-server")
LONG_S = 30.0
"""How long a test waits for what should come at once."""


def until(true: Callable[[], Any], within: float = LONG_S) -> Any:
    """Wait until something is true, and give it."""
    end = time.monotonic() + within
    while True:
        found = true()
        if found:
            return found
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)  # between two looks; what is waited for is the condition


def data_of(firm: Firm, folder: Path, seed: bytes = LOG_SEED) -> Path:
    """Make a server's folder of a closed firm's log."""
    (folder / "logs").mkdir(parents=True)
    for companion in ("", "-wal"):
        made = firm.server.path.with_name(firm.server.path.name + companion)
        if made.exists():
            (folder / "logs" / f"{firm.program}{ENDING}{companion}").write_bytes(made.read_bytes())
    Keys(folder / "keys").make(seed)
    return folder


class Running:
    """The process."""

    def __init__(self, data: Path, *arguments: str, prelude: str = "", port: int = 0) -> None:
        """Start it and wait until it listens; `prelude` is Python that runs first in it, for small limits."""
        self.data = data
        self.out = data.with_name(f"{data.name}.out")
        self.err = data.with_name(f"{data.name}.err")
        command = [str(SERVER)]
        if prelude:
            command = [
                sys.executable,
                "-P",
                "-c",
                f"import sys\n{prelude}\nfrom server.cli import main\nsys.exit(main())",
            ]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ANDON"))}
        with self.out.open("wb") as out, self.err.open("ab") as err:
            self.process = subprocess.Popen(
                [*command, "run", "--data", str(data), "--port", str(port), *arguments],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, env={**kept, "PYTHONWARNINGS": "error"},
            )  # fmt: skip
        until(lambda: self.process.poll() is not None or self.out.read_bytes().endswith(b"\n"))
        assert self.process.poll() is None, self.err.read_text(encoding="utf-8")
        self.port = int(self.out.read_text(encoding="utf-8").rsplit(":", 1)[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def connect(self, timeout: float = LONG_S) -> socket.socket:
        """Open a bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def stop(self, sig: int = signal.SIGTERM) -> tuple[int, float]:
        """Ask it to stop; give its exit code, and how long that took, s."""
        begun = time.monotonic()
        self.process.send_signal(sig)
        return self.process.wait(LONG_S), time.monotonic() - begun

    def kill(self) -> None:
        """Take the power away."""
        self.process.kill()
        self.process.wait(LONG_S)

    def memory(self) -> int:
        """Bytes of memory that it holds."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def sockets(self) -> int:
        """Sockets that it has open."""
        found = 0
        for one in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with suppress(OSError):
                found += str(one.readlink()).startswith("socket:")
        return found

    def logged(self) -> list[dict[str, Any]]:
        """What it has logged; every line must be one JSON object."""
        return [json.loads(line) for line in self.err.read_text(encoding="utf-8").splitlines()]
