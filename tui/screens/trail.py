"""F11: every entry about a record, in the log's order: when, who, what, what became of it, and who signed."""

from typing import ClassVar, Final

from textual.binding import BindingType
from textual.content import Content

from shared.log.clock import parse_at
from shared.terminal.times import readable
from shared.terminal.trail import Step
from tui.blind import blinded
from tui.hostile import content
from tui.keys import binding
from tui.screens.split import SplitPage
from tui.widgets.record_table import Heading, Row
from tui.wording import SYNC, Wording, who

VERDICTS: Final = {
    "stands": "", "waiting": "waiting", "void": "VOID", "newer": "NEWER", "declined": "declined",
    "uncounted": "NOT COUNTED", "overtaken": "OVERTAKEN", "skipped": "REFUSED",
}  # fmt: skip
"""What became of an entry, in a word; nothing for what simply stands."""
MEANT: Final = {
    "waiting": "It waits for a second person.",
    "void": "It is void: it has no effect.",
    "newer": "It needs a newer Andon.",
    "declined": "It was declined, or taken back.",
    "uncounted": "It does not count until another QA person accepts it.",
    "overtaken": "It stands, but its author did not know of something that would have forbidden it.",
    "skipped": "The server refused it; only its number is in the log.",
}
_TONES: Final = {
    "void": "bad",
    "skipped": "bad",
    "uncounted": "warn",
    "overtaken": "warn",
    "waiting": "warn",
    "newer": "warn",
}


class TrailScreen(SplitPage):
    """The trail of one record."""

    HELP: ClassVar[str] = (
        "Every entry about this record, oldest first, void ones too. The lines below tell more of the entry under the"
        " cursor; Enter shows it whole, with its signature. Who is named with 'says' did not sign. {actions}: what can"
        " be done with the record."
    )
    BINDINGS: ClassVar[list[BindingType]] = [binding("actions")]
    HEADINGS: ClassVar[tuple[Heading, ...]] = (
        Heading("when", 12), Heading("who", 15), Heading("what", 0), Heading("signed", 9, 92), Heading("sync", 8, 76),
    )  # fmt: skip

    def first(self) -> str:
        """The latest entry."""
        return next(reversed(self._steps), "")

    def head(self) -> Content:
        """Whose trail it is."""
        count = len(self._steps)
        name = Wording(self.andon.reader).record(self.record)
        bad = sum(one.signature is not None and not one.signature.valid for one in self._steps.values())
        parts = [content(f"Trail of {name}: {count} {'entry' if count == 1 else 'entries'}", "bold")]
        if bad:
            parts.append(content(f"   {bad} SIGNATURE{'S' if bad > 1 else ''} NOT VALID", "$error bold"))
        return Content.assemble(*parts)

    def rows(self) -> list[Row]:
        """Read the entries."""
        session = self.andon.session
        blind = blinded(self.andon.reader, session.person, session.roles)
        hides = blind.hides(self.andon.reader.lists.row(self.record))
        found = self.andon.reader.trail(self.record)
        self._steps = {one.id: blind.masked(one) if hides else one for one in found}
        said = Wording(self.andon.reader)
        return [self._row(one, said) for one in self._steps.values()]

    def says(self, row: Row) -> object:
        """All but where the entry is by now."""
        return row.cells[:-1]

    def detail(self, key: str) -> Content:
        """The entry in a few lines."""
        return (
            Content("\n").join(lines_of(self._steps[key], Wording(self.andon.reader)))
            if key in self._steps
            else Content("")
        )

    def chosen(self, key: str) -> None:
        """Show it whole."""
        from tui.screens.entry import EntryScreen  # noqa: PLC0415 - when it is asked for

        if key in self._steps:
            self.andon.push_screen(EntryScreen(self._steps[key]))

    @staticmethod
    def _row(one: Step, said: Wording) -> Row:
        signed = "" if one.signature is None else "valid" if one.signature.valid else "NOT VALID"
        name = f"says {one.claimed}" if one.claimed else one.by
        became = VERDICTS.get(one.verdict, one.verdict) or ("NOT VALID" if signed == "NOT VALID" else "")
        tone = "bad" if signed == "NOT VALID" else _TONES.get(one.verdict, "")
        what = f"[{became}] {said.text(one.sentence)}" if became else said.text(one.sentence)
        cells = (said.time(parse_at(one.at)), name, what, signed, one.sync)
        return Row(one.id, cells, -1, tone)

    _steps: dict[str, Step]


def lines_of(one: Step, said: Wording) -> list[Content]:
    """An entry in a few lines: when and who, what, what became of it, who signed it, and where it is."""
    lines = [
        Content.assemble(content(readable(one.at), "$text-muted"), content(f"  {who(one.by, one.claimed)}", "bold")),
        content(said.text(one.sentence)),
    ]
    if one.verdict in MEANT:
        rule = f" {one.rule}: {one.text}" if one.rule else ""
        lines.append(content(f"{MEANT[one.verdict]}{rule}", "$warning bold"))
    elif one.rule:
        lines.append(content(f"It broke {one.rule}: {one.text}", "$warning bold"))
    if one.signature is not None:
        sign = one.signature
        valid = content("signature valid", "$success") if sign.valid else content("SIGNATURE NOT VALID", "$error bold")
        role = f", {sign.role}" if sign.role else ""
        lines.append(Content.assemble(content(f"signed by {sign.name} ({sign.user}{role}): {sign.meaning}; "), valid))
    elif one.do:
        lines.append(content("not signed", "$text-muted"))
    lines.append(content(SYNC[one.sync], "$text-muted"))
    return lines
