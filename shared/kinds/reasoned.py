"""Changes that say why: what every edit of the call tree and of places has in common (Annex 11, 9)."""

from typing import Annotated

from shared.actions.action import Decision, World, rule
from shared.actions.field import Text, ask


class Reasoned(Decision, frozen=True, kw_only=True):
    """A decision that changes what stood before, and so gives its reason."""

    reason: Annotated[Text, ask("why", most=300)]

    @rule("REASON-1", source="Annex 11 (2011) 9; requirement A11-07")
    def says_why(self, w: World) -> bool:
        """A change needs a reason; say in a few words why."""
        return bool(self.reason.strip(" \n"))
