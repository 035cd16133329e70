"""Whom to call: the order in plain cases, and what holds whatever the call tree looks like."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.actions.merge import Merge, shown
from shared.actions.terms import DEFAULT, Terms
from shared.actions.world import Person, Proposal, Record, World
from shared.kinds.calltree import NOBODY, Callee, whom_to_call
from shared.kinds.hours import DAYS
from tests.fold.floor import Floor, founded
from tests.kinds.book import callees, contact, cover, names

NOW = 1_795_000_000_000


@pytest.fixture
def floor() -> Floor:
    return founded()


@pytest.mark.requirement("EU-03")
def test_on_call_then_deputies_then_up_the_tiers_then_those_who_know_it(floor: Floor) -> None:
    lead, other, _, deputy, first = (
        contact(floor, name, company, *expertise)
        for name, company, expertise in (
            ("Lead", "cdmo", ()),
            ("Other", "cdmo", ("filling",)),
            ("Knows", "cdmo", ("bioreactor",)),
            ("Deputy", "cdmo", ("bioreactor",)),
            ("First", "sponsor", ("bioreactor",)),
        )
    )
    cover(floor, lead, "cdmo", "", 3)
    cover(floor, other, "cdmo", "filling")
    cover(floor, deputy, "cdmo", "bioreactor", 2)
    cover(floor, first, "sponsor", "bioreactor")
    assert names(callees(floor, "bioreactor")) == ["First", "Deputy", "Lead", "Knows", "Other"]
    assert names(callees(floor, "")) == ["Other", "First", "Deputy", "Lead"]
    assert callees(floor, "bioreactor")[0].why == "on call for bioreactor"


def test_the_sme_goes_before_the_own_company_and_the_own_company_before_the_partner(floor: Floor) -> None:
    for name, company, expertise in (
        ("Partner", "sponsor", []),
        ("Own", "cdmo", []),
        ("Sme", "sponsor", ["bioreactor"]),
    ):
        cover(floor, contact(floor, name, company, *expertise), company, "bioreactor")
    assert names(callees(floor, "bioreactor")) == ["Sme", "Own", "Partner"]


@pytest.mark.requirement("EU-03")
def test_nobody_on_call_wakes_who_knows_it_then_the_next_tier_then_anybody_on_duty(floor: Floor) -> None:
    filler, lead, _, _ = (
        contact(floor, name, "cdmo", *expertise)
        for name, expertise in (("Filler", ["filling"]), ("Lead", []), ("Knows", ["bioreactor"]), ("Idle", []))
    )
    cover(floor, filler, "cdmo", "filling")
    cover(floor, lead, "cdmo", "bioreactor", 3)
    found = callees(floor, "bioreactor")
    assert names(found) == ["Knows", "Lead", "Filler"]
    assert found[0].why == 'nobody covers "bioreactor" now: knows it, not on duty'


def test_with_nobody_on_duty_and_no_expert_everybody_is_listed(floor: Floor) -> None:
    contact(floor, "Ida", "cdmo", "filling")
    (found,) = callees(floor, "bioreactor")
    assert found.why == 'nobody is on duty now, and nobody knows "bioreactor": entered in the call tree'


def test_an_empty_call_tree_says_so(floor: Floor) -> None:
    (found,) = callees(floor, "bioreactor")
    assert (found.contact, found.why) == ("", NOBODY)


class Paper(NamedTuple):
    """A record of a call tree that nobody folded."""

    id: str
    kind: str
    facts: dict[str, Any]
    exists: bool = True

    def __getattr__(self, fact: str) -> Any:
        return self.facts[fact]

    def contested(self, fact: str) -> bool:
        return len(self.facts[fact]) > 1

    def entries(self, fact: str) -> list[tuple[str, str, Any]]:
        return [(f"{self.id}{index}", "", value) for index, value in enumerate(self.facts[fact])]


class PaperWorld:
    """A world that is just a call tree."""

    def __init__(self, contacts: Sequence[Paper], covers: Sequence[Paper]) -> None:
        self.kinds = {"contact": contacts, "cover": covers}
        self.me, self.by, self.at = Person("@LYN1", "cdmo", frozenset()), "@LYN1", NOW

    @property
    def here(self) -> Record:
        raise NotImplementedError

    @property
    def terms(self) -> Terms:
        return DEFAULT

    def get(self, record: str) -> Record:
        return next(one for kind in self.kinds.values() for one in kind if one.id == record)

    def all(self, kind: str, fact: str, value: str) -> list[Record]:
        return [one for one in self.kinds[kind] if one.facts[fact] == value]

    def person(self, person: str) -> Person:
        raise NotImplementedError(person)

    def proposal(self, entry: str) -> Proposal:
        raise NotImplementedError(entry)


Tree = tuple[list[Paper], list[Paper]]
FIELDS = st.sampled_from(["", "bioreactor", "filling", "Bioreactor ", "é"])
INSTANTS = st.one_of(st.integers(), st.integers(NOW - 10**9, NOW + 10**9))
CARDS = st.fixed_dictionaries(
    {
        "expertise": st.lists(FIELDS, max_size=2),
        "from": st.sampled_from([0, 1, NOW + 1]),
        "languages": st.just(["fr"]),
        "name": st.text(max_size=3),
        "numbers": st.sampled_from(["sha256:a", "sha256:b"]),
        "person": st.just(""),
        "zone": st.just(""),
    }
)
TURNS = st.fixed_dictionaries(
    {
        "between": st.sampled_from(["", "19:00-07:00", "07:00-19:00", "nonsense"]),
        "days": st.lists(st.sampled_from(DAYS), max_size=3),
        "start": st.one_of(st.just(0), INSTANTS),
        "tier": st.sampled_from([1, 2, 3]),
        "until": st.one_of(st.none(), INSTANTS),
        "zone": st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Kathmandu", "Nowhere/Land"]),
    }
)
CALLS = st.lists(
    st.fixed_dictionaries(
        {
            "contact": st.integers(0, 6).map("CON-LYN1-{}".format),
            "outcome": st.sampled_from(["answered", "no answer", "busy", "cannot come", "wrong number", "later word"]),
            "at": st.integers(NOW - 3, NOW),
        }
    ),
    max_size=4,
)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    contacts = [
        Paper(
            f"CON-LYN1-{index}",
            "contact",
            {
                "state": draw(st.sampled_from(["active", "active", "retired"])),
                "company": draw(st.sampled_from(["cdmo", "sponsor"])),
                "card": draw(st.lists(CARDS, min_size=1, max_size=2)),
            },
        )
        for index in range(draw(st.integers(0, 5)))
    ]
    covers = [
        Paper(
            f"COV-LYN1-{index}",
            "cover",
            {
                "state": draw(st.sampled_from(["in force", "in force", "ended"])),
                "contact": f"CON-LYN1-{draw(st.integers(0, 6))}",
                "expertise": draw(st.sampled_from(["", "bioreactor", "filling"])),
                "turn": draw(TURNS),
            },
        )
        for index in range(draw(st.integers(0, 5)))
    ]
    return contacts, covers


def listed(tree: Tree, now: int, expertise: str, calls: Sequence[dict[str, Any]] = ()) -> list[Callee]:
    world: World = PaperWorld(*tree)
    return whom_to_call(world, now, expertise, calls)


@given(trees(), INSTANTS, FIELDS, CALLS)
def test_never_empty_never_twice_and_never_without_a_reason(
    tree: Tree, now: int, expertise: str, calls: list[dict[str, Any]]
) -> None:
    found = listed(tree, now, expertise, calls)
    assert found
    assert len({one.contact for one in found}) == len(found)
    assert all(one.why and (one.numbers or not one.contact) for one in found)


@given(trees(), FIELDS, CALLS)
def test_nobody_on_duty_and_nobody_who_knows_it_is_left_out(
    tree: Tree, expertise: str, calls: list[dict[str, Any]]
) -> None:
    found = {one.contact for one in listed(tree, NOW, expertise, calls)}
    contacts, covers = tree
    allday = {
        one.contact
        for one in covers
        if one.state == "in force"
        and not one.turn["days"]
        and not one.turn["between"]
        and one.turn["start"] <= NOW
        and (one.turn["until"] is None or one.turn["until"] > NOW)
    }
    for one in contacts:
        card = shown(Merge("effective"), one.card, NOW)
        knows = card is not None and expertise.strip() and expertise in card["expertise"]
        if one.state == "active" and card is not None and (one.id in allday or knows):
            assert one.id in found


@given(trees(), FIELDS, CALLS)
def test_the_order_of_arrival_changes_nothing(tree: Tree, expertise: str, calls: list[dict[str, Any]]) -> None:
    expected = listed(tree, NOW, expertise, calls)
    contacts, covers = tree
    assert listed((contacts[::-1], covers[::-1]), NOW, expertise, calls) == expected
    assert all(listed(tree, NOW, expertise, order) == expected for order in permutations(calls))


@given(trees(), FIELDS, CALLS)
def test_calls_move_people_but_lose_nobody(tree: Tree, expertise: str, calls: list[dict[str, Any]]) -> None:
    fresh, tried = listed(tree, NOW, expertise), listed(tree, NOW, expertise, calls)
    assert {one.contact for one in fresh} == {one.contact for one in tried}
    untried = [one.contact for one in tried if not one.tries]
    assert [one.contact for one in tried if one.status != "later word"][: len(untried)] == untried
    assert untried == [one.contact for one in fresh if one.contact in untried]


@given(trees(), FIELDS)
def test_no_answer_moves_the_next_up_and_keeps_the_rest_in_order(tree: Tree, expertise: str) -> None:
    before = [one.contact for one in listed(tree, NOW, expertise)]
    call = {"contact": before[0], "outcome": "no answer", "at": NOW}
    after = [one.contact for one in listed(tree, NOW, expertise, [call])]
    assert after == [*before[1:], before[0]]
