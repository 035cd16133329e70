"""What the server refused stands on the trail of its terminal, in words, for both companies."""

from shared.fold.unit import Unit
from shared.log.leaf import leaf_bytes
from shared.store.lists import Trailed
from shared.terminal.trail import Step, steps


def skip(received: int, why: str = "LOG-12 A text holds characters that are not allowed.") -> Step:
    line = b'{"skip":{"id":"","n":7,"program":"","terminal":"LYN3","why":""}}'
    one = Trailed(
        4, "ID", "LYN3", 7, received, changed=False, by="@LYN3", do="", verdict="skipped", refused="", text=why,
        data=leaf_bytes(line, received),
    )  # fmt: skip
    return steps(Unit(), [one], "P", cosigned=5)[0]


def test_a_skip_is_a_step_of_its_terminal() -> None:
    found = skip(1_795_329_490_655)
    assert (found.record, found.do, found.by, found.verdict) == ("LYN3", "", "@LYN3", "skipped")
    assert (found.position, found.received, found.sync) == (4, 1_795_329_490_655, "cosigned")
    assert found.at == "2026-11-22T06:38:10.655+00:00"
    assert found.sentence == "the server refused its entry 7: LOG-12 A text holds characters that are not allowed."
    assert found.text == "LOG-12 A text holds characters that are not allowed."
    assert (found.signature, found.entry) == (None, "")


def test_the_words_of_a_refusal_are_as_hostile_as_their_terminal_and_the_time_as_the_server() -> None:
    found = skip(2**53 - 1, "a\u202eb\n")
    assert found.at == "9999-12-31T23:59:59.999+00:00"
    assert found.sentence == "the server refused its entry 7: a<U+202E>b\u240a"
