"""Refusals: what a terminal says when it does not do something, always with the rule's id and the next step."""

from typing import Final, NamedTuple


class Rule(NamedTuple):
    """A rule of the terminal's own: id, where it comes from, its text, and what to do next."""

    id: str
    source: str
    text: str
    next: str


class Refused(Exception):
    """Nothing was written.

    Attributes:
        rule: the rule's id.
        text: what is the matter.
        next: what to do about it.
        field: the name of the field that is wrong, "" for none.
    """

    def __init__(self, rule: str, text: str, next_: str = "", field: str = "") -> None:
        super().__init__(f"{rule}: {text}" + (f" {next_}" if next_ else ""))
        self.rule = rule
        self.text = text
        self.next = next_
        self.field = field


def refused(rule: Rule, particulars: str = "") -> Refused:
    """Make the refusal under one of the terminal's own rules, with particulars before its text where there are any."""
    return Refused(rule.id, f"{particulars}: {rule.text}" if particulars else rule.text, rule.next)


def from_fold(rule: str, text: str, record: str = "", field: str = "") -> Refused:
    """Make a refusal of a rule that the fold judged, about a field if it is known which.

    Those rules say what is the matter and what to do next in one sentence, with a semicolon between.
    """
    what, semicolon, then = text.rstrip(".").rpartition("; ")
    if semicolon:
        return Refused(rule, f"{what}.", f"{then[:1].upper()}{then[1:]}.", field)
    return Refused(rule, text, f"See `andon why {record}`." if record else "", field)


USE: Final = Rule("USE-1", "design.md 2", "The command was not understood.", "See `andon --help`.")
HOME_1: Final = Rule(
    "HOME-1",
    "design.md 2",
    "There is no terminal in this folder.",
    "Name its folder with --home or ANDON_HOME, or have this machine enrolled.",
)
HOME_2: Final = Rule(
    "HOME-2",
    "design.md 6",
    "The terminal's key is unreadable or others may read it.",
    "Have an admin look at terminal.key.",
)
HOME_3: Final = Rule(
    "HOME-3", "design.md 1, idea 1", "This terminal holds several programs.", "Choose one with --program."
)
HOME_4: Final = Rule(
    "HOME-4",
    "design.md 1, idea 1",
    "This terminal holds no such program.",
    "Leave --program out to see which there are.",
)
HOME_5: Final = Rule("HOME-5", "design.md 3", "There is a terminal in this folder already.", "Choose an empty folder.")
SIGN_9: Final = Rule(
    "SIGN-9",
    "21 CFR 11.70",
    "The sheet that was shown is not what would be signed now: something was written meanwhile, or it is too old.",
    "Read it again, then sign.",
)
TERM_9: Final = Rule(
    "TERM-9",
    "21 CFR 11.10(g), 11.300(d)",
    "The terminal writes this by itself, and nobody can ask for it.",
    "See `andon actions` for what people do.",
)
CLONE_1: Final = Rule(
    "CLONE-1",
    "design.md 3",
    "two machines write under this terminal's code; it was copied, or restored from a copy",
    "its company's identity officers revoke the code (terminal.revoke) and invite each machine anew (terminal.invite)",
)
CLONE_2: Final = Rule(
    "CLONE-2",
    "design.md 3",
    "two machines made a record under this id, and both are shown as one",
    "who knows the matter: compare its trail (andon show --trail) and go on in a new record where they differ",
)
FORM_2: Final = Rule(
    "FORM-2", "21 CFR 11.10(f)", "There is no such record here.", "Choose one from `andon list`, or sync first."
)
FORM_4: Final = Rule("FORM-4", "design.md 1, idea 2", "There is no such action.", "See `andon actions`.")
FORM_5: Final = Rule(
    "FORM-5", "21 CFR 11.10(f)", "The action needs the record that it is about.", "Name it behind the action."
)
FORM_6: Final = Rule(
    "FORM-6", "design.md 3", "The text is not a JSON object of the action's fields.", "See `andon actions ACTION`."
)
FORM_7: Final = Rule(
    "FORM-7", "domain.md 7", "More than one record answers to this number.", "Use the record's id, from `andon list`."
)
FORM_8: Final = Rule(
    "FORM-8", "design.md 3", "This action makes a new record, whose id the terminal gives it.", "Leave the record out."
)
FORM_9: Final = Rule("FORM-9", "design.md 3", "This is no time.", "Type it like 06:30, 22 06:30, or 2026-11-22 06:30.")
FORM_10: Final = Rule(
    "FORM-10",
    "ALCOA+, contemporaneous and accurate",
    "What has happened cannot lie in the future.",
    "Type the time anew, with its day if it is not today's, or leave the field empty.",
)
FORM_11: Final = Rule(
    "FORM-11",
    "ALCOA+, accurate",
    "What was detected cannot have happened later than that.",
    "Type the times anew, with their day if it is not today's.",
)
FORM_12: Final = Rule(
    "FORM-12", "ALCOA+, complete", "Nothing is typed yet.", "Fill in one field at the least, or go on without saving."
)
NEW_1: Final = Rule(
    "NEW-1",
    "design.md 4",
    "This record holds something that this version of Andon does not know, so nothing is decided on it here.",
    "Update Andon on this terminal, or decide on another one. Stopping, calling and acknowledging still work.",
)
WHO_1: Final = Rule(
    "WHO-1",
    "21 CFR 11.10(g)",
    "This action needs a person who signs.",
    "Name the person with --as, and give the password (typed, or with --password-stdin).",
)
KEY_1: Final = Rule(
    "KEY-1", "21 CFR 11.200(a)(1)", "The password is not right.", "Type it again; after five failures it is locked."
)
KEY_2: Final = Rule(
    "KEY-2",
    "21 CFR 11.10(g)",
    "This terminal holds no key of this person.",
    "Sign on a terminal that does, or have it sent here.",
)
KEY_3: Final = Rule(
    "KEY-3",
    "21 CFR 11.300(d); EU GMP Annex 11 draft 11.7",
    "Too many passwords were wrong, so this person cannot sign.",
    "Another enrolled person opens it: `andon do signing.unlock --as SELF`.",
)
KEY_4: Final = Rule("KEY-4", "21 CFR 11.300(d)", "A password was wrong a moment ago.", "Wait, then type it again.")
KEY_5: Final = Rule(
    "KEY-5", "21 CFR 11.300", "The password could not be worked through.", "Free some memory, then type it again."
)
JOIN_1: Final = Rule(
    "JOIN-1",
    "design.md 6",
    "This is no invitation's code, or a character of it is wrong.",
    "Scan it, or copy it whole from where it was printed.",
)
JOIN_2: Final = Rule(
    "JOIN-2",
    "design.md 6",
    "The server does not know this invitation.",
    "Both officers must have signed it, and their terminal must have synced since; it counts only once.",
)
JOIN_3: Final = Rule(
    "JOIN-3", "design.md 6", "This folder is another terminal's.", "Name an empty folder with --home, or another code."
)
SYNC_2: Final = Rule(
    "SYNC-2", "design.md 5", "The server does not take part now.", "Nothing is lost; do it again in a while."
)
SYNC_1: Final = Rule(
    "SYNC-1", "21 CFR 11.30", "The server's address is not used.", "Ask who looks after the terminal for another one."
)
FACT_NEXT: Final = 'If it happened all the same, say why in the field "happened" and it is kept, with a deviation.'
"""What to do when a fact breaks a rule."""
