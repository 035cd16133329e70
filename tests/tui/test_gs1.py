"""GS1 element strings: what is read of them, and that nothing else is."""

import random
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tui.gs1 import GS, LONGEST, SYMBOLOGIES, NotGs1, _table, check_digit, parse, value

GTIN = "09506000134352"
YEAR = 2026
CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


def test_a_vials_code_in_parts() -> None:
    found = parse(f"]d201{GTIN}17270331{'10'}LY-26-117{GS}21000042", YEAR)
    assert [(one.ai, one.value, one.day) for one in found] == [
        ("01", GTIN, ""), ("17", "270331", "2027-03-31"), ("10", "LY-26-117", ""), ("21", "000042", ""),
    ]  # fmt: skip
    assert [one.title for one in found] == ["GTIN", "USE BY or EXPIRY", "BATCH/LOT", "SERIAL"]
    assert (value(found, "10"), value(found, "00")) == ("LY-26-117", "")


@pytest.mark.parametrize("before", ["", GS, *SYMBOLOGIES, f"]C1{GS}"])
def test_whatever_a_scanner_sends_before_it(before: str) -> None:
    assert value(parse(f"{before}01{GTIN}10A", YEAR), "10") == "A"


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("17261231", "2026-12-31"), ("17240200", "2024-02-29"), ("17250200", "2025-02-28"), ("17760101", "2076-01-01"),
        ("17770101", "1977-01-01"), ("7006261231", "2026-12-31"), ("725019800229", "1980-02-29"),
        ("70032612312359", "2026-12-31"),
    ],
)  # fmt: skip
def test_dates(code: str, day: str) -> None:
    assert parse(f"]C1{code}", YEAR)[0].day == day


@pytest.mark.parametrize(
    "code",
    [
        "", GS, "]C1", "DEV-LYN1-17", "LY-26-117", "$ANDON/STOP", "noor.haddad", "123456", "10LY-26-117",
        "0109506000134353", f"01{GTIN[:-1]}", f"01{GTIN}1", f"01{GTIN}10", f"01{GTIN}10{'A' * 21}",
        f"01{GTIN}10A{GS}21",
        f"]C101{GTIN}17261301", "]C117260230", "]C17006261200", "]C170032612312460", f"01{GTIN}10A\u00e9",
        "]C1992\u0660",
        f"01{GTIN}10A B", "]C1800101010", "]C1098765", f"01{GTIN}10A{GS}10B", "]C18006095060001343520302",
        "]C14309999999999900000000001", f"]C1{'9' * LONGEST}", "01" + "\u0661" * 14,
    ],
)  # fmt: skip
def test_what_does_not_parse_is_refused(code: str) -> None:
    with pytest.raises(NotGs1):
        parse(code, YEAR)


def test_fnc1_behind_a_fixed_length_is_borne_and_a_repeated_value_too() -> None:
    assert len(parse(f"01{GTIN}{GS}10A{GS}10A", YEAR)) == 3


def test_the_whole_dictionary_is_read() -> None:
    table = _table()
    assert len(table) > 500
    assert {ai for ai in table if any(other != ai and other.startswith(ai) for other in table)} == set()
    assert all(spec.components for spec in table.values())


@given(st.text("0123456789", min_size=1, max_size=17))
def test_a_wrong_digit_anywhere_is_found(digits: str) -> None:
    whole = digits + check_digit(digits)
    for place, digit in enumerate(whole):
        other = whole[:place] + str((int(digit) + 1) % 10) + whole[place + 1 :]
        assert check_digit(other[:-1]) != other[-1]


PARTS = st.fixed_dictionaries(
    {},
    optional={
        "10": st.text(CSET82, min_size=1, max_size=20),
        "21": st.text(CSET82, min_size=1, max_size=20),
        "91": st.text(CSET82, min_size=1, max_size=90),
        "17": st.dates(date(YEAR - 49, 1, 1), date(YEAR + 50, 12, 31)).map(lambda day: f"{day:%y%m%d}"),
        "00": st.text("0123456789", min_size=17, max_size=17).map(lambda one: one + check_digit(one)),
        "3103": st.text("0123456789", min_size=6, max_size=6),
    },
)


@given(parts=PARTS, rng=st.randoms(use_true_random=False), always=st.booleans())
def test_what_is_written_is_read(parts: dict[str, str], rng: random.Random, *, always: bool) -> None:
    assume(parts)
    order = list(parts)
    rng.shuffle(order)
    code = "]d2"
    for place, ai in enumerate(order):
        last = place == len(order) - 1
        code += f"{ai}{parts[ai]}" + ("" if last or (_table()[ai].fixed and not always) else GS)
    assert [(one.ai, one.value) for one in parse(code, YEAR)] == [(ai, parts[ai]) for ai in order]


@given(st.text(max_size=60) | st.text("0123456789" + GS, max_size=60))
def test_any_text_is_read_or_refused_and_never_anything_else(text: str) -> None:
    for code in (text, f"]C1{text}"):
        try:
            found = parse(code, YEAR)
        except NotGs1:
            continue
        assert found
        assert all(one.value for one in found)
        again = "]C1" + "".join(f"{one.ai}{one.value}{GS}" for one in found)
        assert parse(again, YEAR) == found
