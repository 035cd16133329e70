"""How the tour shows what it does, within 80 columns: commands that can be copied, and in words what they answer."""

import json
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Final

WIDTH: Final = 80
_PROMPT: Final = "$ "
_INDENT: Final = " " * len(_PROMPT)
_ROOM: Final = WIDTH - len(_PROMPT) - len(" \\")


def shown_command(words: Sequence[str], typed: str = "", file: str = "", into: str = "") -> Iterator[str]:
    """A command as a person would type it, in lines.

    Args:
        words: the command; its name and files without their folders, for they are long.
        typed: what is typed into it.
        file: a file that it reads instead.
        into: a file that takes what it prints.
    """
    pieces = [f"printf %s {shlex.quote(typed)} |"] if typed else []
    pieces += map(_piece, [Path(words[0]).name, *(Path(one).name if one.startswith("/") else one for one in words[1:])])
    pieces += [f"{sign} {name}" for sign, name in (("<", file), (">", into)) if name]
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + 1 + len(piece) <= _ROOM:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    whole = " \\\n".join(lines).split("\n")
    yield from (f"{_INDENT if at else _PROMPT}{line}" for at, line in enumerate(whole))


def shown_answer(text: str) -> Iterator[str]:
    """What a command printed, in lines; JSON, which is for programs, in words and without the entries' ids."""
    for line in text.splitlines():
        said = _in_words(line)
        deeper = " " * (len(said) - len(said.lstrip()) + 2)
        yield from [said] if len(said) <= WIDTH else wrap(said, WIDTH, subsequent_indent=deeper, break_on_hyphens=False)


def told(text: str) -> str:
    """A text of the tour itself, in lines."""
    return "\n".join(wrap(text, WIDTH))


def _piece(word: str) -> str:
    """A word of a command; JSON that is long goes on below, where blanks mean nothing to it."""
    quoted = shlex.quote(word)
    return quoted.replace('", "', '",\n "') if word.startswith("{") and len(quoted) > _ROOM else quoted


def _in_words(line: str) -> str:
    try:
        found = json.loads(line)
    except ValueError:
        return line
    return _said({name: one for name, one in found.items() if name != "id"}) if isinstance(found, dict) else line


def _said(value: object) -> str:
    return ", ".join(f"{name} {_said(one)}" for name, one in value.items()) if isinstance(value, dict) else str(value)
