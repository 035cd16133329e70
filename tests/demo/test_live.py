"""The demo as people start it: in a terminal it becomes the floor's kiosk, and leaves nothing running behind it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from scripts import demo_homes
from scripts.demo_cast import OFFICERS, PEOPLE
from scripts.demo_live import page
from tests.demo.prepared import ROOT
from tests.tui.terminal import Terminal

PREPARED_S = 90.0
OPENS_S = 10.0
"""From the prepared homes to the kiosk (design.md, the demo)."""


def started_by(folder: str) -> list[str]:
    """The processes that have a folder in their command."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = one.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if folder in words and "pytest" not in words:
            found.append(words)
    return found


def demo(*arguments: str) -> Terminal:
    return Terminal(Path(), command=(str(ROOT / "scripts" / "demo"), *arguments))


@pytest.mark.parametrize("ends", ["keys", "hang-up"])
def test_it_opens_the_kiosk_at_once_and_ends_all_that_it_started(ends: str) -> None:
    with demo() as one:
        one.until(lambda: "prepared in" in one.everything, PREPARED_S)
        begun = time.monotonic()
        one.until_text("F2 STOP", within=OPENS_S)
        assert time.monotonic() - begun < OPENS_S
        (sponsor,) = set(re.findall(r"sh (\S+)/sponsor\.sh", one.everything))
        try:
            both = {"andon-server", "andon"}
            one.until(lambda: {Path(words.split()[1]).name for words in started_by(sponsor)} >= both)
            one.until_text("synced", "This is the demo: F1")
            if ends == "keys":
                one.keys("f1")
                one.until_text("noor.haddad")
                one.keys("escape", "ctrl+c")
                one.until_text("Ctrl+Q, pressed twice")
                one.keys("ctrl+q", "ctrl+q")
                assert one.ended()[0] == 0
                assert "has ended" in one.everything
            else:
                one.hang_up()
                one.ended()
            until = time.monotonic() + 5
            while started_by(sponsor) and time.monotonic() < until:
                time.sleep(0.05)  # between two looks
            assert started_by(sponsor) == []
        finally:
            shutil.rmtree(sponsor, ignore_errors=True)


def test_ctrl_c_before_the_kiosk_opens_ends_it_and_leaves_nothing(tmp_path: Path) -> None:
    with Terminal(Path(), command=(str(ROOT / "scripts" / "demo"),), environment={"TMPDIR": str(tmp_path)}) as one:
        one.until(lambda: "2026 ..." in one.everything, PREPARED_S)
        one.keys("ctrl+c")
        assert one.ended()[0] == 130
    assert started_by(str(tmp_path)) == []
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]


def test_what_is_shown_first_fits_the_smallest_terminal() -> None:
    """Nothing of it scrolls away before the kiosk opens, nor is cut in the kiosk's help."""
    words = max((len(word), word) for word in demo_homes._WORDS)[1]
    people = [
        {
            "id": one.id,
            "company": one.company,
            "roles": list(one.roles),
            "password": f"{words} {words} {words} {words} 99",
        }
        for one in (*PEOPLE, *OFFICERS)
    ]
    text = page({"people": people}, f"{tempfile.gettempdir()}/andon-demo-12345678/sponsor.sh").splitlines()
    assert len(text) <= 22, "and one line below it"
    assert max(map(len, text)) <= 74, "the sponsor's command too: it is copied"
    assert all(sum(one.id in line for line in text) == 1 for one in (*PEOPLE, *OFFICERS))


def test_the_tour_runs_through_by_itself_where_there_is_no_terminal(tmp_path: Path) -> None:
    done = subprocess.run(
        [ROOT / "scripts" / "demo", "--tour"], cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    for step in range(1, 9):
        assert f"\n{step}. " in said
    order = [
        "do hold.stop", "NOW  ", "do deviation.problem", "sponsor show DEV-", "problem               Drops",
        "options               option Go on with seven", "urgency               spoils the open bulk", "unreachable",
        "lifted", "contested", 'Good "andon-esign" signature', "Could not verify", "all is well", "its bytes",
    ]  # fmt: skip
    places = [said.index(one) for one in order]
    assert places == sorted(places)
    assert max(len(line) for line in said.splitlines() if str(tmp_path) not in line) <= 80
    assert '{"id"' not in said, "what is for programs is told in words"
    assert started_by(str(tmp_path)) == []


def test_the_tour_takes_no_folder(tmp_path: Path) -> None:
    words = [sys.executable, "-P", "-m", "scripts.prepare", "--tour", "--prepare", str(tmp_path / "x")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert not (tmp_path / "x").exists()
