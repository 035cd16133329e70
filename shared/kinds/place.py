"""Places: suites and the equipment in them, with the containment card that the floor follows when something stops."""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from shared.actions.action import Decision, World, Writer, action, roles, rule
from shared.actions.field import Text, ask
from shared.actions.kind import Column, kind
from shared.actions.merge import cautious, constant, single, text
from shared.actions.world import Record
from shared.kinds.reasoned import Reasoned

KEEPERS = roles("coordinator", "supervisor", "qa")
"""Who enters and changes places and their cards."""
FEWEST, MOST = 3, 5
"""Steps of a containment card: enough to be safe, few enough to follow with gloves on (domain.md 3, step 2)."""
LONGEST = 200
"""Characters of one step: two lines of a narrow screen."""

PLACE = kind(
    "place",
    "PLC",
    "A suite or an equipment item: what a terminal stands beside, and what a hold can stop.",
    facts={
        "code": constant(index=True),
        "sort": constant(),
        "name": text(),
        "parent": single(index=True),
        "site": single(),
        "expertise": single(),
        "card": single(),
        "state": cautious("in use", "out of use"),
    },
    columns={
        "title": Column("place", lambda r: f"{r.code} {r.name or ''}".rstrip(" ")),
        "state": Column("state", lambda r: r.state),
        "code": Column("code", lambda r: r.code),
        "sort": Column("sort", lambda r: r.sort),
        "parent": Column("in", lambda r: r.parent),
        "site": Column("site", lambda r: r.site),
        "expertise": Column("expertise needed", lambda r: r.expertise),
        "card": Column("containment card", lambda r: r.card or []),
    },
    first=("sort", "parent", "expertise"),
    called="code",
    gs1=("8004", "414", "8003"),
)


def upwards(w: World, place: str) -> Iterator[Record]:
    """A place, by id or code, and what it stands in, outwards; ends where a parent is unknown, or leads back.

    Two people who move places without knowing of each other can make a ring of parents, so each is given once.
    """
    coded = w.all("place", "code", place)
    at = coded[0].id if coded else place
    passed: set[str] = set()
    while at not in passed:
        passed.add(at)
        found = w.get(at)
        if found.kind != PLACE.name or not found.exists:
            return
        yield found
        at = found.parent or ""


def _good_parent(w: World, place: str, parent: str) -> bool:
    """Whether a place can stand in another: that one is there, and does not itself stand in the place."""
    above = [one.id for one in upwards(w, parent)]
    return above[:1] == [parent] and place not in above


@action(
    PLACE,
    by=KEEPERS,
    signed="approved",
    creates=True,
    says="entered the {sort} {code} {name} at {site}, in {parent}; it needs {expertise}",
    writes=("code", "sort", "name", "parent", "site", "expertise", "state"),
)
class Add(Decision, frozen=True, kw_only=True, tag="place.add"):
    """Enters a suite or an equipment item."""

    code: Annotated[Text, ask("code, as on its label", most=40)]
    name: Annotated[Text, ask("name", most=100)]
    sort: Annotated[Literal["suite", "equipment"], ask("suite or equipment")]
    site: Annotated[Text, ask("site", most=60)]
    parent: Annotated[Text, ask("what it stands in", most=40, refs=("place",))] = ""
    expertise: Annotated[Text, ask("expertise needed when something goes wrong here", most=60)] = ""

    @rule("PLC-1", source="design.md 3; requirement P11-08")
    def own_code(self, w: World) -> bool:
        """The code is empty, or another place has it; read the label again, or change that place."""
        return bool(self.code.strip(" \n")) and all(one.id == w.here.id for one in w.all("place", "code", self.code))

    @rule("PLC-2", source="domain.md 1")
    def good_parent(self, w: World) -> bool:
        """It can only stand in a place that is entered, and never in itself; choose one from the list."""
        return not self.parent or _good_parent(w, w.here.id, self.parent)

    def apply(self, r: Writer) -> None:
        """Enter it, in use."""
        r.put("code", self.code)
        r.put("sort", self.sort)
        r.put("name", self.name)
        r.put("parent", self.parent)
        r.put("site", self.site)
        r.put("expertise", self.expertise)
        r.put("state", "in use")


@action(
    PLACE,
    by=KEEPERS,
    signed="approved",
    says="changed the place: {name} {parent} {site} {expertise} {state}; {reason}",
    writes=("name", "parent", "site", "expertise", "state"),
)
class Change(Reasoned, frozen=True, kw_only=True, tag="place.change"):
    """Changes what is said of a place; what is left empty stays as it was. Code and sort never change."""

    name: Annotated[Text, ask("name", most=100)] = ""
    parent: Annotated[Text, ask("what it stands in", most=40, refs=("place",))] = ""
    site: Annotated[Text, ask("site", most=60)] = ""
    expertise: Annotated[Text, ask("expertise needed when something goes wrong here", most=60)] = ""
    state: Annotated[Literal["unchanged", "in use", "out of use"], ask("in use?")] = "unchanged"

    @rule("PLC-2", source="domain.md 1")
    def good_parent(self, w: World) -> bool:
        """It can only stand in a place that is entered, and never in itself; choose one from the list."""
        return not self.parent or _good_parent(w, w.here.id, self.parent)

    def apply(self, r: Writer) -> None:
        """Set what was typed."""
        for fact in ("name", "parent", "site", "expertise"):
            value = getattr(self, fact)
            if value:
                r.put(fact, value)
        if self.state != "unchanged":
            r.put("state", self.state)


@action(PLACE, by=KEEPERS, signed="approved", says="set the containment card {steps}; {reason}", writes=("card",))
class Card(Reasoned, frozen=True, kw_only=True, tag="place.card"):
    """Sets the containment card: the steps that make this place safe, one Enter each."""

    steps: Annotated[list[Text], ask("three to five steps, in order")] = msgspec.field(default_factory=list)

    @rule("PLC-3", source="domain.md 3, step 2")
    def three_to_five(self, w: World) -> bool:
        """A containment card has three to five steps, none empty and none over 200 characters; shorten or split it."""
        sound = all(step.strip(" \n") and len(step) <= LONGEST for step in self.steps)
        return sound and FEWEST <= len(self.steps) <= MOST

    def apply(self, r: Writer) -> None:
        """Set the card, whole."""
        r.put("card", self.steps)
