"""The trail's sentence: complete, in words, on one line, whatever people typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.actions.action import ACTIONS, Action, Spec
from shared.actions.sentence import _fill, in_words, sentence, sentence_of
from shared.actions.visible import visible
from shared.log.canonical import encode
from tests.actions.examples import EVERY, anything, bounded


def do(name: str, **fields: object) -> str:
    return sentence_of(encode({"do": name, **fields}, text=False), record="DEV-LYN1-4", by="anna")


def test_known_sentences() -> None:
    assert do("hold.stop", on="BAT-LYN1-4/020", reason="pressure") == "stopped BAT-LYN1-4/020: pressure"
    assert do("hold.stop", on="BAT-LYN1-4/020") == "stopped BAT-LYN1-4/020"
    assert do("deviation.note", text="rated minor: no contact") == "note: rated minor: no contact"
    assert (
        do("member.roles", grant=["qa", "sme", "lead"], reason="new") == "changed roles: granted qa, sme and lead; new"
    )
    assert do("member.roles", revoke=["qa"], reason="new") == "changed roles: took back qa; new"
    assert do("deviation.option", option="wait") == "option: wait; open"
    assert (
        do("deviation.option", option="wait", con="slow", verdict="chosen", why="safe")
        == "option: wait (against: slow); chosen safe"
    )
    assert do("deviation.urgency", spoils="the pool") == "time: the pool spoils"
    assert do("deviation.assess", patient="no", attribute=True, parameter=False, equipment=False) == (
        "assessed: patient no, attribute yes, parameter no, equipment no"
    )
    new = {"code": "new", "name": "New AG", "part": "sponsor"}
    assert (
        do("company.join", company=new, officers=[]) == "brought code new, name New AG, part sponsor into the program"
    )


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ("moved {a} to {none}", "moved A"),
        ("moved {none} to {a}", "moved to A"),
        ("moved ({none}) now", "moved now"),
        ("moved ({none}; {none}): {none}", "moved"),
        ("moved ({none}, by {b}) now", "moved (by B) now"),
        ("{none}", ""),
        ("{none}: {a}", "A"),
        ("a: {none}; b: {none}; c: {a}", "a; c: A"),
        ("{a}   {none}   {b}", "A B"),
        ("did {a}. {none}", "did A"),
        ("did {none}. {a} {b}. {none}", "did. A B"),
        ("nothing at all", "nothing at all"),
    ],
)
def test_empty_values_leave_no_remains(says: str, expected: str) -> None:
    assert _fill(says, {"a": "A", "b": "B", "none": ""}) == expected


def test_newer_and_malformed_actions_have_a_sentence() -> None:
    assert do("gate.sing", song="x") == "did something that needs a newer Andon (gate.sing)"
    assert do("gate\n.sing") == "did something that needs a newer Andon (gate␊.sing)"
    assert do("hold.stop", on="x", volume=11) == "did something that needs a newer Andon (hold.stop)"
    assert do("hold.stop") == "did something that is not of its declared form (hold.stop)"
    assert sentence_of(b"[]") == "did something that is not of its declared form (unnamed)"
    assert sentence(None, None) == "did something that needs a newer Andon (unnamed)"


@given(anything())
def test_any_action_has_one_visible_line(made: tuple[Spec, Action]) -> None:
    spec, action = made
    said = sentence(spec, action, record="DEV-LYN1-4", by="anna")
    assert said.strip()
    assert said == visible(said)
    assert len(said.splitlines()) == 1


@given(st.lists(bounded(), max_size=4), bounded(), bounded())
def test_what_people_typed_is_there_word_for_word(items: list[str], on: str, reason: str) -> None:
    spec = ACTIONS["hold.stop"]
    said = sentence(spec, spec.cls(on=on, reason=reason))
    shown = [visible(one) for one in (on, reason) if visible(one).strip()]
    assert all(one in said for one in shown)
    assert len(said) <= len("stopped : ") + sum(map(len, shown))
    assert all(visible(one) in in_words(items) for one in items if visible(one).strip())


def test_values_in_words() -> None:
    assert in_words(["a", "b", "c"]) == "a, b and c"
    assert in_words(["a", "", "c"]) == "a and c"
    assert in_words([]) == in_words(None) == in_words("") == in_words({}) == ""
    assert [in_words(one) for one in (True, False, 0)] == ["yes", "no", "0"]
    assert in_words({"a": 1, "b": "", "c": [True]}) == "a 1, c yes"


def test_hostile_characters_are_seen() -> None:
    assert visible("plain\ttext\n") == "plain␉text␊"
    assert visible("\x1b[2J\x00\x7f\x9b") == "␛[2J␀␡<U+009B>"
    assert visible("pay\u202eeuro\u2069 \u200bx\ufeff\ud800") == "pay<U+202E>euro<U+2069> <U+200B>x<U+FEFF><U+D800>"
    assert visible("a\nb\tc", keep="\n") == "a\nb␉c"
    assert visible("[bold]é日本[/]") == "[bold]é日本[/]"


@given(st.text())
def test_showing_twice_is_showing_once(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize("spec", EVERY, ids=lambda spec: spec.name)
def test_every_sentence_names_its_fields_in_words_that_fit(spec: Spec) -> None:
    full = _fill(spec.says, dict.fromkeys([*(field.name for field in spec.fields), "record", "by"], "X"))
    assert "  " not in full
    assert not full.endswith((":", ",", ";", "(", " "))
    empty = _fill(spec.says, dict.fromkeys([*(field.name for field in spec.fields), "record", "by"], ""))
    assert "()" not in empty
    assert not empty.endswith((":", ",", ";", ".", " "))


@pytest.mark.parametrize("spec", ACTIONS.values(), ids=lambda one: one.name)
def test_no_sentence_begins_with_what_somebody_typed(spec: Spec) -> None:
    """A note that says "rated minor" must not read like a rating."""
    first = spec.says.partition("}")[0].removeprefix("{")
    typed = {one.name for one in spec.fields if one.type == "text" and not one.refs}
    assert not spec.says.startswith("{") or first not in typed
