"""What somebody asks a terminal to do, and what the terminal answers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from shared.trust.passwords import Secret


class DraftName(NamedTuple):
    """Whose draft, and of which form."""

    owner: str
    form: str


class Asked(NamedTuple):
    """What somebody asks a terminal to do.

    Attributes:
        do: the action's name.
        record: what it is about, by id or number; "" where the action makes a record or there is only one it can be.
        fields: the action's fields as typed.
        person: who acts, or says so; "" for the terminal with nobody signed in.
        password: that person's; None to sign nothing.
        seen: what the form had shown, if it was opened earlier (a draft's); None for what is here now.
        draft: the draft that it was typed as, which is forgotten when it is performed.
    """

    do: str
    record: str = ""
    fields: Mapping[str, Any] = {}
    person: str = ""
    password: "Secret | None" = None
    seen: tuple[int, ...] | None = None
    draft: DraftName | None = None


class Done(NamedTuple):
    """What was done.

    Attributes:
        id: the entry's id, base64url; "" if it was only judged.
        record: the record that it is about, new or not.
        sync: "local", for it waits for the network now.
        waiting: who must still confirm it, in words; empty if it is in effect.
        derived: the deviation that was opened because it broke a rule; "" for none.
        filled: what was left out and the terminal filled in, by field: the post, the time, the hold just raised there.
    """

    id: str
    record: str
    sync: str
    waiting: tuple[str, ...]
    derived: str
    filled: Mapping[str, Any]


class Signer(NamedTuple):
    """Who signs, and the fingerprint of the key."""

    person: str
    key: str
