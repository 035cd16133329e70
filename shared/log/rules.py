"""The rules by which a server refuses a push: who and form, never content.

One table, read by the ordering, by the terminal that shows a refusal, and by the page that documents them.
"""

from __future__ import annotations

from typing import Final

import msgspec


class Rule(msgspec.Struct, frozen=True):
    """One reason to refuse.

    Attributes:
        id: Its id, shown with every refusal.
        skips: True if it is about one line, which the terminal then replaces by a skip; False if about the push.
        refused: What is refused, one sentence for people.
        remedy: What to do next, one sentence for people.
    """

    id: str
    skips: bool
    refused: str
    remedy: str


_CALL: Final = "Call whoever looks after the server or the terminal."
_NEWER: Final = "Update Andon on this terminal, then enter the act again."
_AGAIN: Final = "Enter the act again; the refused text is kept for that."
_SYNC: Final = "Nothing is lost: the terminal pulls, and pushes again."

RULES: Final = {
    rule.id: rule
    for rule in (
        Rule("LOG-1", skips=False, refused="The terminal is not enrolled in this log.", remedy=_CALL),
        Rule("LOG-2", skips=False, refused="The push is for another program than this log's.", remedy=_CALL),
        Rule(
            "LOG-3", skips=False, refused="The push holds no lines, or its seal does not have its form.", remedy=_CALL
        ),
        Rule("LOG-4", skips=False, refused="The seal is not signed by the terminal's key.", remedy=_CALL),
        Rule("LOG-5", skips=False, refused="The log does not hold the line before the first one pushed.", remedy=_SYNC),
        Rule("LOG-6", skips=False, refused="The seal does not cover exactly the lines that were pushed.", remedy=_SYNC),
        Rule("LOG-7", skips=False, refused="The seal has seen a log larger than this, or a later epoch.", remedy=_CALL),
        Rule(
            "LOG-8", skips=False, refused="A line that the log holds follows one that it does not hold.", remedy=_SYNC
        ),
        Rule("LOG-9", skips=False, refused="Lines follow one that announces a new key.", remedy=_SYNC),
        Rule("LOG-10", skips=True, refused="The line is too large.", remedy="Enter it in parts, or attach the text."),
        Rule("LOG-11", skips=True, refused="The line is not canonical JSON of the profile.", remedy=_NEWER),
        Rule("LOG-12", skips=True, refused="A text holds characters that are not allowed.", remedy=_AGAIN),
        Rule("LOG-13", skips=True, refused="The line does not have the form of an entry or a skip.", remedy=_NEWER),
        Rule("LOG-14", skips=True, refused="The line is for another program than this log's.", remedy=_AGAIN),
        Rule(
            "LOG-15", skips=True, refused="The line is another terminal's than the one that sealed it.", remedy=_AGAIN
        ),
        Rule("LOG-16", skips=True, refused="The line's number does not follow the one before.", remedy=_AGAIN),
        Rule("LOG-17", skips=True, refused="The entry claims to have seen more than there was to see.", remedy=_AGAIN),
        Rule("LOG-18", skips=True, refused="The entry has seen a terminal that is not in this log.", remedy=_AGAIN),
        Rule("LOG-19", skips=True, refused="The entry of a person is not signed by that person.", remedy=_AGAIN),
        Rule("LOG-20", skips=True, refused="The entry of a terminal is another's, or is signed.", remedy=_AGAIN),
        Rule(
            "LOG-21",
            skips=True,
            refused="The key of the signature was never this person's.",
            remedy="Sign in again, so that this terminal gets the person's key, and enter the act again.",
        ),
        Rule("LOG-22", skips=True, refused="The signature does not fit the entry.", remedy=_AGAIN),
        Rule("LOG-23", skips=True, refused="The skip is for a line that the log holds.", remedy=_SYNC),
    )
}
"""Every rule by its id, in the order in which the ordering asks them where it can."""
