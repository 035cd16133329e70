"""The one writer of a log: pushes that wait are ordered together, so that one wait for the disk serves them all."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Final

from server.errors import TooMuch
from server.log import Push, ServedLog
from shared.log.wire import Answer, Page, Recovering

GROUP: Final = 64
"""Pushes that are ordered in one transaction."""
GROUP_LINES: Final = 4_000
"""Lines after which a transaction takes no further push: whoever waits should not wait for all of a backlog."""
MOST_WAITING: Final = 512
"""Pushes that may wait; more are told to come again."""

Waiting = tuple[Push, "asyncio.Future[Answer]"]


class Writer:
    """Orders the pushes to one log, group by group.

    Attributes:
        log: the log; its reading methods may be called from other threads at any time.
    """

    def __init__(self, log: ServedLog, executor: Executor, told: Callable[[str, int], None]) -> None:
        """Write with an executor's threads, one at a time; `told` is told of the log's size when it has grown."""
        self.log = log
        self._executor = executor
        self._told = told
        self._waiting: deque[Waiting] = deque()
        self._turn = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether something is being written, or waits for it."""
        return self._task is not None or self._turn.locked()

    async def push(self, push: Push) -> Answer:
        """Order a push; returns when it is durable, or refused.

        Raises:
            TooMuch: too many wait already.
            StoreError: the file could not be written; nothing of it is in the log.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise TooMuch("The server is behind with its work. Nothing is lost: the terminal pushes again in a moment.")
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((push, future))
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await future

    async def refill(self, page: Page) -> Recovering:
        """Take leaves back after a restore; see `ServedLog.refill`."""
        async with self._turn:
            found = await asyncio.get_running_loop().run_in_executor(self._executor, self.log.refill, page)
        self._told(self.log.program, self.log.size)
        return found

    async def put_blob(self, digest: str, body: bytes) -> None:
        """Keep a blob; see `ServedLog.put_blob`."""
        async with self._turn:
            await asyncio.get_running_loop().run_in_executor(self._executor, self.log.put_blob, digest, body)

    async def _run(self) -> None:
        try:
            while self._waiting:
                async with self._turn:
                    await self._order(self._group())
        finally:
            self._task = None

    def _group(self) -> list[Waiting]:
        group: list[Waiting] = []
        lines = 0
        while self._waiting and len(group) < GROUP and lines < GROUP_LINES:
            group.append(self._waiting.popleft())
            lines += len(group[-1][0].lines)
        return group

    async def _order(self, group: list[Waiting]) -> None:
        loop = asyncio.get_running_loop()
        before = self.log.size
        try:
            answers = await loop.run_in_executor(self._executor, self.log.order, [push for push, _ in group])
        except Exception as error:  # noqa: BLE001 - whatever it was, each push is answered
            if len(group) > 1:
                for one in group:  # by itself, so that what breaks one push fails no other
                    await self._order([one])
            elif not group[0][1].cancelled():
                group[0][1].set_exception(error)
            return
        if self.log.size > before:
            self._told(self.log.program, self.log.size)
        for (_, future), answer in zip(group, answers, strict=True):
            if not future.cancelled():
                future.set_result(answer)

    async def close(self) -> None:
        """Finish what waits, and close the log's file."""
        while self._task is not None:
            await self._task
        async with self._turn:
            self.log.close()
