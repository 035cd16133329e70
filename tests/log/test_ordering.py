"""The ordering of pushes: what is accepted, answered again, marked as a fork, or told to wait."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from shared.log.canonical import b64, check, unb64
from shared.log.chain import SEAL, Verified, sealed_bytes
from shared.log.entry import ESIGN, MAX_LINE, Sign, Skip, line_bytes, line_id, signed_bytes, skip_bytes
from shared.log.leaf import leaf_bytes, line_of
from shared.log.ordering import order
from shared.log.push import Ordered, Refused, Wait
from shared.trust import keys, sshsig
from tests.log.pushes import DIGEST, KEYS, NOW, Log, Terminal, ordered, refusal


def test_a_push_gets_consecutive_positions(log: Log, lyn4: Terminal) -> None:
    lines = [*lyn4.write("a", "b"), lyn4.signed()]
    answer = ordered(log.push(lines, lyn4.seal()))
    assert [leaf.position for leaf in answer.leaves] == [1, 2, 3]
    assert [leaf.n for leaf in answer.leaves] == [1, 2, 3]
    assert [leaf.leaf for leaf in answer.leaves] == [leaf_bytes(line, NOW) for line in lines]
    assert [leaf.id for leaf in answer.leaves] == [line_id(line) for line in lines]
    assert b64(answer.leaves[-1].link) == lyn4.seal().link
    assert (answer.known, answer.forked, answer.seal) == ([], False, lyn4.seal())
    for leaf in answer.leaves:
        check(leaf.leaf)


def test_a_line_of_60_kib_is_accepted(log: Log, lyn4: Terminal) -> None:
    room = MAX_LINE - len(line_bytes(lyn4.entry(action={"do": "x", "text": ""}), None))
    lyn4.write(action={"do": "x", "text": "a" * room})
    assert len(lyn4.lines[0]) == MAX_LINE
    ordered(log.push(lyn4.lines, lyn4.seal()))


def test_received_never_decreases(log: Log, lyn4: Terminal) -> None:
    answer = ordered(log.push(lyn4.write(), lyn4.seal(), now=NOW - 5_000))
    assert answer.leaves[0].received == NOW
    answer = ordered(log.push(lyn4.write(), lyn4.seal(), now=NOW + 5_000))
    assert answer.leaves[0].received == NOW + 5_000


def test_genesis_and_its_followers_in_one_push() -> None:
    log, terminal = Log(), Terminal("LYN3")
    lines = terminal.write("program.begin", "member.propose")
    answer = ordered(log.push(lines, terminal.seal()))
    assert [leaf.position for leaf in answer.leaves] == [0, 1]
    assert log.id == terminal.program == b64(line_id(lines[0]))


def test_the_same_push_gets_the_same_answer_again(log: Log, lyn4: Terminal) -> None:
    lines = lyn4.write("a", "b")
    first = ordered(log.push(lines, lyn4.seal()))
    for _ in range(2):
        again = ordered(log.push(lines, lyn4.seal(), now=NOW + 60_000))
        assert (again.leaves, again.seal) == ([], None)
        assert [(one.id, one.position, one.received) for one in again.known] == [
            (leaf.id, leaf.position, leaf.received) for leaf in first.leaves
        ]
    assert log.size() == 3


def test_known_lines_before_new_ones_are_answered_too(log: Log, lyn4: Terminal) -> None:
    lyn4.write("a", "b")
    ordered(log.push(lyn4.lines, lyn4.seal()))
    lyn4.write("c")
    answer = ordered(log.push(lyn4.lines, lyn4.seal()))
    assert [one.position for one in answer.known] == [1, 2]
    assert [leaf.n for leaf in answer.leaves] == [3]
    assert not answer.forked


def test_a_push_whose_answer_was_lost_is_known_though_it_replaced_the_key(log: Log, lyn4: Terminal) -> None:
    lyn4.write("a", "terminal.key")
    pushed = lyn4.seal()
    ordered(log.push(lyn4.lines, pushed))
    log.terminals["LYN4"] = KEYS["new"]
    assert len(ordered(log.push(lyn4.lines, pushed)).known) == 2
    # and the next lines, under the new key, may come with the known ones
    lyn4.key = KEYS["new"]
    lyn4.write("b")
    assert len(ordered(log.push(lyn4.lines, lyn4.seal())).known) == 2


def test_a_fork_is_accepted_and_marked(log: Log, lyn4: Terminal) -> None:
    lyn4.write("a")
    ordered(log.push(lyn4.lines, lyn4.seal()))
    clone = Terminal("LYN4", log.id)
    clone.lines = lyn4.lines[:]
    lyn4.write("b")
    assert not ordered(log.push(lyn4.lines[1:], lyn4.seal())).forked
    clone.write("c", "d")
    answer = ordered(log.push(clone.lines[1:], clone.seal()))
    assert answer.forked
    assert len(log.links("LYN4", 2)) == 2
    # both branches go on
    lyn4.write("e")
    clone.write("f")
    assert ordered(log.push(lyn4.lines[2:], lyn4.seal())).forked
    assert not ordered(log.push(clone.lines[3:], clone.seal())).forked


def test_a_fork_from_before_a_new_key_is_heard_under_the_old(log: Log, lyn4: Terminal) -> None:
    lyn4.write("terminal.join")
    ordered(log.push(lyn4.lines, lyn4.seal()))
    log.terminals["LYN4"] = KEYS["new"]
    thief = Terminal("LYN4", log.id)
    thief.write("terminal.join", record="LYN4-again")
    refusal(log.push(thief.lines, thief.seal()), "LOG-4")
    log.branches["LYN4", 0] = [KEYS["LYN4"]]
    assert ordered(log.push(thief.lines, thief.seal())).forked
    # but after the key was replaced the old one seals nothing
    lyn4.write("more")
    refusal(log.push(lyn4.lines[1:], lyn4.seal()), "LOG-4")


def test_a_skip_takes_the_place_of_a_refused_line(log: Log, lyn4: Terminal) -> None:
    lyn4.write("a")
    bad = line_bytes(lyn4.entry(action={"do": "b", "text": "\u202e"}), None)
    lyn4.append(bad)
    lyn4.write("c")
    answer = refusal(log.push(lyn4.lines, lyn4.seal()), "LOG-12", 2)
    assert answer.id == line_id(bad)
    why = f"{answer.rule} {answer.why}"
    lyn4.lines[1] = skip_bytes(Skip(program=log.id, terminal="LYN4", n=2, id=b64(line_id(bad)), why=why))
    assert len(ordered(log.push(lyn4.lines, lyn4.seal())).leaves) == 3


def test_wait_for_what_the_author_had_seen(log: Log, lyn3: Terminal, lyn4: Terminal) -> None:
    lyn3.write(heads={"LYN4": 2})
    lyn4.write("a", "b")
    assert log.push(lyn3.lines, lyn3.seal()) == Wait("LYN4", 2, line=2)
    ordered(log.push(lyn4.lines[:1], lyn4.seal(1)))
    assert log.push(lyn3.lines, lyn3.seal()) == Wait("LYN4", 2, line=2)
    ordered(log.push(lyn4.lines, lyn4.seal()))
    ordered(log.push(lyn3.lines, lyn3.seal()))


def test_two_terminals_that_wait_for_each_other_come_out_of_it(log: Log, lyn3: Terminal, lyn4: Terminal) -> None:
    lyn3.write("a")
    lyn4.write(heads={"LYN3": 2})
    lyn3.write(heads={"LYN4": 1})
    waiting = log.push(lyn3.lines[1:], lyn3.seal())
    assert isinstance(waiting, Wait)
    assert isinstance(log.push(lyn4.lines, lyn4.seal()), Wait)
    ordered(log.push(lyn3.lines[: waiting.line - 1], lyn3.seal(waiting.line - 1)))
    ordered(log.push(lyn4.lines, lyn4.seal()))
    ordered(log.push(lyn3.lines, lyn3.seal()))


def test_wait_comes_before_the_refusal_of_an_unknown_terminal(log: Log, lyn3: Terminal) -> None:
    # LYN5 may have been enrolled by the very entry of LYN4 that is not there yet
    lyn3.write(heads={"LYN4": 1, "LYN5": 3})
    assert log.push(lyn3.lines, lyn3.seal()) == Wait("LYN4", 1, line=2)


def test_what_was_seen_in_an_earlier_epoch_may_be_gone(log: Log, lyn4: Terminal) -> None:
    log.epoch_now = 2
    lyn4.write(seen=(500, 0))
    lyn4.write(seen=(500, 1, 1))
    lyn4.write(seen=(1, 2, 2))
    ordered(log.push(lyn4.lines, lyn4.seal(seen=Verified(size=900, root=DIGEST, epoch=1))))


def test_real_signatures(log: Log, lyn4: Terminal) -> None:
    seed, person = bytes([7]) * 32, bytes([8]) * 32
    public = keys.public_of(person)
    lyn4.key = log.terminals["LYN4"] = keys.public_of(seed)
    log.people["p07", keys.fingerprint(public)] = public
    entry = lyn4.entry(by="p07", sign=Sign(meaning="lifted", key=keys.fingerprint(public), sheet=DIGEST))
    lyn4.append(line_bytes(entry, b64(sshsig.sign(person, ESIGN, signed_bytes(entry)))))
    seal = lyn4.seal()
    seal = msgspec.structs.replace(seal, sig=b64(sshsig.sign(seed, SEAL, sealed_bytes(seal))))
    assert (ESIGN, SEAL) == (sshsig.ESIGN, sshsig.SEAL)
    assert isinstance(order(lyn4.lines, seal, log, log, NOW, sshsig.verify), Ordered)
    other = msgspec.structs.replace(seal, sig=b64(sshsig.sign(person, SEAL, sealed_bytes(seal))))
    refusal(order(lyn4.lines, other, log, log, NOW, sshsig.verify), "LOG-4")


@given(st.lists(st.binary(max_size=80), max_size=3), st.integers(1, 5), st.booleans())
def test_hostile_lines_raise_nothing(lines: list[bytes], n: int, right: bool) -> None:
    log, terminal = Log(), Terminal("LYN4")
    terminal.lines = lines
    terminal.program = b64(line_id(lines[0])) if lines else DIGEST
    seal = terminal.seal() if right and lines else msgspec.structs.replace(terminal.seal(0), n=n)
    assert isinstance(log.push(lines, seal), Refused)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_any_cutting_and_repeating_gives_the_same_log(sizes: list[int], draw: Any) -> None:
    log, terminal = Log(), Terminal("LYN3")
    terminal.write("program.begin", *["x"] * sum(sizes))
    ends = [sum(sizes[:at]) + 1 for at in range(1, len(sizes) + 1)]
    for end in ends:
        for _ in range(draw.randrange(1, 3)):
            start = draw.randrange(min(log.size() + 1, end))
            ordered(log.push(terminal.lines[start:end], terminal.seal(end)))
    assert [line_of(leaf) for leaf in log.leaves] == terminal.lines
    assert log.links("LYN3", ends[-1]) == [unb64(terminal.seal().link)]
