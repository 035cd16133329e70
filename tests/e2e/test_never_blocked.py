"""Never blocked: a refused entry, a hostile terminal and a clone stop nobody, and both companies see what happened."""

import shutil
import threading

from shared.log.chain import link
from shared.log.entry import Line, line_bytes, line_id, parse_line
from shared.log.wire import push_body
from shared.store.store import Store
from shared.terminal.desk import Desk
from shared.terminal.home import Home
from shared.terminal.own_chain import own_end, seal_over
from tests.e2e.world import HOMES, World
from tests.server.running import until
from tests.server.served import ask


def test_a_refused_entry_stops_nothing_and_both_companies_see_it(world: World) -> None:
    world.up()
    world.do("floor", "hold.stop", on="FIL-301", reason="pressure")
    spoil(world, "floor", b"pressure", "pres\u202esure".encode())
    good = world.do("floor", "hold.stop", on="CAP-303", reason="after it")["record"]
    synced = world.sync("floor")
    assert (synced["state"], len(synced["refused"])) == ("in log", 1)
    assert world.andon("floor", "refused", "--json")[0]["fields"]["reason"] == "pres\u202esure"
    for home in ("sponsor", "qa"):
        world.do(home, "hold.stop", on="FIL-301", reason="goes on")
    world.settle()
    assert world.listed("sponsor", "hold", good)["state"] == "held"
    for home in HOMES:
        assert "LOG-12" in str(world.andon(home, "show", "LYN1", "--trail", "--json"))
    world.assert_equal_everywhere()


def spoil(world: World, home: str, old: bytes, new: bytes) -> None:
    """Change what waits here last, as a terminal whose own check of texts is older than the server's."""
    with Desk.open(Home.open(world.folder / home)) as desk, desk.store.write() as tx:
        row = desk.store.pending.lines(desk.code)[-1]
        line = parse_line(row.line)
        assert isinstance(line, Line)
        tx.undo_pending()
        tx.connection.execute("DELETE FROM outbox")
        bad = line_bytes(line.entry, None).replace(old, new)
        tx.add_pending(bad, parent=desk.store.log.links(desk.code, row.n - 1)[0])


def garbage(store: Store, desk: Desk) -> bytes:
    """A push whose line is none, sealed well."""
    n, end = own_end(store, desk.code)
    line = b'{"entry":"not one"}'
    return push_body(seal_over(desk, n + 1, link(end, line_id(line)), desk.home.key().seed), [line])


def test_a_hostile_terminal_stops_no_other(world: World) -> None:
    world.up()
    with Desk.open(Home.open(world.folder / "qa")) as desk:
        body = garbage(desk.store, desk)
    stop = threading.Event()
    answered: list[int] = []

    def flood() -> None:
        while not stop.is_set():
            answered.append(ask(world.port, "POST", f"/v1/logs/{world.program}/push", body).status)

    threads = [threading.Thread(target=flood) for _ in range(2)]
    for one in threads:
        one.start()
    try:
        until(lambda: 429 in answered)
        for number in range(2):
            record = world.do("floor", "hold.stop", on="FIL-301", reason=str(number))["record"]
            world.settle("floor", "sponsor")
            assert world.listed("sponsor", "hold", record)["state"] == "held"
    finally:
        stop.set()
        for one in threads:
            one.join()
    assert set(answered) == {422, 429}
    world.settle()
    world.assert_equal_everywhere()


def test_a_clone_stops_nobody_and_both_companies_see_it(world: World) -> None:
    world.up()
    shutil.copytree(world.folder / "floor", world.folder / "clone")
    made = {home: world.do(home, "hold.stop", on="FIL-301", reason=f"by the {home}") for home in ("floor", "clone")}
    both = made["floor"]["record"]
    assert made["clone"]["record"] == both
    everybody = (*HOMES, "clone")
    world.settle(*everybody)
    for home in ("clone", "floor", "sponsor"):
        made[home] = world.do(home, "hold.stop", on="CAP-303", reason="goes on")
    world.settle(*everybody)
    for home in everybody:
        assert {one["id"] for one in made.values()} <= set(world.ids(home))
        assert "cloned" in world.listed(home, "terminal", "LYN1")["flags"]
        assert world.sync(home)["cloned"] == ["LYN1"]
        assert [one["rule"] for one in world.andon(home, "why", "LYN1", "--json")["blockers"]] == ["CLONE-1"]
        assert "CLONE-2" in [one["rule"] for one in world.andon(home, "why", both, "--json")["blockers"]]
    world.assert_equal_everywhere(*everybody)
