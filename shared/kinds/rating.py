"""Criticality: how ratings of several people are read together. Words that deviations, holds and batches share."""

from shared.actions.action import Slot, World
from shared.actions.merge import cautious
from shared.actions.world import Record

ORDER = ("minor", "major", "critical")
"""Least to most cautious (domain.md 1; PIC/S PI 040-1)."""
RATING = cautious(*ORDER, per="person", across=True)
"""Stands per rater; the highest is shown, different ones contest each other until settled."""
QA = frozenset({"qa"})


def criticality(deviation: Record) -> str | None:
    """The criticality in force: the highest of all standing ratings, None while nobody has rated."""
    ratings = deviation.rating
    return max(ratings.values(), key=ORDER.index) if ratings else None


def qa_of_both(w: World) -> tuple[Slot, ...]:
    """QA of each of the program's companies."""
    return tuple(Slot(QA, company) for company in sorted(w.get("PROGRAM").companies))


def second_rater_due(w: World, deviation: Record) -> bool:
    """Whether the agreement asks for a second rater and only one has rated (ICH Q9(R1): more than one assessor).

    Who rated once has assessed it, also where somebody has settled that rating since.
    """
    return criticality(deviation) in w.terms.second_rater and len(set(deviation.raters)) < 2  # noqa: PLR2004  a second is number two
