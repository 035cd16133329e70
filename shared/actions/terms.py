"""The agreement's terms: who rates and lifts, and within which times. Data that rules use, with default values.

A program's own agreement (`agreement.set`, signed by both companies) replaces them from its date on. Both sorts of
value are data: no rule holds a number of its own. Sources of the defaults: domain.md 6 and design.md 6.
"""

from typing import Annotated

import msgspec

from shared.actions.field import Text, ask

HOUR = 3_600_000
"""Milliseconds in an hour."""


class Clock(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How long one criticality waits for an acknowledgement, and how far up the tree silence goes."""

    minutes: Annotated[int, ask("minutes to acknowledge, then the next on the tree", unit="minutes")]
    working: Annotated[bool, ask("count working hours only")] = False
    ceiling: Annotated[Text, ask("highest tier that is called", most=40)] = "core"


def _clocks() -> dict[str, Clock]:
    return {
        "critical": Clock(minutes=5, ceiling="steering"),
        "major": Clock(minutes=30, ceiling="leadership"),
        "minor": Clock(minutes=480, working=True),
    }


def _lifts() -> dict[str, tuple[str, ...]]:
    return {"critical": ("both",), "major": ("both",), "minor": ("one",)}


def _hours() -> dict[str, int]:
    return {"performed": 72, "witnessed": 72}


class Terms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One version of the agreement, complete; what it leaves out has the default value."""

    lift: Annotated[dict[str, tuple[str, ...]], ask("whose QA lifts a hold: of both companies, or one")] = (
        msgspec.field(default_factory=_lifts)
    )
    night_rating: Annotated[bool, ask("a supervisor may rate minor and lift, QA confirms the next working day")] = True
    second_rater: Annotated[tuple[str, ...], ask("criticalities that need a second rater")] = ("critical", "major")
    acknowledge: Annotated[dict[str, Clock], ask("time to acknowledge, by criticality")] = msgspec.field(
        default_factory=_clocks
    )
    tell_hours: Annotated[int, ask("from detection until the partner is told", unit="hours")] = 24
    close_days: Annotated[tuple[int, int], ask("from detection to closing: alone, with both", unit="days")] = (
        30,
        45,
    )
    proposal_hours: Annotated[int, ask("after which a proposal has expired", unit="hours")] = 168
    offline_hours: Annotated[dict[str, int], ask("since the last contact, by meaning", unit="hours")] = msgspec.field(
        default_factory=_hours
    )
    offline_other: Annotated[int, ask("the same for all other meanings", unit="hours")] = 24


DEFAULT = Terms()
"""The terms of a program that has agreed none yet."""
