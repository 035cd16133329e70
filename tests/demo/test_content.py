"""What is in the prepared log: believable, sound, and signed so that others can check it."""

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from scripts import demo_homes, demo_program
from shared.fold.roster import RosterNow
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.kinds.calltree import whom_to_call
from shared.log.canonical import unb64
from shared.log.entry import ESIGN, Line, signed_bytes
from shared.log.leaf import parse_leaf
from shared.store.store import Store
from shared.trust.sshsig import allowed_signers_line, armor
from tests.demo.prepared import HOMES, Demo, andon

HOUR = 3_600_000
DEVIATIONS = {
    ("minor", "closed"): 36, ("minor", "triaged"): 5, ("minor", "open"): 2, (None, "open"): 2,
    ("major", "closed"): 8, ("major", "triaged"): 3, ("major", "open"): 1,
    ("critical", "closed"): 1, ("critical", "triaged"): 2,
}  # fmt: skip
# Nights, a weekend, both changes of the clocks, and the turn of a year: 2026-11-22T00:05, 2027-03-28T04:00,
# 2027-10-31T02:30 and 2027-01-04T00:10 in Lyon.
AWKWARD = (1_795_302_300_000, 1_806_199_200_000, 1_824_942_600_000, 1_799_017_800_000)


def checked(store: Store) -> None:
    rows = store.lists.rows("deviation", limit=-1)
    assert Counter((one.columns["criticality"], one.columns["state"]) for one in rows) == DEVIATIONS
    assert Counter(flag for one in rows for flag in one.flags) == {"contested": 1, "waiting": 1}
    gates = {one.columns["phase"]: one.columns for one in store.lists.rows("gate")}
    assert {phase: gate["state"] for phase, gate in gates.items()} == {
        "engineering": "go", "clinical": "go", "PPQ": "open"
    }  # fmt: skip
    assert (gates["PPQ"]["answered"], gates["PPQ"]["total"]) == (57, 60)
    batches = {one.columns["phase"]: one.columns["state"] for one in store.lists.rows("batch")}
    assert batches == {"clinical": "started", "PPQ": "planned"}
    holds = Counter(one.columns["state"] for one in store.lists.rows("hold"))
    assert holds == {"lifted": 8, "held": 2}
    assert {act.verdict for act in acts(store)} == {"stands", "waiting"}


class Act(NamedTuple):
    verdict: str
    refused: str | None


def acts(store: Store) -> list[Act]:
    return [Act(*row) for row in store.connection.execute("SELECT verdict, refused FROM act_named")]


def test_counts_and_verdicts(floor: Store) -> None:
    checked(floor)
    assert len(acts(floor)) == floor.log.size()
    assert not [one for one in acts(floor) if one.refused]


@pytest.mark.parametrize("now", AWKWARD)
def test_it_comes_out_the_same_at_every_hour_of_every_week(tmp_path: Path, now: int) -> None:
    homes = demo_homes.create(tmp_path)
    world, calendar = demo_program.start(homes, "http://127.0.0.1:1", now)
    with world.store:
        demo_program.live(world, calendar, homes, lambda: now + 9_000, lambda _: None)
        checked(world.store)
        assert now <= world.store.log.last_received() < now + 9_000


def test_the_running_batch_is_held_for_an_open_deviation_and_both_are_at_the_kiosks_post(
    demo: Demo, floor: Store
) -> None:
    batch = floor.lists.row(demo.answer["batch"])
    assert batch is not None
    assert (batch.columns["done"], batch.columns["total"]) == (4, 8)
    (hold,) = floor.lists.rows("hold", {"batch": batch.record, "state": "held"})
    (deviation,) = floor.lists.rows("deviation", {"hold": hold.record})
    assert (deviation.columns["state"], deviation.columns["batch"]) == ("open", batch.record)
    post = floor.lists.row("LYN1")
    assert post is not None
    assert len(post.columns["places"] or ()) == 2  # type: ignore[arg-type]  # a list column
    assert (post.columns["batch"], post.columns["step"]) == (batch.record, hold.columns["on"])


def test_every_hold_is_shown_as_cosigned(demo: Demo) -> None:
    for name in HOMES:
        holds = json.loads(andon(demo.home(name), "list", "hold", "--json").stdout)
        assert {one["sync"] for one in holds} == {"cosigned"}
        assert {one["state"] for one in holds} == {"held", "lifted"}


def test_a_new_stop_is_local_while_all_else_stays_cosigned(demo: Demo, tmp_path: Path) -> None:
    shutil.copytree(demo.home("floor"), tmp_path / "floor")
    done = andon(tmp_path / "floor", "do", "hold.stop", "--json", '{"reason": "needle 2 drips"}')
    assert done.returncode == 0, done.stderr
    holds = json.loads(andon(tmp_path / "floor", "list", "hold", "--json").stdout)
    assert Counter(one["sync"] for one in holds) == {"local": 1, "cosigned": 10}
    assert {one["on"] for one in holds if one["sync"] == "local"} == {f"{demo.answer['batch']}/050"}


def test_somebody_of_either_tier_is_on_call_at_any_hour_of_three_months_and_of_the_next_four_weeks(
    demo: Demo, floor: Store
) -> None:
    for hours in range(-85 * 24, 28 * 24, 5):
        now = demo.before + hours * HOUR
        with floor.snapshot():
            for expertise in ("aseptic filling", "formulation", "visual inspection", "quality"):
                callees = whom_to_call(View(Unit(floor.tables), None, now, "LYN1", "@LYN1"), now, expertise)
                assert [one.tier for one in callees[:2]] == [1, 2], (hours, expertise)
                assert 3 in {one.tier for one in callees}


def test_numbers_are_in_every_home_and_not_in_the_log(demo: Demo, floor: Store) -> None:
    numbers: set[str] = set()
    for name in HOMES:
        calls = json.loads(andon(demo.home(name), "call", "--json").stdout)["calls"]
        assert all(one["numbers"] and not one["numbers_missing"] for one in calls)
        numbers |= {number for one in calls for number in one["numbers"]}
    assert len(numbers) > 5
    assert not [one for one in floor.log.leaves() if any(number.encode() in one.leaf for number in numbers)]
    digests = floor.connection.execute("SELECT count(*) FROM blob WHERE erasable").fetchone()
    assert digests[0] == 10


class Signed(NamedTuple):
    record: str
    person: str
    message: bytes
    armor: str


def signatures(store: Store) -> Iterator[tuple[Signed, str]]:
    """Every person's signature, each with the line that allows its key."""
    for one in store.log.leaves():
        line = parse_leaf(one.leaf).line
        if not isinstance(line, Line) or line.entry.sign is None or line.sig is None:
            continue
        public = RosterNow(store.tables, line.entry.program).holds_key(line.entry.by, line.entry.sign.key)
        assert public is not None
        written = armor(public, ESIGN, unb64(line.sig))
        yield (
            Signed(line.entry.record, line.entry.by, signed_bytes(line.entry), written),
            allowed_signers_line(line.entry.by, public, (ESIGN,)),
        )


def test_ssh_keygen_accepts_every_signature_and_refuses_each_with_a_letter_changed(
    floor: Store, tmp_path: Path
) -> None:
    found = list(signatures(floor))
    assert len(found) > 400
    allowed = tmp_path / "allowed_signers"
    allowed.write_text("\n".join(sorted({line for _, line in found})) + "\n", encoding="ascii")

    def judged(numbered: tuple[int, Signed]) -> str | None:
        number, one = numbered
        signature = tmp_path / f"{number}.sig"
        signature.write_text(one.armor, encoding="ascii")
        who = ("-f", str(allowed), "-I", one.person, "-n", ESIGN, "-s", str(signature))
        at = one.message.index(b'"record":"') + len(b'"record":"')
        changed = one.message[:at] + bytes([one.message[at] ^ 1]) + one.message[at + 1 :]
        good, bad = (
            subprocess.run(["ssh-keygen", "-Y", "verify", *who], input=message, capture_output=True, check=False)
            for message in (one.message, changed)
        )
        if good.returncode or b"Good" not in good.stdout or not bad.returncode or b"Good" in bad.stdout:
            return f"{one.record} by {one.person}: {good.stdout!r} {good.stderr!r} {bad.stdout!r}"
        return None

    with ThreadPoolExecutor(2) as pool:
        assert not [one for one in pool.map(judged, enumerate(one for one, _ in found)) if one]
