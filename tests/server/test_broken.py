"""Logs that are here and cannot be served: strangers learn nothing from it, and terminals are told to come later."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from server.keys import Keys
from shared.log.canonical import b64
from shared.log.wire import Head, Page, page_body, parse_push, push_body
from shared.terminal.desk import Desk
from shared.terminal.remote import Later, NotEnrolled
from shared.terminal.synced import LATER
from tests.server.running import Running, until
from tests.server.served import Said, Served
from tests.server.test_live import heard, word
from tests.server.test_routes import ELSEWHERE, error
from tests.terminal.firm import Firm


def log_of(data: Path) -> Path:
    (found,) = (data / "logs").glob("*.andon")
    return found


def key_of(data: Path) -> Path:
    (found,) = (data / "keys").glob("*.key")
    return found


def spoil(data: Path) -> None:
    """Zeros behind the file's head."""
    whole = log_of(data)
    whole.write_bytes(whole.read_bytes()[:4096] + bytes(whole.stat().st_size - 4096))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "zeros": spoil,
    "no store": lambda data: log_of(data).write_bytes(b"x" * 5_000),
    "key open to others": lambda data: key_of(data).chmod(0o644),
    "key damaged": lambda data: key_of(data).write_bytes(b"{"),
    "another key": lambda data: key_of(data).write_text(json.dumps({"seed": b64(bytes(32))})),
    "key lost": lambda data: key_of(data).unlink(),
}
JUDGING = """
from pathlib import Path
from server.log import ServedLog
from shared.store.errors import Damaged
def damaged(*_):
    raise Damaged("The file is damaged.")
ServedLog.may_read = ServedLog.is_theirs = damaged
"""
"""The log is opened, and who asks cannot be looked up in it."""


def shown(desk: Desk) -> bytes:
    """What a terminal shows that is answered as if its log was not here."""
    size = desk.store.size()
    note = desk.store.log.checkpoints(last=1)[0].note.decode()
    return page_body(Page(Head(checkpoint=note, count=0, size=size, start=size), [], []))


def asked(served: Served, program: str) -> list[Said]:
    """What strangers may ask of a log, one of them with a terminal's push and read that he overheard."""
    base = f"/v1/logs/{program}"
    seal, lines = parse_push(served.waiting(served.firm.desks["LYN1"]))
    forged = shown(served.firm.desks["LYN1"]).replace(b"\\n\\n\xe2\x80\x94 ", b"\\n\\n\xe2\x80\x94 x", 1)
    with served.live() as live:
        live.send(word(served, "LYN1", program))
        assert heard(live) == (program, None)
    return [
        served.read("LYN1", f"{base}/page?start=0"),
        served.read("LYN1", f"{base}/blobs/sha256:{'A' * 43}"),
        served.ask("POST", f"{base}/push", push_body(seal, lines)),
        served.ask("POST", f"{base}/push", push_body(msgspec.structs.replace(seal, sig="A" * 86), lines)),
        served.ask("POST", f"{base}/refill", forged),
        served.ask("POST", f"{base}/refill", page_body(Page(Head(checkpoint="", count=0, size=0, start=0), [], []))),
    ]


@pytest.mark.parametrize("damage", [*DAMAGES, "who asks"])
def test_strangers_are_told_what_they_are_told_of_no_log(founded: Firm, data: Path, damage: str) -> None:
    with Running(data):
        pass
    Keys(data / "keys").bind(key_of(data).stem, founded.program)
    if damage in DAMAGES:
        DAMAGES[damage](data)
    prelude = "" if damage in DAMAGES else JUDGING
    firm = founded.copy(data.parent / "firm")
    with Running(data, prelude=prelude) as running, Served(firm, running) as served:
        served.push("LYN1")
        there = [str(one.but_time()) for one in asked(served, served.program)]
        assert there == [str(one.but_time()) for one in asked(served, ELSEWHERE)]
        assert str(data) not in "".join(there)
        told = until(lambda: [one for one in running.logged() if one["event"] == "broken"])
        assert [(one["level"], one["program"]) for one in told] == [("error", served.program)], "once for all who ask"
        assert told[0]["text"]

        error(served.ask("POST", f"{served.base}/refill", shown(firm.desks["SPO1"])), 503, "unserved")
        for code in ("LYN1", "SPO1"):
            done = served.sync(code)
            assert (done.state, done.pushed) == (LATER, 0)
            assert "cannot serve this log now" in done.text
        with closing(served.http("LYN1", program=ELSEWHERE)) as other, pytest.raises(NotEnrolled):
            other.refill(shown(firm.desks["LYN1"]))


def test_who_shows_no_checkpoint_of_a_sound_log_is_not_told_how_far_it_is(served: Served) -> None:
    page = shown(served.firm.desks["LYN1"])
    assert json.loads(served.ask("POST", f"{served.base}/refill", page).body)["type"] == "recovering"
    for forged in (page.replace(b"andon/", b"andon/x", 1), page.replace(b'"checkpoint":"', b'"checkpoint":"x', 1)):
        error(served.ask("POST", f"{served.base}/refill", forged), 404, "not-here")


def test_it_is_served_again_once_it_is_mended(founded: Firm, data: Path) -> None:
    soon = "import server.logs as l; l.BROKEN_S = 0.05"
    with Running(data, prelude=soon) as running, Served(founded.copy(data.parent / "firm"), running) as served:
        key_of(data).chmod(0o644)
        assert served.sync("LYN1").state == LATER
        key_of(data).chmod(0o600)
        until(lambda: served.sync("LYN1").state == "in log")


def test_what_was_broken_lately_is_not_opened_again_and_again(founded: Firm, data: Path) -> None:
    with Running(data) as running, Served(founded.copy(data.parent / "firm"), running) as served:
        key_of(data).chmod(0o644)
        assert served.sync("LYN1").state == LATER
        key_of(data).chmod(0o600)
        assert served.sync("LYN1").state == LATER


def test_a_page_that_cannot_be_read_is_later_for_who_may_read_it(founded: Firm, data: Path) -> None:
    prelude = """
from server.log import ServedLog
from shared.store.errors import Damaged
def page(*_):
    raise Damaged("Entry 3 is in the log and cannot be read. Verify the log, or restore it.")
ServedLog.page = page
"""
    with Running(data, prelude=prelude) as running, Served(founded.copy(data.parent / "firm"), running) as served:
        text = error(served.read("LYN1", f"{served.base}/page?start=0"), 503, "store")
        with closing(served.http("LYN1")) as server, pytest.raises(Later, match="cannot be read"):
            server.page(0)
        assert any(one["level"] == "error" and one["text"] == text for one in running.logged())
