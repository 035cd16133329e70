"""How the demo's deviations went: raised, talked through, called about, rated, fixed, closed, or not yet."""

from typing import Any, Final, Literal, TypeAlias

from scripts.demo_batches import FILLING, RUNNING
from scripts.demo_cast import (
    BOSTON,
    DESK,
    FLOOR,
    OPERATOR,
    PROCEDURE,
    QA,
    QA2,
    REVIEW,
    S_QA,
    S_QA2,
    S_SME,
    SUPERVISOR,
)
from scripts.demo_serious import Serious
from scripts.demo_texts import Case
from scripts.demo_timetable import DAY, HOUR, MINUTE, Calendar, Story
from scripts.demo_world import Made, World

End: TypeAlias = Literal["closed", "triaged", "open", "unrated"]
"""How far a deviation comes."""
WAITING: Final = "deviation that waits"
PROPOSED: Final = "entry that waits"
"""Names in `World.ids` of the deviation whose closing waits for the sponsor, and of the entry that proposes it."""
_OTHER: Final = "None: the cause was bounded in time and equipment, and the records of neighbouring work were read."
_WHY: Final = "No step, material or limit was changed; what the procedure protects was reached in another way."


class Deviations:
    """Tells the stories of deviations in one world."""

    def __init__(self, world: World, calendar: Calendar) -> None:
        """Tell them there."""
        self._world = world
        self._calendar = calendar

    def minor(self, case: Case, end: End, number: int, *, here: bool = False) -> Story:
        """A minor deviation, on the light path."""
        do, start = self._world.do, self._world.hand.now
        who = SUPERVISOR if number % 3 else OPERATOR
        record = self._raised(case, who, hold="", here=here).record
        yield start + (2 + number % 4) * MINUTE
        self._problem(case, record, who, end)
        self._assessed(record, who, "minor", other=number % 11 == 0)
        yield start + (6 + number % 9) * MINUTE
        do(FLOOR, "deviation.fix", record, fix=case.fix, claimed=who)
        if end == "unrated":
            return
        reason = "No quality attribute, critical parameter or critical equipment is touched."
        if number % 4 or end != "closed":
            do(FLOOR, "deviation.rate", record, SUPERVISOR, criticality="minor", reason=reason)
        else:
            yield self._calendar.office(start + HOUR)
            do(DESK, "deviation.rate", record, QA2, criticality="minor", reason=reason)
        yield self._calendar.office(start + (1 + number % 5) * HOUR)
        do(DESK, "notice.acknowledge", record, QA2, text="read, nothing more needed from us today")
        if number % 2:
            yield self._calendar.office(start + 3 * HOUR, BOSTON)
            do(REVIEW, "notice.acknowledge", record, S_QA2)
        if end != "closed":
            return
        yield self._calendar.office(start + (1 + number % 5) * DAY)
        if number % 5 == 0:
            do(DESK, "deviation.note", record, QA2, text="Talked over in the weekly meeting of both quality units.")
        closer = QA if number % 2 else QA2
        do(DESK, "deviation.close", record, closer, conclusion=case.conclusion, other_batches=_OTHER)

    def serious(  # noqa: PLR0913 - what makes one story differ from another
        self,
        told: Serious,
        criticality: str,
        end: End,
        *,
        held: str = "",
        here: bool = False,
        days: int = 9,
        kept: bool = False,
        disputed: bool = False,
        waiting: bool = False,
    ) -> Story:
        """A major or critical deviation.

        Args:
            told: what is told.
            criticality: as the first rater finds it.
            end: how far it comes.
            held: what was stopped for it; "" for nothing.
            here: whether it is on the running batch, at its present step, and stops that.
            days: from raising to closing.
            kept: whether the hold is still in force.
            disputed: whether the second rater finds it minor, and nobody has settled that.
            waiting: whether its closing still waits for the sponsor's QA.
        """
        do, start = self._world.do, self._world.hand.now
        batch, step = self._now() if here else ("", "")
        hold, held = "", step or held
        if held:
            stopped = do(FLOOR, "hold.stop", "", on=held, batch=batch, reason=told.case.title, claimed=OPERATOR)
            hold = stopped.record
            yield start + MINUTE
        record = self._raised(told.case, OPERATOR, hold=hold, here=here).record
        yield from self._sheet(told, record, criticality, end, start)
        yield from self._rated(told, record, criticality, end, disputed=disputed)
        do(FLOOR, "deviation.fix", record, fix=told.case.fix, claimed=SUPERVISOR)
        if end == "open":
            return
        yield self._calendar.office(start + 5 * HOUR)
        do(DESK, "deviation.note", record, QA, text=told.note)
        if hold and not kept:
            yield from self._lifted(told, hold, start, days)
        if end == "closed" or waiting:
            yield from self._closed(told, record, start, days, waiting=waiting)

    def _now(self) -> tuple[str, str]:
        """The running batch, and its present step."""
        batch = self._world.ids[RUNNING]
        return batch, f"{batch}/{FILLING}"

    def _raised(self, case: Case, who: str, hold: str, *, here: bool) -> Made:
        now = self._world.hand.now
        batch, step = self._now() if here else ("", case.place)
        return self._world.do(
            FLOOR, "deviation.raise", "", title=case.title, on=step, batch=batch, hold=hold, claimed=who,
            detected=self._calendar.write(now - 4 * MINUTE), occurred=self._calendar.write(now - 20 * MINUTE),
        )  # fmt: skip

    def _problem(self, case: Case, record: str, who: str, end: End) -> None:
        why: dict[str, Any] = {} if end in {"open", "unrated"} else {"justification": _WHY}
        self._world.do(
            FLOOR,
            "deviation.problem",
            record,
            problem=case.problem,
            procedure=PROCEDURE[case.place],
            claimed=who,
            **why,
        )

    def _assessed(self, record: str, who: str, criticality: str, *, other: bool = False) -> None:
        serious = criticality != "minor"
        patient = {"minor": "no", "major": "no", "critical": "likely"}[criticality]
        answers: dict[str, Any] = {
            "attribute": serious,
            "parameter": False,
            "equipment": serious,
            "other_batches": other,
            "distributed": False,
        }
        self._world.do(FLOOR, "deviation.assess", record, patient=patient, claimed=who, **answers)

    def _sheet(self, told: Serious, record: str, criticality: str, end: End, start: int) -> Story:
        """The call sheet, screen by screen, and the calls."""
        do, ids = self._world.do, self._world.ids
        yield start + 3 * MINUTE
        if criticality == "critical":
            do(FLOOR, "call.log", record, contact=ids["mei"], outcome="no answer", claimed=OPERATOR)
        answered: dict[str, Any] = {"contact": ids["emil"], "outcome": "answered", "person": SUPERVISOR}
        do(FLOOR, "call.log", record, **answered, text="comes at once", readback="amber kettle nine", claimed=OPERATOR)
        yield start + 9 * MINUTE
        self._problem(told.case, record, SUPERVISOR, end)
        yield start + 16 * MINUTE
        option, pro, con = told.chosen
        why = "best bounded, and shown by data"
        do(FLOOR, "deviation.option", record, option=option, pro=pro, con=con, verdict="chosen", why=why,
           advice=S_SME, claimed=SUPERVISOR)  # fmt: skip
        option, con = told.other
        do(FLOOR, "deviation.option", record, option=option, con=con, verdict="not chosen", claimed=SUPERVISOR)
        spoils, hours = told.spoils
        if spoils:
            by_time = self._calendar.write(start + hours * HOUR)
            do(FLOOR, "deviation.urgency", record, spoils=spoils, by_time=by_time, claimed=SUPERVISOR)
        path = "shift lead, then quality of both companies, then the leads" if criticality == "major" else (
            "quality of both companies and the leads at once, steering within the day")  # fmt: skip
        do(FLOOR, "deviation.path", record, path=path, claimed=SUPERVISOR)
        do(FLOOR, "deviation.audience", record, audience=[QA, S_QA, S_SME, "release"], claimed=SUPERVISOR)
        self._assessed(record, SUPERVISOR, criticality, other=criticality == "critical")
        yield start + 21 * MINUTE
        answered = {"contact": ids["mei"], "outcome": "answered", "person": S_SME}
        do(FLOOR, "call.log", record, **answered, text="agrees with what was chosen", claimed=SUPERVISOR)

    def _rated(self, told: Serious, record: str, criticality: str, end: End, *, disputed: bool) -> Story:
        """Two ratings, blind: each of what was shown before either."""
        start = self._world.hand.now
        before = self._world.shown(REVIEW)
        yield start + 5 * MINUTE
        self._world.do(DESK, "deviation.rate", record, QA, criticality=criticality, reason=told.reason)
        if end == "open":
            return
        yield start + 13 * MINUTE
        second, found, reason = (S_QA if criticality == "critical" else S_SME), criticality, told.reason
        if disputed:
            found, reason = "minor", "Below what the filter's maker allows; the test after use will show it."
        self._world.do(
            REVIEW, "deviation.rate", record, second, seen=before, criticality=found, reason=f"Rated apart: {reason}"
        )
        self._world.do(REVIEW, "notice.acknowledge", record, S_QA, text="we have it")

    def _lifted(self, told: Serious, hold: str, start: int, days: int) -> Story:
        """The hold, by QA of both companies."""
        yield self._calendar.office(start + min(days - 1, 2) * DAY)
        made = self._world.do(DESK, "hold.lift", hold, QA, reason=f"{told.case.fix[:400]} Seen by quality.")
        yield self._calendar.office(self._world.hand.now + HOUR, BOSTON)
        self._world.confirm(REVIEW, made, S_QA)

    def _closed(self, told: Serious, record: str, start: int, days: int, *, waiting: bool) -> Story:
        yield self._calendar.office(start + days * DAY)
        made = self._world.do(
            DESK, "deviation.close", record, QA, conclusion=told.case.conclusion, other_batches=_OTHER
        )
        if waiting:
            self._world.ids |= {WAITING: record, PROPOSED: made.id}
        else:
            yield self._calendar.office(self._world.hand.now + 2 * HOUR, BOSTON)
            self._world.confirm(REVIEW, made, S_QA)

    def mistaken(self) -> Story:
        """A cord pulled by mistake, lifted by two people of the floor."""
        made = self._world.do(FLOOR, "hold.stop", "", on="CAP-303", batch="")
        yield self._world.hand.now + 6 * MINUTE
        reason = "Pulled with a sleeve while cleaning; machine looked over, nothing else had stopped."
        lift = self._world.do(FLOOR, "hold.lift", made.record, SUPERVISOR, reason=reason)
        yield self._world.hand.now + 11 * MINUTE
        self._world.confirm(FLOOR, lift, QA2)
