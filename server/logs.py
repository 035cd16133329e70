"""The logs of one server: a file each, opened when they are asked for, the longest unused closed again."""

import asyncio
import re
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Final, ParamSpec, TypeVar
from weakref import WeakValueDictionary

import structlog

from server.errors import NotHere, ServerError
from server.journal import where
from server.keys import Keys, Unusable
from server.log import ServedLog
from server.tail import ENDING as TAIL
from server.tail import Tail
from server.writer import Writer
from shared.log.canonical import b64
from shared.log.checkpoint import log_key, parse_origin
from shared.log.entry import line_id
from shared.log.note import BadNote, parse_note, verified
from shared.log.wire import Page
from shared.store.errors import StoreError
from shared.store.store import Store
from shared.terminal.genesis import genesis_of, read_genesis
from shared.terminal.home import ENDING
from shared.trust.plain import verify

_log = structlog.get_logger("server")
MOST_OPEN: Final = 64
"""Logs open at once; each takes two connections and their caches."""
WRITERS: Final = 4
"""Logs that are written at the same moment: a disk that syncs for many at once serves none of them quickly."""
READERS: Final = 4
BROKEN_S: Final = 10.0
"""How long a log that could not be opened is not tried again, however many ask for it."""
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
        self._broken: dict[str, float] = {}
        """Until when the logs that could not be used lately count as such."""
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
            NotHere: there is none, or its file or its key cannot be used: whoever asks is not known yet.
            Unusable: it has begun, and that cannot be noted.
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
                    if self.broken(program):
                        raise NotHere
                    loop = asyncio.get_running_loop()
                    with self.unseen(program):
                        log = await loop.run_in_executor(self._writing, self._opened, program, lines)
                    self._open[program] = Writer(log, self._writing, self._told)
        self._open.move_to_end(program)
        return self._open[program]

    @contextmanager
    def unseen(self, program: str) -> Iterator[None]:
        """Let what fails at a log look as if it was not here, and say why in the server's own log.

        This is for what is done before it is known who asks: a damaged log must tell strangers no more than a sound
        one does.

        Raises:
            NotHere: it failed.
        """
        try:
            yield
        except ServerError:
            raise
        except Exception as error:
            if not self.broken(program):
                safe = isinstance(error, StoreError | Unusable | OSError)  # others may quote what was sent
                text = str(error) if safe else ""
                kind = type(error).__name__
                _log.error("broken", program=program, kind=kind, text=text, where=where(error))
                now = time.monotonic()
                self._broken = {one: end for one, end in self._broken.items() if end > now}
                self._broken[program] = now + BROKEN_S
            raise NotHere from error

    def broken(self, program: str) -> bool:
        """Tell whether a log could not be used lately."""
        return self._broken.get(program, 0.0) > time.monotonic()

    def signed(self, program: str, page: Page) -> bool:
        """Tell whether a page's checkpoint is signed as this log's by a key of this server; needs nothing of the log.

        Who can show one was given it by who could read the log.
        """
        try:
            note = parse_note(page.head.checkpoint.encode())
            origin = note.text.partition("\n")[0]
            if parse_origin(origin)[0] != program:
                return False
            return bool(verified(note, [log_key(origin, public) for public in self._keys.publics()], verify))
        except BadNote:
            return False

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
        begun = named is not None
        if named is None and lines and b64(line_id(lines[0])) == program:
            named = read_genesis(lines[0])
        public = b64(named.log_key) if named else ""
        seed = self._keys.seed(public)
        if seed is None or self._keys.program(public) not in {None, program}:
            if begun:
                raise Unusable(f"The key {public} of a log is not here. Put back the copy that was kept of it.")
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
