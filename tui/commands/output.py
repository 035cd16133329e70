"""Printing: JSON for programs, plain lines of at most 80 columns for people, nothing that a terminal would obey."""

import sys
from collections.abc import Iterable
from typing import Any

import msgspec

from shared.actions.sentence import visible

WIDTH = 80
"""Columns that a line of a list has."""


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print a value as one line of JSON."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def print_lines(lines: Iterable[str]) -> None:
    """Print lines of text; control characters that got here are shown as symbols."""
    text = "".join(f"{visible(line)}\n" for line in lines)
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def cut(text: str, width: int) -> str:
    """A text on one line, cut to a width with a mark that something is missing."""
    line = visible(text.replace("\n", " "))
    return line if len(line) <= width else f"{line[: width - 3]}..."


def words(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """A value on one line: lists joined, nothing for what is empty."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(words(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {words(inner)}" for key, inner in value.items() if inner not in (None, "", []))
    return str(value)
