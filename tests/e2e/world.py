"""The prepared demo with its server running: three homes of two companies, used by the real commands only."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from shared.log.canonical import b64
from shared.log.entry import line_id
from shared.log.leaf import line_of
from shared.store.store import Store
from shared.terminal.home import ENDING, Home
from tests.server.running import LONG_S, Running, until

ANDON = Path(sys.executable).with_name("andon")
HOMES = ("floor", "qa", "sponsor")
SERVER = "server"


class World:
    """A copy of the prepared folder for one test."""

    def __init__(self, answer: Mapping[str, Any], folder: Path) -> None:
        """Use the homes in a folder, as the demo's answer tells of them."""
        self.folder = folder
        self.program = str(answer["program"])
        self.port = int(answer["url"].rsplit(":", 1)[1])
        self.passwords = {one["id"]: one["password"] for one in answer["people"]}
        self.server: Running | None = None
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self.processes:
            one.kill()
            one.wait(LONG_S)
        self.down()

    def up(self) -> Running:
        """Start the server."""
        self.server = Running(self.folder / SERVER, port=self.port)
        return self.server

    def down(self, sig: int = signal.SIGKILL) -> None:
        """End the server, if it runs."""
        if self.server is not None:
            self.server.process.send_signal(sig)
            self.server.process.wait(LONG_S)
            self.server = None

    def backup(self, name: str) -> None:
        """Copy the stopped server's folder."""
        shutil.copytree(self.folder / SERVER, self.folder / name)

    def restore(self, name: str, *, tails: bool = True) -> None:
        """Put a copy in the place of the stopped server's folder; without tails it does not know that it is old."""
        shutil.rmtree(self.folder / SERVER)
        shutil.copytree(self.folder / name, self.folder / SERVER)
        if not tails:
            shutil.rmtree(self.folder / f"{SERVER}.tails")

    def start(self, home: str, *arguments: str, out: int | Any = subprocess.PIPE) -> "subprocess.Popen[bytes]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ANDON"))}
        return subprocess.Popen(
            [ANDON, "--home", self.folder / home, *arguments],
            stdin=out if out == subprocess.PIPE else subprocess.DEVNULL, stdout=out, stderr=out,
            env={**kept, "PYTHONWARNINGS": "error"},
        )  # fmt: skip

    def andon(self, home: str, *arguments: str, code: int = 0, typed: str = "") -> Any:
        """Run a command; give what it prints, read as JSON."""
        process = self.start(home, *arguments)
        out, err = process.communicate(typed.encode(), 2 * LONG_S)
        assert process.returncode == code, (arguments, out, err)
        return json.loads(out) if out else None

    def do(self, home: str, action: str, record: str = "", person: str = "", /, **fields: Any) -> Any:
        """Perform an action, signed if a person is named."""
        named = ("--as", person, "--password-stdin") if person else ()
        typed = f"{self.passwords[person]}\n" if person else ""
        about = (record,) if record else ()
        return self.andon(home, "do", action, *about, *named, "--json", json.dumps(fields), typed=typed)

    def sync(self, home: str, code: int = 0) -> Any:
        return self.andon(home, "sync", code=code)

    def settle(self, *homes: str) -> None:
        """Sync all until each has everything."""
        for home in (*(homes or HOMES), *(homes or HOMES)):
            assert self.sync(home)["state"] == "in log"

    def watch(self, home: str, name: str = "") -> "subprocess.Popen[bytes]":
        """Start `andon sync --watch`, and wait until it has synced once."""
        said = self.folder / f"{home}{name}.watch"
        before = said.stat().st_size if said.exists() else 0
        with said.open("ab") as out:
            process = self.start(home, "sync", "--watch", out=out)
        self.processes.append(process)
        until(lambda: process.poll() is not None or b"\n" in said.read_bytes()[before:])
        assert process.poll() is None, said.read_bytes()[before:]
        return process

    @contextmanager
    def store(self, home: str) -> Iterator[Store]:
        place = self.folder / home / "logs" / f"{self.program}{ENDING}"
        with Store.open(place) if home == SERVER else Home.open(self.folder / home).open_log() as store:
            yield store

    def leaves(self, home: str) -> list[bytes]:
        with self.store(home) as store:
            return [one.leaf for one in store.log.leaves()]

    def ids(self, home: str) -> list[str]:
        return [b64(line_id(line_of(one))) for one in self.leaves(home)]

    def listed(self, home: str, kind: str, record: str) -> dict[str, Any]:
        (found,) = (one for one in self.andon(home, "list", kind, "--json") if one["record"] == record)
        return dict(found)

    def assert_equal_everywhere(self, *homes: str, verify: bool = False) -> None:
        """Equal logs and equal tables on all homes, the server's log too; if asked, every home's files verify."""
        names = homes or HOMES
        logs = [self.leaves(one) for one in (*names, SERVER)]
        assert all(one == logs[0] for one in logs)
        tables = []
        for home in names:
            with self.store(home) as store:
                assert store.pending.count() == 0
                tables.append({kind: store.lists.rows(kind, order="record") for kind in store.kinds})
            if verify:
                assert self.andon(home, "verify", "--json")["ok"] is True
        assert all(one == tables[0] for one in tables)


def soon(true: Callable[[], Any]) -> float:
    """How long it takes until something is true, s."""
    begun = time.monotonic()
    until(true)
    return time.monotonic() - begun
