"""The agreement's terms: who rates and lifts, and within which times. Data that rules use, with default values.

A program's own agreement (`agreement.set`, signed by both companies) replaces them from its date on. Both sorts of
value are data: no rule holds a number of its own. Sources of the defaults: domain.md 6 and design.md 6.
"""

import msgspec

HOUR = 3_600_000
"""Milliseconds in an hour."""


class Clock(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How long one criticality waits for an acknowledgement, in minutes; `working` counts working hours only."""

    minutes: int
    working: bool = False
    ceiling: str = "core"


class Terms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One version of the agreement, complete; what it leaves out has the default value."""

    lift: dict[str, tuple[str, ...]] = msgspec.field(
        default_factory=lambda: {"critical": ("both",), "major": ("both",), "minor": ("one",)}
    )
    """Whose QA lifts a hold, by the criticality of what it holds: of "both" companies, or of "one"."""
    night_rating: bool = True
    """Whether a supervisor may rate minor and lift that hold, QA confirming later (domain.md 3, step 5)."""
    second_rater: tuple[str, ...] = ("critical", "major")
    """The criticalities that need a second rater (ICH Q9(R1): more than one assessor)."""
    acknowledge: dict[str, Clock] = msgspec.field(
        default_factory=lambda: {
            "critical": Clock(minutes=5, ceiling="steering"),
            "major": Clock(minutes=30, ceiling="leadership"),
            "minor": Clock(minutes=480, working=True),
        }
    )
    """Time to acknowledge, then the next on the tree."""
    tell_hours: int = 24
    """Hours from detection until the partner company is told."""
    close_days: tuple[int, int] = (30, 45)
    """Days from detection to closing: inside one company, with the partner involved."""
    proposal_hours: int = 168
    """Hours after which a proposal that still waits for somebody has expired."""
    offline_hours: dict[str, int] = msgspec.field(default_factory=lambda: {"performed": 72, "witnessed": 72})
    """Hours since the last contact within which a meaning may be signed; others: `offline_other`."""
    offline_other: int = 24
    """The same for rated, lifted, approved and all others (design.md 6)."""


DEFAULT = Terms()
"""The terms of a program that has agreed none yet."""
