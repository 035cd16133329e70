"""The sheet that a person signs: complete, unforgeable by what people type, at most 78 columns, always the same."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.actions.action import ACTIONS, Action, Spec
from shared.actions.sheet import VERSION, WIDTH, SheetFacts, sheet
from shared.actions.visible import visible
from tests.actions.examples import anything, bounded

FACTS = SheetFacts(
    program="Antibody A (gh2k)",
    record="HLD-LYN1-4",
    title="BAT-LYN1-4/020: pressure",
    changes=3,
    last=("ab" * 32,),
    seen=(412, 17),
    needs="qa of sponsor",
    name="Anna Weiß",
    user="anna",
    roles=("qa", "sme"),
    company="cdmo",
    key="SHA256:x",
    terminal="LYN1",
    at="2026-11-22T07:38:09.120+01:00",
    zone="Europe/Paris",
    clock_offset=-120,
    contact_age=61_000,
    roster_age=7_500_000,
)
KNOWN = """\
Andon sheet 4

WHAT IS SIGNED
meaning               | lifted
action                | hold.lift: Lifts a hold: what was held may go on.
in words              | lifted the hold: gauge replaced,␊␊FIELDS␊record

ABOUT
program               | Antibody A (gh2k)
record                | HLD-LYN1-4
title                 | BAT-LYN1-4/020: pressure
version shown         | 3 entries about it
last of them          | - abababababababababababababababababababababababababab
                      . abababababab
log shown             | 412 entries, 17 of this terminal
template              (empty)

FIELDS
why it may go on [reason]
                      | gauge replaced,
                      |\x20
                      | FIELDS
                      | record

CHECKED AND PASSED
rules, and what each would have said had it refused
                      | - HOLD-1: Only a hold in force is lifted; choose one\x20
                      . from the list of holds.
                      | - HOLD-2: What the hold was raised for is not rated\x20
                      . yet; rate the deviation first.
to be confirmed by    | qa of sponsor

WHO, WHERE, WHEN
printed name          | Anna Weiß
user                  | anna
roles                 | qa, sme
company               | cdmo
key                   | SHA256:x
terminal              | LYN1
time                  | 2026-11-22T07:38:09.120+01:00
zone                  | Europe/Paris
clock                 | 0.120 s behind the server at the last contact
last contact          | 1 min ago
last entry received   | 2 h 5 min ago
"""
BAR = 22


def unfolded(text: str) -> list[str]:
    """The values of a sheet, each of their lines in one piece."""
    lines: list[str] = []
    for line in text.splitlines():
        if line[BAR : BAR + 2] == "| ":
            lines.append(line[BAR + 2 :])
        elif line[BAR : BAR + 2] == ". " and line[:BAR].isspace():
            lines[-1] += line[BAR + 2 :]
    return lines


def texts(value: Any) -> Iterator[str]:
    """All texts and numbers inside a value, line by line, as they must be seen."""
    match value:
        case bool():
            yield "yes" if value else "no"
        case str():
            yield from (visible(line) for line in value.split("\n"))
        case int():
            yield str(value)
        case Mapping():
            for key, inner in value.items():
                yield visible(str(key))
                yield from texts(inner)
        case list() | tuple():
            for inner in value:
                yield from texts(inner)
        case msgspec.Struct():
            for name in value.__struct_fields__:
                yield from texts(getattr(value, name))


@pytest.mark.requirement("P11-13")
def test_known_sheet() -> None:
    lift = ACTIONS["hold.lift"]
    assert sheet(lift, lift.cls(reason="gauge replaced,\n\nFIELDS\nrecord"), FACTS) == KNOWN


@given(anything())
def test_every_value_of_the_action_is_in_it(made: tuple[Spec, Action]) -> None:
    spec, action = made
    text = sheet(spec, action, FACTS)
    lines = unfolded(text)
    assert all(any(one in line for line in lines) for one in texts(action))
    plain = text.replace("\n", " ")
    assert all(" ".join(field.words.split()[:2]) in plain and f"[{field.name}]" in plain for field in spec.fields)
    assert all(f"{rule.id}: " in plain and any(rule.text in line for line in lines) for rule in spec.rules)
    assert not any(f"{rule.id} ({rule.source})" in plain for rule in spec.rules), "signers do not have those files"


HEADINGS = {VERSION, "", "WHAT IS SIGNED", "ABOUT", "FIELDS", "CHECKED AND PASSED", "WHO, WHERE, WHEN"}
LABELS = {
    *(
        "meaning",
        "action",
        "in words",
        "shown beside it",
        "program",
        "record",
        "title",
        "version shown",
        "last of them",
        "log shown",
    ),
    *(
        "template",
        "rules, and what each would have said had it refused",
        "to be confirmed by",
        "printed name",
        "user",
        "roles",
        "company",
        "key",
        "terminal",
    ),
    *("time", "zone", "clock", "last contact", "last entry received"),
}


def test_a_clock_that_was_set_back_is_not_a_contact_just_now() -> None:
    lift = ACTIONS["hold.lift"]
    for age, said in ((-5_000, "less than a minute ago"), (-3_600_000, "not known: this clock is behind")):
        made = sheet(lift, lift.cls(reason="r"), msgspec.structs.replace(FACTS, contact_age=age))
        assert f"last contact          | {said}" in made


def test_what_had_to_be_read_beside_the_form_is_in_it() -> None:
    rate = ACTIONS["deviation.rate"]
    facts = msgspec.structs.replace(FACTS, beside=("The questions propose MAJOR: patient possible.",))
    made = sheet(rate, rate.cls(criticality="minor", reason="r"), facts)
    assert "shown beside it       | - The questions propose MAJOR: patient possible." in made


@given(anything(), st.text(), st.text())
def test_no_value_makes_a_line_of_its_own(made: tuple[Spec, Action], title: str, name: str) -> None:
    spec, action = made
    text = sheet(spec, action, msgspec.structs.replace(FACTS, title=title, name=name))
    assert text == visible(text, keep="\n")
    labels = LABELS | {f"{field.words} [{field.name}]" for field in spec.fields}
    long = ""
    for line in text.split("\n"):
        left = line[:BAR].rstrip()
        if line[BAR : BAR + 2] in {"| ", ". "} and (not left or left in labels):
            assert not long or long in labels
            long = ""
        elif left in labels and line[BAR:] == "(empty)":
            assert not long
        elif long in labels and not left and line[BAR:] == "(empty)":
            long = ""
        elif line in HEADINGS:
            assert not long
        else:
            long += line
            assert any(label.startswith(long) for label in labels), line


@given(anything(), bounded())
def test_at_most_78_columns_and_always_the_same(made: tuple[Spec, Action], title: str) -> None:
    facts = msgspec.structs.replace(FACTS, title=title)
    text = sheet(*made, facts)
    assert max(sum(2 if ord(one) >= 0x1100 else 1 for one in line) for line in text.splitlines()) <= WIDTH
    assert text == sheet(*made, facts)
    assert text.isprintable() or text.replace("\n", "").isprintable() or not text.isascii()


@given(bounded(), bounded())
def test_a_line_in_an_item_is_no_item(first: str, second: str) -> None:
    join = ACTIONS["terminal.post"]
    one = sheet(join, join.cls(places=[f"{first}\n- {second}"]), FACTS)
    two = sheet(join, join.cls(places=[first, second]), FACTS)
    assert one != two


def test_unknown_times_say_so() -> None:
    lift = ACTIONS["hold.lift"]
    facts = msgspec.structs.replace(FACTS, clock_offset=None, contact_age=None, roster_age=None, seen=(412, 17, 2))
    text = sheet(lift, lift.cls(reason="x"), facts)
    assert "not compared with the server yet" in text
    assert "last contact          | never\n" in text
    assert "last entry received   | never\n" in text
    assert "412 entries, 17 of this terminal, epoch 2" in text
    for age, words in [
        (0, "less than a minute ago"),
        (59_999, "less than a minute ago"),
        (61_000, "1 min ago"),
        (86_400_000, "1 d ago"),
        (90_061_000, "1 d 1 h ago"),
    ]:
        known = msgspec.structs.replace(FACTS, contact_age=age)
        assert f"last contact          | {words}\n" in sheet(lift, lift.cls(reason="x"), known)
