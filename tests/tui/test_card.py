"""The printed command card: its bars say the codes, and the page in the manual is the one that is drawn."""

from pathlib import Path
from xml.etree import ElementTree as ET

from tui.card_svg import _CODE39, NARROW_MM, WIDE, bars, svg
from tui.command_card import CARDS, PREFIX

ROOT = Path(__file__).parents[2]


def read(drawn: list[tuple[float, float]]) -> str:
    """Read bars as a scanner does: wide and narrow ones, and the spaces between them, nine to a character."""
    limit = NARROW_MM * (1 + WIDE) / 2
    elements: list[float] = []
    for (at, wide), (following, _) in zip(
        drawn, [*drawn[1:], (drawn[-1][0] + drawn[-1][1] + NARROW_MM, 0.0)], strict=True
    ):
        elements += [wide, following - at - wide]
    by_bars = {pattern: character for character, pattern in _CODE39.items()}
    said = ""
    for start in range(0, len(elements), 10):
        nine = elements[start : start + 9]
        said += by_bars["".join("1" if one > limit else "0" for one in nine)]
    return said


def test_the_bars_of_each_command_say_its_code() -> None:
    for one in CARDS:
        code = f"{PREFIX}{one.word}"
        assert read(list(bars(code))) == f"*{code}*"


def test_code_39_is_what_it_says() -> None:
    assert len(_CODE39) == len(set(_CODE39.values())) == 44
    assert all(len(one) == 9 and one.count("1") == 3 for one in _CODE39.values()), "three of nine are wide"


def test_it_fits_on_its_page_and_is_the_one_of_the_manual() -> None:
    page = ET.fromstring(svg())  # noqa: S314 - our own
    for one in page.iter("{http://www.w3.org/2000/svg}rect"):
        assert float(one.get("x", 0)) + float(one.get("width", 0)) <= 210
        assert float(one.get("y", 0)) + float(one.get("height", 0)) <= 297
    assert (ROOT / "docs" / "manual" / "command-card.svg").read_text(encoding="utf-8") == svg()
