"""A form's draft: kept at every key in the performing thread, found again after a crash, a lock or a power cut."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from shared.terminal.asked import DraftName
from shared.terminal.desk import Desk
from shared.terminal.drafts import Draft, drop, load, save
from shared.terminal.own_chain import own_end
from shared.terminal.plan import seen_now
from tui.session import owner_of

if TYPE_CHECKING:
    from tui.app import AndonApp


_NONE: Final = object()
PARTS: Final = ("item", "of", "step", "contact")
"""Fields that say which part of a record a form is about: each part has a draft of its own."""


def part_of(form: str, draft: Draft) -> dict[str, Any]:
    """The fields that say which part of its record a draft is about: those in its name; what was typed is none."""
    found = {name: draft.fields[name] for name in PARTS if draft.fields.get(name)}
    return found if form == form_name(draft.do, draft.record, part_named(found)) else {}


def part_named(fields: Mapping[str, Any]) -> str:
    """The name of the part of a record that some fields say, "" for the whole."""
    return " ".join(str(fields[name]) for name in PARTS if fields.get(name))


def form_name(do: str, record: str, part: str) -> str:
    """The name of a form among those of its owner."""
    return " ".join(filter(None, (do, record, part)))


def begun(andon: "AndonApp", do: str, record: str) -> set[str]:
    """The parts of a record of which a form was begun and not saved, by whoever is here or with nobody signed in."""
    desk = andon.reader.desk
    owners = {andon.session.owner(desk.code), owner_of("", desk.code)}
    names = {DraftName(owner, form): True for owner in owners for form in desk.store.drafts.of(owner)}
    names |= {name: draft is not None for name, draft in andon.unsaved.items() if name.owner in owners}
    start = f"{form_name(do, record, '')} "
    return {name.form.removeprefix(start) for name, kept in names.items() if kept and name.form.startswith(start)}


class Drafting:
    """The draft of one form.

    What was typed with nobody signed in is anybody's: whoever signs in goes on with it, and from the first key on it is
    theirs.

    Attributes:
        found: whether there was one when the form was opened.
        fields: what it held then.
        by: who typed that, "" for nobody.
        seen: what the form has shown, which the entry says (design.md 3).
        kept: whether there is one now.
    """

    def __init__(self, andon: "AndonApp", do: str, record: str, part: str = "", *, owner: str = "") -> None:
        """Look for a draft.

        Args:
            andon: the app.
            do: the action's name.
            record: what it is about.
            part: what of the record it is about, such as one item of a list.
            owner: whose draft; of whoever is signed in if "".
        """
        self._andon = andon
        desk = andon.reader.desk
        form = form_name(do, record, part)
        self.name = DraftName(owner or andon.session.owner(desk.code), form)
        self._nobodys: DraftName | None = None
        with desk.store.snapshot():
            draft = self._read(desk, self.name)
            if draft is None and self.name.owner == andon.session.person:
                nobodys = DraftName(owner_of("", desk.code), form)
                draft = self._read(desk, nobodys)
                self._nobodys = nobodys if draft else None
            seen = seen_now(desk, own_end(desk.store, desk.code).n)
        self.found = draft is not None
        self._draft = draft or Draft(do, record, seen)
        self.kept = self.found

    @property
    def fields(self) -> dict[str, Any]:
        """What it held when it was opened."""
        return self._draft.fields

    @property
    def by(self) -> str:
        """Who typed it, "" for nobody."""
        return self._draft.by

    @property
    def seen(self) -> tuple[int, ...]:
        """What the form has shown."""
        return self._draft.seen

    def keep(self, fields: dict[str, Any]) -> None:
        """Keep what stands in the form; only the last of several that wait is written."""
        self.kept = True
        self._write(self.name, msgspec.structs.replace(self._draft, fields=fields, by=self._andon.session.person))
        if self._nobodys is not None:
            self._write(self._nobodys, None)
            self._nobodys = None

    def end(self) -> None:
        """It was performed, and with that forgotten; a key that was pressed meanwhile must not bring it back."""
        self.kept = False
        self._write(self.name, None)

    def _read(self, desk: Desk, name: DraftName) -> Draft | None:
        """One that is written, or waits for that."""
        unsaved = self._andon.unsaved.get(name, _NONE)
        return unsaved if isinstance(unsaved, Draft | None) else load(desk, *name)

    def _write(self, name: DraftName, draft: Draft | None) -> None:
        """Let it be written, or dropped; a form that is opened again before that finds it as it will be."""
        unsaved = self._andon.unsaved
        unsaved[name] = draft

        def job(desk: Desk) -> None:
            if draft is not None:
                save(desk, *name, draft)
            elif load(desk, *name) is not None:
                drop(desk, *name)

        def written(_: None) -> None:
            if unsaved.get(name, _NONE) is draft:
                del unsaved[name]

        self._andon.performer.ask(job, written, self._andon.tell_error, key=f"draft {name}", quiet=True)
