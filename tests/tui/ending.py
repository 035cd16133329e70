"""Whether the screens end in time, whatever else the machine does: they run against a process that learns of it too.

That one begins to work in the same moment, and works for two seconds of processor time. On an idle machine these are
the two seconds of design.md 7; where others take the processor, they take it from both.
"""

import subprocess
import sys
from collections.abc import Callable
from typing import Final

from tests.tui.terminal import Terminal

WITHIN_S: Final = 2.0
"""A process ends at most so long after its terminal (design.md 7)."""
_OTHER: Final = f"""\
import sys, time
print("here", flush=True)
sys.stdin.read()
end = time.process_time() + {WITHIN_S}
while time.process_time() < end:
    pass
"""


def ends_in_time(one: Terminal, end: Callable[[], None]) -> int:
    """End the screens somehow, and see that they are gone before the other process is; give their exit code."""
    with subprocess.Popen(
        [sys.executable, "-I", "-c", _OTHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:  # fmt: skip
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdout.readline()
        end()
        other.stdin.close()
        code, took = one.ended()
        first = other.poll() is None
        other.kill()
    print(f"screens: ended after {took * 1000:.0f} ms")  # noqa: T201 - `pytest -rP` shows it
    assert first, f"they took {took:.1f} s, and {WITHIN_S} s of work were done sooner"
    return code
