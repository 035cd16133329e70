"""A machine: a terminal's folder, what runs on it, its clock, and its older copies."""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from shared.log.canonical import b64
from shared.log.entry import line_id
from shared.store.rebuild import rebuild
from shared.store.store import Store
from shared.terminal.clock import Clock
from shared.terminal.desk import Desk
from shared.terminal.home import Home
from tests.simulation.disk import Disk
from tests.terminal.firm import CHEAP

_LOCAL: Final = shutil.ignore_patterns("*-shm", "*.lock")


class Kept(NamedTuple):
    """An older copy of a machine: its folder, and what its forms had shown by then."""

    folder: Path
    seens: list[tuple[int, ...]]


class Machine:
    """One machine. Two machines with one code are clones.

    Attributes:
        name: its own name.
        path: its folder.
        desk: what runs there.
        ahead: by how much its clock is ahead, ms.
        seens: what forms that are still open had shown.
        kept: older copies.
    """

    def __init__(self, path: Path, program: str, now: Callable[[], int], seed: int) -> None:
        """Start what is in `path`."""
        self.name = path.name
        self.path = path
        self.ahead = 0
        self.seens: list[tuple[int, ...]] = []
        self.kept: list[Kept] = []
        self._program = program
        self._now = now
        self._random = Random(f"{seed} {self.name}")
        self.disk = Disk(path / "logs" / f"{program}.andon")
        self.desk = self._started()

    def _started(self) -> Desk:
        home = Home.open(self.path)
        store = Store.open(home.log_path(self._program), factory=self.disk.factory)
        if store.outdated:
            rebuild(store)
        clock = Clock(lambda: self._now() + self.ahead, lambda _: 60)
        return Desk(home, store, clock=clock, random=self._random.randbytes, costs=CHEAP)

    @property
    def code(self) -> str:
        """The terminal's code."""
        return self.desk.code

    def restart(self) -> None:
        """Start again what has crashed, or crashes now."""
        if not self.disk.dead:
            self.disk.kill()
        self.desk.close()
        self.disk.bury()
        self.desk = self._started()

    def copy(self, folder: Path) -> Path:
        """Copy its files as they are at this moment."""
        return Path(shutil.copytree(self.path, folder, ignore=_LOCAL))

    def roll_back(self, kept: Kept) -> None:
        """Put an older copy in the place of its files."""
        self.close()
        shutil.rmtree(self.path)
        shutil.copytree(kept.folder, self.path)
        self.seens = list(kept.seens)
        self.desk = self._started()

    def waiting(self) -> set[str]:
        """The ids of its lines that are not in its log."""
        return {b64(one.id) for one in self.desk.store.pending.lines()}

    def refused(self) -> set[str]:
        """The ids of its lines that the server refused, and whose text is kept here."""
        return {b64(line_id(row[3])) for row in self.desk.store.pending.refused()}

    def close(self) -> None:
        """Stop it."""
        self.desk.close()
