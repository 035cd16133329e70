"""`andon invite`, `join`, `refused`, `sync` with a real server: a new machine and a new person by a code alone."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.keys import Keys
from shared.log.entry import Line, line_bytes, parse_line
from shared.terminal.home import Home
from shared.terminal.invitation import read_code
from shared.terminal.refusal import Refused
from tests.cli.command import Andon
from tests.cli.test_manual import EXAMPLES, same, shape
from tests.terminal.firm import LOG_SEED, Firm, password

Start = Callable[[], None]


@pytest.fixture
def serve(firm: Firm, tmp_path: Path) -> Iterator[Start]:
    """Starts the server on the firm's log when the test says so."""
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        firm.server.close()
        data = tmp_path / "served"
        (data / "logs").mkdir(parents=True)
        firm.server.path.rename(data / "logs" / f"{firm.program}.andon")
        Keys(data / "keys").make(LOG_SEED)
        port = firm.host.rpartition(":")[2]
        command: list[str | Path] = [
            Path(sys.executable).with_name("andon-server"),
            "run",
            "--data",
            data,
            "--port",
            port,
        ]
        with (tmp_path / "server.log").open("wb") as log:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
        running.append(process)
        assert process.stdout is not None
        assert b"listening" in process.stdout.readline(), (tmp_path / "server.log").read_text()

    yield start
    for one in running:
        one.terminate()
        assert one.wait(10) == 0
        if one.stdout is not None:
            one.stdout.close()


def admitted(andon: Andon, code: str, first: str, second: str, folder: Path) -> Andon:
    """A terminal that two officers invited and that has joined; the server must run."""
    invited = andon(
        "invite", code, "--as", first, "--password-stdin", "--json", '{"site":"Boston"}', typed=typed(first)
    ).json()
    of = f'{{"of":"{invited["id"]}"}}'
    andon("do", "entry.confirm", code, "--as", second, "--password-stdin", "--json", of, typed=typed(second))
    assert andon("sync").code == 0
    new = at(andon, folder)
    assert new("join", invited["code"]).code == 0
    return new


def at(andon: Andon, home: Path) -> Andon:
    """The same command at another home."""
    other = Andon(home, Path(andon.environment["PYTHONPYCACHEPREFIX"]))
    other.environment["ANDON_HOME"] = ""
    return other


def typed(person: str) -> str:
    return password(person).reveal() + "\n"


def test_a_machine_becomes_a_terminal_by_a_code(firm: Firm, andon: Andon, serve: Start, tmp_path: Path) -> None:
    invited = andon(
        "invite", "LYN4", "--as", "olga", "--password-stdin", "--json", '{"site":"Lyon"}', typed=typed("olga")
    )
    assert same(shape(EXAMPLES["invite"]), shape(invited.json()))
    code = invited.json()["code"]
    new = at(andon, tmp_path / "new")
    down = new("join", code)
    assert (down.code, "SYNC-2" in down.err) == (2, True)
    serve()
    assert andon("sync").json()["state"] == "in log"
    early = new("join", code)
    assert (early.code, "JOIN-2" in early.err) == (2, True)
    of = f'{{"of":"{invited.json()["id"]}"}}'
    confirm = ("do", "entry.confirm", "LYN4", "--as", "otto", "--password-stdin", "--json", of)
    assert andon(*confirm, typed=typed("otto")).code == 0
    assert andon("sync").code == 0
    joined = new("join", code)
    assert joined.code == 0, joined.err
    assert joined.json() | {"position": 0} == {
        "joined": "LYN4", "program": firm.program, "pushed": 1, "pulled": 0, "position": 0, "state": "in log",
    }  # fmt: skip
    made = new("do", "hold.stop", "--json", '{"on":"Suite 3"}').json()["record"]
    assert made.startswith("HLD-LYN4-")
    assert same(shape(EXAMPLES["sync"]), shape(new("sync").json()))
    pulled = andon("sync")
    assert pulled.json()["pulled"] >= 2, pulled.out
    assert made in andon("list", "hold").out
    assert new("verify").code == 0
    again = new("join", code)
    assert again.code == 0, again.err
    thief = at(andon, tmp_path / "thief")("join", code)
    assert thief.code == 2, "a code counts once"
    other = andon("join", code)
    assert (other.code, "JOIN-3" in other.err) == (2, True)


def test_a_person_becomes_a_member_by_a_code(andon: Andon, serve: Start) -> None:
    serve()
    fields = '{"name":"Nora Example","roles":["operator"],"checked":"passport, by HR"}'
    invited = andon("invite", "nora", "--as", "olga", "--password-stdin", "--json", fields, typed=typed("olga")).json()
    of = f'{{"of":"{invited["id"]}"}}'
    andon("do", "entry.confirm", "nora", "--as", "otto", "--password-stdin", "--json", of, typed=typed("otto"))
    weak = andon("join", invited["code"], "--password-stdin", typed="nora\n")
    assert (weak.code, "PWD-" in weak.err) == (2, True)
    joined = andon("join", "-", "--password-stdin", typed=f"{invited['code']}\nplum orbit kettle nineteen\n")
    assert joined.code == 0, joined.err
    signed = andon(
        "do", "hold.stop", "--as", "nora", "--password-stdin", "--json", '{"on":"a"}',
        typed="plum orbit kettle nineteen\n",
    )  # fmt: skip
    assert signed.code == 0, signed.err
    assert andon("sync").json()["state"] == "in log"


def test_what_the_server_refuses_is_shown_with_all_that_was_typed(
    firm: Firm, andon: Andon, serve: Start, tmp_path: Path
) -> None:
    desk = firm.desks["LYN1"]
    firm.do("LYN1", "hold.stop", on="Suite 3", reason="pressure")
    with desk.store.write() as tx:  # as a terminal whose own check of texts is older than the server's
        row = desk.store.pending.lines("LYN1")[-1]
        line = parse_line(row.line)
        assert isinstance(line, Line)
        tx.undo_pending()
        tx.connection.execute("DELETE FROM outbox")
        bad = line_bytes(line.entry, None).replace(b"pressure", "pres\u202esure".encode())
        tx.add_pending(bad, parent=desk.store.log.links("LYN1", row.n - 1)[0])
    good = firm.do("LYN1", "hold.stop", on="Suite 4").record
    serve()
    synced = andon("sync")
    assert synced.code == 0
    assert synced.json()["refused"] == [row.n]
    assert "refused" in synced.err
    told = andon("refused", "--json").json()
    shown = EXAMPLES["refusals"][0]
    assert same(shape([shown]), shape([{**one, "fields": shown["fields"]} for one in told]))
    assert told[0]["fields"] == {"on": "Suite 3", "reason": "pres\u202esure"}
    text = andon("refused").out
    assert "LOG-12" in text
    assert "\u202e" not in text
    sponsor = admitted(andon, "BOS1", "ruth", "rolf", tmp_path / "sponsor")
    assert good in sponsor("list", "hold").out
    assert "LOG-12" in sponsor("show", "LYN1", "--trail").out, "the other company sees that something was refused"


def test_code_is_read_however_it_was_typed(andon: Andon) -> None:
    code = andon(
        "invite", "LYN5", "--as", "olga", "--password-stdin", "--json", '{"site":"Lyon"}', typed=typed("olga")
    ).json()["code"]
    assert read_code(code.lower().replace("-", " ")) == read_code(code)
    assert "****" in repr(read_code(code))
    for wrong in ("", "ANDON", code[:-1], code.replace(code[20], "A" if code[20] != "A" else "B", 1), "x" * 300):
        with pytest.raises(Refused, match="JOIN-1"):
            read_code(wrong)


def test_home_that_was_half_joined_is_completed(andon: Andon, serve: Start, tmp_path: Path) -> None:
    invited = andon(
        "invite", "LYN6", "--as", "olga", "--password-stdin", "--json", '{"site":"Lyon"}', typed=typed("olga")
    ).json()
    of = f'{{"of":"{invited["id"]}"}}'
    andon("do", "entry.confirm", "LYN6", "--as", "otto", "--password-stdin", "--json", of, typed=typed("otto"))
    new = at(andon, tmp_path / "new")
    assert new("join", invited["code"]).code == 2
    assert Home.open(tmp_path / "new").code == "LYN6", "the home is there, without a log"
    serve()
    andon("sync")
    assert new("join", invited["code"]).code == 0
