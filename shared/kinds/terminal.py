"""Terminals: the enrolled machines, their keys, and the post each stands at. Part of the roster."""

from collections.abc import Mapping
from typing import Annotated, Any

from shared.actions.action import (
    Decision,
    Happened,
    Slot,
    World,
    Writer,
    action,
    anyone,
    invited_terminal,
    only_terminal,
    roles,
    rule,
)
from shared.actions.field import Text, ask
from shared.actions.kind import Column, kind
from shared.actions.merge import cautious, constant, single, union
from shared.kinds.member import good_key, proven, put_key, two_officers, unused_key

TERMINAL = kind(
    "terminal",
    "",
    "An enrolled machine: a floor kiosk shared by a shift, or a reviewer's laptop.",
    facts={
        "company": constant(index=True),
        "site": constant(),
        "state": cautious("active", "invited", "revoked"),
        "key": single(),
        "keys": union(index=True),
        "publics": union(),
        "post": single(),
        "calls": union(),
    },
    columns={
        "title": Column("post", lambda r: ", ".join((r.post or {}).get("places", [])) or "no post"),
        "state": Column("state", lambda r: r.state),
        "company": Column("company", lambda r: r.company, width=8),
        "site": Column("site", lambda r: r.site),
        "places": Column("places", lambda r: (r.post or {}).get("places", [])),
        "batch": Column("batch", lambda r: (r.post or {}).get("batch", "")),
        "step": Column("step", lambda r: (r.post or {}).get("step", "")),
    },
    quiet=True,
    roster=True,
    tones={"revoked": "faint"},
)
ENROLLED = ("company", "site", "state", "key", "keys", "publics")
"""The facts with which a terminal is entered: by its invitation, or the first one by the program's founding."""


@action(
    TERMINAL,
    by=roles("identity"),
    signed="enrolled",
    creates=True,
    says="invited a terminal of {company} at {site}",
    writes=ENROLLED,
)
class Invite(Decision, frozen=True, kw_only=True, tag="terminal.invite"):
    """Invites a machine to be a terminal; two identity officers of its company."""

    company: Annotated[Text, ask("company code", most=16)]
    site: Annotated[Text, ask("site", most=60)]
    public: Annotated[Text, ask("the invitation's one-use public key", most=64)]

    def needs(self, w: World) -> tuple[Slot, ...]:
        """Two identity officers of the terminal's company."""
        return two_officers(self.company)

    @rule("TERM-1", source="design.md 3")
    def new_code(self, w: World) -> bool:
        """A terminal's code is 2 to 8 capitals and digits, first a capital, and never given twice; choose another."""
        code = w.here.id
        return not w.here.exists and 2 <= len(code) <= 8 and code.isascii() and code.isalnum() and code[0].isupper()  # noqa: PLR2004 - as it says

    @rule("ROSTER-7", source="design.md 6")
    def own_company(self, w: World) -> bool:
        """The company is not one of this program's, or not your own; officers invite for their own company."""
        return self.company == w.me.company

    @rule("ROSTER-3", source="21 CFR 11.100(a); research/security.md 2, row 3")
    def fresh_key(self, w: World) -> bool:
        """This key is weak, or belongs or belonged to somebody else; make a new one."""
        return good_key(self.public) and unused_key(w, self.public, w.here.id)

    def apply(self, r: Writer) -> None:
        """Enter the terminal, not active yet."""
        r.put("company", self.company)
        r.put("site", self.site)
        r.put("state", "invited")
        put_key(r, self.public)


class OwnKey(Decision, frozen=True, kw_only=True):
    """A new key of the terminal's own, whose possession it proves."""

    public: Annotated[Text, ask("own new public key", most=64)]
    proof: Annotated[Text, ask("the new key's signature, which proves its possession", most=100)]

    @rule("ROSTER-6", source="research/security.md 2, row 3")
    def possession(self, w: World) -> bool:
        """The new key is not proven to be its owner's, or is somebody else's; join again with the invitation."""
        good = good_key(self.public) and unused_key(w, self.public, w.here.id)
        return good and w.by == f"@{w.here.id}" and proven(w.here.id, self.public, self.proof)


@action(
    TERMINAL,
    by=invited_terminal,
    says="became a terminal with a key of its own",
    writes=("state", "key", "keys", "publics"),
)
class Join(OwnKey, frozen=True, kw_only=True, tag="terminal.join"):
    """Takes up an invitation: the machine's own key instead of the one-use key."""

    def apply(self, r: Writer) -> None:
        """Make the terminal active under the new key."""
        r.put("state", "active")
        put_key(r, self.public)


@action(TERMINAL, by=only_terminal, says="changed to a new key of its own", writes=("key", "keys", "publics"))
class Rekey(OwnKey, frozen=True, kw_only=True, tag="terminal.key"):
    """Announces the terminal's next key, under the present one."""

    def apply(self, r: Writer) -> None:
        """Set the new key."""
        put_key(r, self.public)


@action(TERMINAL, by=anyone, says="now stands beside {places} {batch} {step}", writes=("post",), quiet=True)
class Post(Happened, frozen=True, kw_only=True, tag="terminal.post"):
    """Says what the terminal stands beside: its places, the running batch and step. F2 stops that."""

    places: Annotated[list[Text], ask("suite and equipment, nearest last", refs=("place",))] = []
    batch: Annotated[Text, ask("running batch", most=40, refs=("batch",))] = ""
    step: Annotated[Text, ask("running step", most=80, refs=("step",))] = ""

    @staticmethod
    def starts_with(w: World, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a form starts with: where it stands now."""
        return {name: value for name, value in (w.here.post or {}).items() if value}

    @rule("POST-1", source="21 CFR 11.10(g), (h)")
    def own_post(self, w: World) -> bool:
        """Only the terminal itself, or a signed member of its company, says where it stands; do it there, or sign."""
        return w.by == f"@{w.here.id}" or (not w.by.startswith("@") and w.me.company == w.here.company)

    def apply(self, r: Writer) -> None:
        """Set the post."""
        r.put("post", {"places": self.places, "batch": self.batch, "step": self.step})


@action(TERMINAL, by=only_terminal, says="was in contact with the server", writes=(), quiet=True)
class Beat(Happened, frozen=True, kw_only=True, tag="terminal.beat"):
    """Tells everybody's copy of a quiet log that it was in contact: how old a roster is counts from the last leaf."""

    @rule("BEAT-1", source="21 CFR 11.10(h)")
    def own(self, w: World) -> bool:
        """Only the terminal itself says that it is in contact; do it there."""
        return w.by == f"@{w.here.id}"

    def apply(self, r: Writer) -> None:
        """Nothing changes: that it is in the log says it."""


@action(TERMINAL, by=roles("identity"), signed="revoked", says="revoked this terminal: {reason}", writes=("state",))
class Revoke(Decision, frozen=True, kw_only=True, tag="terminal.revoke"):
    """Cuts a lost or retired terminal off; it may still push what it had written, never pull."""

    reason: Annotated[Text, ask("why", most=300)]

    def needs(self, w: World) -> tuple[Slot, ...]:
        """Two identity officers of the terminal's company."""
        return two_officers(w.here.company or "")

    @rule("ROSTER-1", source="design.md 6; 21 CFR 11.200(a)(3)")
    def own_company(self, w: World) -> bool:
        """Identity officers act for their own company only; ask an officer of the other one."""
        return w.here.company == w.me.company

    def apply(self, r: Writer) -> None:
        """Revoke."""
        r.put("state", "revoked")
