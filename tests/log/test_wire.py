"""Bodies that are taken apart: how many lines there are is known before any of them is an object of its own."""

from collections.abc import Callable
from typing import Any, Never

import pytest

from shared.log.entry import BadLine
from shared.log.wire import MOST_LINES, MOST_PAGE, MOST_PAGE_LINES, MOST_PUSH, parse_page, parse_push


class Whole(bytes):
    """A body that fails the test when it is taken apart."""

    def split(self, *_: object) -> Never:
        raise AssertionError("it was taken apart")

    def __getitem__(self, key: object) -> Never:
        raise AssertionError("it was copied")


@pytest.mark.parametrize(
    ("parse", "most", "lines"),
    [(parse_push, MOST_PUSH, MOST_LINES + 1), (parse_page, MOST_PAGE, MOST_PAGE_LINES)],
    ids=["push", "page"],
)
def test_a_body_of_too_many_lines_is_not_taken_apart(parse: Callable[[bytes], Any], most: int, lines: int) -> None:
    for body in (b"\n" * most, b"{}\n" * (most // 3), b"\n" * (lines + 1)):
        with pytest.raises(BadLine, match="lines"):
            parse(Whole(body))
    for body in (b"", b"{}", b"\n" * most + b"x"):
        with pytest.raises(BadLine, match="newline"):
            parse(Whole(body))
    with pytest.raises(AssertionError):
        parse(Whole(b"\n" * lines))
