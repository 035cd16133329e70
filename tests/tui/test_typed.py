"""What comes from the terminal: no bytes end or stall the screens."""

from hypothesis import given
from hypothesis import strategies as st

from tui.typed import Typed

BEGIN, END, ESC = "\x1b[200~", "\x1b[201~", "\x1b"


def read(parts: list[bytes]) -> str:
    typed = Typed()
    return "".join(map(typed.text, parts))


def test_keys_come_through_as_they_are() -> None:
    assert read([b"a\x1b[A\x1b", b"\x1bOP"]) == "a\x1b[A\x1b\x1bOP"


def test_an_escape_alone_is_not_held_back() -> None:
    assert Typed().text(b"\x1b") == "\x1b"


def test_bytes_that_are_no_text_are_a_strange_key() -> None:
    assert read([b"a\xff\xfeb"]) == "a\ufffd\ufffdb"


@given(st.text(alphabet="ab\x1b[201~\u00e9", max_size=60), st.lists(st.integers(0, 200), max_size=8))
def test_a_paste_loses_its_escapes_and_nothing_else(text: str, cuts: list[int]) -> None:
    text = text.replace(END, "")
    data = f"x{BEGIN}{text}{END}y\x1b[B".encode()
    at = sorted({cut for cut in cuts if len(BEGIN) < cut < len(data)})
    parts = [data[a:b] for a, b in zip([0, *at], [*at, len(data)], strict=True)]
    whole = read(parts)
    assert whole == f"x{BEGIN}{text.replace(ESC, '')}{END}y\x1b[B" or END in text.replace(ESC, "")


def test_a_megabyte_of_escapes_is_left_out() -> None:
    assert read([BEGIN.encode(), *[ESC.encode() * 4_096] * 250, END.encode()]) == BEGIN + END
