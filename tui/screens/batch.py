"""A batch: its steps with who did and who checked each, limits and values, and the holds that bar them."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final, NamedTuple

from textual.content import Content

from shared.kinds.batch_record import Parameter, Step, barred, holds_on, performers, plan
from tui.hostile import content
from tui.record_head import head_of
from tui.record_seen import RecordSeen, seen
from tui.screens.record import RecordKeys, contested, labelled
from tui.screens.split import SplitPage
from tui.widgets.record_table import Heading, RecordTable, Row
from tui.wording import Wording

HELD, DUE, UNSIGNED, CHECKED, DONE, NEXT, TO_DO = "HELD", "CHECK DUE", "UNSIGNED", "checked", "done", "next", "to do"
_TONES: Final = {HELD: "bad", DUE: "warn", UNSIGNED: "warn", CHECKED: "good", DONE: "good", NEXT: ""}


class StepSeen(NamedTuple):
    """One step: as planned, how it stands, what was recorded of it and of its check, who recorded it, what bars it."""

    step: Step
    state: str
    done: dict[str, Any] | None
    check: dict[str, Any] | None
    performers: list[str]
    holds: list[str]


class BatchScreen(SplitPage, RecordKeys):
    """One batch."""

    HELP: ClassVar[str] = (
        "A batch and its steps. The lines below tell more of the step under the cursor. Enter on a step records it, on"
        " one that is done its check, on one that is held it opens the hold. {why} tells what bars the disposition."
    )
    HEADINGS: ClassVar[tuple[Heading, ...]] = (
        Heading("step", 6), Heading("state", 9), Heading("what is done", 0), Heading("done by", 14, 76),
        Heading("checked by", 14, 92), Heading("where", 24, 120),
    )  # fmt: skip
    EMPTY: ClassVar[str] = "It has no steps here."

    def first(self) -> str:
        """The step that is due."""
        return next((key for key, one in self._steps.items() if one.done is None), "")

    def head(self) -> Content:
        """The batch, how far it is, and what people must know."""
        said = Wording(self.andon.reader)
        done = sum(one.done is not None for one in self._steps.values())
        row = self._seen.row
        phase = str(row.columns.get("phase") or "") if row else ""
        lines = [
            head_of(self._seen, said, self.andon.keyed), content(f"{phase}; {done} of {len(self._steps)} steps done"),
            *contested(self._seen.contests, said),
        ]  # fmt: skip
        return Content("\n").join(lines)

    def rows(self) -> list[Row]:
        """Read the steps."""
        reader = self.andon.reader
        self._seen: RecordSeen = seen(reader, self.andon.session, self.record)
        self._steps = {one.step.key: one for one in self._read()} if self._seen.row else {}
        said = Wording(reader)
        return [
            Row(
                key,
                (
                    key, one.state, f"{'KEY ' if one.step.key_step else ''}{one.step.words}", _by(one.done),
                    _by(one.check), said.record(one.step.place),
                ),
                -1,
                _TONES.get(one.state, "faint"),
            )
            for key, one in self._steps.items()
        ]  # fmt: skip

    def detail(self, key: str) -> Content:
        """The step, its limits and values, who did it and checked it, and what bars it."""
        one = self._steps.get(key)
        if one is None:
            return Content("")
        does = "" if one.holds else self.enter_does(self._part(key))
        return Content("\n").join([*self._lines(one, Wording(self.andon.reader)), content(does, "$text-muted")])

    def chosen(self, key: str) -> None:
        """Do what comes next on the step; of one that is held, open the hold."""
        one = self._steps[key]
        if one.holds:
            self.andon.open_record(one.holds[0])
        elif comes := self.next_on(self._part(key)):
            self.andon.act(comes.spec.name, self.record, comes.given)
        else:
            corrects = self.andon.keyed("{actions} corrects the record, with a reason.")
            self.andon.tell(f"Step {key} is done and checked; {corrects}")

    def part(self) -> dict[str, str]:
        """The step under the cursor."""
        return self._part(self.query_one(RecordTable).record)

    def _part(self, key: str) -> dict[str, str]:
        return {"step": key} if key in self._steps else {}

    def _read(self) -> Iterator[StepSeen]:
        with self.andon.reader.store.snapshot():
            view = self.andon.reader.view(self.record)
            batch = view.here
            holds = [(hold.id, barred(batch, hold)) for hold in holds_on(view, batch)]
            done, checks, checked = batch.done, batch.checks, batch.checked
            first = True
            for step in plan(batch):
                bars = [id_ for id_, steps in holds if step.key in steps and step.key not in done]
                value = done.get(step.key)
                state = HELD if bars else _state(step, value, str(checked.get(step.key) or ""), first=first)
                first = first and value is not None
                check = checks.get(step.key) if checked.get(step.key) == "checked" else None
                yield StepSeen(step, state, value, check, sorted(performers(batch, step.key)), bars)

    @staticmethod
    def _lines(one: StepSeen, said: Wording) -> Iterator[Content]:
        step = one.step
        yield content(f"{step.key}  {step.words}", "bold")
        if one.holds:
            yield content(f"HELD by {', '.join(one.holds)}; Enter opens the hold.", "$error bold")
        values = {value["parameter"]: value for value in (one.done or {}).get("values") or []}
        for parameter in step.parameters:
            yield _parameter(parameter, values.get(parameter.name))
        if one.done is not None:
            signed = "signed" if one.done.get("signed") else "NAMED, NOT SIGNED"
            yield labelled("done by", f"{one.done['by']}, {said.time(one.done['at'])}, {signed}")
            for word, key in (("recorded again because", "reason"), ("against a rule because", "why")):
                if one.done.get(key):
                    yield labelled(word, str(one.done[key]))
        if one.performers[1:]:
            yield content(f"recorded by {' and by '.join(one.performers)}, who did not know of each other", "$warning")
        if one.check is not None:
            yield labelled(
                "checked by", f"{one.check['by']}, {said.time(one.check['at'])}  {one.check.get('note') or ''}"
            )
        about = [
            ("where", said.value(step.place)), ("expertise", step.expertise), ("fault guide", step.fault_guide),
            ("safe hold time", f"{step.safe_hold} min" if step.safe_hold else ""),
            ("make safe", "; ".join(step.containment)),
        ]  # fmt: skip
        for label, text in about:
            if text:
                yield labelled(label, text)


def _state(step: Step, done: dict[str, Any] | None, checked: str, *, first: bool) -> str:
    if done is None:
        return NEXT if first else TO_DO
    if not done.get("signed"):
        return UNSIGNED
    if checked == "checked":
        return CHECKED
    return DUE if step.key_step else DONE


def _by(said: dict[str, Any] | None) -> str:
    return str(said["by"]) if said else ""


def _parameter(one: Parameter, value: dict[str, Any] | None) -> Content:
    """A parameter with its limits, and what was measured."""
    limits = f"{one.low or 'any'} to {one.high or 'any'} {one.unit}".strip()
    measured = f"{value['value']} {value.get('unit', '')}".strip() if value else "not measured"
    return Content.assemble(
        content(f"{one.name}{' (critical)' if one.critical else ''}: ", "$accent"),
        content(measured, "bold" if value else "$text-muted"),
        content(f"   limits {limits}"),
    )
