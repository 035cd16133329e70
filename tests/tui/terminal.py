"""A real process on a pseudo-terminal, its screen as a terminal would show it, and a check of every byte that it sends.

The parser knows only what Textual itself writes. Whatever else reaches the terminal (text of a record that a terminal
would obey) is kept in `strange`.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Self

from rich.cells import cell_len

ANDON: Final = Path(sys.executable).with_name("andon")
LONG_S: Final = 15.0
"""How long what should come at once may take, s."""
KEYS: Final = {
    "f1": b"\x1bOP", "f2": b"\x1bOQ", "f3": b"\x1bOR", "f4": b"\x1bOS", "f5": b"\x1b[15~", "f6": b"\x1b[17~",
    "f7": b"\x1b[18~", "f8": b"\x1b[19~", "f9": b"\x1b[20~", "f10": b"\x1b[21~", "f11": b"\x1b[23~", "f12": b"\x1b[24~",
    "enter": b"\r", "escape": b"\x1b", "tab": b"\t", "up": b"\x1b[A", "down": b"\x1b[B", "pagedown": b"\x1b[6~",
    "ctrl+b": b"\x02", "ctrl+c": b"\x03", "ctrl+d": b"\x04", "ctrl+q": b"\x11", "ctrl+z": b"\x1a", "ctrl+\\": b"\x1c",
}  # fmt: skip
_MODES: Final = {None, "7", "25", "1000", "1003", "1004", "1006", "1015", "1016", "1049", "2004", "2026", "2048"}
_TOKEN: Final = re.compile(
    r"\x1b\[(?P<moved>\d+;\d+)H|\x1b\[\?(?P<mode>\d+)[hl]|\x1b\[(?P<style>[\d;]*)m|\x1b\[\?(?P<asked>2026|2048)\$p"
    r"|\x1b\[(?:>\d+|<)u|\x1b\[(?P<all>2J)|\x1b\]22;[a-z-]*\x07|\x1b\[(?P<home>H)|(?P<line>\r?\n)|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
)
_ONE: Final = r"(?:[34]8;2;\d{1,3};\d{1,3};\d{1,3}|[34]8;5;\d{1,3}|[34][0-79]|9[0-7]|10[0-7]|[0-479])"
_STYLE: Final = re.compile(rf"(?:{_ONE}(?:;{_ONE})*)?")
_NOT_PASSED: Final = ("PYTHON", "ANDON", "TEXTUAL", "NO_COLOR", "TMUX", "LINES", "COLUMNS", "COLORTERM")
_LONGEST: Final = 40
"""Characters of the longest sequence."""


class Screen:
    """What is on the terminal."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0
        self.strange: list[str] = []
        self._rest = ""

    def feed(self, data: str) -> None:
        text, at = self._rest + data, 0
        self._rest = ""
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is not None:
                self._take(found)
                at = found.end()
            elif text[at:] == "\r" or (text[at] == "\x1b" and len(text) - at < _LONGEST):
                self._rest = text[at:]  # the end of it may still come
                return
            else:
                self.strange.append(text[at : at + _LONGEST])
                at += 1

    def _take(self, found: re.Match[str]) -> None:
        if moved := found["moved"]:
            row, column = moved.split(";")
            self.row, self.column = int(row) - 1, int(column) - 1
        elif found["home"]:
            self.row = self.column = 0
        elif found["all"]:
            self.cells = [[" "] * self.columns for _ in range(self.rows)]
        elif found["line"]:
            self.row, self.column = self.row + 1, 0
        elif text := found["text"]:
            if not text.isprintable():
                self.strange.append(text)
            self._print(text)
        elif found["mode"] not in _MODES or not _STYLE.fullmatch(found["style"] or ""):
            self.strange.append(found[0])

    def _print(self, text: str) -> None:
        for one in text:
            width = cell_len(one)
            if 0 <= self.row < self.rows and 0 <= self.column < self.columns:
                line = self.cells[self.row]
                if width:
                    line[self.column : self.column + width] = [one] + [""] * (width - 1)
                elif self.column:
                    line[self.column - 1] += one
            self.column += width

    def resize(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]

    def text(self) -> str:
        return "\n".join("".join(line).rstrip() for line in self.cells)


class Terminal:
    """One process of the product on a terminal of its own."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        size: tuple[int, int] = (80, 24),
        owns: bool = True,
        environment: Mapping[str, str] | None = None,
        command: tuple[str, ...] = (),
    ) -> None:
        """Start `andon --home HOME` on it.

        Args:
            home: the terminal's folder.
            arguments: further ones.
            size: columns and rows.
            owns: whether the terminal is the process' controlling one, so that closing it sends SIGHUP.
            environment: variables beside the usual ones.
            command: another command in the place of andon.
        """
        self.screen = Screen(*size)
        self.closed = self.over = False
        self.bytes = 0
        self.everything = ""
        self._decode = getincrementaldecoder("utf-8")().decode
        self._master, slave = pty.openpty()
        self._size(size)
        env = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_PASSED)}
        self.process = subprocess.Popen(
            command or [ANDON, "--home", str(home), *arguments],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env={**env, "TERM": "xterm-256color", **(environment or {})},
            preexec_fn=_take_terminal if owns else None,  # noqa: PLW1509 - no threads run in a test's process at this point
        )  # fmt: skip
        self.begun = time.monotonic()
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(LONG_S)
        self.hang_up()

    def _size(self, size: tuple[int, int]) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def pump(self, seconds: float = 0.05) -> bool:
        """Read what comes; False if nothing does."""
        if self.closed or self.over or not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:
            data = b""
        if not data:
            self.over = True  # it stays open, for its modes
            return False
        self.bytes += len(data)
        text = self._decode(data)
        self.everything += text
        self.screen.feed(text)
        return True

    def until(self, true: Callable[[], Any], within: float = LONG_S) -> None:
        """Read until something is true."""
        end = time.monotonic() + within
        while not true():
            assert time.monotonic() < end, f"it did not happen in time; the screen is\n{self.screen.text()}"
            self.pump()

    def until_text(self, *texts: str, within: float = LONG_S) -> str:
        """Read until all of these are on the screen; give the screen."""
        self.until(lambda: all(one in self.screen.text() for one in texts), within)
        return self.screen.text()

    def quiet(self, seconds: float = 0.25, within: float = LONG_S) -> str:
        """Read until nothing has come for a while; give the screen."""
        end = time.monotonic() + within
        while self.pump(seconds) and time.monotonic() < end:
            pass
        return self.screen.text()

    def send(self, data: bytes) -> None:
        """Write to the process, reading meanwhile, so that neither waits for the other for ever."""
        os.set_blocking(self._master, False)
        end = time.monotonic() + LONG_S
        while data:
            assert time.monotonic() < end, f"it does not read; the screen is\n{self.screen.text()}"
            try:
                data = data[os.write(self._master, data) :]
            except BlockingIOError:
                self.pump(0.01)
        os.set_blocking(self._master, True)

    def keys(self, *keys: str) -> None:
        """Press keys, by name or as texts."""
        for one in keys:
            self.send(KEYS.get(one, one.encode()))

    def scan(self, code: str) -> None:
        """What a scanner sends, in one go."""
        self.send(b"\x02" + code.encode() + b"\r")

    def paste(self, text: str) -> None:
        """A paste, marked as such."""
        self.send(b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Change the size; the process is told by a signal."""
        self.screen.resize(columns, rows)
        self._size((columns, rows))

    def hang_up(self) -> None:
        """Take the terminal away."""
        if not self.closed:
            self.closed = True
            os.close(self._master)

    def ended(self, within: float = LONG_S) -> tuple[int, float]:
        """Wait for its end, reading on; give the exit code and how long it took, s."""
        begun = time.monotonic()
        while self.process.poll() is None:
            assert time.monotonic() - begun < within, "it did not end"
            if self.closed or self.over:
                time.sleep(0.01)  # between two looks; there is nothing to read
            else:
                self.pump(0.02)
        return self.process.returncode, time.monotonic() - begun

    def signal(self, number: int) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    def modes(self) -> int:
        """The local modes of the terminal: whether it is raw."""
        return int(termios.tcgetattr(self._master)[3])


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGHUP])
