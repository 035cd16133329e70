"""Three words for what is known of a record: the same where the same entries are."""

from shared.terminal.readback import WORDS, three_words
from tests.terminal.firm import Firm


def test_two_who_have_the_same_entries_have_the_same_words(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="pressure").record
    said = three_words(firm.desks["LYN1"].store, record)
    assert three_words(firm.desks["SPO1"].store, record) == "", "it is not there yet"
    firm.sync()
    assert three_words(firm.desks["LYN1"].store, record) == said, "syncing changes nothing"
    assert three_words(firm.desks["SPO1"].store, record) == said
    firm.do("LYN1", "deviation.note", record, text="and falling")
    assert three_words(firm.desks["LYN1"].store, record) != said
    firm.sync()
    assert three_words(firm.desks["SPO1"].store, record) == three_words(firm.desks["LYN1"].store, record)


def test_calls_and_acknowledgements_while_people_talk_do_not_change_them(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="pressure").record
    said = three_words(firm.desks["LYN1"].store, record)
    firm.do("LYN1", "notice.acknowledge", record, "anna", through="")
    assert three_words(firm.desks["LYN1"].store, record) == said


def test_the_words_are_plain_and_all_different() -> None:
    assert len(WORDS) == len(set(WORDS)) == 256
    assert all(word.isascii() and word.isalpha() and 4 <= len(word) <= 8 for word in WORDS)
