"""A kind of record: its code in record ids, its facts with their merges, and the columns that lists show.

A kind is declared once, in one file of `shared/kinds`; tables, lists, forms and the manual are made from it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

from shared.actions.merge import Merge

if TYPE_CHECKING:
    from shared.actions.world import Record, World

Cell: TypeAlias = "str | int | list[str] | None"
"""What a column of a list holds."""
Tone: TypeAlias = Literal["bad", "warn", "good", "faint"]
"""How a state looks in lists: stops somebody, needs somebody, is as wanted, is over."""


class Column(NamedTuple):
    """One column of a kind's list: `words` head it, `read` computes its value from the record as shown.

    One that is not `searched` is left out of the text that words are searched in: it may be hidden from who searches.
    A `time` is in ms since 1970 UTC, which people are shown by their clock. `until` is a word for a time that runs out
    as long as the record is not over: it is counted down, and told in every width. `brief` heads a column where it is
    narrow, "" for its words; `width` is how many cells it takes on a screen, of the title how many it keeps when there
    are other columns, 0 for the usual. One of `blobs` lists the digests of what is kept outside the log, each a text
    of parts with commas between them (telephone numbers): screens show whole parts, as of now, and neither sort nor
    search.
    """

    words: str
    read: "Callable[[Record], Cell]"
    searched: bool = True
    time: bool = False
    brief: str = ""
    width: int = 0
    until: str = ""
    blobs: bool = False


class Blocker(NamedTuple):
    """One thing that is in the way: which record, what is missing there, by which rule, and who can clear it.

    `who` is for people to read, and screens find out from it whom to tell: it names roles, companies and people by
    their ids, says "anybody", and says after "but" or "other than" who cannot. `do` is the action that clears it, ""
    where none does by itself. `part` is the part of the record on which it is cleared, an item of a gate; "" for all.
    """

    record: str
    what: str
    rule: str
    who: str
    do: str = ""
    part: str = ""


class Kind(NamedTuple):
    """A kind of record.

    `name` is its word (`hold`) and `doc` its one sentence; `code` starts its record ids (`HLD` in `HLD-LYN3-418`), ""
    where records have natural ids (people, terminals, the program); `facts` are what a record of it is made of;
    `columns` are what a list shows, in order, and always include `state` and `title`; `blockers` says what is in the
    way of a record (`andon why`), and `toward` of what; a `quiet` kind is kept out of the lists of daily work; kinds of
    the `roster` tell who may act, and need no other kind to be folded. `tones` say how its states look, `first` which
    columns are worth their room; by `called` people call a record, and labels hold that under the identifiers `gs1`.
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
    tones: Mapping[str, Tone]
    first: tuple[str, ...]
    called: str
    gs1: tuple[str, ...]

    @property
    def runs_out(self) -> str:
        """The column whose time runs out; "" for none."""
        return next((name for name, one in self.columns.items() if one.until), "")

    @property
    def over(self) -> frozenset[str]:
        """The states in which a record is over: nobody has to do anything about it any more."""
        return frozenset(state for state, tone in self.tones.items() if tone == "faint")

    @property
    def found_by(self) -> str:
        """The fact by which a record is found when people type or scan what they call it; "" for none."""
        fact = self.facts.get(self.called)
        return self.called if fact is not None and fact.indexed else ""


ALWAYS = frozenset({"state", "title"})
"""The columns that every list shows."""
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
    tones: Mapping[str, Tone] | None = None,
    first: tuple[str, ...] = (),
    called: str = "",
    gs1: tuple[str, ...] = (),
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
        tones: how its states look in lists and at the head of a record; one that is not here is plain.
        first: the columns beside state and title that a list has room for, the most needed first; all of them, in the
            order of their declaration, where none are named.
        called: the column by which people call a record, in the place of its id. Where it is an indexed fact too, a
            record is found again by it: typed, scanned or searched for.
        gs1: GS1 application identifiers that hold the same on labels (10 is a lot's number).
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
    made = Kind(
        name, code, doc.strip(), dict(facts), dict(columns), blockers, quiet, roster, toward, dict(tones or {}),
        first or tuple(one for one in columns if one not in ALWAYS), called, gs1,
    )  # fmt: skip
    for fault in _shown_faults(made):
        msg = f"kind {name}: {fault}"
        raise TypeError(msg)
    KINDS[name] = made
    if code:
        CODES[code] = made
    return made


def _shown_faults(made: Kind) -> Iterator[str]:
    """What is wrong with how a kind is shown."""
    yield from _column_faults(made)
    for state, tone in made.tones.items():
        if tone not in get_args(Tone):
            yield f"state {state!r} has the tone {tone!r}; choose one of {', '.join(get_args(Tone))}"
    for column in made.first:
        if column not in made.columns or column in ALWAYS or made.first.count(column) > 1:
            yield f"first names {column!r}, which is no column of it, is always shown, or is named twice"
    if made.called and (made.called not in made.columns or not made.code):
        yield f"its records are called by {made.called!r}, which is no column of it, or they have natural ids"
    if made.gs1 and not made.found_by:
        yield "labels hold it, but nothing finds a record by that; `called` must be an indexed fact"


def _column_faults(made: Kind) -> Iterator[str]:
    if not set(made.columns) >= ALWAYS:
        yield "its columns must include state and title"
    for name, spec in made.columns.items():
        if not spec.words.strip():
            yield f"column {name!r} has no words"
        if spec.until and (not spec.time or name != made.runs_out):
            yield f"column {name!r} runs out, but is no time, or another one runs out too"


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
