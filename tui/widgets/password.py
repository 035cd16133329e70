"""The field for a password: what is typed leaves it once, as a secret, and never in a message of the field's."""

from textual.message import Message
from textual.widgets import Input

from shared.trust.passwords import Secret


class PasswordInput(Input):
    """Tells only that Enter was pressed (`Typed`); `take` gives the password and empties the field."""

    class Typed(Message):
        """Enter was pressed."""

    def __init__(self, *, id: str | None = None) -> None:
        """Show dots for what is typed."""
        super().__init__(password=True, compact=True, select_on_focus=False, id=id)
        self.cursor_blink = False

    def take(self) -> Secret:
        """Give what was typed, and forget it."""
        secret = Secret(self.value)
        self.clear()
        return secret

    def post_message(self, message: Message) -> bool:
        """Keep back what would carry the text: messages may be logged, and bubble to whoever listens."""
        if isinstance(message, (Input.Changed, Input.Submitted, Input.Blurred)):
            return False
        return super().post_message(message)

    async def action_submit(self) -> None:
        """Tell that Enter was pressed."""
        super().post_message(self.Typed())

    def action_copy(self) -> None:
        """Nothing of it goes to the clipboard."""

    def action_cut(self) -> None:
        """Nothing of it goes to the clipboard."""
