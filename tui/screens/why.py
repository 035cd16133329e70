"""F7: what is in the way of a record, who can clear it, and whether such a person is on duty now."""

from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.content import Content

from shared.store.errors import StoreError
from shared.terminal.calling import Turn
from shared.terminal.refusal import Refused
from tui.hostile import content
from tui.keys import binding
from tui.record_seen import RecordSeen, seen
from tui.screens.split import SplitPage
from tui.widgets.record_table import Heading, Row
from tui.wording import Wording

_MOST_NAMES = 4


class Bar(NamedTuple):
    """One thing that is in the way: on which record, what, by which rule ("" if a proposal waits), who clears it."""

    record: str
    what: str
    rule: str
    who: str


class WhyScreen(SplitPage):
    """What is in the way of one record."""

    HELP: ClassVar[str] = (
        "What is in the way of this record, one line each. Below: the rule, who can clear it, and who of them is on"
        " duty now. Enter opens the record on which it must be cleared."
    )
    BINDINGS: ClassVar[list[BindingType]] = [binding("actions")]
    HEADINGS: ClassVar[tuple[Heading, ...]] = (
        Heading("record", 14), Heading("what is in the way", 0), Heading("who clears it", 26, 76)
    )  # fmt: skip
    EMPTY: ClassVar[str] = "Nothing is in the way."

    def head(self) -> Content:
        """Of what."""
        said, row = Wording(self.andon.reader), self._seen.row
        state = str(row.columns.get("state") or "") if row else "proposed"
        count = len(self._bars)
        way = f"{count} {'thing is' if count == 1 else 'things are'} in the way" if count else "nothing is in the way"
        title = said.title(row) if row else ""
        return Content.assemble(
            content(f"{said.record(self.record)} ({state}): {way}", "bold"), content(f"\n{title}" if title else "")
        )

    def rows(self) -> list[Row]:
        """Read it."""
        reader, session = self.andon.reader, self.andon.session
        self._seen: RecordSeen = seen(reader, session, self.record)
        said = Wording(reader)
        bars = [Bar(one.record, said.text(one.what), one.rule, one.who) for one in self._seen.blockers]
        bars += [
            Bar(
                self.record,
                f"waits for a second person: {said.text(one.sentence)}",
                "",
                " and ".join(one.proposed.needs),
            )
            for one in self._seen.waiting
        ]
        self._bars = {f"{one.record} {one.rule} {one.what}": one for one in bars}
        self._duty = self._on_duty()
        return [
            Row(key, (said.record(one.record), one.what, one.who), -1, "" if one.rule else "warn")
            for key, one in self._bars.items()
        ]

    def detail(self, key: str) -> Content:
        """What, by which rule, who clears it, and who of them is on duty."""
        one = self._bars.get(key)
        if one is None:
            return Content("")
        rule = f" ({one.rule})" if one.rule else ""
        able = [self._words(turn) for turn in self._duty if self._can(turn, one.who)]
        known = f"On duty now: {', '.join(able[:_MOST_NAMES])}. "
        keyed = self.andon.keyed
        duty = (
            known + keyed("{call} calls.")
            if able
            else keyed("Nobody of them is on duty now; {call} shows whom to call.")
        )
        where = "Enter opens it." if one.record != self.record else keyed("{actions} on this record clears it.")
        return Content("\n").join(
            [
                content(f"{one.what}{rule}"),
                content(f"Cleared by {one.who}. {where}", "bold"),
                content(duty, "$success" if able else "$warning"),
            ]
        )

    def chosen(self, key: str) -> None:
        """Open the record on which it is cleared; on this one, what can be done."""
        one = self._bars.get(key)
        if one is None:
            return  # it was cleared meanwhile
        if one.record != self.record:
            self.andon.open_record(one.record)
        else:
            self.action_actions()

    def action_actions(self) -> None:
        """Show what can be done with the record."""
        from tui.screens.actions import ActionsScreen  # noqa: PLC0415 - when it is asked for

        self.andon.push_screen(ActionsScreen(self.record))

    def _on_duty(self) -> list[Turn]:
        try:
            made = self.andon.reader.calls(self.record if self._seen.row else "")
        except (Refused, StoreError):
            return []
        return [one for one in made.turns if one.callee.tier and one.callee.person]

    def _can(self, turn: Turn, who: str) -> bool:
        """Whether who clears it names this person, or a role that they hold, of their company where it names one."""
        callee = turn.callee
        words = set(who.replace(",", " ").replace("(", " ").replace(")", " ").split())
        if callee.person in words:
            return True
        row = self.andon.reader.member(callee.person)
        roles = row.columns.get("roles") if row else None
        if not isinstance(roles, list) or not words & set(roles):
            return False
        companies = [one for one in self._companies() if one in words]
        return not companies or callee.company in companies

    def _companies(self) -> list[str]:
        program = self.andon.reader.program()
        found = program.columns.get("companies") if program else None
        return found if isinstance(found, list) else []

    @staticmethod
    def _words(turn: Turn) -> str:
        return f"{turn.callee.name} ({turn.callee.company})"

    _bars: dict[str, Bar]
    _duty: list[Turn]
