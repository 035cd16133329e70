"""What can happen, as plain values: a history is a list of steps, drawn from one seed, that can be run again and cut.

A step names nothing that an earlier one made. It holds numbers, by which one of the things that are there is picked
when it is run; so a history stays runnable when steps are left out of it.
"""

from random import Random
from typing import Final, NamedTuple


class Trouble(NamedTuple):
    """One fault of a disk during a step.

    Attributes:
        how: "crash", or "full" until the step ends.
        where: counted are statements ("any"), or commits.
        at: the number of the one that it strikes, from 1; of a full disk those after it fail too.
        when: of a crash "before" it, "after" it, or "torn": the commit is on the disk in part.
    """

    how: str
    where: str
    at: int
    when: str


class Net(NamedTuple):
    """What becomes of one request: see `wire.Wire`; `x` says where it is cut, or which old answer comes."""

    how: str = "ok"
    x: int = 0
    meanwhile: "Step | None" = None


class Step(NamedTuple):
    """One step.

    Attributes:
        do: what; `world.World` has a method for each.
        at: the machine, counted in the order in which they came to be.
        a, b: what is picked.
        word: of an act, which.
        old: whether the act has seen what was kept earlier (a draft's).
        disk, server: what strikes the machine's disk, and the server's.
        net: what becomes of each request; those after the last go well.
    """

    do: str
    at: int = 0
    a: int = 0
    b: int = 0
    word: str = ""
    old: bool = False
    disk: Trouble | None = None
    server: Trouble | None = None
    net: tuple[Net, ...] = ()

    def __repr__(self) -> str:
        """Only what is not as always, so that a printed history can be read."""
        defaults = type(self)._field_defaults
        given = {name: value for name, value in self._asdict().items() if value != defaults.get(name)}
        return f"Step({', '.join(f'{name}={value!r}' for name, value in given.items())})"


ACTS: Final = (
    *("stop",) * 3, *("raise",) * 3, *("rate",) * 5, *("settle",) * 2, *("lift",) * 5, *("confirm",) * 5, "decline",
    "withdraw", *("note",) * 2, *("fix",) * 3, *("problem",) * 2, *("close",) * 2, "reopen", "accept", "accept",
    "revoke", "roles", "expel", "terms", "post", "happened", "wrong",
)  # fmt: skip
"""What people do, as often as it is likely."""
_KINDS: Final = {
    "act": 90, "sync": 52, "draft": 6, "wait": 6, "clock": 3, "restart": 3, "keep": 5, "rollback": 4, "clone": 2,
    "backup": 6, "restore": 4, "server_clock": 2, "server_restart": 3, "deliver": 6, "forge": 7, "attack": 6, "join": 2,
    "refill": 2, "stranger": 1,
}  # fmt: skip
"""The steps, as often as they are likely."""
_FAULTS: Final = (
    "lose", "unanswered", "twice", "later", "group", "cut", "flip", "cutback", "flipback", "stale", "mangle",
    *("meanwhile",) * 3,
)  # fmt: skip
_MEANWHILE: Final = ("act", "act", "sync", "sync", "deliver", "restore", "backup", "server_restart")
_MACHINES: Final = 60
_PICKS: Final = 1 << 16


def drawn(seed: int) -> list[Step]:
    """Draw the history of a seed."""
    rng = Random(seed)
    fear = rng.choice((0.0, 0.3, 0.6, 1.0))
    return [_step(rng, fear, rng.choices(list(_KINDS), list(_KINDS.values()))[0]) for _ in range(rng.randint(15, 40))]


def _step(rng: Random, fear: float, do: str, *, within: bool = False) -> Step:
    step = Step(do, rng.randrange(_MACHINES), rng.randrange(_PICKS), rng.randrange(_PICKS))
    if do == "act":
        step = step._replace(word=rng.choice(ACTS), old=rng.random() < 0.2)
    if do in {"act", "sync"} and rng.random() < 0.15 * fear:
        step = step._replace(disk=_trouble(rng))
    if do == "sync":
        if rng.random() < 0.2 * fear:
            step = step._replace(server=_trouble(rng))
        if not within and rng.random() < 0.6 * fear:
            step = step._replace(net=tuple(_net(rng, fear) for _ in range(rng.randint(1, 5))))
    return step


def _trouble(rng: Random) -> Trouble:
    how = rng.choice(("crash", "crash", "full"))
    where = rng.choice(("any", "commit"))
    at = rng.randint(1, 3) if where == "commit" else 1 + int(rng.expovariate(1 / 80))
    return Trouble(how, where, at, rng.choice(("before", "after", "torn")))


def _net(rng: Random, fear: float) -> Net:
    if rng.random() < 0.4:
        return Net()
    how = rng.choice(_FAULTS)
    if how != "meanwhile":
        return Net(how, rng.randrange(_PICKS))
    return Net("ok", 0, _step(rng, fear, rng.choice(_MEANWHILE), within=True))
