"""Following a page of the manual to the letter: its files are written, its commands run, their output compared."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

_FILE = re.compile(r"^```\w+ file=(\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# What differs from one run to the next, and what the page's own words for it become.
_LOOSE = (
    (re.compile(r"AAAAC3NzaC1lZDI1NTE5AAAAI[\w+/]{43}"), "PUBLIC"),
    (re.compile(r"SHA256:[\w+/]{43}"), "KEY"),
    (re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])"), "ID"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?: UTC)?[+-]\d\d:\d\d"), "TIME"),
    (re.compile(r"\b\d{13}\b"), "MS"),
)
_RECORD = re.compile(r"\b[A-Z]{3}-[A-Z0-9]{2,8}-\d+\b")


class Command(NamedTuple):
    """One command of a page, and what the page says that it prints."""

    words: str
    prints: str


def files(page: str) -> Iterator[tuple[str, str]]:
    """The files that a page says to write: place and content."""
    for found in _FILE.finditer(page):
        yield found[1], found[2]


def commands(page: str) -> Iterator[Command]:
    """The commands of a page in its order; a backslash at the end of a line goes on with the next."""
    for block in _CONSOLE.finditer(page):
        for part in re.split(r"(?m)^\$ ", block[1])[1:]:
            words, _, prints = re.sub(r"\\\n", "", part).partition("\n")
            yield Command(words, prints)


def loosely(text: str) -> str:
    """A text without what no two runs have in common: ids, digests, times, numbers of records, trailing blanks."""
    for pattern, name in _LOOSE:
        text = pattern.sub(name, text)
    text = _RECORD.sub(lambda found: found[0].rpartition("-")[0] + "-N", text)
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


class Follower:
    """Runs a page's commands one after another; records that the page names are those that were really made."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Work in `folder`, with these variables beside the machine's own."""
        self.folder = folder
        self.environment = {**os.environ, **environment, "COLUMNS": "80", "LC_ALL": "C.UTF-8"}
        self.known: dict[str, str] = {}

    def run(self, command: Command) -> tuple[str, str]:
        """What a command printed and what the page says it prints, both loosely."""
        words = self._renamed(command.words)
        done = subprocess.run(
            ["bash", "-c", words],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        printed = done.stdout.decode()
        for theirs, ours in zip(_RECORD.findall(command.prints), _RECORD.findall(printed), strict=False):
            self.known.setdefault(theirs, ours)
        return loosely(printed), loosely(self._renamed(command.prints))

    def _renamed(self, text: str) -> str:
        return _RECORD.sub(lambda found: self.known.get(found[0], found[0]), text)
