"""Members: the people of the two companies, their roles, keys and training. The roster, with terminals and the program.

Every roster act needs two identity officers of the company it is about; none acts for the other one (design.md 6).
"""

from typing import Annotated, Literal

from shared.actions.action import Decision, Slot, World, Writer, action, invited_person, roles, rule
from shared.actions.field import Text, Time, ask, time_of
from shared.actions.kind import Column, kind
from shared.actions.merge import cautious, constant, single, text, union
from shared.log.canonical import encode, unb64
from shared.trust.keys import BadKey, check_public, fingerprint
from shared.trust.sshsig import KEY, verify

Role = Literal[
    "operator",
    "supervisor",
    "sme",
    "qa",
    "lead",
    "deputy",
    "release",
    "coordinator",
    "steering",
    "identity",
    "admin",
    "inspector",
]
QUALITY = frozenset({"supervisor", "qa", "lead", "deputy", "release"})
"""Roles whose signature decides about quality; identity officers and admins hold none of them (domain.md 2)."""
KEEPERS = frozenset({"identity", "admin"})
"""Roles that keep the system and so must not decide about quality."""
ACCOUNTABLE = (
    "I understand that my electronic signature is legally binding, the same as my handwritten one, and that I am"
    " accountable for every act signed with my key and password. I will tell nobody my password."
)
"""The statement that a person signs first (21 CFR 11.10(j), 11.100(c))."""
PERSON = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")

MEMBER = kind(
    "member",
    "",
    "A person of one company with roles in this program.",
    facts={
        "name": text(),
        "company": constant(index=True),
        "state": cautious("active", "invited", "revoked"),
        "roles": cautious("granted", "revoked", per="role"),
        "expertise": single(),
        "key": single(),
        "keys": union(index=True),
        "publics": union(),
        "training": single(per="role"),
        "identity": union(),
        "accountable": single(),
    },
    columns={
        "title": Column("name", lambda r: r.name),
        "state": Column("state", lambda r: r.state),
        "company": Column("company", lambda r: r.company, width=8),
        "roles": Column("roles", lambda r: sorted(role for role, value in r.roles.items() if value == "granted")),
        "expertise": Column("expertise", lambda r: r.expertise or []),
        "key": Column("key", lambda r: r.key),
    },
    quiet=True,
    roster=True,
    tones={"revoked": "faint"},
)


def two_officers(company: str) -> tuple[Slot, ...]:
    """What every roster act needs: two identity officers of one company."""
    officer = Slot(frozenset({"identity"}), company)
    return (officer, officer)


def proof_body(subject: str, public: str) -> bytes:
    """The bytes that a new private key signs to prove that its owner, the person or terminal `subject`, holds it."""
    return encode({"key": public, "subject": subject})


def good_key(public: str) -> bool:
    """Whether this is a public key that may be enrolled (RFC 8032; low-order and non-canonical ones are refused)."""
    try:
        check_public(unb64(public))
    except (BadKey, ValueError):
        return False
    return True


def unused_key(w: World, public: str, owner: str) -> bool:
    """Whether no other member or terminal holds or ever held this key (21 CFR 11.100(a))."""
    print_ = fingerprint(unb64(public))
    held = [one.id for kind_ in ("member", "terminal") for one in w.all(kind_, "keys", print_)]
    return all(one == owner for one in held)


def proven(subject: str, public: str, proof: str) -> bool:
    """Whether `proof` is the new key's signature over `proof_body`."""
    try:
        return verify(unb64(public), KEY, proof_body(subject, public), unb64(proof))
    except ValueError:
        return False


def put_key(r: Writer, public: str, record: str = "") -> None:
    """Make this the one key of a person or terminal; it stays known as theirs for ever."""
    r.put("key", fingerprint(unb64(public)), record=record)
    r.put("keys", fingerprint(unb64(public)), record=record)
    r.put("publics", public, record=record)


def mixes_duties(granted: set[str]) -> bool:
    """Whether somebody would both keep the system and decide about quality."""
    return bool(granted & KEEPERS and granted & QUALITY)


class OfOwnCompany(Decision, frozen=True, kw_only=True):
    """What the acts of identity officers about one of their company's people have in common."""

    def needs(self, w: World) -> tuple[Slot, ...]:
        """Two identity officers of the person's company."""
        return two_officers(w.here.company or w.me.company)

    @rule("ROSTER-1", source="design.md 6; 21 CFR 11.200(a)(3)")
    def own_company(self, w: World) -> bool:
        """Identity officers act for their own company only; ask an officer of the other one."""
        return w.here.company in {None, w.me.company}


@action(
    MEMBER,
    by=roles("identity"),
    signed="enrolled",
    creates=True,
    says="invited {name} as {roles}; identity checked by {checked}",
    writes=("name", "company", "state", "roles", "expertise", "key", "keys", "publics", "identity"),
)
class Invite(OfOwnCompany, frozen=True, kw_only=True, tag="member.invite"):
    """Invites a person to the program; two identity officers, after checking who it is."""

    name: Annotated[Text, ask("printed name", most=100)]
    company: Annotated[Text, ask("company code", most=16)]
    roles: Annotated[list[Role], ask("roles in this program")]
    public: Annotated[Text, ask("the invitation's one-use public key", most=64)]
    checked: Annotated[Text, ask("how the identity was checked, by whom and when (21 CFR 11.100(b))", most=300)]
    expertise: Annotated[list[Text], ask("fields of expertise")] = []

    @rule("ROSTER-2", source="21 CFR 11.100(a)")
    def new_id(self, w: World) -> bool:
        """This id has been given before, and ids are never issued again; choose another."""
        return not w.here.exists

    @rule("ROSTER-4", source="research/security.md 7, row 4")
    def well_formed(self, w: World) -> bool:
        """A person's id is 2 to 32 of a-z, 0-9, point and dash, starting with a letter; choose another."""
        return 2 <= len(w.here.id) <= 32 and set(w.here.id) <= PERSON and w.here.id[0].isalpha()  # noqa: PLR2004  as the text says

    @rule("ROSTER-3", source="21 CFR 11.100(a); research/security.md 2, row 3")
    def fresh_key(self, w: World) -> bool:
        """This key is weak, or belongs or belonged to somebody else; make a new one."""
        return good_key(self.public) and unused_key(w, self.public, w.here.id)

    @rule("ROSTER-5", source="Annex 11 draft 11.10; domain.md 2")
    def separate_duties(self, w: World) -> bool:
        """Identity officers and admins hold no role that signs for quality; give the roles to two people."""
        return not mixes_duties(set(self.roles))

    @rule("ROSTER-7", source="design.md 6")
    def known_company(self, w: World) -> bool:
        """The company is not one of this program's, or not your own; officers invite for their own company."""
        return self.company == w.me.company

    def apply(self, r: Writer) -> None:
        """Enter the person, not active yet."""
        r.put("name", self.name)
        r.put("company", self.company)
        r.put("state", "invited")
        for role in self.roles:
            r.put("roles", "granted", key=role)
        r.put("expertise", self.expertise)
        r.put("identity", self.checked)
        put_key(r, self.public)


@action(
    MEMBER,
    by=invited_person,
    signed="accountable",
    says="took up the invitation with a key of their own and signed the statement of accountability",
    writes=("state", "key", "keys", "publics", "accountable"),
)
class Join(Decision, frozen=True, kw_only=True, tag="member.join"):
    """Takes up an invitation: a key of one's own, and the statement of accountability."""

    public: Annotated[Text, ask("own new public key", most=64)]
    proof: Annotated[Text, ask("the new key's signature, which proves its possession", most=100)]
    statement: Annotated[Text, ask("the statement that is signed", most=1000, long=True)]

    @rule("ROSTER-6", source="research/security.md 2, row 3")
    def possession(self, w: World) -> bool:
        """The new key is not proven to be its owner's, or is somebody else's; join again with the invitation."""
        good = good_key(self.public) and unused_key(w, self.public, w.here.id)
        return good and w.by == w.here.id and proven(w.here.id, self.public, self.proof)

    @rule("ROSTER-8", source="21 CFR 11.10(j)")
    def accountable(self, w: World) -> bool:
        """The statement of accountability must be signed as it stands."""
        return self.statement == ACCOUNTABLE

    def apply(self, r: Writer) -> None:
        """Make the person active under the new key."""
        r.put("state", "active")
        r.put("accountable", r.at)
        put_key(r, self.public)


@action(
    MEMBER,
    by=roles("identity"),
    signed="enrolled",
    says="changed roles: granted {grant}, took back {revoke}; {reason}",
    writes=("roles",),
)
class Roles(OfOwnCompany, frozen=True, kw_only=True, tag="member.roles"):
    """Grants and takes back roles."""

    grant: Annotated[list[Role], ask("roles to grant")] = []
    revoke: Annotated[list[Role], ask("roles to take back")] = []
    reason: Annotated[Text, ask("why", most=300)]

    @rule("ROSTER-5", source="Annex 11 draft 11.10; domain.md 2")
    def separate_duties(self, w: World) -> bool:
        """Identity officers and admins hold no role that signs for quality; give the roles to two people."""
        held = {role for role, value in w.here.roles.items() if value == "granted"}
        return not mixes_duties((held | set(self.grant)) - set(self.revoke))

    def apply(self, r: Writer) -> None:
        """Set each role named."""
        for role in self.grant:
            r.put("roles", "granted", key=role)
        for role in self.revoke:
            r.put("roles", "revoked", key=role)


@action(
    MEMBER,
    by=roles("identity"),
    signed="enrolled",
    says="recorded training as {role} until {until}: {evidence}",
    writes=("training",),
)
class Train(OfOwnCompany, frozen=True, kw_only=True, tag="member.train"):
    """Records training for a role and until when it is valid; when it lapses, signing in that role is refused."""

    role: Annotated[Role, ask("role")]
    until: Annotated[Time, ask("valid until", when="coming")]
    evidence: Annotated[Text, ask("training record", most=200)]

    @rule("TIME-1", source="design.md 3")
    def good_time(self, w: World) -> bool:
        """The time needs milliseconds and offset, like 2026-11-22T07:38:09.120+01:00."""
        return is_time(self.until)

    def apply(self, r: Writer) -> None:
        """Set the end of validity in ms."""
        r.put("training", time_of(self.until), key=self.role)


def is_time(value: str) -> bool:
    """Whether a field holds a time of the one form."""
    try:
        time_of(value)
    except ValueError:
        return False
    return True


@action(MEMBER, by=roles("identity"), signed="revoked", says="revoked this member: {reason}", writes=("state",))
class Revoke(OfOwnCompany, frozen=True, kw_only=True, tag="member.revoke"):
    """Takes a person out of the program; what they signed before stands."""

    reason: Annotated[Text, ask("why", most=300)]

    def apply(self, r: Writer) -> None:
        """Revoke."""
        r.put("state", "revoked")


@action(
    MEMBER,
    by=roles("identity"),
    signed="enrolled",
    says="issued a new invitation: {reason}; identity checked by {checked}",
    writes=("state", "key", "keys", "publics", "identity"),
)
class Reissue(OfOwnCompany, frozen=True, kw_only=True, tag="member.reissue"):
    """Issues a new invitation to a member who forgot the password or whose key may be known to others."""

    public: Annotated[Text, ask("the invitation's one-use public key", most=64)]
    checked: Annotated[Text, ask("how the identity was checked, by whom and when (21 CFR 11.100(b))", most=300)]
    reason: Annotated[Text, ask("why", most=300)]

    @rule("ROSTER-3", source="21 CFR 11.100(a); research/security.md 2, row 3")
    def fresh_key(self, w: World) -> bool:
        """This key is weak, or belongs or belonged to somebody else; make a new one."""
        return good_key(self.public) and not w.all("member", "keys", fingerprint(unb64(self.public)))

    @rule("ROSTER-9", source="21 CFR 11.100(a)")
    def still_member(self, w: World) -> bool:
        """Only a member who was not revoked is invited anew."""
        return w.here.state in {"active", "invited"}

    def apply(self, r: Writer) -> None:
        """Back to invited, under the invitation's key."""
        r.put("state", "invited")
        r.put("identity", self.checked)
        put_key(r, self.public)
