"""What a password has to be, and the wrapper in which it passes through the program.

The rules are those of NIST SP 800-63B 3.1.1 and OWASP ASVS 5.0 V6.2: length, what is known of the person, what is
common. FDA guidance and customers ask for more (ageing, kinds of characters), which these two advise against: a profile
can demand it, and by default does not. A refusal repeats no part of the password: it is shown on a kiosk.
"""

from collections.abc import Container, Iterable, Iterator
from hmac import compare_digest
from itertools import pairwise
from typing import Never
from unicodedata import category, combining, normalize

import msgspec

from shared.trust.common import KEY_ROWS, WORDS

LEAST_LENGTH = 8
"""No profile goes below (ASVS 6.2.1)."""
ALLOWED_LENGTH = 64
"""Every profile allows at least as much (ASVS 6.2.9)."""
LONGEST_LENGTH = 1024

_PRODUCT = "andon"
_SHORT_WORD = 3  # a known word of this length counts only where it stands by itself; a shorter one is no hint
_MOST_WORDS = 3  # four common words are some 10^9 combinations, each of them a second and 256 MiB
_LEAST_CHARACTERS = 5
_LEAST_TURNS = 6
_KINDS = 4  # small letters, capitals, digits, all else
_LONGEST_WORD = max(map(len, WORDS))
_DAY_MS = 86_400_000

# Control characters, lone surrogates, unassigned code points: they cannot be typed on every terminal, and a later
# version of Unicode may normalise what it newly assigns in another way, which would shut the owner out.
_UNTYPABLE = frozenset(("Cc", "Cs", "Cn"))

_DISGUISES = (str.maketrans("013457@$!", "oieastasi"), str.maketrans("013457@$!", "oleastasl"))

_NEXT = frozenset(
    pair
    for row in (*KEY_ROWS, "0123456789", "abcdefghijklmnopqrstuvwxyz")
    for line in (row, row[::-1])
    for pair in pairwise(line)
)
"""Pairs of which one follows the other on a row of keys, in the alphabet or in counting."""


class Refused(ValueError):
    """A password that a rule refuses."""

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(f"{rule}: {text}")
        self.rule = rule
        """The rule's id, `PWD-1` to `PWD-7`."""
        self.text = text
        """What to do about it, for the person; holds nothing of the password."""


class Secret:
    """A password on its way from the keyboard to the derivation: no traceback, log or pickle shows it.

    Python cannot wipe it from memory. Keep it for the one call that needs it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "Secret(****)"

    def __eq__(self, other: object) -> bool:
        """Tells whether two were typed the same, in constant time; for "type it again"."""
        return isinstance(other, Secret) and compare_digest(self.canonical(), other.canonical())

    __hash__ = None  # type: ignore[assignment]  # a set or a cache would keep it

    def __reduce__(self) -> Never:
        """Refuses to be pickled or copied."""
        raise TypeError("a Secret is neither pickled nor copied")

    def reveal(self) -> str:
        """Gives the text as it was typed."""
        return self._text

    def canonical(self) -> bytes:
        """Gives the bytes that stand for it: NFKC (NIST SP 800-63B 3.1.1.2) in UTF-8, the same on every keyboard.

        Never fails: what is no text (a lone surrogate) has bytes too, of no password that `check_password` passes.
        """
        return normalize("NFKC", self._text).encode("utf-8", "surrogatepass")


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A site's password rules; the defaults are what we advise.

    Raises:
        ValueError: for a least length below 8, a greatest below 64 or above 1024, or kinds that cannot be met.
    """

    min_length: int = 12
    """Least number of characters, after NFKC."""
    max_length: int = 128
    """Greatest number of characters; longer ones are refused, never cut."""
    kinds: int = 0
    """How many of small letters, capitals, digits and other characters have to occur; 0 for none (ASVS 6.2.5)."""
    max_age_days: int = 0
    """After how many days a password has to be changed; 0 for never (ASVS 6.2.10)."""

    def __post_init__(self) -> None:
        if self.min_length < LEAST_LENGTH:
            raise ValueError(f"the least length of passwords is at least {LEAST_LENGTH}")
        if not max(ALLOWED_LENGTH, self.min_length) <= self.max_length <= LONGEST_LENGTH:
            raise ValueError(f"the greatest length of passwords is {ALLOWED_LENGTH} to {LONGEST_LENGTH}")
        if not 0 <= self.kinds <= _KINDS or self.max_age_days < 0:
            raise ValueError(f"a password has 0 to {_KINDS} kinds of characters and an age in days")


ADVISED = Profile()


def check_password(
    profile: Profile, password: Secret, context: Iterable[str], listed: Container[str] = frozenset()
) -> None:
    """Judges a password that somebody is about to set; never one that is typed to sign.

    Args:
        profile: the site's rules.
        password: as typed.
        context: what anyone knows here: the person's name and id, companies, products. Andon itself need not be named.
        listed: the site's own list of breached passwords: small letters, without accents.

    Raises:
        Refused: for a rule that it breaks: too short (PWD-1), too long (PWD-2), characters that cannot be typed
            everywhere (PWD-3), a word of the context in it (PWD-4), common or listed (PWD-5), a pattern (PWD-6), too
            few kinds of characters (PWD-7; only if the profile demands any).
    """
    if any(category(character) in _UNTYPABLE for character in password.reveal()):
        raise Refused("PWD-3", "Choose characters that can be typed on any terminal.")
    text = normalize("NFKC", password.reveal())
    if len(text) < profile.min_length:
        raise Refused("PWD-1", f"Choose at least {profile.min_length} characters; a few words that do not go together.")
    if len(text) > profile.max_length:
        raise Refused("PWD-2", f"Choose at most {profile.max_length} characters.")
    plain = _fold(text)
    if _names(plain, context):
        raise Refused("PWD-4", "Leave out your name and id, the companies, the products, and Andon.")
    if plain in listed or _is_common(plain):
        raise Refused("PWD-5", "Many people choose this, and digits or signs around it do not help. Add other words.")
    if _is_pattern(plain, profile.min_length):
        raise Refused("PWD-6", "Choose something that does not repeat, count up, or run along the keys.")
    if _kinds(text) < profile.kinds:
        raise Refused("PWD-7", f"Use {profile.kinds} of these: small letters, capitals, digits, other characters.")


def is_expired(profile: Profile, set_ms: int, now_ms: int) -> bool:
    """Tells whether a password is older than the profile allows.

    Args:
        profile: the site's rules.
        set_ms: when it was set, in milliseconds since 1970.
        now_ms: now, likewise.
    """
    return 0 < profile.max_age_days * _DAY_MS < now_ms - set_ms


def _fold(text: str) -> str:
    """Takes away what hardly anyone varies well: capitals and accents."""
    return "".join(letter for letter in normalize("NFKD", text).casefold() if not combining(letter))


def _spellings(plain: str) -> Iterator[str]:
    """Yields the text as it stands and with the usual signs read as letters."""
    yield plain
    for disguise in _DISGUISES:
        yield plain.translate(disguise)


def _words(text: str) -> list[str]:
    """Splits at everything that is neither letter nor digit."""
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def _names(plain: str, context: Iterable[str]) -> bool:
    """Tells whether a word of the context is in the password: anywhere, or by itself if it is short."""
    known = {_PRODUCT}
    for entry in context:
        words = _words(_fold(entry))
        known.update(words, ("".join(words),))
    return any(
        any(word in part for part in parts) if len(word) > _SHORT_WORD else len(word) == _SHORT_WORD and word in parts
        for parts in map(_words, _spellings(plain))
        for word in known
    )


def _is_common(plain: str) -> bool:
    """Tells whether nothing but a few common words is left without the digits and signs around and among them."""
    marks = "".join({letter for letter in plain if not letter.isalpha()})
    digits = "".join(filter(str.isdecimal, marks))
    # Signs at the ends may be letters in disguise (`@dmin2026`) or mere decoration (`admin!!`): both are tried.
    parts = {plain, *(strip(plain, ends) for strip in (str.lstrip, str.rstrip, str.strip) for ends in (marks, digits))}
    return any(
        _count_words("".join(filter(str.isalpha, spelling))) <= _MOST_WORDS
        for part in parts
        for spelling in _spellings(part)
    )


def _count_words(letters: str) -> int:
    """Counts the fewest common words that the letters fall into; more than `_MOST_WORDS` if they do not or are none."""
    counts = [0] + [_MOST_WORDS + 1] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST_WORD), end):
            if letters[start:end] in WORDS:
                counts[end] = min(counts[end], counts[start] + 1)
    return counts[-1] or _MOST_WORDS + 1


def _is_pattern(plain: str, least: int) -> bool:
    """Tells whether the text is a short piece repeated, few different characters, or mostly runs."""
    if any(plain[piece:] == plain[:-piece] for piece in range(1, min(least, len(plain) // 2 + 1))):
        return True
    turns = 1 + sum(pair[0] != pair[1] and pair not in _NEXT for pair in pairwise(plain))
    return len(set(plain)) < _LEAST_CHARACTERS or turns < _LEAST_TURNS


def _kinds(text: str) -> int:
    """Counts the kinds of characters that occur."""
    tests = (str.islower, str.isupper, str.isdecimal)
    return len({next((number for number, test in enumerate(tests) if test(letter)), len(tests)) for letter in text})
