"""Measure syncing; run by hand: `python -m tests.bench.sync [SIZE ...] [--floor ENV --peers DIR] [--write]`.

A real server process and terminals on loopback: push, pull with all checks into log and tables, one more entry with
that many present, freshness from one company's record to the other's disk, wire and disk bytes, processor time, and so
many live terminals. With `--floor`, an environment that can run the plan with nothing around it (`peer_floor.py` in
`--peers`), the same is measured there just before, in the same round. Bounds are for people: nothing is judged.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from socket import socket
from statistics import median
from threading import Thread
from typing import IO, Any

import msgspec
from websockets.sync.client import connect

from server.keys import Keys
from shared.fold.fold import fold
from shared.fold.unit import Unit
from shared.log.canonical import b64
from shared.log.entry import Line, line_id, parse_line
from shared.log.wire import LIVE, Placed, Subscribe, live_path, push_body
from shared.store.store import Store
from shared.terminal.asked import Asked
from shared.terminal.clock import now_ms
from shared.terminal.desk import Desk
from shared.terminal.net import Http
from shared.terminal.own_chain import seal_over
from shared.terminal.perform import perform
from shared.terminal.receive import receive
from shared.terminal.sync import sync
from shared.trust.keys import public_of
from tests.terminal.bulk import chained
from tests.terminal.firm import LOG_SEED, Firm, opened

PART = 2_000
TRIES = 200
WARM = 20
TASKS = ("bulk", "incr", "fresh")
ROOT = Path(__file__).parents[2]
Figures = dict[str, float]
Row = tuple[str, int, str, str, str, str]
"""What was measured, at how many entries, our figure, the floor's, ours by the floor's, and the budget of that."""


class Meter:
    """What a block takes: wall seconds, processor seconds of this process and of the server, bytes on loopback."""

    def __init__(self, server: int, found: Figures, name: str) -> None:
        self._server, self._found, self._name = server, found, name

    def __enter__(self) -> None:
        self._before = self._now()

    def __exit__(self, *_: object) -> None:
        for name, before, after in zip(("s", "client", "server", "bytes"), self._before, self._now(), strict=True):
            self._found[f"{self._name} {name}"] = after - before

    def _now(self) -> tuple[float, ...]:
        fields = Path(f"/proc/{self._server}/stat").read_text().rsplit(")", 1)[1].split()
        ticks = os.sysconf("SC_CLK_TCK")
        sent = int(Path("/sys/class/net/lo/statistics/tx_bytes").read_text())
        return (time.perf_counter(), time.process_time(), (int(fields[11]) + int(fields[12])) / ticks, sent)


@contextmanager
def served(firm: Firm, folder: Path) -> Iterator[tuple[str, int]]:
    """A server process on the firm's log; gives its address and process id."""
    firm.server.close()
    data = folder / "data"
    (data / "logs").mkdir(parents=True)
    firm.server.path.rename(data / "logs" / f"{firm.program}.andon")
    Keys(data / "keys").make(LOG_SEED)
    port = firm.host.rpartition(":")[2]
    command: list[str | Path] = [Path(sys.executable).parent / "andon-server", "run", "--data", data, "--port", port]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=(folder / "log").open("w")) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().decode().split()[-1], process.pid
        finally:
            process.terminate()


def bulk(firm: Firm, url: str, server: int, size: int, folder: Path) -> Figures:
    """Push a backlog of one terminal, then let an empty store pull all of it."""
    found: Figures = {}
    desk, reader = firm.desks["LYN1"], firm.desks["SPO1"]
    seed = desk.home.key().seed
    made = list(chained(firm, "LYN1", size, firm.hand.now))
    parts = [made[at : at + PART] for at in range(0, size, PART)]
    bodies = [
        push_body(seal_over(desk, part[-1][0], part[-1][2], seed), [line for _, line, _ in part]) for part in parts
    ]
    found["line B"] = sum(len(line) for _, line, _ in made) / size
    with closing(Http(url, firm.program, "LYN1", seed, now_ms)) as remote, Meter(server, found, "push"):
        for body in bodies:
            assert isinstance(remote.push(body), Placed)
    path = folder / "reader.andon"
    key = reader.home.key().seed
    with (
        closing(Http(url, firm.program, "SPO1", key, now_ms)) as remote,
        closing(Store.open(path, create=True)) as store,
        Meter(server, found, "pull"),
    ):
        more = True
        while more:
            page = remote.page(store.size())
            receive(store, firm.program, public_of(LOG_SEED), page)
            more = store.size() < page.head.size
    found["fold us"] = fold_alone(reader.store, [line for _, line, _ in made[:PART]], firm.hand.now)
    log = folder / "data" / "logs" / f"{firm.program}.andon"
    found["disk server"] = sum(one.stat().st_size for one in log.parent.glob(f"{log.name}*")) / size
    found["disk terminal"] = sum(one.stat().st_size for one in folder.glob("reader.andon*")) / size
    return found


def fold_alone(store: Store, lines: list[bytes], received: int) -> float:
    """Microseconds an entry to fold lines in memory, upon what a store holds."""
    entries = [(b64(line_id(line)), one.entry) for line in lines if isinstance(one := parse_line(line), Line)]
    start = time.process_time()
    unit = Unit(store.tables)
    for position, (id_, entry) in enumerate(entries, store.size()):
        fold(unit, position, id_, entry, received)
    return (time.process_time() - start) / len(entries) * 1e6


def settled(desk: Desk, remote: Http) -> None:
    """Let a terminal have everything."""
    assert sync(desk, remote).state == "in log"


def one_more(firm: Firm, url: str) -> Figures:
    """One more entry at a time: performed and pushed, then pulled by the other company."""
    floor, sponsor = firm.desks["LYN2"], firm.desks["SPO1"]
    push, pull, nothing = [], [], []
    with closing(_http(firm, url, "LYN2")) as ours, closing(_http(firm, url, "SPO1")) as theirs:
        settled(floor, ours)
        settled(sponsor, theirs)
        for number in range(75):
            start = time.perf_counter()
            perform(floor, Asked("hold.stop", "", {"on": f"Line {number % 7}", "reason": "pressure"}))
            settled(floor, ours)
            middle = time.perf_counter()
            settled(sponsor, theirs)
            end = time.perf_counter()
            settled(sponsor, theirs)
            push.append(middle - start)
            pull.append(end - middle)
            nothing.append(time.perf_counter() - end)
    return {
        name: median(each[WARM:]) * 1e3 for name, each in (("one push", push), ("one pull", pull), ("idle", nothing))
    }


def fresh(firm: Firm, url: str) -> Figures:
    """From before an entry is performed at one company until it is on the other's disk, both live; two processes."""
    floor = firm.desks["LYN2"]
    spent = []
    command: list[str | Path] = [Path(sys.executable).parent / "andon", "--home", firm.homes["SPO1"].path]
    with (
        closing(_http(firm, url, "LYN2")) as ours,
        subprocess.Popen([*command, "sync", "--watch"], stdout=subprocess.PIPE) as watching,
    ):
        settled(floor, ours)
        assert watching.stdout is not None
        while json.loads(watching.stdout.readline())["position"] < floor.store.size():
            pass
        arrivals: Queue[float] = Queue()
        Thread(target=_arrivals, args=(watching.stdout, arrivals), daemon=True).start()
        time.sleep(1.0)  # until it listens
        for number in range(TRIES + WARM):
            start = time.perf_counter()
            perform(floor, Asked("hold.stop", "", {"on": f"Line {number % 7}", "reason": "pressure"}))
            settled(floor, ours)
            spent.append((arrivals.get(timeout=10) - start) * 1e3)
            time.sleep(0.01)
        watching.terminate()
    spent = sorted(spent[WARM:])
    return {"fresh median": median(spent), "fresh p99": spent[int(len(spent) * 0.99)]}


def _arrivals(lines: IO[bytes], arrivals: "Queue[float]") -> None:
    """Note when each line came."""
    for _ in lines:
        arrivals.put(time.perf_counter())


def live(firm: Firm, url: str, count: int) -> Figures:
    """From a push's answer to the last of so many listening sockets."""
    floor = firm.desks["LYN2"]
    key = firm.desks["SPO1"].home.key().seed
    asking = Http(url, firm.program, "SPO1", key, now_ms)
    said = Subscribe(firm.program, asking.authorization("LIVE", live_path(firm.program)))
    last, answered = [], []
    with ExitStack() as stack:
        where = f"ws://{asking.place}{LIVE}"
        sockets = [stack.enter_context(connect(where, compression=None, proxy=None)) for _ in range(count)]
        for socket in sockets:
            socket.send(msgspec.json.encode(said).decode())
            socket.recv()
        ours = stack.enter_context(closing(_http(firm, url, "LYN2")))
        for number in range(30):
            perform(floor, Asked("hold.stop", "", {"on": f"Line {number % 7}", "reason": "pressure"}))
            start = time.perf_counter()
            settled(floor, ours)
            answered.append((time.perf_counter() - start) * 1e3)
            for socket in sockets:
                socket.recv(timeout=5)
            last.append((time.perf_counter() - start) * 1e3)
    return {"live sync": median(answered[5:]), "live last": median(last[5:])}


def _http(firm: Firm, url: str, code: str) -> Http:
    return Http(url, firm.program, code, firm.desks[code].home.key().seed, now_ms)


def floor(env: Path, peers: Path, task: str, size: int, folder: Path) -> dict[str, Any]:
    """One task of the plan with nothing around it."""
    data = env / "data" / f"events-{size}.ndjson"
    command: list[str | Path] = [
        env / "venv/bin/python",
        "peer_floor.py",
        "--data",
        data,
        "--work",
        folder / "floor",
        "--task",
        task,
    ]
    done = subprocess.run([*command, "--fold", "--zstd"], cwd=peers, capture_output=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measured(size: int, listeners: int, folder: Path) -> Figures:
    """All of it, on a new firm."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"http://127.0.0.1:{free.getsockname()[1]}"
    with opened(folder / "firm", now=now_ms() - 86_400_000, host=host) as firm, served(firm, folder) as (url, server):
        firm.hand.now = now_ms()
        found = bulk(firm, url, server, size, folder)
        found |= one_more(firm, url)
        found |= fresh(firm, url)
        if listeners:
            found |= live(firm, url, listeners)
    return found


def rows(size: int, found: Figures, base: dict[str, dict[str, Any]]) -> Iterator[Row]:
    """The figures of one size as a table's rows: what, entries, ours, the floor's, the ratio and its budget."""

    def ratio(ours: float, theirs: float | None) -> str:
        return f"{ours / theirs:.2f}" if theirs else ""

    b, i, f = (base.get(task, {}) for task in TASKS)
    for name, budget in (("push", ">= 0.5"), ("pull", "")):
        ours = size / found[f"{name} s"]
        theirs = size / b[f"{name}_s"] if b else None
        what = f"{name}, entries a second" + (", with all checks into log and tables" if name == "pull" else "")
        yield (what, size, f"{ours:,.0f}", f"{theirs:,.0f}" if theirs else "", ratio(ours, theirs), budget)
    if b:
        least = b["pull_s"] / size + found["fold us"] / 1e6
        yield (
            "the same beside the floor and our fold in memory", size, f"{size / found['pull s']:,.0f}",
            f"{1 / least:,.0f}", ratio(size / found["pull s"], 1 / least), ">= 0.65",
        )  # fmt: skip
    for name, key, words in (
        ("one push", "incr_push_ms", "one more: perform, push, own copy, ms"),
        ("one pull", "incr_pull_ms", "one more: pull, ms"),
        ("idle", "noop", "a sync with nothing to do, ms"),
    ):
        yield (words, size, f"{found[name]:.2f}", f"{i[key]:.2f}" if i else "", ratio(found[name], i.get(key)), "")
    for name, key, budget in (("median", "fresh_median_ms", "<= 2.5"), ("p99", "fresh_p99_ms", "20 ms")):
        ours = found[f"fresh {name}"]
        yield (
            f"record to the other company's disk, {name}, ms", size, f"{ours:.1f}", f"{f[key]:.1f}" if f else "",
            ratio(ours, f.get(key)), budget,
        )  # fmt: skip
    if "live last" in found:
        yield ("push until the last of 100 live terminals is poked, ms", size, f"{found['live last']:.1f}", "", "", "")
        yield ("the same until the pusher has its own copy, ms", size, f"{found['live sync']:.1f}", "", "", "")
    for name in ("push", "pull"):
        yield (f"{name}: wire, B an unsigned entry", size, f"{found[f'{name} bytes'] / size:.0f}", "", "", "<= 90")
        for side in ("client", "server"):
            each = found[f"{name} {side}"] / size * 1e6
            theirs = b.get(f"{name}_{side}_cpu", 0) / size * 1e6
            what = f"{name}: processor of the {side}, us an entry"
            yield (what, size, f"{each:.0f}", f"{theirs:.0f}" if b else "", "", "")
    yield ("disk of the server, B an entry", size, f"{found['disk server']:.0f}", "", "", "<= 650")
    yield ("disk of a terminal with tables and search, B an entry", size, f"{found['disk terminal']:.0f}", "", "", "")


def table(found: list[Row]) -> str:
    """The page's table."""
    head = [
        "| what | entries in the log | here | floor | ratio | budget |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *(f"| {' | '.join(map(str, row))} |" for row in found)])


def main() -> None:
    """Measure, print, and with `--write` put the table between the marks of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000])
    parser.add_argument("--live", type=int, default=100)
    parser.add_argument("--floor", type=Path)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    every: list[Row] = []
    for size in asked.sizes:
        with tempfile.TemporaryDirectory(dir=os.environ.get("MEASURE_DIR")) as name:
            folder = Path(name)
            tasks = TASKS if asked.floor else ()
            base = {task: floor(asked.floor, asked.peers, task, size, folder) for task in tasks}
            found = measured(size, asked.live, folder)
        for row in rows(size, found, base):
            print(*row, sep="  ", flush=True)
            every.append(row)
    if asked.write:
        page = ROOT / "docs" / "benchmarks.md"
        before, _, rest = page.read_text(encoding="utf-8").partition("<!-- synced -->\n")
        after = rest.partition("<!-- end of synced -->")[2]
        stamp = f"Measured on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, Python {platform.python_version()}."
        text = f"{before}<!-- synced -->\n{stamp}\n\n{table(every)}\n<!-- end of synced -->{after}"
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
