"""The real `andon` command, as a process on one home."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from shared.terminal.desk import Costs
from tests.terminal.firm import Inline, password

ANDON = Path(sys.executable).with_name("andon")
LEAST = Costs((64 * 1024, 2), None, Inline)
"""Wrapped at the least cost that the product opens, but in this process."""


class Result(NamedTuple):
    """What a process said."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


class Andon:
    """The `andon` command on one home."""

    def __init__(self, home: Path, pycache: Path) -> None:
        self.home = home
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ANDON"))}
        self.environment = {**kept, "PYTHONPYCACHEPREFIX": str(pycache), "PYTHONWARNINGS": "error"}

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [ANDON, "--home", self.home, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
        )

    def __call__(self, *arguments: str, typed: str = "") -> Result:
        process = self.start(*arguments)
        out, err = process.communicate(typed, timeout=120)
        return Result(process.returncode, out, err)

    def signed(self, person: str, *arguments: str) -> Result:
        return self(*arguments, "--as", person, "--password-stdin", typed=password(person).reveal() + "\n")
