"""How often somebody may ask: a bucket of tokens for each, filled again as time goes by."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from server.errors import TooMuch

_MOST: Final = 10_000
"""Buckets that are kept; the longest unused is forgotten, and is full again then."""


class Limit:
    """One limit, with a bucket for each name."""

    def __init__(self, rate: float, burst: float, now: Callable[[], float]) -> None:
        """Allow so much.

        Args:
            rate: tokens that a bucket gains in a second.
            burst: tokens that it holds at the most.
            now: tells the time in seconds; must not go back.
        """
        self._rate = rate
        self._burst = burst
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, cost: float = 1.0) -> None:
        """Take tokens from somebody's bucket; it may go below zero, for what a request costs is known only afterwards.

        Raises:
            TooMuch: it is empty; nothing was taken.
        """
        now = self._now()
        left, at = self._left.pop(name, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._rate)
        refused = left <= 0
        self._left[name] = (left if refused else left - cost, now)
        if len(self._left) > _MOST:
            self._left.popitem(last=False)
        if refused:
            raise TooMuch("Too many requests. Nothing is lost: the terminal asks again in a moment.")
