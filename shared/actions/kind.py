"""A kind of record: its code in record ids, its facts with their merges, and the columns that lists show.

A kind is declared once, in one file of `shared/kinds`; tables, lists, forms and the manual are made from it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from shared.actions.merge import Merge

if TYPE_CHECKING:
    from shared.actions.world import Record, World

Cell: TypeAlias = "str | int | list[str] | None"
"""What a column of a list holds."""


class Column(NamedTuple):
    """One column of a kind's list: `words` head it, `read` computes its value from the record as shown.

    One that is not `searched` is left out of the text that words are searched in: it may be hidden from who searches.
    """

    words: str
    read: "Callable[[Record], Cell]"
    searched: bool = True


class Blocker(NamedTuple):
    """One thing that is in the way: which record, what is missing there, by which rule, and who can clear it."""

    record: str
    what: str
    rule: str
    who: str


class Kind(NamedTuple):
    """A kind of record.

    `name` is its word (`hold`) and `doc` its one sentence; `code` starts its record ids (`HLD` in `HLD-LYN3-418`), ""
    where records have natural ids (people, terminals, the program); `facts` are what a record of it is made of;
    `columns` are what a list shows, in order, and always include `state` and `title`; `blockers` says what is in the
    way of a record (`andon why`), and `toward` of what; a `quiet` kind is kept out of the lists of daily work; kinds of
    the `roster` tell who may act, and need no other kind to be folded.
    """

    name: str
    code: str
    doc: str
    facts: Mapping[str, Merge]
    columns: Mapping[str, Column]
    blockers: "Callable[[World, Record], Iterable[Blocker]] | None"
    quiet: bool
    roster: bool
    toward: str


CODE = 3
"""Length of the code that starts a made record id."""
KINDS: dict[str, Kind] = {}
"""Every declared kind by name, in the order of declaration."""
CODES: dict[str, Kind] = {}
"""The kinds whose records have made ids, by the code that these start with."""


def kind(  # noqa: PLR0913  a declaration: each argument is one line of it
    name: str,
    code: str,
    doc: str,
    *,
    facts: Mapping[str, Merge],
    columns: Mapping[str, Column],
    blockers: "Callable[[World, Record], Iterable[Blocker]] | None" = None,
    quiet: bool = False,
    roster: bool = False,
    toward: str = "it",
) -> Kind:
    """Declare a kind of record; what is missing or said twice is an error at import.

    Args:
        name: the word of the trade for it (domain.md 1), lower case.
        code: three capitals that start its record ids, or "" for natural ids.
        doc: one sentence of what it is, for the manual.
        facts: fact name to merge; both are declared here and nowhere else.
        columns: what a list of this kind shows, beside `record`, `sync` and `flags`.
        blockers: what is in the way of a record of this kind and who can clear it.
        quiet: kept out of the lists of daily work (a record of the program's own housekeeping).
        toward: what the blockers are in the way of, in words that go on from "in the way of".
        roster: its records tell who may act and with which key; the decisions about them read no other kind's.
    """
    if not name.isidentifier() or name in KINDS:
        msg = f"kind {name!r}: needs a name of its own, one word"
        raise TypeError(msg)
    if code and (code in CODES or not (code.isascii() and code.isupper() and len(code) == CODE)):
        msg = f"kind {name}: code {code!r} must be three capitals that no other kind has"
        raise TypeError(msg)
    if not doc.strip():
        msg = f"kind {name}: says in one sentence what it is"
        raise TypeError(msg)
    for fact, merge in facts.items():
        if type(merge) is not Merge:
            msg = f"kind {name}: fact {fact!r} names no merge; choose one of shared/actions/merge.py"
            raise TypeError(msg)
    if not {"state", "title"} <= set(columns):
        msg = f"kind {name}: its columns must include state and title"
        raise TypeError(msg)
    for column, spec in columns.items():
        if not spec.words.strip():
            msg = f"kind {name}: column {column!r} has no words"
            raise TypeError(msg)
    made = Kind(name, code, doc.strip(), dict(facts), dict(columns), blockers, quiet, roster, toward)
    KINDS[name] = made
    if code:
        CODES[code] = made
    return made


def kind_of(record: str) -> Kind | None:
    """The kind that a record's id belongs to by its form, None for one that this version does not know.

    `HLD-LYN3-418` is a hold, `PROGRAM` the program, an id with capitals only a terminal, any other a person.
    """
    made = CODES.get(record[:CODE])
    if made is not None and record[CODE : CODE + 1] == "-":
        return made
    if record == "PROGRAM":
        return KINDS.get("program")
    if not record.isascii():
        return None  # versions of Unicode differ, and a fold must not
    if record.isalnum() and record.isupper():
        return KINDS.get("terminal")
    return KINDS.get("member") if record and record == record.lower() else None
