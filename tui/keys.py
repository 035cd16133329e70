"""Keys: each command has an id, a key and words; a TOML file in the terminal's home gives other keys.

F-keys are for what matters at night; no letter and no digit does anything without Enter. Other programs and terminals
take some keys for themselves, hence the file: `keys.toml`, with lines like `stop = "ctrl+s"`. What it may give is a
function key, or Ctrl with a letter that nothing else needs; and the usual keys of stop and call stay theirs besides,
so that no file takes from anybody what is printed on the card beside the machine.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from textual.binding import Binding


class Command(NamedTuple):
    """One command: id, usual key, short words for the key bar, what it does in one sentence, and where it is in force.

    `where` is "" for everywhere, else a sort of screen: two commands of different sorts may have the same key.
    """

    id: str
    key: str
    short: str
    words: str
    where: str = ""


COMMANDS: Final = (
    Command("help", "f1", "Help", "What this screen is for, and its keys."),
    Command("stop", "f2", "STOP", "Hold what this terminal stands beside, at once."),
    Command("call", "f3", "Call", "Whom to call now, and log what became of it."),
    Command("board", "f4", "Board", "Deviations and holds."),
    Command("attention", "f5", "Attention", "What waits for you, what is contested, refused or not yet sent."),
    Command("find", "f6", "Find", "Find a record by its number, a code, or words in it."),
    Command("palette", "f9", "Do", "Everything that can be done."),
    Command("lock", "f12", "User", "Lock, or let another person sign in."),
    Command("desk", "ctrl+o", "Desk", "Go back to the desk over all programs, where this terminal has several."),
    Command("leave", "ctrl+q", "Leave", "Leave the screens; pressed twice. A kiosk has nothing behind them."),
    Command("back", "escape", "Back", "Go back; what was typed is kept as a draft."),
    Command("why", "f7", "Why", "What is in the way of this record, and who can clear it.", "record"),
    Command("actions", "f8", "Actions", "What can be done with this record.", "record"),
    Command("trail", "f11", "Trail", "Every entry about this record.", "record"),
    Command("sort", "f7", "Sort", "Change the order of the list.", "list"),
    Command("filter", "f11,slash", "Filter", "Show only what has these words in it; Esc shows all again.", "list"),
    Command("put_away", "delete", "Put away", "Put away what was refused, or a draft; pressed twice.", "attention"),
    Command("pick", "f7", "Choose", "Choose from a list what this field can name.", "form"),
    Command("next", "ctrl+n", "Next", "The next of the six screens of a call sheet, without saving.", "form"),
    Command("before", "ctrl+p", "Before", "The one before, without saving.", "form"),
    Command("save", "f10", "Save", "Save what was typed; or go on to sign it.", "form"),
)
FEWER: Final = {
    "attention": "Attn", "actions": "Acts", "filter": "Filt", "put_away": "Away", "pick": "Pick", "before": "Prev",
}  # fmt: skip
"""Words of commands for a key bar without room; the others' short words are short enough."""
KNOWN: Final = {one.id: one for one in COMMANDS}
ALWAYS: Final = frozenset({"stop", "call"})
"""Commands whose usual key is theirs whatever the file says."""
_FREE: Final = re.compile(r"(ctrl\+)?f([1-9]|1[0-9]|2[0-4])|ctrl\+[bfglnopqrst]")
"""Keys that are nobody's: the other letters with Ctrl edit text in fields, or are Tab, Enter or Backspace."""
_MAY: Final = "what a command may have is f1 to f24, or ctrl+ with one of b f g l n o p q r s t"
_NAMES: Final = {"escape": "Esc", "delete": "Del", "slash": "/"}


class BadKeys(Exception):
    """The file of keys is not used; the message is one plain line for people."""


def binding(id_: str, action: str = "", *, show: bool = True, priority: bool = False) -> Binding:
    """A command as Textual binds it; its action has the command's name if none is given."""
    one = KNOWN[id_]
    return Binding(one.key, action or id_, one.short, show=show, priority=priority, id=id_)


def own_keys(path: Path, preamble: str = "") -> dict[str, str]:
    """Read the file of keys: for each command named in it, the keys that it has now.

    Args:
        path: the file.
        preamble: the key that a scanner sends before a code, which nobody else gets; "" for none.

    Raises:
        BadKeys: it cannot be read, names an unknown command, gives one key to two commands that meet, or gives one
            that is no command's to have.
    """
    if not path.exists():
        return {}
    import tomllib  # noqa: PLC0415 - few terminals have the file, and the first paint does not wait for it

    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadKeys(f"{path.name} cannot be read ({error}); the usual keys are in force.") from None
    wrong = [name for name, keys in said.items() if name not in KNOWN or not isinstance(keys, str) or not keys.strip()]
    if wrong:
        raise BadKeys(f"{path.name}: {wrong[0]!r} is no command with a key; known are {', '.join(KNOWN)}.")
    found = {name: _given(path.name, KNOWN[name], keys, preamble) for name, keys in said.items()}
    if clash := clashes(found):
        raise BadKeys(f"{path.name}: {clash[0]}; the usual keys are in force.")
    return found


def _given(file: str, one: Command, keys: str, preamble: str) -> str:
    """The keys that a line of the file gives a command, as Textual writes them."""
    usual = one.key.split(",")
    given = [key.strip().lower() for key in keys.split(",")]
    for key in given:
        if key == preamble:
            raise BadKeys(f"{file}: {key} for {one.id} is the key that the scanner sends first, and would never come.")
        if key not in usual and not _FREE.fullmatch(key):
            raise BadKeys(f"{file}: {key or 'nothing'} cannot be {one.id}: {_MAY}. The usual keys are in force.")
    if one.id in ALWAYS:
        given += [key for key in usual if key not in given]
    return ",".join(given)


def clashes(own: Mapping[str, str]) -> list[str]:
    """Say which keys would stand for two commands that are in force at the same time."""
    found = []
    for number, one in enumerate(COMMANDS):
        for other in COMMANDS[:number]:
            if one.where and other.where and one.where != other.where:
                continue
            both = _keys(own, one) & _keys(own, other)
            found += [f"{key} is both {other.id} and {one.id}" for key in sorted(both)]
    return found


def _keys(own: Mapping[str, str], one: Command) -> set[str]:
    return {key.strip() for key in own.get(one.id, one.key).split(",")}


def keyed(text: str, own: Mapping[str, str]) -> str:
    """Put the keys that commands have now into a text of ours: `{stop}` becomes F2, `{{` a brace."""
    return text.format_map({one.id: key_name(own.get(one.id, one.key).partition(",")[0].strip()) for one in COMMANDS})


def key_name(key: str) -> str:
    """A key as it stands on the keyboard, or several: `F2`, `Esc`, `Ctrl+B`, `F11 or /`."""
    return " or ".join("+".join(map(_named, one.strip().split("+"))) for one in key.split(","))


def _named(part: str) -> str:
    return _NAMES.get(part, part.upper() if part[:1] == "f" and part[1:].isdigit() else part.capitalize())
