"""One writer a log: pushes that come together are ordered together, and each is answered for itself."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

import server.logs
from server.errors import NotHere, TooMuch
from server.keys import Keys, Unusable
from server.log import Push, ServedLog
from server.logs import Logs
from server.tail import Tail
from server.writer import MOST_WAITING, Writer
from shared.log.canonical import b64
from shared.log.entry import line_id
from shared.log.wire import Answer, Denied, Placed, parse_push
from shared.store.errors import Damaged, Full
from shared.trust.keys import public_of
from tests.server.running import data_of
from tests.server.served import Served, now
from tests.terminal.firm import LOG_SEED, Firm

T = TypeVar("T")
LINES = 5


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(coroutine, 60))


@pytest.fixture
def firm(founded: Firm, tmp_path: Path) -> Iterator[Firm]:
    copy = founded.copy(tmp_path / "firm")
    yield copy
    copy.close()


def pushes(firm: Firm) -> list[Push]:
    """Of each terminal several pushes, each longer than the one before, so that they overlap."""
    found = []
    for number in range(LINES):
        for code in firm.desks:
            firm.do(code, "hold.stop", on=str(number))
            seal, lines = parse_push(Served.waiting(firm.desks[code]))
            found.append(Push(lines, seal))
    return found


def logs_of(data: Path) -> Logs:
    return Logs(data, data.with_name("heads"), now, lambda _program, _size: None)


def is_right(log: ServedLog, push: Push, answer: Answer) -> bool:
    assert isinstance(answer, Placed), answer
    found = [log._store.find(line_id(line)) for line in push.lines]
    assert [list(one or ()) for one in found] == [list(one) for one in answer.places]
    return True


def test_pushes_that_come_together_are_each_answered_rightly(firm: Firm, data: Path) -> None:
    every = pushes(firm)

    async def all_at_once() -> None:
        logs = logs_of(data)
        async with logs.lent(firm.program) as writer:
            size = writer.log.size
            answers = await asyncio.gather(*(writer.push(one) for one in every))
            assert all(is_right(writer.log, one, answer) for one, answer in zip(every, answers, strict=True))
            assert writer.log.size == size + LINES * len(firm.desks)
        await logs.close()

    run(all_at_once())


def test_what_breaks_one_push_fails_no_other(firm: Firm, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = pushes(firm)
    broken = every[4]
    order = ServedLog.order

    def breaking(self: ServedLog, group: Sequence[Push]) -> list[Answer]:
        answers = order(self, group[:1])
        if broken in group:
            raise ZeroDivisionError
        return answers + (order(self, group[1:]) if group[1:] else [])

    monkeypatch.setattr(ServedLog, "order", breaking)

    async def all_at_once() -> None:
        logs = logs_of(data)
        async with logs.lent(firm.program) as writer:
            answers = await asyncio.gather(*(writer.push(one) for one in every), return_exceptions=True)
            for one, answer in zip(every, answers, strict=True):
                if one is broken:
                    assert isinstance(answer, ZeroDivisionError)
                else:
                    assert not isinstance(answer, BaseException)
                    assert is_right(writer.log, one, answer)
        await logs.close()

    run(all_at_once())


def test_a_request_that_is_cancelled_takes_nothing_with_it(firm: Firm, data: Path) -> None:
    every = pushes(firm)

    async def some_give_up() -> None:
        logs = logs_of(data)
        async with logs.lent(firm.program) as writer:
            tasks = [asyncio.create_task(writer.push(one)) for one in every]
            await asyncio.sleep(0)
            for task in tasks[::3]:
                task.cancel()
            answers = await asyncio.gather(*tasks, return_exceptions=True)
            for number, (one, answer) in enumerate(zip(every, answers, strict=True)):
                if number % 3:
                    assert not isinstance(answer, BaseException)
                    assert is_right(writer.log, one, answer)
                else:
                    assert isinstance(answer, asyncio.CancelledError)
        assert not writer.busy
        await logs.close()

    run(some_give_up())


def test_too_many_that_wait_are_told_to_come_again(firm: Firm, data: Path) -> None:
    push = pushes(firm)[0]
    gate = threading.Event()

    class Slow(ServedLog):
        def order(self, pushes: Sequence[Push]) -> list[Answer]:
            gate.wait(60)
            return super().order(pushes)

    async def many() -> None:
        keys = Keys(data / "keys")
        seed = keys.seed(b64(public_of(LOG_SEED)))
        assert seed is not None
        path = data / "logs" / f"{firm.program}.andon"
        log = Slow(path, firm.program, seed, Tail(data.with_name("x.head")), now)
        with ThreadPoolExecutor(1) as pool:
            writer = Writer(log, pool, lambda _program, _size: None)
            tasks = [asyncio.create_task(writer.push(push)) for _ in range(MOST_WAITING * 2)]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            assert {type(one.exception()) for one in done} == {TooMuch}
            gate.set()
            answers = await asyncio.gather(*tasks, return_exceptions=True)
            placed = [one for one in answers if isinstance(one, Placed)]
            assert len(placed) >= MOST_WAITING
            assert {str(one.places) for one in placed} == {str(placed[0].places)}
            await writer.close()

    run(many())


def test_a_full_disk_loses_nothing_and_is_told(firm: Firm, data: Path) -> None:
    every = pushes(firm)

    async def full() -> None:
        logs = logs_of(data)
        async with logs.lent(firm.program) as writer:
            size = writer.log.size
            (pages,) = writer.log._store.connection.execute("PRAGMA page_count").fetchone()
            writer.log._store.connection.execute(f"PRAGMA max_page_count = {pages}")
            answers = await asyncio.gather(*(writer.push(one) for one in every), return_exceptions=True)
            failed = [one for one in answers if isinstance(one, BaseException)]
            assert failed
            assert {type(one) for one in failed} == {Full}
            assert len(writer.log.page(0)) > 1000, "what is there is still given out"
            writer.log._store.connection.execute("PRAGMA max_page_count = 1000000")
            again = await asyncio.gather(*(writer.push(one) for one in every))
            assert all(is_right(writer.log, one, answer) for one, answer in zip(every, again, strict=True))
            assert writer.log.size == size + LINES * len(firm.desks)
        await logs.close()

    run(full())


def several(firm: Firm, data: Path, count: int) -> list[str]:
    """Further logs in the folder: the same one under keys and names of their own would not do, so each is damaged."""
    whole = (data / "logs" / f"{firm.program}.andon").read_bytes()
    names = [b64(bytes([number]) * 32) for number in range(count)]
    for name in names:
        (data / "logs" / f"{name}.andon").write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    return names


def test_a_damaged_file_makes_only_its_log_fail(founded: Firm, firm: Firm, data: Path) -> None:
    names = several(founded, data, 3)

    async def each() -> None:
        logs = logs_of(data)
        for name in names:
            with pytest.raises(NotHere) as caught:
                async with logs.lent(name):
                    pass
            assert isinstance(caught.value.__cause__, Damaged)
        async with logs.lent(firm.program) as writer:
            assert writer.log.size
        await logs.close()

    run(each())


def test_a_log_that_somebody_has_is_not_closed_and_others_are(
    founded: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many programs' logs, few of them open at once; each asked by several at the same time."""
    monkeypatch.setattr(server.logs, "MOST_OPEN", 1)
    firms = []
    data = data_of(founded, tmp_path / "data")
    monkeypatch.setattr(Keys, "program", lambda _self, _public: None)  # these firms share one key of the log
    monkeypatch.setattr(Keys, "bind", lambda _self, _public, _program: None)
    for number in range(3):
        other = Firm(tmp_path / f"firm{number}", people=(), now=founded.hand.now + number)
        firms.append(other)
        other.server.close()
        for one in other.server.path.parent.glob("server.andon*"):
            (data / "logs" / one.name.replace("server", other.program)).write_bytes(one.read_bytes())
    programs = [one.program for one in (founded, *firms)]
    assert len(set(programs)) == 4

    async def ask() -> None:
        logs = logs_of(data)

        async def asking(program: str) -> None:
            for _ in range(20):
                async with logs.lent(program) as writer:
                    assert await logs.in_thread(writer.log.enrolled, "LYN1")

        await asyncio.gather(*(asking(program) for program in programs * 3))
        assert len(logs._open) <= 1
        await logs.close()

    run(ask())
    for other in firms:
        other.close()


def test_a_log_that_is_not_here_is_not_looked_for(data: Path) -> None:
    async def ask() -> None:
        logs = logs_of(data)
        for program in ("", "x", "../../etc/passwd", "A" * 43, "\0" * 43):
            with pytest.raises(NotHere):
                async with logs.lent(program):
                    pass
        assert not logs._turns
        await logs.close()

    run(ask())


@pytest.mark.parametrize("fault", ["missing", "readable", "damaged", "another"])
def test_a_key_that_cannot_be_used(founded: Firm, data: Path, fault: str) -> None:
    (key,) = (data / "keys").glob("*.key")
    if fault == "missing":
        key.unlink()
    elif fault == "readable":
        key.chmod(0o644)
    elif fault == "damaged":
        key.write_bytes(b"{")
    else:
        Keys(data / "keys").make(bytes(32))
        (other,) = set((data / "keys").glob("*.key")) - {key}
        key.write_bytes(other.read_bytes())

    async def ask() -> None:
        logs = logs_of(data)
        with pytest.raises(NotHere) as caught:
            async with logs.lent(founded.program):
                pass
        assert isinstance(caught.value.__cause__, Unusable), "the server's log tells what to put back"
        await logs.close()

    run(ask())


def test_a_refused_push_is_told_its_line(firm: Firm, data: Path) -> None:
    push = pushes(firm)[0]

    async def ask() -> None:
        logs = logs_of(data)
        async with logs.lent(firm.program) as writer:
            answer = await writer.push(Push([*push.lines, b"{}"], push.seal))
            assert isinstance(answer, Denied)
            assert is_right(writer.log, push, await writer.push(push))
        await logs.close()

    run(ask())
