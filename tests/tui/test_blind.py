"""Ratings that are hidden from a second rater: not to be had by sorting, by searching, nor from what is in the way."""

from typing import Any

import pytest
from textual.pilot import Pilot

from shared.actions.kind import Blocker
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, text_of, type_in
from tests.tui.records import NOW, batch, signed_in
from tui.blind import blinded
from tui.listing import KindSource
from tui.reader import Reader
from tui.session import Session


def rated(firm: Firm) -> list[str]:
    """Deviations: one that nobody has rated, and a major, a critical and a minor one, rated by anna alone."""
    found = [firm.do("LYN1", "deviation.raise", title="unrated", detected=NOW).record]
    for rating in ("major", "critical", "minor"):
        record = firm.do("LYN1", "deviation.raise", title="Vial tilted", detected=NOW).record
        firm.do("LYN1", "deviation.rate", record, "anna", criticality=rating, reason="so it is")
        found.append(record)
    return found


def source(firm: Firm, session: Session, words: str = "", order: str = "criticality") -> KindSource:
    reader = Reader(firm.desks["LYN1"])
    return KindSource(reader, "deviation", words=words, order=order, person=session.person, roles=session.roles)


def test_a_hidden_row_sorts_as_one_that_nobody_rated(firm: Firm) -> None:
    unrated, major, critical, minor = rated(firm)
    for order, hidden, plain in (
        ("criticality", [unrated, major, critical, minor], [unrated, critical, major, minor]),
        ("-criticality", [minor, critical, major, unrated], [minor, major, critical, unrated]),
    ):
        for person, wanted in (("quin", hidden), ("anna", plain)):
            found = source(firm, signed_in(person), order=order)
            assert [row.record for row in found.rows(0, 9)] == wanted, (order, person)
            assert [found.place(one) for one in wanted] == [0, 1, 2, 3]
            assert [row.record for row in found.rows(1, 2)] == wanted[1:3]


def test_a_word_finds_a_rating_only_where_it_is_not_hidden(firm: Firm) -> None:
    _, major, critical, minor = rated(firm)
    told = firm.do("LYN1", "deviation.raise", title="Major leak, a critical valve", detected=NOW).record

    def found(person: str, words: str) -> list[str]:
        shown = source(firm, signed_in(person), words, "last")
        rows = [row.record for row in shown.rows(0, 9)]
        assert shown.count() == len(rows)
        return rows

    for words, wanted in (("critical", [critical]), ("MAJOR", [major]), ("minor tilted", [minor]), ("minor x", [])):
        assert found("anna", words) == wanted
    for words, wanted in (("critical", []), ("major", []), ("minor", [minor]), ("critic", [told]), ("maj", [told])):
        assert found("quin", words) == wanted  # a word of the text is found by itself or in another's company
    lists = firm.desks["LYN1"].store.lists
    assert [one.record for one in lists.search("critical")] == [told]


def test_who_clears_a_hold_does_not_tell_a_hidden_rating(firm: Firm) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    hold = firm.do("LYN1", "hold.stop", reason="drips").record
    record = firm.do("LYN1", "deviation.raise", title="Vial tilted", hold=hold, detected=NOW).record
    reader = Reader(firm.desks["LYN1"])

    def who(person: str) -> list[str]:
        session = signed_in(person)
        seen = reader.record(hold)
        assert seen is not None
        return [one.who for one in blinded(reader, person, session.roles).blockers(seen.blockers)]

    assert who("quin") == who("anna")  # nothing is hidden before somebody has rated
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="critical", reason="glass")
    assert "qa of cdmo" in who("anna")[0]
    assert "hidden" in who("quin")[0]
    other = [Blocker(hold, "it is so", "GATE-1", "lena")]
    assert blinded(reader, "quin", signed_in("quin").roles).blockers(other) == other


@pytest.mark.parametrize(
    ("post", "hidden"), [("", True), ("batch", True), ("batch, places", False), ("batch, step", False)]
)
def test_with_nobody_signed_in_only_a_floor_shows_it(
    firm: Firm, open_app: Opened, post: str, *, hidden: bool
) -> None:  # fmt: skip
    """A laptop that only follows a batch is no floor: it stands at no place."""
    record = batch(firm)
    rated(firm)
    stood: dict[str, Any] = {"batch": record, "places": ["FILL-2"], "step": f"{record}/010"}
    firm.do("LYN1", "terminal.post", **{name: stood[name] for name in post.split(", ") if name})
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f4", "right")
        shown = text_of(app)
        assert "Vial tilted" in shown
        assert ("major" not in shown and "critical" not in shown) == hidden

    drive(app, script)


def test_the_board_says_what_it_lists(firm: Firm, open_app: Opened) -> None:
    rated(firm)
    app = open_app()
    app.session = signed_in("anna")

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f4", "right", "slash")
        await type_in(pilot, "critical vial")
        await settle(pilot)
        assert "1 record rated critical with vial" in text_of(app)

    drive(app, script)
