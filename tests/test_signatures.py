"""docs/manual/signatures.md, followed to the letter: the real command line, ssh-keygen, the page's own script."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.manual import MANUAL, ROOT
from tests.pages import Follower, commands, files
from tests.terminal.firm import LEAST, Firm, opened

PAGE = (ROOT / MANUAL / "signatures.md").read_text(encoding="utf-8")
ANDON = Path(sys.executable).with_name("andon")


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """A program in which Anna has stopped a filling line."""
    now = time.time_ns() // 1_000_000 - 60_000
    with opened(tmp_path_factory.mktemp("firm"), costs=LEAST, people=("anna",), now=now) as made:
        made.do("LYN1", "hold.stop", "", "anna", on="FILL-2", reason="pressure")
        yield made


@pytest.mark.requirement("P11-15")
def test_its_commands_print_what_it_says(firm: Firm, tmp_path: Path) -> None:
    for place, content in files(PAGE):
        (tmp_path / place).write_text(content, encoding="utf-8")
    path = f"{ANDON.parent}{os.pathsep}{os.environ['PATH']}"
    follower = Follower(tmp_path, {"ANDON_HOME": str(firm.homes["LYN1"].path), "PATH": path})
    told = list(commands(PAGE))
    assert sum("ssh-keygen -Y verify" in command.words for command in told) == 3
    for command in told:
        printed, expected = follower.run(command)
        assert printed == expected, command.words
