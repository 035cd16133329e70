"""The desk: one program on one terminal, opened, with the clock and the randomness of whoever acts there."""

import os
from collections.abc import Callable
from types import TracebackType
from typing import Final, NamedTuple, Self

from shared.store.store import Store
from shared.terminal import clock as clocks
from shared.terminal.clock import Clock
from shared.terminal.home import ENDING, Home


class Costs(NamedTuple):
    """What deriving a key from a password may cost here: (KiB of memory, passes) to wrap with, and the least to open.

    Both are None in the product, which then takes `shared.trust.wrapping.STANDARD` and `FLOOR`; only tests name others.
    """

    wrap: tuple[int, int] | None = None
    least: tuple[int, int] | None = None


STANDARD_COSTS: Final = Costs()


class Desk:
    """One program's log on this terminal.

    Attributes:
        home: the terminal's folder.
        store: the log's file.
        program: the program's id.
        code: the terminal's code.
        clock: what tells the time.
        random: draws that many random bytes.
        costs: see `Costs`.
    """

    def __init__(
        self,
        home: Home,
        store: Store,
        *,
        clock: Clock | None = None,
        random: Callable[[int], bytes] = os.urandom,
        costs: Costs = STANDARD_COSTS,
    ) -> None:
        """Sit down before an open log."""
        self.home = home
        self.store = store
        self.program = store.path.name.removesuffix(ENDING)
        self.code = home.code
        self.clock = clock or clocks.system(home.zone)
        self.random = random
        self.costs = costs

    @classmethod
    def open(cls, home: Home, program: str = "", *, clock: Clock | None = None, costs: Costs = STANDARD_COSTS) -> Self:
        """Open a program's log in a home; see `Home.open_log`."""
        return cls(home, home.open_log(program), clock=clock, costs=costs)

    def close(self) -> None:
        """Close the log."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
