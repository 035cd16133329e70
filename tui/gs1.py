"""GS1 element strings, as scanners read them from labels: what is a trade item's number, its lot, its expiry.

What each application identifier holds is read from GS1's own syntax dictionary (`data/gs1-syntax-dictionary.txt`).
Lengths, character sets, check digits and dates are judged; lists that GS1 keeps elsewhere (company prefixes, countries,
package types) are not, nor which identifiers must come together, for a label may have several codes.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

GS: Final = "\x1d"
"""What stands for FNC1 between elements."""
SYMBOLOGIES: Final = ("]C1", "]d2", "]Q3", "]e0", "]J1")
"""What a scanner may send before a GS1 code: Code 128, DataMatrix, QR, DataBar, DotCode."""
LONGEST: Final = 500
"""Characters; no GS1 symbol holds more element strings than that in use."""
LOT, GTIN, SERIAL, EXPIRY = "10", "01", "21", "17"
_ONE_CENTURY: Final = 100
_CSET82: Final = r"""!"%&'()*+,\-./0-9:;<=>?A-Z_a-z"""
_SETS: Final = {"N": "0-9", "X": _CSET82, "Y": r"#\-/0-9A-Z", "Z": r"A-Za-z0-9\-_="}
_COMPONENT: Final = re.compile(r"(\[?)([NXYZ])(\.\.)?([0-9]+)\]?((?:,[a-z0-9]+)*)")
_AIS: Final = re.compile(r"([0-9]{2,4})(?:-([0-9]{2,4}))?")


class NotGs1(Exception):
    """A text is no GS1 element string; the message says why in one line."""


class Component(NamedTuple):
    """A part of what an identifier holds: its set of characters, least and greatest length, and what it must obey."""

    chars: str
    least: int
    most: int
    checks: tuple[str, ...]


class Spec(NamedTuple):
    """What an identifier holds; `fixed` ones need nothing between them and the next."""

    ai: str
    fixed: bool
    components: tuple[Component, ...]
    title: str


class Element(NamedTuple):
    """One element: identifier, what GS1 calls it, its value, and the day that it means if it is a date."""

    ai: str
    title: str
    value: str
    day: str = ""


def parse(code: str, year: int) -> tuple[Element, ...]:
    """Read an element string.

    Args:
        code: as scanned, with or without a symbology identifier or FNC1 before it.
        year: the year now; dates have two digits of theirs.

    Returns:
        Its elements in their order.

    Raises:
        NotGs1: it is none, or breaks a rule of its identifiers.
    """
    marked = next((one for one in SYMBOLOGIES if code.startswith(one)), "")
    rest = code.removeprefix(marked)
    marked += GS if rest.startswith(GS) else ""
    rest = rest.removeprefix(GS).removesuffix(GS)
    if not rest or len(rest) > LONGEST:
        raise NotGs1("it is empty or too long")
    found = tuple(_elements(rest, year))
    if not marked and "csum" not in _table()[found[0].ai].components[0].checks:
        raise NotGs1("it does not say that it is a GS1 code, and begins with nothing that has a check digit")
    values: dict[str, str] = {}
    for one in found:
        if values.setdefault(one.ai, one.value) != one.value:
            raise NotGs1(f"({one.ai}) is there twice, with different values")
    return found


def value(elements: tuple[Element, ...], ai: str) -> str:
    """The value of an identifier, "" if it is not there."""
    return next((one.value for one in elements if one.ai == ai), "")


def check_digit(digits: str) -> str:
    """The check digit of a number, which is to stand behind these digits."""
    return str(-sum(int(one) * (3 if place % 2 == 0 else 1) for place, one in enumerate(reversed(digits))) % 10)


def _elements(rest: str, year: int) -> Iterator[Element]:
    while rest:
        spec = next((known for size in (2, 3, 4) if (known := _table().get(rest[:size]))), None)
        if spec is None:
            raise NotGs1(f"{rest[:4]!r} is no application identifier")
        rest = rest[len(spec.ai) :]
        if spec.fixed:
            size = sum(one.most for one in spec.components)
            text, rest = rest[:size], rest[size:].removeprefix(GS)
        else:
            text, between, rest = rest.partition(GS)
            if between and not rest:
                raise NotGs1("something is missing at its end")
        yield Element(spec.ai, spec.title, text, _judged(spec, text, year))


def _judged(spec: Spec, text: str, year: int) -> str:
    """Refuse a value that its identifier does not allow; give the day of a date."""
    rest, day = text, ""
    for one in spec.components:
        part, rest = rest[: one.most], rest[one.most :]
        if not part and not one.least:
            continue
        if len(part) < one.least or not re.fullmatch(f"[{_SETS[one.chars]}]+", part):
            raise NotGs1(f"({spec.ai}) {spec.title} cannot be {text!r}")
        for check in one.checks:
            if check in _DATES:
                day = day or _day(spec, part, year, last_for_00=_DATES[check])
            elif check in _CHECKS and not _CHECKS[check](part):
                raise NotGs1(f"({spec.ai}) {spec.title} cannot be {text!r} ({check})")
    if rest:
        raise NotGs1(f"({spec.ai}) {spec.title} is too long: {text!r}")
    return day


def _day(spec: Spec, text: str, year: int, *, last_for_00: bool) -> str:
    """The day that a date means; day 00 is the last of its month. Two digits are a year at most 49 behind, 50 ahead."""
    if len(text) == 8:  # noqa: PLR2004 - digits of a whole date
        full, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    else:
        behind = (int(text[:2]) - year % _ONE_CENTURY) % _ONE_CENTURY
        full = year + (behind if behind <= _ONE_CENTURY // 2 else behind - _ONE_CENTURY)
        month, day = int(text[2:4]), int(text[4:])
    last = monthrange(full, month)[1] if 1 <= month <= 12 and full else 0  # noqa: PLR2004 - months
    day = last if last_for_00 and not day else day
    if not 1 <= day <= last:
        raise NotGs1(f"({spec.ai}) {spec.title} is no date: {text!r}")
    return f"{full:04}-{month:02}-{day:02}"


def _below(limit: int) -> Callable[[str], bool]:
    return lambda text: int(text) < limit


_DATES: Final = {"yymmd0": True, "yymmdd": False, "yyyymmdd": False}
_CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "csum": lambda text: text[-1] == check_digit(text[:-1]),
    "hh": _below(24),
    "mi": _below(60),
    "ss": _below(60),
    "hhmi": lambda text: int(text[:2]) < 24 and int(text[2:]) < 60,  # noqa: PLR2004 - hours and minutes
    "zero": lambda text: not int(text),
    "nonzero": lambda text: bool(int(text)),
    "nozeroprefix": lambda text: text == "0" or not text.startswith("0"),
    "yesno": lambda text: text in {"0", "1"},
    "winding": lambda text: text in {"0", "1", "9"},
    "iso5218": lambda text: text in {"0", "1", "2", "9"},
    "hyphen": lambda text: set(text) == {"-"},
    "hasnondigit": lambda text: not text.isdigit(),
    "pieceoftotal": lambda text: 0 < int(text[:2]) <= int(text[2:]),
    "latitude": lambda text: int(text) <= 1_800_000_000,  # noqa: PLR2004 - from pole to pole
    "longitude": lambda text: int(text) <= 3_600_000_000,  # noqa: PLR2004 - once around
    "pcenc": lambda text: not re.search(r"%(?![0-9A-Fa-f]{2})", text),
}


@cache
def _table() -> dict[str, Spec]:
    """The dictionary, by identifier."""
    text = files("tui").joinpath("data/gs1-syntax-dictionary.txt").read_text(encoding="utf-8")
    return {one.ai: one for line in text.splitlines() if line and not line.startswith("#") for one in _specs(line)}


def _specs(line: str) -> Iterator[Spec]:
    """Read a line: identifiers, flags, components, attributes, and the title behind `#`."""
    before, _, title = line.partition("#")
    ais, *words = before.split()
    flags = "" if _COMPONENT.fullmatch(words[0]) else words.pop(0)
    components = []
    for word in words:
        found = _COMPONENT.fullmatch(word)
        if found is None:
            break  # attributes follow
        maybe, chars, upto, size, checks = found.groups()
        least = 0 if maybe else 1 if upto else int(size)
        components.append(Component(chars, least, int(size), tuple(checks.split(",")[1:])))
    named = _AIS.fullmatch(ais)
    if named is None:
        raise ValueError(f"the dictionary has a line that is not understood: {line!r}")
    first, last = named[1], named[2] or named[1]
    for number in range(int(first), int(last) + 1):
        yield Spec(str(number).zfill(len(first)), "*" in flags, tuple(components), title.strip())
