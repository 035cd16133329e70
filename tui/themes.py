"""Colours: dark, high contrast, and the terminal's own sixteen. State is never told by colour alone."""

from typing import Final

from textual.theme import Theme

DARK: Final = "andon-dark"
CONTRAST: Final = "andon-contrast"
ANSI: Final = "andon-ansi"

THEMES: Final = (
    Theme(
        name=DARK, primary="#4aa3df", secondary="#2d5f85", warning="#f2b134", error="#ff5c5c", success="#5fc27e",
        accent="#f2b134", foreground="#e6e6e6", background="#101418", surface="#161c22", panel="#1f2831", dark=True,
    ),
    Theme(
        name=CONTRAST, primary="#ffff00", secondary="#00ffff", warning="#ffff00", error="#ff6060", success="#00ff60",
        accent="#ffff00", foreground="#ffffff", background="#000000", surface="#000000", panel="#202020", dark=True,
        text_alpha=1.0,
    ),
    Theme(
        name=ANSI, primary="ansi_bright_blue", secondary="ansi_cyan", warning="ansi_yellow", error="ansi_bright_red",
        success="ansi_green", accent="ansi_yellow", foreground="ansi_default", background="ansi_default",
        surface="ansi_default", panel="ansi_default", boost="ansi_default", dark=True, ansi=True,
        variables={  # Textual's own styles name some that it makes for other themes only
            "ansi-background": "ansi_default", "ansi-foreground": "ansi_default", "input-cursor-text-style": "none",
            "screen-selection-background": "ansi_bright_blue", "screen-selection-foreground": "ansi_black",
            "border-blurred": "ansi_bright_black", "block-cursor-foreground": "ansi_black",
            "block-cursor-background": "ansi_white", "input-cursor-background": "ansi_white",
            "input-cursor-foreground": "ansi_black", "input-selection-background": "ansi_bright_blue",
            "input-selection-foreground": "ansi_black",
        },
    ),
)  # fmt: skip
NAMES: Final = tuple(one.name for one in THEMES)
