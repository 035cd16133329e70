"""The demo's homes: their folders, everybody's password and wrapped key, and the finished log in each of them."""

import os
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from random import SystemRandom
from typing import Final

from scripts.demo_cast import COMPANIES, PRODUCT, TERMINALS, Person
from scripts.demo_world import World
from server.keys import Keys
from shared.store.store import Store
from shared.terminal import enrol
from shared.terminal.desk import Costs, Desk
from shared.terminal.home import ENDING, Home
from shared.terminal.sign import HeldKey, keep_key, wrap
from shared.trust.passwords import ADVISED, Refused, Secret, check_password
from shared.trust.wrapping import FLOOR

SERVER: Final = "server"
"""The folder that is kept for the server."""
_AT_ONCE: Final = 2
_COSTS: Final = Costs(wrap=(FLOOR.memory_kib, FLOOR.passes))
"""The least that terminals open: the passwords are shown, and fourteen keys at the usual cost take ten seconds."""
_RANDOM: Final = SystemRandom()
_TEXT: Final = (
    "amber anvil barley basalt beacon birch bobbin bramble cedar chisel cinder clover cobalt copper coral cricket "
    "dapple dormer drizzle ember fennel ferret filbert flannel flint gable gadget garnet ginger goblet gravel grotto "
    "hamper hazel heron hinge indigo ivory jasper juniper kettle lantern larch lichen linnet lupin magnet mallet "
    "marble meadow mortar mulberry nettle nutmeg oboe ochre orchid osprey otter paddle parsnip pebble pewter pigeon "
    "plover poplar quarry quartz quiver radish rafter raven ribbon russet saddle saffron sandal sickle sorrel spindle "
    "sparrow thimble thistle timber trellis trowel tulip turnip umber velvet walnut wicker willow yarrow zephyr"
)
_WORDS: Final = _TEXT.split()


def create(folder: Path) -> dict[str, Home]:
    """Make the terminals' homes, each with a key of its own and no log yet.

    Returns:
        The homes by the terminal's code.
    """
    return {
        one.code: Home.create(folder / one.folder, one.code, enrol.new_terminal_key(os.urandom), zone=one.zone)
        for one in TERMINALS
    }


def draw_password(one: Person) -> Secret:
    """Draw a password that keeps the rules: four words that do not go together, and a number."""
    known = [one.id, one.name, PRODUCT, *(company["name"] for company in COMPANIES)]
    while True:
        words = _RANDOM.sample(_WORDS, 4)
        password = Secret(f"{' '.join(words)} {_RANDOM.randrange(10, 100)}")
        try:
            check_password(ADVISED, password, known)
        except Refused:
            continue
        return password


class Wrapping:
    """Puts people's keys under their passwords, two at a time, while other work goes on."""

    def __init__(self, world: World, passwords: Mapping[str, Secret]) -> None:
        """Begin."""
        one = next(iter(world.desks.values()))
        desk = Desk(one.home, one.store, clock=one.clock, costs=_COSTS)
        self._pool = ThreadPoolExecutor(_AT_ONCE)
        self._held: dict[str, Future[HeldKey]] = {
            person: self._pool.submit(wrap, desk, person, world.seeds[person], password)
            for person, password in passwords.items()
        }

    def held(self) -> list[HeldKey]:
        """Wait for all of them."""
        found = [future.result() for future in self._held.values()]
        self._pool.shutdown()
        return found

    def cancel(self) -> None:
        """Begin no more of them."""
        self._pool.shutdown(cancel_futures=True)


def spread(folder: Path, world: World, homes: Mapping[str, Home], held: Iterable[HeldKey]) -> None:
    """Close the log, copy it to every home and for the server, and keep everybody's key in each home."""
    made = world.store.path
    world.store.close()
    keys = list(held)
    _server(folder / SERVER, world, made)
    for home in homes.values():
        place = home.log_path(world.program)
        if place != made:
            _copy(made, place)
    for home in homes.values():
        with Desk.open(home) as desk, desk.store.write():
            for one in keys:
                desk.store.keys.put(one.person, keep_key(desk, one))


def _server(folder: Path, world: World, made: Path) -> None:
    """Keep the ordered log for the server, with the key that signs its checkpoints; no person's key is there."""
    (folder / "logs").mkdir(mode=0o700, parents=True)
    folder.chmod(0o700)
    _copy(made, folder / "logs" / f"{world.program}{ENDING}")
    Keys(folder / "keys").make(world.log_seed)


def _copy(made: Path, place: Path) -> None:
    """Copy a closed log; whoever opens the copy finds what a pull of everything would have given."""
    shutil.copyfile(made, place)
    place.chmod(0o600)
    Store.open(place).close()
