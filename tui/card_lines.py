"""What the card after a stop asks in one line each, as the actions of a record's kind declare it."""

from typing import Final, NamedTuple

from shared import kinds  # noqa: F401 - declares every action
from shared.actions.action import ACTIONS, Spec
from shared.actions.kind import kind_of
from shared.terminal.fields import COMMON, field_of

STEP: Final = "step"
"""The field by which an action names a step of the card."""
_WHO: Final = "claimed"


class CardLine(NamedTuple):
    """One of them: the action that keeps what is typed, its question, the field for it, and what that field asks."""

    do: str
    question: str
    field: str
    hint: str
    of_step: bool
    """Whether it is about a step of the card, and not about the stop as a whole."""

    @property
    def words(self) -> str:
        """The question as a menu has it."""
        return self.question.rstrip("?.")

    @property
    def asks_who(self) -> bool:
        """Whether what is typed is who says so, and nothing else."""
        return self.field == _WHO


def card_lines(record: str) -> dict[str, CardLine]:
    """Give what the card of a record asks, by the action's name, in the order of declaration; none for most kinds."""
    kind = kind_of(record)
    return {spec.name: _line(spec) for spec in ACTIONS.values() if spec.card and spec.kind is kind}


def _line(spec: Spec) -> CardLine:
    own = [one.name for one in spec.fields if one.name not in COMMON]
    field = own[-1] if own else _WHO
    return CardLine(spec.name, spec.card, field, field_of(spec, field).words, STEP in own)
