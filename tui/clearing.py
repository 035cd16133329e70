"""Who can clear what is in the way: read from the words in which a kind says it (`Blocker.who`), for any person."""

import re
from collections.abc import Collection
from typing import Final

from shared.actions.action import RULES
from shared.actions.kind import Blocker
from tui.reader import Reader
from tui.wording import spoken

_WORDS: Final = re.compile(r"[\w.-]*\w")
_EXCEPT: Final = re.compile(r"\b(?:but|other than)\b")
_ANYBODY: Final = "anybody"


def clears(reader: Reader, who: str, person: str, company: str, roles: Collection[str]) -> bool:
    """Whether those words let a person clear it: they say anybody, or `names` them; not where they except them."""
    if not person or person in _parted(who)[1]:
        return False
    return says_anybody(who) or names(reader, who, person, company, roles)


def names(reader: Reader, who: str, person: str, company: str, roles: Collection[str]) -> bool:
    """Whether those words mean a person more than others: by id, or by a role, of their company where one is named."""
    able, but = _parted(who)
    if not person or person in but:
        return False
    if person in able:
        return True
    said = {one.casefold() for one in able}
    if not any(role in said or f"{role}s" in said for role in roles):
        return False
    asked = [one for one in _companies(reader) if one in able]
    return not asked or company in asked


def says_anybody(who: str) -> bool:
    """Whether those words mean nobody in particular."""
    return _ANYBODY in _parted(who)[0]


def by_id(who: str, person: str) -> bool:
    """Whether those words name this very person."""
    return bool(person) and person in _parted(who)[0]


def in_words(one: Blocker) -> str:
    """What is in the way, as people read it: in a rule's own text actions have their names."""
    rule = RULES.get(one.rule)
    return spoken(one.what) if rule is not None and one.what == rule.text else one.what


def _parted(who: str) -> tuple[set[str], set[str]]:
    """The words that say who, and those that say who not."""
    able, *but = _EXCEPT.split(who, maxsplit=1)
    return set(_WORDS.findall(able)), set(_WORDS.findall(" ".join(but)))


def _companies(reader: Reader) -> list[str]:
    program = reader.program()
    found = program.columns.get("companies") if program else None
    return found if isinstance(found, list) else []
