"""Three words that stand for what is known here of a record: read aloud, they tell whether two see the same.

They are made of which entries about the record stand here. Two terminals that show the same words have the same
entries; of those that do not, one has not synced yet. Calls, acknowledgements and reads do not change the words: they
are made while people talk.
"""

from hashlib import sha256
from typing import Final

from shared import kinds  # noqa: F401 - declares every kind and action
from shared.actions.action import ACTIONS
from shared.store.store import Store

_TEXT: Final = """
acorn alarm album amber anchor ankle apple apron arrow atlas autumn bacon badge bagel bamboo banana banjo barrel
basket beach beard beaver bell bench berry bicycle birch biscuit blanket blossom boat bonnet bottle bottom bridge
broom bucket buffalo butter button cabbage cabin cactus camel camera candle canoe canyon carbon carpet carrot castle
cello chapel cherry chimney cinema circus clover coconut coffee comet copper coral cotton cowboy cricket crystal
curtain cushion dagger daisy desert diamond dinner dolphin domino donkey dragon drum eagle easel echo elbow emerald
engine falcon feather fender fiddle finger flannel forest fossil fountain galaxy garden garlic gazelle ginger
giraffe glacier goblin gondola granite gravel guitar hammer hammock harbor harvest hazel hedge helmet heron hockey
honey horizon igloo island ivory jacket jaguar jasmine jelly jersey jigsaw juniper kettle kitten koala ladder lagoon
lantern lemon leopard lettuce library lilac lizard lobster locket lumber magnet mango maple marble market meadow
melon mitten mirror monkey mosaic muffin mustard napkin needle nickel noodle nutmeg oasis ocean olive onion opera
orbit orchid otter oven oyster paddle palace panda paper parrot pasta peanut pebble pelican pencil pepper piano
picnic pillow pilot pine pirate planet plaster pocket pony poplar potato prairie pudding puppet puzzle pyramid
quarry quilt rabbit raccoon radio radish rainbow raisin raven ribbon river robin rocket rooster saddle salad salmon
sandal sapphire saucer scarf shadow shovel silver siren socket spider spinach squirrel stable summer sunset sweater
tablet tango teapot temple thimble thunder tiger timber toffee tomato tractor trumpet tulip tunnel turkey turtle
umbrella valley vanilla velvet village violet violin volcano
"""
WORDS: Final = tuple(_TEXT.split())
"""256 words that sound unlike each other, also on a bad line."""
_COUNT: Final = 3


def three_words(store: Store, record: str) -> str:
    """Give the words of a record, as this terminal's file has it; "" where nothing about it is here.

    To be read in a snapshot of the store where other reads have to agree with it.
    """
    trail = store.lists.trail(record)
    ids = sorted(one.id for one in trail if one.do not in _QUIET and one.verdict not in {"void", "skipped"})
    if not ids:
        return ""
    digest = sha256(" ".join([record, *ids]).encode()).digest()
    return " ".join(WORDS[byte] for byte in digest[:_COUNT])


_QUIET: Final = frozenset(spec.name for spec in ACTIONS.values() if spec.quiet)
