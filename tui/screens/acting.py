"""What every screen about a record can do: show what can be done with it, or with the part under the cursor."""

from tui.screens.page import Page


class Acting(Page):
    """A screen about a record."""

    @property
    def record(self) -> str:
        """The record that this is about."""
        raise NotImplementedError

    def part(self) -> dict[str, str]:
        """Which part of the record is under the cursor, by the field that names it in actions; {} for none."""
        return {}

    def action_actions(self) -> None:
        """Show what can be done with it."""
        from tui.screens.actions import ActionsScreen  # noqa: PLC0415 - when it is asked for

        self.andon.push_screen(ActionsScreen(self.record, self.part()))
