"""Telling scans from typing: by the preamble, by speed and form, and never for longer than a second."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.command_card import CARDS, PREFIX, card_of
from tui.gs1 import NotGs1, parse
from tui.scanning import FEWEST, GAP_S, GS, LONGEST_S, MOST, Fed, Scanning, known

STX = "ctrl+b"
DEV = "DEV-LYN1-17"


def fed(scanning: Scanning, keys: Iterable[str], gap: float = 0.005, start: float = 10.0) -> list[Fed]:
    """Feed keys, each of them `gap` seconds behind the one before."""
    return [scanning.feed(key, key if len(key) == 1 else None, start + gap * n) for n, key in enumerate(keys)]


def test_a_scan_with_a_preamble_is_kept_whole() -> None:
    found = fed(Scanning(STX, pattern=False), [STX, *DEV, "enter"])
    assert all(one.kept for one in found)
    assert [one.code for one in found if one.code] == [DEV]
    assert found[-1] == Fed(kept=True, code=DEV)


@pytest.mark.parametrize("key", ["f2", "f3", "f10", "escape", "tab", "up", "ctrl+q", "backspace"])
def test_no_other_key_gets_out_of_a_scan_or_into_its_code(key: str) -> None:
    found = fed(Scanning(STX, pattern=False), [STX, *DEV[:4], key, *DEV[4:], "enter"])
    assert all(one.kept for one in found)
    assert found[-1].code == DEV


def test_fnc1_is_part_of_a_code() -> None:
    scanning = Scanning(STX, pattern=False)
    scanning.feed(STX, None, 1.0)
    for one in f"01{GS}2":
        scanning.feed("ctrl+right_square_bracket" if one == GS else one, one, 1.0)
    assert scanning.feed("enter", "\r", 1.0).code == f"01{GS}2"


@pytest.mark.parametrize("end", ["enter", "ctrl+j", "ctrl+m"])
def test_ends(end: str) -> None:
    assert fed(Scanning(STX, pattern=False), [STX, "A", end])[-1].code == "A"


def test_an_empty_and_a_too_long_scan_are_broken_and_still_kept() -> None:
    assert fed(Scanning(STX, pattern=False), [STX, "enter"])[-1] == Fed(kept=True, broken=True)
    found = fed(Scanning(STX, pattern=False), [STX, *("A" * (MOST + 1)), "enter"], gap=0.001)
    assert all(one.kept for one in found)
    assert found[-1] == Fed(kept=True, broken=True)
    assert fed(Scanning(STX, pattern=False), [STX, *("A" * MOST), "enter"], gap=0.001)[-1].code


def test_the_next_preamble_begins_anew() -> None:
    assert fed(Scanning(STX, pattern=False), [STX, *"DEV-", STX, *DEV, "enter"])[-1].code == DEV


def test_a_scan_that_never_ends_gives_the_keys_back_after_a_second() -> None:
    scanning = Scanning(STX, pattern=False)
    scanning.feed(STX, None, 1.0)
    assert scanning.feed("a", "a", 1.0 + LONGEST_S).kept
    late = scanning.feed("f2", None, 1.0 + LONGEST_S + 0.001)
    assert (late.kept, late.broken) == (False, True)
    assert scanning.feed("a", "a", 2.3) == Fed()
    assert not scanning.feed("enter", "\r", 2.6).kept


def test_what_is_left_of_a_slow_scan_does_not_submit() -> None:
    found = fed(Scanning(STX, pattern=False), [STX, *("A" * 70), "enter", "enter"], gap=0.02)
    assert found[-2].kept
    assert not found[-2].code
    assert not found[-1].kept, "a second Enter is a person's"


@given(
    pressed=st.lists(
        st.tuples(st.sampled_from([STX, "a", "1", "enter", "f2", "-", GS]), st.floats(0, 3, allow_nan=False)),
        max_size=60,
    ),
    pattern=st.booleans(),
)
def test_no_key_is_kept_for_longer_than_a_second_after_a_preamble(
    pressed: list[tuple[str, float]], *, pattern: bool
) -> None:
    scanning, at, begun = Scanning(STX, pattern=pattern), 0.0, float("-inf")
    for key, gap in pressed:
        at += gap
        one = scanning.feed(key, key if len(key) == 1 else None, at)
        if key == STX:
            begun = at
            assert one.kept
        elif at - begun > LONGEST_S and key != "enter":
            assert not one.kept
        assert not one.code or key == "enter"


def test_without_a_preamble_a_fast_burst_of_a_known_form_is_a_scan() -> None:
    found = fed(Scanning("", pattern=True), [*DEV, "enter"], gap=GAP_S - 0.001)
    assert [one.kept for one in found] == [False] * len(DEV) + [True]
    assert found[0].first
    assert not any(one.first for one in found[1:])
    assert found[-1] == Fed(kept=True, code=DEV, typed=len(DEV))


@pytest.mark.parametrize(
    ("keys", "gap"),
    [
        ([*DEV, "enter"], GAP_S + 0.001), ([*"hello world", "enter"], 0.005), ([*"A-1", "enter"], 0.005),
        ([*DEV[:6], "left", *DEV[6:], "enter"], 0.005), (["enter"], 0.001),
    ],
)  # fmt: skip
def test_what_is_slow_or_unknown_or_short_is_typing(keys: list[str], gap: float) -> None:
    assert not any(one.kept or one.code for one in fed(Scanning("", pattern=True), keys, gap))


def test_a_late_enter_is_a_persons() -> None:
    scanning = Scanning("", pattern=True)
    fed(scanning, DEV)
    assert scanning.feed("enter", "\r", 11.0) == Fed()


def test_without_settings_nothing_is_a_scan() -> None:
    assert not any(one.kept for one in fed(Scanning("", pattern=False), [STX, *DEV, "enter"]))


def test_cards_are_like_nothing_else() -> None:
    assert {one.word for one in CARDS} == {"STOP", "CALL", "YES", "NO", *"0123456789"}
    code39 = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%")
    for one in CARDS:
        code = f"{PREFIX}{one.word}"
        assert card_of(code) == card_of(code.lower()) == one
        assert known(code)
        assert len(code) >= FEWEST
        assert set(code) <= code39
        with pytest.raises(NotGs1):
            parse(code, 2026)
    assert card_of("STOP") is None
