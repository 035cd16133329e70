"""Printing: JSON for programs, plain lines of at most 80 columns for people, nothing that a terminal would obey."""

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

WIDTH = 80
"""Columns that a line of a list has."""
_INDENT = 4


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print a value as one line of JSON."""
    sys.stdout.write(json.dumps(value, separators=(",", ":")) + "\n")


def print_lines(lines: Iterable[str]) -> None:
    """Print lines of text, long ones folded; control characters that got here are shown as symbols."""
    text = "".join(f"{part}\n" for line in lines for part in _folded(visible(line)))
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def visible(text: str) -> str:
    """A text with control and invisible characters shown as symbols."""
    if text.isascii() and text.isprintable():
        return text
    from shared.actions.visible import visible as seen  # noqa: PLC0415 - most texts do without it

    return seen(text)


def cut(text: str, width: int) -> str:
    """A text on one line, cut to a width with a mark that something is missing."""
    line = visible(text.replace("\n", " "))
    return line if len(line) <= width else f"{line[: width - 3]}..."


def _folded(line: str) -> list[str]:
    """A line in pieces of at most 80 columns, the later ones indented."""
    if len(line) <= WIDTH:
        return [line]
    from textwrap import wrap  # noqa: PLC0415 - only long lines pay for it

    indent = " " * (len(line) - len(line.lstrip()) + _INDENT)
    return wrap(line, WIDTH, subsequent_indent=indent, drop_whitespace=True, replace_whitespace=False)


def words(value: Any, said: Callable[[str | int], str] = str) -> str:  # noqa: ANN401 - any JSON value
    """A value on one line: lists joined, nothing for what is empty; `said` writes each text and number."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(words(one, said) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {words(inner, said)}" for key, inner in value.items() if inner not in (None, "", []))
    return said(value) if isinstance(value, str | int) and not isinstance(value, bool) else str(value)
