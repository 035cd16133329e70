"""What is told when the screens break: a number and a place, and never what was in memory."""

import sys
from pathlib import Path

import pytest

from tests.terminal.firm import Firm
from tests.tui.terminal import Terminal
from tui.crash import MOST, incident

SECRET = "plum-kettle-orbit"
PROGRAM = """
import sys
from pathlib import Path
from textual.widgets import Static
from shared.terminal.home import Home
from tui import app, start
from tui.screens.idle import IdleScreen

{how}

sys.exit(start.run(Home.open(Path({home!r})), "", ""))
"""
BREAKS = {
    "while it reads": """
def reread(self):
    password = "SECRET"
    raise ValueError(f"cannot use {password}")
IdleScreen.reread = reread
""",
    "at a key": """
def action_find(self, name):
    password = "SECRET"
    raise ValueError(f"cannot use {password}")
app.AndonApp.action_page = action_find
""",
    "while it paints": """
def render_line(self, y):
    password = "SECRET"
    raise ValueError(f"cannot use {password}")
from tui.widgets.top_line import TopLine
Static.render_line = render_line
""",
    "in the performing thread": """
import tui.performing
def _next(self, *_):
    password = "SECRET"
    raise ValueError(f"cannot use {password}")
tui.performing.Performer._next = _next
""",
}


@pytest.mark.parametrize("how", BREAKS)
def test_it_tells_a_number_and_no_secret(firm: Firm, how: str) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    home = firm.homes["LYN1"].path
    words = PROGRAM.format(how=BREAKS[how].replace("SECRET", SECRET), home=str(home))
    with Terminal(home, command=(sys.executable, "-P", "-c", words)) as one:
        if how == "at a key":
            one.until_text("F2 STOP")
            one.keys("f4")
        one.ended()
        one.quiet()
        said = one.screen.text()
        assert "incident " in said
        assert "Nothing that was saved is lost" in one.everything
        assert one.process.returncode == 1
    kept = (home / "incidents.log").read_text(encoding="utf-8")
    for text in (said, kept, one.everything):
        assert SECRET not in text
        assert "cannot use" not in text
    assert "ValueError" in kept
    assert "Traceback" not in one.everything
    assert (home / "incidents.log").stat().st_mode & 0o077 == 0


def test_the_log_of_incidents_does_not_grow_for_ever(tmp_path: Path) -> None:
    (tmp_path / "incidents.log").write_bytes(b"x" * (MOST + 1))
    assert "incident " in incident(ValueError(SECRET), tmp_path)
    assert (tmp_path / "incidents.log").stat().st_size == MOST + 1


def test_a_disk_that_is_broken_is_no_second_fault(tmp_path: Path) -> None:
    assert "incident " in incident(ValueError(SECRET), tmp_path / "gone")
