"""The demo's first days: the program, its members and terminals, training, places, the agreement and the call tree."""

import os
from typing import Any

from scripts.demo_cast import (
    CDMO,
    COMPANIES,
    CONTACTS,
    DESK,
    FLOOR,
    LEAD,
    OFFICERS,
    PARIS,
    PATIENTS,
    PEOPLE,
    PLACES,
    PRODUCT,
    QA,
    REVIEW,
    ROTA,
    S_QA,
    STANDING,
    SUPERVISOR,
    TERMINALS,
    Person,
    Turn,
)
from scripts.demo_timetable import DAY, DAYS, HOUR, MINUTE, Calendar, Story
from scripts.demo_world import World
from shared.log.canonical import b64
from shared.terminal import enrol
from shared.terminal.home import Home
from shared.trust.keys import public_of

_YEAR = 365 * DAY
_AHEAD = 4
"""Weeks for which the rota is entered at a time, and ahead of now."""


def begin(world: World, home: Home, url: str) -> None:
    """Found the program at the CDMO's kiosk: all officers of both companies sign."""
    for one in (*OFFICERS, *PEOPLE):
        world.seeds[one.id] = os.urandom(enrol.SEED_BYTES)
    officers = [
        {
            "id": one.id,
            "name": one.name,
            "company": one.company,
            "public": b64(public_of(world.seeds[one.id])),
            "checked": "passport, seen by the other officer of the company at the kick-off meeting",
        }
        for one in OFFICERS
    ]
    first = TERMINALS[0]
    fields = {
        "product": PRODUCT,
        "patients": PATIENTS,
        "companies": COMPANIES,
        "officers": officers,
        "company": first.company,
        "site": first.site,
        "host": url,
    }
    genesis = world.found(home, fields)
    with world.writing():
        for one in OFFICERS:
            world.hand.reach(world.hand.now + 2 * MINUTE)
            world.do(FLOOR, "entry.confirm", "PROGRAM", one.id, of=genesis)


def officers_of(company: str) -> tuple[str, str]:
    """Give the two identity officers of a company."""
    first, second = (one.id for one in OFFICERS if one.company == company)
    return first, second


def enrolment(world: World, calendar: Calendar, homes: dict[str, Home]) -> Story:
    """Invite people and terminals, have them join, and record their training."""
    at = world.hand.now
    for one in PEOPLE:
        at += 12 * MINUTE
        yield at
        _member(world, one)
    for terminal in TERMINALS[1:]:
        yield at + 30 * MINUTE
        invitation = enrol.new_invitation(os.urandom)
        first, second = officers_of(terminal.company)
        public = invitation.public
        world.joint(
            FLOOR, "terminal.invite", terminal.code, first, second,
            company=terminal.company, site=terminal.site, public=public,
        )  # fmt: skip
        yield at + 50 * MINUTE
        world.join_terminal(homes[terminal.code], invitation)
    for one in PEOPLE:
        yield calendar.office(at + 2 * HOUR)
        _trained(world, calendar, one)


def _member(world: World, one: Person) -> None:
    first, second = officers_of(one.company)
    invitation = enrol.new_invitation(os.urandom)
    world.joint(
        FLOOR, "member.invite", one.id, first, second, name=one.name, company=one.company, roles=list(one.roles),
        expertise=list(one.expertise), public=invitation.public, checked=f"passport, seen by {first} and {second}",
    )  # fmt: skip
    world.join_person(FLOOR, one.id, invitation)


def _trained(world: World, calendar: Calendar, one: Person) -> None:
    first, second = officers_of(one.company)
    code = DESK if one.company == CDMO else REVIEW
    for role in one.roles:
        world.joint(
            code, "member.train", one.id, first, second, role=role, until=calendar.write(calendar.now + _YEAR),
            evidence=f"TRN-{role.upper()}-{calendar.local(world.hand.now):%Y}, passed",
        )  # fmt: skip


def setting(world: World, calendar: Calendar) -> Story:
    """Enter the agreement, the places with their cards, and the call tree."""
    yield world.hand.now + HOUR
    world.joint(
        DESK, "agreement.set", "PROGRAM", QA, S_QA, terms={"tell_hours": 12},
        start=calendar.write(world.hand.now), reason="quality agreement of the two companies, annex 3",
    )  # fmt: skip
    for place in PLACES:
        yield world.hand.now + 4 * MINUTE
        made = world.do(
            FLOOR, "place.add", "", SUPERVISOR, code=place.code, name=place.name, sort=place.sort, site="Lyon",
            parent=world.ids.get(place.suite, ""), expertise=place.expertise,
        )  # fmt: skip
        world.ids[place.code] = made.record
        world.do(
            FLOOR, "place.card", made.record, SUPERVISOR, steps=list(place.card), reason="first card of this place"
        )
    yield world.hand.now + HOUR
    start = calendar.write(world.hand.now)
    for one in CONTACTS:
        made = world.do(
            DESK, "contact.set", "", LEAD, name=one.name, company=one.company, person=one.person, zone=one.zone,
            expertise=list(one.expertise), numbers=one.numbers, languages=list(one.languages), start=start,
        )  # fmt: skip
        world.ids[one.key] = made.record
    for turn in STANDING:
        _cover(world, turn, turn.contacts[0], start, "")
    yield from _rota(world, calendar)


def _rota(world: World, calendar: Calendar) -> Story:
    """Enter the weekly turns, four weeks at a time, up to four weeks ahead."""
    weeks = DAYS // 7 + _AHEAD + 1
    for first in range(0, weeks, _AHEAD):
        for turn in ROTA:
            for week in range(first, min(first + _AHEAD, weeks)):
                days_ago = DAYS - 1 - 7 * week
                start, until = calendar.at(days_ago, 7), calendar.at(days_ago - 7, 7)
                contact = turn.contacts[week % len(turn.contacts)]
                _cover(world, turn, contact, calendar.write(start), calendar.write(until))
        if first + _AHEAD < weeks:
            entered = calendar.office(calendar.at(DAYS - 1 - 7 * (first + _AHEAD - 1), 10))
            yield min(entered, calendar.at(1, 10))


def _cover(world: World, turn: Turn, contact: str, start: str, until: str) -> None:
    company = next(one.company for one in CONTACTS if one.key == contact)
    zone = PARIS if turn.between or turn.days else ""
    hours: dict[str, Any] = {"between": turn.between, "days": list(turn.days), "zone": zone}
    world.do(
        DESK, "cover.set", "", LEAD, contact=world.ids[contact], expertise=turn.expertise, company=company,
        tier=turn.tier, start=start, until=until, **hours,
    )  # fmt: skip
