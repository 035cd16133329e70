"""What every store must do with lists, search and trails."""

import pytest

from shared.log.canonical import b64
from shared.store.lists import Unknown
from tests.fold.floor import public
from tests.store.logs import Days, arrive, entry_of
from tests.store.opened import Opener


class ListsContract:
    """Filtered, sorted, counted and found."""

    def test_lists_filter_sort_and_count(self, opener: Opener, days: Days) -> None:
        with opener() as store:
            arrive(store, days.log(200))
            rows = store.lists.rows("deviation")
            assert len(rows) == store.lists.count("deviation") > 10
            assert [row.last for row in rows] == sorted((row.last for row in rows), reverse=True)
            place = rows[0].columns["on"]
            some = store.lists.rows("deviation", {"on": place, "criticality": "major"}, order="title")
            assert {(row.columns["on"], row.columns["criticality"]) for row in some} == {(place, "major")}
            titles = [str(row.columns["title"]) for row in some]
            assert titles == sorted(titles)
            assert store.lists.count("deviation", {"on": place, "criticality": "major"}) == len(some)
            assert store.lists.rows("deviation", limit=2, offset=1) == rows[1:3]
            assert store.lists.rows("member", {"roles": "qa"}, order="record", limit=1)[0].record == "anna"
            assert store.lists.count("member", {"roles": "qa"}) == 4
            assert store.lists.count("hold", {"sync": "in log"}) == store.lists.count("hold")
            assert store.lists.count("hold", {"sync": "local"}) == 0
            assert store.lists.count("hold", {"flags": "contested"}) == 0
            assert store.lists.count("hold", {"batch": None}) == 0
            assert store.lists.row("anna") == store.lists.rows("member", {"record": "anna"})[0]
            assert store.lists.row("nobody") is None
            assert "hold" in store.lists.kinds()

    @pytest.mark.parametrize("order", ["-last", "last", "record", "-record", "criticality", "-criticality", "raters"])
    @pytest.mark.parametrize("where", [{}, {"state": "triaged"}, {"state": ["open", "triaged"]}, {"state": []}])
    def test_a_records_place_is_where_it_stands_among_the_rows(
        self, opener: Opener, days: Days, order: str, where: dict[str, str | int | list[str] | None]
    ) -> None:
        with opener() as store:
            arrive(store, days.log(205))
            lists = store.lists
            rows = lists.rows("deviation", where, order=order)
            assert len(rows) == lists.count("deviation", where)
            assert len({row.columns["criticality"] for row in lists.rows("deviation")}) > 1  # one is not rated yet
            places = [lists.place("deviation", row.record, where, order=order) for row in rows]
            assert places == list(range(len(rows)))
            for at in range(0, len(rows), 7):
                assert lists.rows("deviation", where, order=order, limit=3, offset=at) == rows[at : at + 3]
            shown = {row.record for row in rows}
            for row in lists.rows("deviation"):
                assert (row.record in shown) or lists.place("deviation", row.record, where, order=order) is None
            assert lists.place("deviation", "DEV-LYN1-999999", where, order=order) is None

    def test_states_are_named_and_several_can_be_asked_for(self, opener: Opener, days: Days) -> None:
        with opener() as store:
            arrive(store, days.log(205))
            states = store.lists.states("deviation")
            assert states == sorted({str(row.columns["state"]) for row in store.lists.rows("deviation")})
            assert len(states) > 1
            assert store.lists.rows("deviation", {"state": states}) == store.lists.rows("deviation")
            some = [row.record for row in store.lists.rows("deviation", limit=3)]
            found = store.lists.rows("deviation", {"state": states, "record": some}, order="record")
            assert [row.record for row in found] == sorted(some)
            assert store.lists.states("gate") == []

    def test_who_made_an_entry_is_known_by_its_position(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        with opener() as store:
            arrive(store, leaves)
            assert [store.lists.terminal(leaf.position) for leaf in leaves] == [leaf.terminal for leaf in leaves]
            assert store.lists.terminal(60) == ""

    def test_a_search_can_be_for_one_kind(self, opener: Opener, days: Days) -> None:
        with opener() as store:
            arrive(store, days.log(205))
            whole = store.lists.search("SUITE", limit=999)
            holds = store.lists.search("SUITE", kind="hold", limit=999)
            assert holds == [one for one in whole if one.kind == "hold"]
            assert 0 < len(holds) < len(whole)

    def test_what_is_flagged_is_found_by_any_of_the_flags(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        stops = [days.leaf("LYN1", "hold.stop", on=f"SUITE-{number}") for number in range(3)]
        holds = [entry_of(stop).record for stop in stops]
        lifts = [days.leaf("LYN1", "hold.lift", hold, "anna", reason="a mistake") for hold in holds[:2]]
        with opener() as store:
            arrive(store, [*leaves, *stops, *lifts])
            found = store.lists.flagged("hold", ["waiting", "contested"])
            assert [row.record for row in found] == [holds[1], holds[0]]
            assert found[0] == store.lists.row(holds[1])
            assert store.lists.flagged("hold", ["waiting"], limit=1) == found[:1]
            assert store.lists.flagged("hold", ["wait"]) == store.lists.flagged("hold", []) == []
            with pytest.raises(Unknown):
                store.lists.flagged("nothing", ["waiting"])

    def test_what_is_only_proposed_yet_is_known(self, opener: Opener, days: Days) -> None:
        fields = {"company": "cdmo", "site": "Lyon", "public": public("NEW1")}
        with opener() as store:
            arrive(store, days.log(60))
            assert store.lists.unborn() == []
            arrive(store, [days.leaf("LYN1", "terminal.invite", "NEW1", "olga", **fields)])
            assert store.lists.unborn() == ["NEW1"]
            assert store.lists.row("NEW1") is None
            line = days.line("LYN1", "terminal.invite", "NEW2", "olga", **{**fields, "public": public("NEW2")})
            with store.write() as tx:
                tx.add_pending(line)
            assert store.lists.unborn() == ["NEW1", "NEW2"]

    def test_a_long_text_of_digits_is_no_number(self, opener: Opener, days: Days) -> None:
        with opener() as store:
            arrive(store, days.log(60))
            for digits in ("9" * 18, "9" * 19, "00340123451234567895", "9" * 400):
                assert store.lists.rows("batch", {"number": digits}) == []

    @pytest.mark.parametrize("wrong", ["nothing", "entry", 'hold"; DROP TABLE entry; --', "sqlite_schema", ""])
    def test_an_unknown_list_is_refused(self, opener: Opener, wrong: str) -> None:
        with opener() as store:
            with pytest.raises(Unknown):
                store.lists.rows(wrong)
            with pytest.raises(Unknown):
                store.lists.rows("hold", {wrong: "x"})
            with pytest.raises(Unknown):
                store.lists.rows("hold", order=wrong)
            with pytest.raises(Unknown):
                store.lists.rows("hold", {"sync": wrong})

    def test_search_finds_words_numbers_and_beginnings(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        stop = days.leaf("LYN1", "hold.stop", on="SUITE-1", reason='Überdruck am "Filter" (4,5 bar)')
        record = entry_of(stop).record
        with opener() as store:
            arrive(store, [*leaves, stop])
            for asked in ("überdruck", "uberdr", '"Filter"', record, "4,5", "filter bar", "SUITE-1 filter"):
                assert record in [one.record for one in store.lists.search(asked)], asked
            for asked in ("", "  ", "-", "Überdrehzahl?", 'x" OR "y', "NOT", "a\0b", "texts:filter"):
                assert record not in [one.record for one in store.lists.search(asked)], asked

    def test_a_trail_shows_every_entry_about_a_record(self, opener: Opener, days: Days) -> None:
        leaves = days.log(50)
        stop = days.leaf("LYN1", "hold.stop", on="SUITE-1")
        record = entry_of(stop).record
        void = days.leaf("SPO1", "hold.lift", record, "sam", reason="may not")
        with opener() as store:
            arrive(store, [*leaves, stop, void])
            trail = store.lists.trail(record)
            assert [(one.position, one.do, one.verdict, one.changed) for one in trail] == [
                (50, "hold.stop", "stands", True), (51, "hold.lift", "void", False)
            ]  # fmt: skip
            assert trail[1].refused == "WHO-3"
            assert [one.data for one in trail] == [stop.leaf, void.leaf]
            assert trail[0].id == b64(stop.id)
