"""A gate: its checklist by area, the answer to each item and why, who has signed the round and who has not."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final, NamedTuple

from textual.content import Content

from shared.kinds.readiness import answer_of, forecast, missing_seats, present_round, sign_for, verdicts
from tui.hostile import content
from tui.record_head import head_of
from tui.record_seen import RecordSeen, seen
from tui.screens.record import RecordKeys, labelled
from tui.screens.split import SplitPage
from tui.widgets.record_table import Heading, RecordTable, Row
from tui.wording import Wording

VERDICT: Final = "verdict"
OPEN: Final = frozenset({"", "no-go", "recheck"})
"""Answers with which there is no go: none yet, and these."""
LATE: Final = "OVERDUE"
_AREA: Final = "area "
_TONES: Final = {
    "": "warn", "go": "good", "not applicable": "faint", "go with condition": "warn", "no-go": "bad", "recheck": "bad",
}  # fmt: skip


class Asked(NamedTuple):
    """One item: as it is asked, the answer shown ("" for none), and every answer that stands, with why and by whom."""

    item: dict[str, Any]
    answer: str
    given: list[dict[str, Any]]


def is_late(one: Asked, said: Wording) -> bool:
    """Whether it should have been answered by now."""
    return not one.answer and said.late(str(one.item.get("due") or ""))


class GateScreen(SplitPage, RecordKeys):
    """One gate."""

    HELP: ClassVar[str] = (
        "A gate and its checklist. The lines below tell more of the item under the cursor; Enter answers it. The first"
        " line is the verdict: who has signed this round, and who has not. {actions} signs it, or opens a new round."
    )
    HEADINGS: ClassVar[tuple[Heading, ...]] = (
        Heading("item", 7), Heading("answer", 12), Heading("requirement", 0), Heading("owner", 14, 76),
        Heading("workstream", 18, 110), Heading("due", 12, 130),
    )  # fmt: skip

    def first(self) -> str:
        """The first item that whoever is signed in has to answer."""
        person = self.andon.session.person
        own = (key for key, one in self._items.items() if one.item.get("owner") == person and one.answer in OPEN)
        return next(own, "") if person else ""

    def head(self) -> Content:
        """The gate, its round, and what is between it and go."""
        said = Wording(self.andon.reader)
        lines = [head_of(self._seen, said, self.andon.keyed)]
        if self._seen.row:
            lines.append(content(f"round {self._round}: {self._forecast}", "bold"))
            late = sum(is_late(one, said) for one in self._items.values())
            if late:
                lines.append(content(f"{late} {'item is' if late == 1 else 'items are'} OVERDUE", "$error bold"))
        return Content("\n").join(lines)

    def rows(self) -> list[Row]:
        """Read the checklist, area by area."""
        reader = self.andon.reader
        self._seen: RecordSeen = seen(reader, self.andon.session, self.record)
        self._items: dict[str, Asked] = {}
        if self._seen.row is None:
            return []
        with reader.store.snapshot():
            gate = reader.view(self.record).here
            self._round, self._forecast = present_round(gate), forecast(gate)
            self._signed, self._missing = verdicts(gate, self._round), missing_seats(gate)
            given: dict[str, list[dict[str, Any]]] = {}
            for _, item, value in gate.entries("details"):
                given.setdefault(item, []).append(value)
            for one in gate.items or []:
                self._items[one["id"]] = Asked(one, answer_of(gate, one["id"]), given.get(one["id"], []))
        return [*self._rows(Wording(reader))]

    def says(self, row: Row) -> object:
        """All but how many of an area are open: its items tell that."""
        return None if row.record.startswith(_AREA) else row.cells

    def detail(self, key: str) -> Content:
        """The item with its answer and condition; or the verdict with who is missing; or how far an area is."""
        said = Wording(self.andon.reader)
        if key == VERDICT:
            return Content("\n").join([*self._verdict_lines()])
        one = self._items.get(key)
        return Content("\n").join([*_lines(one, said, self.enter_does(self._part(key)))]) if one else Content("")

    def chosen(self, key: str) -> None:
        """Do what comes next on the item, or on the gate itself: its verdict; the line of an area asks nothing."""
        comes = self.next_on(self._part(key)) if key in {VERDICT, *self._items} else None
        if comes:
            self.andon.act(comes.spec.name, self.record, comes.given)

    def part(self) -> dict[str, str]:
        """The item under the cursor."""
        return self._part(self.query_one(RecordTable).record)

    def _part(self, key: str) -> dict[str, str]:
        return {"item": key} if key in self._items else {}

    def _rows(self, said: Wording) -> Iterator[Row]:
        state = str(self._seen.row.columns.get("state") or "") if self._seen.row else ""
        seats = len(self._missing)
        words = f"VERDICT of round {self._round}: {len(self._signed)} signed, {seats} to sign"
        yield Row(VERDICT, ("", state, words, "", "", ""), -1, _TONES.get(state, "warn"))
        area = ""
        for key, one in self._items.items():
            if one.item["area"] != area:
                area = one.item["area"]
                yield self._area(area)
            late = is_late(one, said)
            due = said.value(one.item.get("due") or "")
            optional = " (optional)" if one.item.get("need") == "optional" else ""
            cells = (
                key, LATE if late else one.answer or "-", f"{one.item['text']}{optional}",
                str(one.item.get("owner") or ""), str(one.item["workstream"]), due,
            )  # fmt: skip
            yield Row(key, cells, -1, "bad" if late else _TONES.get(one.answer, ""))

    def _area(self, area: str) -> Row:
        answers = [one.answer for one in self._items.values() if one.item["area"] == area]
        open_ = sum(one in OPEN for one in answers)
        left = f"{open_} of {len(answers)} open" if open_ else f"all {len(answers)} answered"
        return Row(f"{_AREA}{area}", ("", "", f"== {area.upper()}: {left}", "", "", ""), -1, "faint")

    def _verdict_lines(self) -> Iterator[Content]:
        yield content(f"Round {self._round}: {self._forecast}. {self.enter_does({})}", "bold")
        for person, verdict in self._signed.items():
            yield labelled(person, f"signed {verdict}")
        for seat in self._missing:
            yield content(f"missing: {seat['workstream']} of {seat['company']}: {sign_for(seat)}", "$warning")

    _round: int
    _forecast: str
    _signed: dict[str, str]
    _missing: list[dict[str, str]]


def _lines(one: Asked, said: Wording, does: str) -> Iterator[Content]:
    item = one.item
    late = is_late(one, said)
    yield content(f"{item['id']}  {item['text']}", "bold")
    if [given["answer"] for given in one.given] != [one.answer]:
        yield labelled("answer", one.answer or f"not answered. {does}")
    if one.given[1:]:
        yield content("Answered without knowing of each other; answer again to settle it:", "$warning bold")
    for given in one.given:
        reason = f": {given['reason']}" if given.get("reason") else ""
        yield content(f"{given['answer']} by {given['by']}, {said.time(given['at'])}{reason}")
        if given.get("evidence"):
            yield labelled("evidence", said.value(given["evidence"]))
        condition = given.get("condition")
        if condition:
            until = said.time(condition["expires"])
            yield content(f"condition: {condition['text']}; {condition['owner']}, until {until}", "$warning")
    about = [
        ("owner", f"{item.get('owner') or 'nobody named'}, workstream {item['workstream']}"),
        ("due", f"{said.value(item.get('due') or '')}{' OVERDUE' * late}"),
        ("evidence asked", str(item.get("evidence") or "")),
        ("area", str(item["area"])),
    ]  # fmt: skip
    for label, text in about:
        if text:
            yield labelled(label, text)
