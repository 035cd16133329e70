"""The child process that turns a password into a key, and whose memory goes when it does.

Run by `shared.terminal.derive`, by nobody else. It imports the derivation and nothing more, so that it is at work some
60 ms after it was started. It says nothing on stderr: a traceback could show the password.

The request on stdin: password, salt and associated data, each after its length in four bytes, then KiB of memory,
passes and lanes, four bytes each; all big-endian. The answer on stdout: one byte, and the key behind it if that byte is
`DONE`.
"""

import sys
from typing import BinaryIO

from shared.trust.stretch import stretch

DONE = b"\x00"
NO_MEMORY = b"\x01"
REFUSED = b"\x02"


def answer(request: BinaryIO) -> bytes:
    """Reads one request and gives the answer to it; a request that is cut short or makes no sense is `REFUSED`."""

    def number() -> int:
        return int.from_bytes(_exactly(request, 4), "big")

    try:
        password, salt, ad = (_exactly(request, number()) for _ in range(3))
        return DONE + stretch(password, salt, ad, (number(), number(), number()))
    except MemoryError:
        return NO_MEMORY
    except (ValueError, OverflowError):
        return REFUSED


def no_core() -> None:
    """Forbids a core file, which would hold the password, where the system knows such a limit."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Answers the one request on stdin."""
    no_core()
    sys.stdout.buffer.write(answer(sys.stdin.buffer))
    sys.stdout.buffer.flush()


def _exactly(source: BinaryIO, size: int) -> bytes:
    data = source.read(size)
    if len(data) != size:
        raise ValueError("the request is cut short")
    return data


if __name__ == "__main__":
    main()
