"""The prepared demo as tests see it, and the commands that they run on it."""

import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
HOMES = ("floor", "qa", "sponsor")
ANDON = Path(sys.executable).with_name("andon")


class Demo(NamedTuple):
    answer: dict[str, Any]
    stderr: str
    seconds: float
    before: int
    """When preparing began, ms since 1970 UTC."""

    def home(self, name: str) -> Path:
        return Path(self.answer["homes"][name])

    def password(self, person: str) -> str:
        return str(next(one["password"] for one in self.answer["people"] if one["id"] == person))


def run_demo(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "scripts" / "demo", *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def andon(home: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ANDON), "--home", str(home), *arguments], input=stdin, capture_output=True, text=True, check=False
    )
