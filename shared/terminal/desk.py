"""The desk: one program on one terminal, opened, with the clock and the randomness of whoever acts there."""

import os
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from shared.store.store import Store
from shared.terminal import clock as clocks
from shared.terminal.clock import Clock
from shared.terminal.home import ENDING, Home

if TYPE_CHECKING:
    from shared.terminal.derive import Derivation
    from shared.trust.passwords import Secret
    from shared.trust.wrapping import Kdf


class Costs(NamedTuple):
    """How a key is derived from a password here: what is wrapped with, the least that is opened, and where it is done.

    All are None in the product, which takes `shared.trust.wrapping.STANDARD` and `FLOOR` and a child process; only
    tests and the demo pass others, as an argument: nothing that a user sets can.
    """

    wrap: tuple[int, int] | None = None
    """KiB of memory, and passes."""
    least: tuple[int, int] | None = None
    """The same."""
    start: "Callable[[Secret, bytes, Kdf, bytes], Derivation] | None" = None
    """Stands for `shared.terminal.derive.start`."""


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
