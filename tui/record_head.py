"""The head of a record's screen: number, kind, state, title, and all that people must know before they go on."""

from collections.abc import Callable, Iterator
from typing import Final

from textual.content import Content

from shared.store.lists import Listed
from shared.terminal.blind import HIDDEN
from tui.clearing import in_words
from tui.hostile import content
from tui.listing import is_over, rated, runs_out, tone
from tui.record_seen import RecordSeen
from tui.wording import MEANT, Wording

STYLES: Final = {
    "bad": "$error reverse bold", "warn": "$warning reverse bold", "good": "$success reverse bold",
    "faint": "$text-muted reverse", "": "reverse bold",
}  # fmt: skip
"""How a state looks, by its tone."""


def head_of(found: RecordSeen, said: Wording, keyed: Callable[[str], str]) -> Content:
    """Give the head; `keyed` puts the keys that commands have now into a text."""
    return Content("\n").join([*_lines(found, said, keyed)])


def _lines(found: RecordSeen, said: Wording, keyed: Callable[[str], str]) -> Iterator[Content]:
    kind, row = found.kind.name if found.kind else "record", found.row
    name = said.record(found.record)
    number = f"  ({found.record})" if name != found.record else ""
    if row is None:
        yield Content.assemble(content(f"{name}  {kind}  ", "bold"), Content.styled(" PROPOSED ", STYLES["warn"]))
    else:
        state = str(row.columns.get("state") or "")
        yield Content.assemble(
            content(f"{name}  ", "bold"),
            content(f"{kind}  "),
            content(f" {state.upper()} ", STYLES[_tone(found)]),
            content(f"  {_criticality(found)}", "bold"),
            content(f"{number}  {row.sync}", "$warning" if row.sync == "local" else "$text-muted"),
        )
        yield content(said.title(row), "bold")
        yield from _clock(found, said)
        for flag in row.flags:
            if flag in MEANT:
                yield content(MEANT[flag], "$warning bold")
    yield from _holds(found, said)
    for one in found.waiting:
        needs, by = " and ".join(one.proposed.needs), one.proposed.by
        what = f"WAITS for {needs}: {said.text(one.sentence)} (by {by})."
        yield content(f"{what} {keyed('{actions} confirms or declines.')}", "$warning")
    yield from _way(found, said, keyed)


def _tone(found: RecordSeen) -> str:
    row = found.row
    if row is None:
        return "warn"
    return tone(row._replace(columns={**row.columns, "criticality": None}) if found.blind else row)


def _criticality(found: RecordSeen) -> str:
    row = found.row
    if row is None or row.kind != "deviation":
        return ""
    if found.blind:
        return f"rating {HIDDEN} until you have rated"
    word = rated(row)
    return f"{word.removesuffix('?')} proposed, not rated" if word.endswith("?") else word


def _clock(found: RecordSeen, said: Wording) -> Iterator[Content]:
    until = runs_out(found.row) if found.row else None
    if until is None or found.kind is None:
        return
    urgency = found.looked.facts.get("urgency") if found.looked else None
    what = str((urgency or {}).get("spoils") or "") if isinstance(urgency, dict) else ""
    late, words = until <= said.now, found.kind.columns[found.kind.runs_out].words
    yield content(
        f"{words.upper()}  {said.left(until)} ({said.time(until)})" + (f": {what}" if what else ""),
        "$error bold" if late else "$warning bold",
    )


def _holds(found: RecordSeen, said: Wording) -> Iterator[Content]:
    linked = {row.record: str(row.columns.get("on") or "") for _, row in found.links if _in_force(row)}
    held = list(dict.fromkeys([*linked, *found.held]))
    if held:
        more = f" and {len(held) - 1} more" if held[1:] else ""
        on = f" on {said.text(linked[held[0]])}" if linked.get(held[0]) else ""
        yield Content.assemble(Content.styled(" HELD ", STYLES["bad"]), content(f" {held[0]}{on}{more}"))


def _in_force(row: Listed) -> bool:
    return row.kind == "hold" and row.columns.get("state") == "held"


def _way(found: RecordSeen, said: Wording, keyed: Callable[[str], str]) -> Iterator[Content]:
    if found.row is None or found.kind is None or found.kind.blockers is None:
        return
    count = len(found.blockers)
    if not count:
        if found.waiting:
            yield content(keyed("A second person is waited for ({why})."), "$warning")
        elif not is_over(found.row):
            yield content(f"Nothing is in the way of {found.kind.toward}.", "$success")
    elif count == 1:
        one = found.blockers[0]
        yield content(f"In the way: {said.text(in_words(one))} {keyed('({why})')}", "$warning")
    else:
        yield content(f"{count} things are in the way {keyed('({why})')}", "$warning")
