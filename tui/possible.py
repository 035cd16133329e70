"""What can be done now, read off the registry: which actions fit a record, and why one of them cannot be begun.

Only what is certain before anything is typed counts. Roles are certain. A rule of an action is asked with nothing in
the action's fields (`tui.untyped`).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from shared import kinds  # noqa: F401 - declares every kind and action
from shared.actions.action import ACTIONS, Spec
from shared.actions.kind import KINDS, kind_of
from shared.actions.schema import who
from shared.fold.joint import VERBS
from shared.fold.judge import PRG_1, WHO_2, WHO_3, WHO_4, WHO_6
from shared.fold.shown import flags, waiting
from shared.fold.view import PROGRAM, View
from shared.terminal.refusal import FORM_2, NEW_1
from tui.reader import Reader
from tui.session import Session
from tui.untyped import left_out, verdict
from tui.wording import plain, spoken

_LONGEST: Final = 120
_NOTHING: Final[Mapping[str, Any]] = {}
_CONF_1: Final = "CONF-1"
_CLAIMED: Final = "claimed"
"""The field in which somebody says who they are, where nobody is signed in."""


class Begun(NamedTuple):
    """One action, and those of its fields that are known already."""

    spec: Spec
    given: dict[str, Any]


class Possible(NamedTuple):
    """One action as it can be offered.

    Attributes:
        do: its name.
        words: what it does, in one sentence.
        why_not: why it cannot be begun now, with the rule's id; "" if it can.
        but: of a fact: the rule that it breaks, so that it is kept only with a reason, and opens a deviation.
        record: what it is about; "" where it makes a record, or none was chosen.
        given: fields that are known already.
        whole: the whole of the reason that `why_not` or `but` begins, with what to do next; "" where that is all.
        more: whether it is refused unless a field is typed that may be left out, such as a reason.
    """

    do: str
    words: str
    why_not: str
    but: str = ""
    record: str = ""
    given: Mapping[str, Any] = _NOTHING
    whole: str = ""
    more: bool = False


def next_on(reader: Reader, session: Session, record: str, part: Mapping[str, str] = _NOTHING) -> Begun | None:
    """What comes next on a record, as the actions of its kind declare; None where nothing does.

    Nobody is asked yet whether they may do it, and no rule: what is in the way is told where it is begun.

    Args:
        reader: reads this terminal's file.
        session: who is signed in.
        record: the record.
        part: which part of it is meant, by the field that names it in actions.
    """
    kind = kind_of(record)
    with reader.store.snapshot():
        view = reader.view(record, _by(reader, session))
        found = (spec for spec in ACTIONS.values() if spec.kind is kind and _comes_next(spec, view, part))
        spec = next(found, None)
    return Begun(spec, of_part(spec, part)) if spec else None


def made_about(record: str) -> Iterator[Begun]:
    """What people can make about a record: actions that make a record of their own and name this one in a field."""
    kind = kind_of(record)
    for spec in ACTIONS.values():
        field = next((one for one in spec.fields if kind is not None and kind.name in one.refs), None)
        if field is not None and spec.creates and not _own(spec):
            yield Begun(spec, {field.name: [record] if field.type == "list" else record})


def of_part(spec: Spec, part: Mapping[str, str]) -> dict[str, Any]:
    """What is known of an action's fields because a part of the record is meant."""
    asked = {field.name for field in spec.fields}
    return {name: value for name, value in part.items() if name in asked}


def possible(
    reader: Reader, session: Session, record: str = "", part: Mapping[str, str] = _NOTHING
) -> list[Possible]:  # fmt: skip
    """List what can be done with a record, or at all.

    Args:
        reader: reads this terminal's file.
        session: who is signed in; with nobody, a decision can be begun, and asks who signs.
        record: the record, "" for none.
        part: which part of it is meant, as in `next_on`; with it its own actions are judged.

    Returns:
        What can be begun, then what cannot; of a part, before that, what is refused unless a field is typed that may be
        left out. Of a record: what waits on it for a second person, actions of its own kind, what comes next first,
        those that serve every kind, records that can be made about it; each in the order of declaration. Without a
        record whatever there is: what makes records first, the program's own housekeeping last.
    """
    with reader.store.snapshot():
        judge = _Judge(reader, session, reader.view(record or PROGRAM, _by(reader, session)))
        found = list(judge.about(record, part) if record else judge.at_all())
    return sorted(found, key=lambda one: (bool(one.why_not), one.more))


def judged(reader: Reader, session: Session, do: str, record: str) -> Possible:
    """One action about a record that is there, as `possible` would list it."""
    with reader.store.snapshot():
        return _Judge(reader, session, reader.view(record, _by(reader, session))).one(ACTIONS[do], record)


def needs_record(spec: Spec, reader: Reader) -> bool:
    """Whether a record must be chosen before an action can be begun: it makes none, and it is not clear which."""
    if spec.creates or spec.name in VERBS:
        return False
    if spec.kind is None:  # kept with the terminal, where that fits
        return spec.writes.isdisjoint(KINDS["terminal"].facts)
    return spec.kind.name not in {"program", "terminal"} and not (spec.kind.name == "batch" and reader.post().batch)


def short(text: str) -> str:
    """The first clause of a rule's text: what is the matter, without what to do next."""
    first = text.partition(";")[0].strip().rstrip(".")
    return first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1]}~"


class _Judge:
    """Judges actions for one person, in one view, which is that of the record if there is one."""

    def __init__(self, reader: Reader, session: Session, view: View) -> None:
        self._reader = reader
        self._session = session
        self._view = view
        self._flags = flags(view, view.record)

    def about(self, record: str, part: Mapping[str, str]) -> Iterator[Possible]:
        kind = kind_of(record)
        exists = self._view.here.exists
        if kind is None or not (exists or "waiting" in self._flags):
            return
        yield from self._spoken(record)
        own = [spec for spec in ACTIONS.values() if exists and spec.kind is kind and not spec.creates]
        for spec in sorted(own, key=lambda one: not _comes_next(one, self._view, part)):
            yield self._of_part(spec, record, part)
        for spec in ACTIONS.values() if exists else ():
            if spec.kind is None and spec.name not in VERBS and not spec.writes.isdisjoint(kind.facts):
                yield self.one(spec, record)
        for one in made_about(record) if exists else ():
            yield self.one(one.spec, "", one.given)

    def at_all(self) -> Iterator[Possible]:
        return (self.one(spec, "") for spec in sorted(ACTIONS.values(), key=_first_without_record))

    def _spoken(self, record: str) -> Iterator[Possible]:
        """What a second person can say to each act that waits for one; grey where none does."""
        acts = [act for act in waiting(self._view.unit, record) if self._view.proposal(act.id).state == "waiting"]
        for name, verb in VERBS.items():
            spec = ACTIONS.get(name)
            if spec is None:
                continue
            if verb == "accept":
                acts = []  # it speaks to what does not count, which the trail shows
            for act in acts:
                one = self.one(spec, record, {"of": act.id})
                yield one._replace(words=f"{one.words} {plain(act.do)}, proposed by {act.by}.")
            if not acts and (verb != "accept" or "uncounted" in self._flags):
                yield self.one(spec, record)

    def _of_part(self, spec: Spec, record: str, part: Mapping[str, str]) -> Possible:
        given = of_part(spec, part)
        found = self.one(spec, record, given)
        if not given or found.why_not or found.but:
            return found
        left = left_out(spec, without=() if self._session.person else (_CLAIMED,))
        return found._replace(more=bool(self._refused(spec, record, {**left, **given})[0]))

    def one(self, spec: Spec, record: str, given: Mapping[str, Any] = _NOTHING) -> Possible:
        """Judge one action."""
        why = self._person(spec) or self._record(spec, record, given)
        if why:
            return Possible(spec.name, spec.doc, why, record=record, given=given)
        rule, text = self._refused(spec, record, given)
        brief, whole = (f"{rule}: {short(text)}", f"{rule}: {spoken(text)}") if rule else ("", "")
        why, but = ("", brief) if spec.fact else (brief, "")
        return Possible(spec.name, spec.doc, why, but, record, given, whole)

    def _person(self, spec: Spec) -> str:
        """Why the roster does not let this person do it, whatever is typed."""
        view, person = self._view, self._session.person
        if _own(spec):
            return f"{WHO_6.id}: only {who(spec.by)}"
        if not spec.fact and view.get(PROGRAM).state != "founded":
            return f"{PRG_1.id}: the program is not founded yet"
        if not person or (spec.fact and spec.by.terminal):
            return ""  # what a terminal may enter by itself a person may claim
        member = view.get(person)
        if member.kind != "member" or member.state != "active":
            return f"{WHO_2.id}: {person} is no active member"
        return _role(spec, self._session, member.training or {}, view.at)

    def _record(self, spec: Spec, record: str, given: Mapping[str, Any]) -> str:
        """Why the record, as it stands, does not let it be done."""
        if spec.name in VERBS:
            if not record:
                return f"{_CONF_1}: choose what waits on Attention"
            wanted = "uncounted" if VERBS[spec.name] == "accept" else "waiting"
            return "" if wanted in self._flags or given else f"{_CONF_1}: nothing on it is {wanted}"
        if not record:
            return ""
        if not spec.fact and "newer" in self._flags:
            return f"{NEW_1.id}: the record needs a newer Andon"
        return "" if self._view.here.exists else f"{FORM_2.id}: it is only proposed yet"

    def _refused(self, spec: Spec, record: str, given: Mapping[str, Any]) -> tuple[str, str]:
        """The first rule that refuses the action whatever is typed: its id and what it says; "" twice for none."""
        world = self._view
        if not record:
            if not spec.creates or spec.kind is None or not spec.kind.code:
                return "", ""  # the rules are about a record that is not chosen, or named, yet
            world = self._reader.view(f"{spec.kind.code}-{self._reader.desk.code}-0", world.by)
        for rule in spec.rules:
            said = verdict(rule, spec, world, given)
            if said is not None and said is not True:
                return rule.id, said if isinstance(said, str) else rule.text
        return "", ""


def _by(reader: Reader, session: Session) -> str:
    return session.person or f"@{reader.desk.code}"


def _comes_next(spec: Spec, view: View, part: Mapping[str, str]) -> bool:
    """Whether an action says that it is what comes next; most do not say, and are what people choose."""
    said = getattr(spec.cls, "comes_next", None)
    return said is not None and bool(said(view, part))


def _first_without_record(spec: Spec) -> tuple[bool, bool, bool]:
    """What happens on the floor and makes a record, what else makes one, the rest; the program's housekeeping last."""
    return bool(spec.kind and spec.kind.quiet), not spec.creates, not (spec.creates and spec.fact)


def _own(spec: Spec) -> bool:
    """Whether only the terminal itself, or somebody invited, does it: nothing that people begin on a screen."""
    return spec.by.invited or not spec.by.people


def _role(spec: Spec, session: Session, training: Mapping[str, int], now: int) -> str:
    if not spec.by.roles:
        return ""
    held = spec.by.roles & session.roles
    if not held:
        return f"{WHO_3.id}: for {' or '.join(sorted(spec.by.roles))}"
    lapsed = sorted(role for role in held if role in training and training[role] < now)
    return f"{WHO_4.id}: training as {', '.join(lapsed)} has lapsed" if len(lapsed) == len(held) else ""
