"""The logs of one server: a file each, opened when they are asked for, the longest unused closed again."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from server.errors import NotHere
from server.keys import HeadFile, Keys
from server.log import ServedLog
from server.writer import Writer
from shared.log.canonical import b64
from shared.store.store import Store
from shared.terminal.genesis import genesis_of, read_genesis
from shared.terminal.home import ENDING

MOST_OPEN: Final = 64
"""Logs open at once; each takes two connections and their caches."""
WRITERS: Final = 4
"""Logs that are written at the same moment: a disk that syncs for many at once serves none of them quickly."""
READERS: Final = 4
_PROGRAM: Final = re.compile(r"[A-Za-z0-9_-]{43}")

P = ParamSpec("P")
T = TypeVar("T")


class Logs:
    """Every log in one folder; for one event loop."""

    def __init__(self, data: Path, heads: Path, now: Callable[[], int], told: Callable[[str, int], None]) -> None:
        """Serve the logs in a folder.

        Args:
            data: the server's folder.
            heads: where published heads are kept, outside of it.
            now: tells the time, ms since 1970 UTC.
            told: is told of a log that has grown, and its size.
        """
        self._folder = data / "logs"
        self._heads = heads
        self._keys = Keys(data / "keys")
        self._now = now
        self._told = told
        self._open: OrderedDict[str, Writer] = OrderedDict()
        self._opening = asyncio.Lock()
        self._writing = ThreadPoolExecutor(WRITERS, "write")
        self._reading = ThreadPoolExecutor(READERS, "read")

    async def get(self, program: str, lines: Sequence[bytes] = ()) -> Writer:
        """Give a log, opened.

        Args:
            program: its id.
            lines: what is pushed to it: a genesis begins a log, if this server holds the key that it names.

        Raises:
            NotHere: there is none.
            StoreError: its file cannot be used.
            Unusable: its key cannot be used.
        """
        found = self._open.get(program)
        if found is None:
            async with self._opening:
                found = self._open.get(program)
                if found is None:
                    log = await asyncio.get_running_loop().run_in_executor(self._writing, self._opened, program, lines)
                    found = self._open[program] = Writer(log, self._writing, self._told)
        self._open.move_to_end(program)
        await self._close_unused()
        return found

    def _opened(self, program: str, lines: Sequence[bytes]) -> ServedLog:
        if not _PROGRAM.fullmatch(program):
            raise NotHere
        path = self._folder / f"{program}{ENDING}"
        if path.exists():
            with Store.open(path) as store:
                named = genesis_of(store)
        else:
            named = read_genesis(lines[0]) if lines else None
        seed = self._keys.seed(b64(named.log_key)) if named else None
        if seed is None:
            raise NotHere
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return ServedLog(path, program, seed, HeadFile(self._heads / f"{program}.head"), self._now)

    async def _close_unused(self) -> None:
        for program in list(self._open):
            if len(self._open) <= MOST_OPEN:
                return
            if not self._open[program].busy:
                await self._open.pop(program).close()

    async def in_thread(self, run: Callable[P, T], *args: P.args, **given: P.kwargs) -> T:
        """Run something that reads a log in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, partial(run, *args, **given))

    async def close(self) -> None:
        """Finish what is being written, and close every file."""
        while self._open:
            await self._open.popitem()[1].close()
        self._writing.shutdown()
        self._reading.shutdown()
