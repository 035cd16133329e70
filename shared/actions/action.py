"""Actions: each thing that a person or terminal can do is one class, declared once.

The wire format, the form, the command line, the validation, the words of the audit trail and the manual page are all
derived from the class; what it leaves undeclared is an error at import, so that no half-declared action can ship.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, NamedTuple, TypeVar, Union

import msgspec

from shared.actions.field import FieldSpec, Text, ask, specs
from shared.actions.kind import KINDS, Kind
from shared.actions.world import World


class Action(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="do"):
    """What an entry does. Subclass `Happened` for a fact, `Decision` for a decision; never this class itself."""

    def apply(self, r: "Writer") -> None:
        """Write what it changes; each declared action has its own."""
        raise NotImplementedError


class Happened(Action, frozen=True, kw_only=True):
    """A fact: something that has happened is never void. A rule that it breaks makes a deviation of it instead."""

    claimed: Annotated[Text, ask("who says so, not signed in", most=64, refs=("member",))] = ""
    happened: Annotated[Text, ask("it happened although a rule says no: why", most=500)] = ""


class Decision(Action, frozen=True, kw_only=True):
    """A decision: judged in its author's past.

    It is void where a rule refused it there, and overtaken where a rule would have refused it with news from elsewhere.
    """


class Slot(NamedTuple):
    """One person that a joint act needs.

    It is somebody who holds one of `roles` (any member where empty), is of `company` ("" for either) and is one of
    `names` (anybody where empty).
    """

    roles: frozenset[str] = frozenset()
    company: str = ""
    names: frozenset[str] = frozenset()

    def words(self) -> str:
        """The slot in plain words, for refusals and lists of who is waited for."""
        if self.names:
            return " or ".join(sorted(self.names))
        who = " or ".join(sorted(self.roles)) or "a member"
        return f"{who} of {self.company}" if self.company else who


class By(NamedTuple):
    """Who may perform an action: people holding one of `roles` (any member where empty), terminals too or not.

    With `invited` it is only for a person or terminal that an invitation names and that has no key of its own yet.
    """

    roles: frozenset[str]
    people: bool
    terminal: bool
    invited: bool = False

    def words(self) -> str:
        """The same in plain words, for the manual and for refusals."""
        if self.invited:
            return "whom an invitation names, with its one-use key"
        people = [" or ".join(sorted(self.roles)) or "any member"] if self.people else []
        return " or ".join(people + (["the terminal, nobody signed in"] if self.terminal else []))


def roles(*names: str, terminal: bool = False) -> By:
    """People who hold one of these roles; with `terminal`, also the terminal itself with nobody signed in."""
    return By(frozenset(names), people=True, terminal=terminal)


anyone = By(frozenset(), people=True, terminal=True)
"""Any member of the program, and the terminal with nobody signed in."""
any_member = By(frozenset(), people=True, terminal=False)
"""Any member of the program who signs."""
only_terminal = By(frozenset(), people=False, terminal=True)
"""The terminal itself; no person does this."""
invited_person = By(frozenset(), people=True, terminal=False, invited=True)
"""Somebody who was invited, signing with the invitation's one-use key."""
invited_terminal = By(frozenset(), people=False, terminal=True, invited=True)
"""A machine that was invited to be a terminal, sealing with the invitation's one-use key."""


class Rule(NamedTuple):
    """One rule of an action: its id, the clause it comes from, its text for people, and the check."""

    id: str
    source: str
    text: str
    check: Callable[[Any, World], bool | str]


class Writer:
    """What `apply` writes, by `put` and `make`; `id`, `by`, `company`, `at` (ms) and `record` are of its entry."""

    __slots__ = ("allowed", "at", "by", "company", "id", "record", "writes")

    def __init__(  # noqa: PLR0913, PLR0917  one of these for each entry folded: plain positional is the fastest
        self, record: str, id_: str, by: str, company: str, at: int, allowed: frozenset[str]
    ) -> None:
        """Make a writer for one entry; `allowed` are the facts that the action declares to write."""
        self.record = record
        self.id = id_
        self.by = by
        self.company = company
        self.at = at
        self.allowed = allowed
        self.writes: list[tuple[str, str, str, object]] = []

    def put(self, fact: str, value: object, key: str = "", record: str = "") -> None:
        """Set `fact` under `key`, of this record or (a natural id that the action introduces) another."""
        if fact not in self.allowed:
            msg = f"writes {fact!r}, which it does not declare"
            raise TypeError(msg)
        self.writes.append((record or self.record, fact, key, value))

    def make(self, record: str) -> None:
        """Bring a record with a natural id into being, beside the entry's own."""
        self.writes.append((record, "@made", "", self.id))


class Spec(NamedTuple):
    """Everything that is declared of one action; `ACTIONS` holds them by name."""

    name: str
    cls: type[Action]
    kind: Kind | None
    fact: bool
    by: By
    signed: str
    creates: bool
    writes: frozenset[str]
    says: str
    doc: str
    fields: tuple[FieldSpec, ...]
    rules: tuple[Rule, ...]
    joint: bool
    quiet: bool
    closes: bool
    sheet: str
    card: str

    def signs(self, person: str) -> bool:
        """Whether it is signed on a screen: with nobody signed in ("") not what a terminal may enter by itself."""
        return bool(self.signed) and (bool(person) or not (self.fact and self.by.terminal))

    def reminders(self, w: World, given: Mapping[str, Any]) -> tuple[str, ...]:
        """What somebody must have read before they do it, line by line: beside the form, and on the signed sheet."""
        reminds = getattr(self.cls, "reminds", None)
        return tuple(reminds(w, given)) if reminds is not None else ()

    @property
    def decoder(self) -> "msgspec.json.Decoder[Action]":
        """A decoder for this action alone, whose errors name its fields."""
        return msgspec.json.Decoder(self.cls)


ACTIONS: dict[str, Spec] = {}
"""Every declared action by name, in the order of declaration."""
RULES: dict[str, Rule] = {}
"""Every rule by id; ids are never used twice for different texts."""

A = TypeVar("A", bound=type[Action])
C = TypeVar("C", bound=Callable[..., bool | str])


def declare_rule(id_: str, source: str, text: str, check: Callable[[Any, World], bool | str]) -> Rule:
    """Enter a rule in the table; a missing id, source or text, or an id with two texts, is an error at import."""
    text = " ".join(text.split())
    if not (id_ and source.strip() and text):
        msg = f"rule {id_!r} needs an id, a source and a text that says what to do next"
        raise TypeError(msg)
    made = Rule(id_, source, text, check)
    if RULES.setdefault(id_, made)[1:3] != made[1:3]:
        msg = f"rule id {id_} has two texts"
        raise TypeError(msg)
    return made


def rule(id_: str, *, source: str) -> Callable[[C], C]:
    """Mark a method of an action as a rule.

    What it answers: true lets pass, false refuses with its docstring, a text refuses and is put before that.
    """

    def mark(check: C) -> C:
        made = declare_rule(id_, source, check.__doc__ or "", check)
        vars(check)["declared"] = made  # a mark on the function, collected by @action
        return check

    return mark


def action(  # noqa: PLR0913  a declaration: each argument is one line of it
    kind: Kind | None,
    *,
    by: By,
    says: str,
    writes: tuple[str, ...],
    signed: str = "",
    creates: bool = False,
    quiet: bool = False,
    closes: bool = False,
    sheet: str = "",
    card: str = "",
) -> Callable[[A], A]:
    """Declare an action; whatever is missing or contradicts itself is an error at import.

    Args:
        kind: the kind whose records it is about, None for one that serves every kind.
        by: who may perform it.
        says: its sentence in the audit trail, with fields in braces: "stopped {on}: {reason}".
        writes: the facts that `apply` may write.
        signed: the meaning of the signature it must carry, "" for none.
        creates: whether its entry makes a new record.
        quiet: a fact that does not reopen what was closed without knowing of it (calls, acknowledgements, reads).
        closes: a decision that a fact which it had not seen undoes.
        sheet: the short word of its screen on its kind's call sheet, whose screens come in the order of declaration.
        card: the question by which the card after a stop asks for it, in one line and without a signature. What is
            typed goes into its last field; where it has none of its own, it is who says so (`claimed`).
    """

    def declare(cls: A) -> A:
        name = str(cls.__struct_config__.tag)
        fact = issubclass(cls, Happened)
        checks = [
            value.declared
            for base in cls.__mro__  # its own rules first: they say more about it than those it shares
            for value in vars(base).values()
            if hasattr(value, "declared")
        ]
        problem = _problem(cls, name, kind, by, says, writes, signed, fact=fact)
        if problem:
            msg = f"action {name}: {problem}"
            raise TypeError(msg)
        ACTIONS[name] = Spec(
            name, cls, kind, fact, by, signed, creates, frozenset(writes), says, " ".join((cls.__doc__ or "").split()),
            specs(cls), tuple(checks), hasattr(cls, "needs"), quiet, closes, sheet, card,
        )  # fmt: skip
        _DECODER.clear()
        return cls

    return declare


def _problem(  # noqa: PLR0911, PLR0913, PLR0917  one line a fault
    cls: type[Action],
    name: str,
    kind: Kind | None,
    by: By,
    says: str,
    writes: tuple[str, ...],
    signed: str,
    *,
    fact: bool,
) -> str:
    if name in ACTIONS:
        return "declared twice"
    if name.count(".") != 1 or not name.replace(".", "").isalpha() or not name.islower():
        return 'needs tag="kind.verb" in lower case'
    if not fact and not issubclass(cls, Decision):
        return "must be a Happened (a fact) or a Decision"
    if not (cls.__doc__ or "").strip():
        return "has no docstring"
    if not says.strip():
        return "has no sentence for the audit trail"
    if not fact and not signed and by.people:
        return "a decision is signed: name the meaning of the signature"
    if cls.apply is Action.apply:
        return "has no apply"
    # A record with a natural id may be made by another's entry (a program's officers); one with a made id may not.
    owners = [one for one in KINDS.values() if kind is None or one is kind or not (kind.code or one.code)]
    known = {fact for one in owners for fact in one.facts}
    unknown = [one for one in writes if one not in known]
    if unknown:
        return f"writes {', '.join(unknown)}, which no kind declares"
    words = {field.encode_name for field in msgspec.structs.fields(cls)} | {"record", "by"}
    missing = [part for part in _braces(says) if part not in words]
    return f"its sentence names {', '.join(missing)}, which it does not have" if missing else ""


def _braces(says: str) -> list[str]:
    return [part.split("}")[0] for part in says.split("{")[1:]]


class Newcomer(NamedTuple):
    """Somebody (or `@` a terminal) whom a proposal brings with it: known while the proposal is judged and confirmed."""

    company: str
    roles: frozenset[str]
    public: str


def decode(data: bytes) -> tuple[Spec | None, Action | None, str]:
    """Read an action's bytes.

    Returns:
        Its spec and value, and "". Or, without a value, why not: "newer" (an action or field that this version does
        not know) or "malformed" (not of its declared form, or of no form at all).
    """
    try:
        made = _every().decode(data)
    except (ValueError, RecursionError) as error:  # msgspec's and Unicode's faults are ValueErrors
        return _fault(data, str(error))
    spec = ACTIONS.get(str(made.__struct_config__.tag))
    return (spec, made, "") if spec else (None, None, "newer")


def _fault(data: bytes, error: str) -> tuple[Spec | None, None, str]:
    try:
        name = _PEEK.decode(data).do
    except (ValueError, RecursionError):
        return None, None, "malformed"
    spec = ACTIONS.get(name)
    newer = spec is None or "unknown field" in error  # a field of the action or of a group in it
    return spec, None, "newer" if newer else "malformed"


def _every() -> "msgspec.json.Decoder[Action]":
    """One decoder for all actions, made when the first is read; a declaration after that unmakes it."""
    if not _DECODER:
        _DECODER.append(msgspec.json.Decoder(Union[tuple(spec.cls for spec in ACTIONS.values()) or (Action,)]))  # noqa: UP007 - made of a tuple, which `|` cannot be
    return _DECODER[0]


_DECODER: "list[msgspec.json.Decoder[Action]]" = []


class _Peek(msgspec.Struct):
    do: str


_PEEK = msgspec.json.Decoder(_Peek)
__all__ = [
    "ACTIONS", "RULES", "Action", "By", "Decision", "Happened", "Newcomer", "Rule", "Slot", "Spec", "World", "Writer",
    "action", "any_member", "anyone", "declare_rule", "decode", "invited_person", "invited_terminal", "only_terminal",
    "roles", "rule",
]  # fmt: skip
