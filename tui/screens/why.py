"""F7: what is in the way of a record, who can clear it, and whether such a person is on duty now."""

from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.content import Content

from shared.store.errors import StoreError
from shared.terminal.blind import CLEARS
from shared.terminal.calling import Turn
from shared.terminal.refusal import Refused
from tui.clearing import clears, in_words, says_anybody
from tui.hostile import content
from tui.keys import binding
from tui.record_seen import RecordSeen, seen
from tui.screens.split import SplitPage
from tui.widgets.record_table import Heading, Row
from tui.wording import Wording, plain, spoken

_MOST_NAMES = 4


class Bar(NamedTuple):
    """One thing that is in the way: as `Blocker` has it, in words; `rule` is "" if a proposal waits."""

    record: str
    what: str
    rule: str
    who: str
    do: str = ""
    part: str = ""


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
        bars = [
            Bar(one.record, said.text(in_words(one)), one.rule, one.who, one.do, one.part)
            for one in self._seen.blockers
        ]
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
            Row(key, (said.record(one.record), one.what, spoken(one.who)), -1, "" if one.rule else "warn")
            for key, one in self._bars.items()
        ]

    def detail(self, key: str) -> Content:
        """What, by which rule, who clears it, and who of them is on duty."""
        one = self._bars.get(key)
        if one is None:
            return Content("")
        rule = f" ({one.rule})" if one.rule else ""
        keyed, session = self.andon.keyed, self.andon.session
        own = clears(self.andon.reader, one.who, session.person, session.company, session.roles)
        here = one.record == self.record
        by = f", {plain(one.do)}," if one.do else " on this record"
        where = f"{keyed('{actions}')}{by} clears it." if here else "Enter opens it."
        return Content("\n").join(
            [
                content(f"{one.what}{rule}"),
                content(f"Cleared by {spoken(one.who)}. {where}", "bold"),
                self._who_can(one.who, own=own),
            ]
        )

    def _who_can(self, who: str, *, own: bool) -> Content:
        """Whether who looks can clear it, and who else of those on duty now."""
        keyed = self.andon.keyed
        others = [
            f"{one.callee.name} ({one.callee.company})"
            for one in self._duty
            if one.callee.person != self.andon.session.person and self._can(one, who)
        ]
        parts = ["You can clear it."] if own else []
        if others:
            parts.append(f"On duty now: {', '.join(others[:_MOST_NAMES])}. {keyed('{call} calls.')}")
        elif who == CLEARS:
            parts.append(keyed("{call} shows whom to call."))
        elif not own and not says_anybody(who):
            parts.append(keyed("Nobody of them is on duty now; {call} shows whom to call."))
        return content(" ".join(parts), "$success" if own or others else "$warning")

    def chosen(self, key: str) -> None:
        """Open the record on which it is cleared; on this one, what can be done."""
        one = self._bars.get(key)
        if one is None:
            return  # it was cleared meanwhile
        if one.record != self.record:
            self.andon.open_record(one.record, one.part)
        else:
            self.action_actions()

    def _on_duty(self) -> list[Turn]:
        try:
            made = self.andon.reader.calls(self.record if self._seen.row else "")
        except (Refused, StoreError):
            return []
        return [one for one in made.turns if one.callee.tier and one.callee.person]

    def _can(self, turn: Turn, who: str) -> bool:
        """Whether somebody on duty is meant by the words that say who clears it."""
        callee = turn.callee
        row = self.andon.reader.member(callee.person)
        roles = row.columns.get("roles") if row else None
        held = roles if isinstance(roles, list) else []
        return clears(self.andon.reader, who, callee.person, callee.company, held)

    _bars: dict[str, Bar]
    _duty: list[Turn]
