"""Text whose every character is seen. Loads nothing, for the screens need it before their first paint."""

from functools import cache

# Characters that are not seen, or that change how others are seen. The table is fixed: tables of Unicode differ between
# versions, and what a person signs must not.
_UNSEEN = (
    (0x80, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xD800, 0xDFFF), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip


@cache
def _symbols(keep: str) -> dict[int, str]:
    """What is shown in the place of characters that are not seen, but for those that stay; made when one is met."""
    shown = {
        **{code: chr(0x2400 + code) for code in range(0x20)},
        0x7F: "\u2421",
        **{code: f"<U+{code:04X}>" for first, last in _UNSEEN for code in range(first, last + 1)},
    }
    return {code: one for code, one in shown.items() if chr(code) not in keep}


def visible(text: str, *, keep: str = "") -> str:
    """The text with every control, bidirectional and invisible character shown as a symbol.

    Args:
        text: any text, also a hostile one.
        keep: characters that stay as they are, such as a newline.

    Returns:
        Text whose characters are all seen, in the order in which they are written: a newline is shown as U+240A, a
        right-to-left override as `<U+202E>`.
    """
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_symbols(keep))
