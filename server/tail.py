"""What a log has published and no terminal is known to hold yet: kept outside of what is backed up.

Whoever restores yesterday's log meets today's tail. It tells how far the log had gone, so that no position is given
twice, and holds the last leaves themselves: those before it are at the terminals, which give them back.

The file is pages (docs/protocol.md 13), one behind the other, each with the checkpoint up to its end. It is not waited
for the disk: the log itself holds what it says, durably, and the tail matters only once the log is another one.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from shared.log.canonical import NotCanonical
from shared.log.entry import BadLine
from shared.log.wire import Head, Page, page_body, parse_page

ENDING: Final = ".tail"
MOST: Final = 32 << 20
"""Bytes from which on a tail is written anew from what terminals are known to hold."""
_SEAL: Final = b'{"key":'


class Tail:
    """The tail of one log."""

    def __init__(self, path: Path) -> None:
        """Keep it at `path`, whose folder is made when it is needed."""
        self._path = path
        self._file: int | None = None
        self.bytes = 0
        """Its size in bytes."""

    def read(self) -> list[Page]:
        """Give its pages, up to the first that is damaged or was cut off; whoever takes them in must judge them."""
        try:
            return list(_pages(self._path.read_bytes()))
        except OSError:
            return []

    def add(self, pages: list[Page]) -> None:
        """Add pages behind the others."""
        self._write(b"".join(map(page_body, pages)))

    def reset(self, pages: list[Page]) -> None:
        """Begin anew with these pages."""
        os.ftruncate(self._opened(), 0)
        self.bytes = 0
        self.add(pages)

    def _write(self, data: bytes) -> None:
        file = self._opened()
        while data:
            written = os.write(file, data)
            self.bytes += written
            data = data[written:]

    def _opened(self) -> int:
        if self._file is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
            self.bytes = os.fstat(self._file).st_size
        return self._file

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def from_position(page: Page, start: int) -> Page | None:
    """Give the part of a page from a position on; None if it does not reach there, or begins behind it."""
    skipped = start - page.head.start
    if not 0 <= skipped < len(page.leaves):
        return None
    head = msgspec.structs.replace(page.head, start=start, count=len(page.leaves) - skipped)
    return Page(head, page.leaves[skipped:], [one for one in page.seals if one[0] >= start])


def _pages(data: bytes) -> Iterator[Page]:
    lines = data.split(b"\n")
    at = 0
    while at < len(lines) - 1:
        try:
            count = msgspec.json.decode(lines[at], type=Head).count
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        end = at + 1
        while end < len(lines) - 1 and (count or lines[end].startswith(_SEAL)):
            count -= not lines[end].startswith(_SEAL)
            end += 1
        try:
            yield parse_page(b"\n".join([*lines[at:end], b""]))
        except (BadLine, NotCanonical):
            return
        at = end
