"""A form's draft: kept at every key in the performing thread, found again after a crash, a lock or a power cut."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import msgspec

from shared.terminal.asked import DraftName
from shared.terminal.desk import Desk
from shared.terminal.drafts import Draft, drop, load, save
from shared.terminal.own_chain import own_end
from shared.terminal.plan import seen_now

if TYPE_CHECKING:
    from tui.app import AndonApp


_NONE: Final = object()
PARTS: Final = ("item", "of", "step")
"""Fields that say which part of a record a form is about: each part has a draft of its own."""


class Drafting:
    """The draft of one form.

    Attributes:
        found: whether there was one when the form was opened.
        fields: what it held then.
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
        owner = owner or andon.session.owner(desk.code)
        self.name = DraftName(owner, " ".join(filter(None, (do, record, part))))
        with desk.store.snapshot():
            unsaved = andon.unsaved.get(self.name, _NONE)
            draft = unsaved if isinstance(unsaved, Draft | None) else load(desk, *self.name)
            seen = seen_now(desk, own_end(desk.store, desk.code).n)
        self.found = draft is not None
        self._draft = draft or Draft(do, record, seen)
        self.kept = self.found

    @property
    def fields(self) -> dict[str, Any]:
        """What it held when it was opened."""
        return self._draft.fields

    @property
    def seen(self) -> tuple[int, ...]:
        """What the form has shown."""
        return self._draft.seen

    def keep(self, fields: dict[str, Any]) -> None:
        """Keep what stands in the form; only the last of several that wait is written."""
        self.kept = True
        draft = msgspec.structs.replace(self._draft, fields=fields)

        def job(desk: Desk) -> None:
            save(desk, self.name.owner, self.name.form, draft)

        self._ask(job, draft)

    def end(self) -> None:
        """It was performed, and with that forgotten; a key that was pressed meanwhile must not bring it back."""
        self.kept = False

        def job(desk: Desk) -> None:
            if load(desk, *self.name) is not None:
                drop(desk, *self.name)

        self._ask(job, None)

    def _ask(self, job: Callable[[Desk], None], draft: Draft | None) -> None:
        """Let it be written; a form that is opened again before that finds it as it will be."""
        unsaved, name = self._andon.unsaved, self.name
        unsaved[name] = draft

        def written(_: None) -> None:
            if unsaved.get(name, _NONE) is draft:
                del unsaved[name]

        self._andon.performer.ask(job, written, self._andon.tell_error, key=f"draft {name}", quiet=True)
