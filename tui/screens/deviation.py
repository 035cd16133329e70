"""A deviation: its head and call sheet in short, how each person rated it, and what became of it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from textual.content import Content

from shared.kinds.call_sheet import answers
from tui.hostile import content
from tui.listing import is_over
from tui.record_seen import RecordSeen
from tui.screens.record import RecordScreen, columns, facts, labelled, one_fact
from tui.wording import Wording

SHEET: Final = (
    "problem", "observed", "limit", "since", "until", "procedure", "justification", "options", "urgency", "path",
    "audience", "assessment",
)  # fmt: skip
"""Facts of the call sheet, in the order of its screens."""
MEASURED: Final = frozenset({"observed", "limit", "since", "until"})
"""Facts of the call sheet that not every problem has."""
TOLD: Final = frozenset({"problem", "fix", "raters", "proposed"})
"""Columns that are told in a part of their own."""


class DeviationScreen(RecordScreen):
    """A deviation."""

    def sections(self, found: RecordSeen, said: Wording) -> Iterator[Content]:
        """The call sheet, the ratings, the fix, notes, and the rest."""
        if found.row is None or found.looked is None:
            return
        known = found.looked.facts
        yield from self._ratings(found)
        yield content("CALL SHEET", "$text-muted bold")
        missing = []
        for fact in SHEET:
            lines = list(_told(fact, known.get(fact), said))
            yield from lines
            missing += [] if lines or fact in MEASURED else [fact]
        if missing and not is_over(found.row):
            yield content(f"not said yet: {', '.join(missing)}", "$text-muted italic")
        yield content("MORE", "$text-muted bold")
        if known.get("fix"):
            yield labelled("short-term fix", str(known["fix"]))
        for note in known.get("notes") or []:
            yield labelled(f"note of {note['by']}, {said.time(note['at'])}", str(note["text"]))
        left = {name: value for name, value in found.row.columns.items() if name not in TOLD}
        shown = found.row._replace(columns=left)
        yield from columns(found._replace(row=shown), said)
        yield from facts(found, said, frozenset({*SHEET, "notes", "fix"}))

    @staticmethod
    def _ratings(found: RecordSeen) -> Iterator[Content]:
        """Who rated how, and why; what is hidden is said to be."""
        if not found.ratings:
            return
        yield content("RATINGS", "$text-muted bold")
        hidden = sum(not one.rating for one in found.ratings)
        if hidden:
            yield content(f"rated by {hidden}, hidden until you have rated", "$warning")
        for one in found.ratings:
            if one.rating:
                rating = content(one.rating, "bold")
                yield Content.assemble(content(f"{one.person}: ", "$accent"), rating, content(f"  {one.reason}"))


def _told(fact: str, value: Any, said: Wording) -> Iterator[Content]:  # noqa: ANN401 - any JSON value
    """A fact of the call sheet."""
    match fact:
        case "options":
            return _options(value)
        case "assessment":
            return _assessed(value)
        case _:
            return one_fact(fact, value, said)


def _options(options: list[dict[str, str]]) -> Iterator[Content]:
    """Each option with for and against, chosen or not, and why."""
    for one in options or []:
        verdict = content(f"  [{one['verdict']}]", "bold")
        yield Content.assemble(content("option: ", "$accent"), content(one["option"]), verdict)
        for word, key in (("for", "pro"), ("against", "con"), ("why", "why"), ("advice of", "advice")):
            if one.get(key):
                yield content(f"  {word}: {one[key]}")


def _assessed(assessment: Mapping[str, Mapping[str, Any]]) -> Iterator[Content]:
    """Each fixed question as it was asked, with its answer; what is not a plain no stands out."""
    for person, said in (assessment or {}).items():
        proposed = content(said["proposes"], "bold")
        yield Content.assemble(content(f"questions, answered by {person}: ", "$accent"), proposed, content(" proposed"))
        for question, answer in answers(said):
            yield Content.assemble(content(f"  {question}: "), content(answer, "" if answer == "no" else "bold"))
