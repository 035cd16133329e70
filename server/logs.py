"""The logs of one server: a file each, opened when they are asked for, the longest unused closed again."""

import asyncio
import re
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final, ParamSpec, TypeVar
from weakref import WeakValueDictionary

from server.errors import NotHere
from server.keys import Keys
from server.log import ServedLog
from server.tail import ENDING as TAIL
from server.tail import Tail
from server.writer import Writer
from shared.log.canonical import b64
from shared.log.entry import line_id
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

    def __init__(self, data: Path, tails: Path, now: Callable[[], int], told: Callable[[str, int], None]) -> None:
        """Serve the logs in a folder.

        Args:
            data: the server's folder.
            tails: where what was published last is kept, outside of it.
            now: tells the time, ms since 1970 UTC.
            told: is told of a log that has grown, and its size.
        """
        self._folder = data / "logs"
        self._tails = tails
        self._keys = Keys(data / "keys")
        self._now = now
        self._told = told
        self._open: OrderedDict[str, Writer] = OrderedDict()
        self._new: dict[str, str] = {}
        self._lent: Counter[Writer] = Counter()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._writing = ThreadPoolExecutor(WRITERS, "write")
        self._reading = ThreadPoolExecutor(READERS, "read")

    @asynccontextmanager
    async def lent(self, program: str, lines: Sequence[bytes] = ()) -> AsyncIterator[Writer]:
        """Lend a log, opened; it stays open for as long as somebody has it.

        Args:
            program: its id.
            lines: what is pushed to it: a genesis begins a log, if this server holds the key that it names.

        Raises:
            NotHere: there is none.
            StoreError: its file cannot be used.
            Unusable: its key cannot be used.
        """
        writer = await self._found(program, lines)
        self._lent[writer] += 1
        try:
            yield writer
            if writer.log.size and program in self._new:
                self._keys.bind(self._new.pop(program), program)
        finally:
            self._lent[writer] -= 1
            if not self._lent[writer]:
                del self._lent[writer]
                await self._close_unused()

    async def _found(self, program: str, lines: Sequence[bytes]) -> Writer:
        if program not in self._open:
            if not _PROGRAM.fullmatch(program) or not (lines or self._path(program).exists()):
                raise NotHere  # before anybody waits for it: strangers may ask for many
            async with self._turn(program):
                if program not in self._open:
                    loop = asyncio.get_running_loop()
                    log = await loop.run_in_executor(self._writing, self._opened, program, lines)
                    self._open[program] = Writer(log, self._writing, self._told)
        self._open.move_to_end(program)
        return self._open[program]

    def _turn(self, program: str) -> asyncio.Lock:
        """One opens or closes a log at a time; a log that takes long (its tables are made anew) holds up no other."""
        return self._turns.setdefault(program, asyncio.Lock())

    def _path(self, program: str) -> Path:
        return self._folder / f"{program}{ENDING}"

    def _opened(self, program: str, lines: Sequence[bytes]) -> ServedLog:
        path = self._path(program)
        named = None
        if path.exists():
            with Store.open(path) as store:
                named = genesis_of(store)
        if named is None and lines and b64(line_id(lines[0])) == program:
            named = read_genesis(lines[0])
        public = b64(named.log_key) if named else ""
        seed = self._keys.seed(public)
        if seed is None or self._keys.program(public) not in {None, program}:
            raise NotHere
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        log = ServedLog(path, program, seed, Tail(self._tails / f"{program}{TAIL}"), self._now)
        if log.size:
            self._keys.bind(public, program)
        else:
            self._new[program] = public
        return log

    async def _close_unused(self) -> None:
        for program, writer in list(self._open.items()):
            if len(self._open) <= MOST_OPEN:
                return
            async with self._turn(program):
                if self._open.get(program) is writer and not self._lent[writer] and not writer.busy:
                    del self._open[program]
                    await writer.close()

    async def in_thread(self, run: Callable[P, T], *args: P.args, **given: P.kwargs) -> T:
        """Run something that reads a log in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, partial(run, *args, **given))

    async def close(self) -> None:
        """Finish what is being written, and close every file."""
        while self._open:
            await self._open.popitem()[1].close()
        self._writing.shutdown()
        self._reading.shutdown()
