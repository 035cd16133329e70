"""What a server cannot do, each with one plain sentence for people."""


class ServerError(Exception):
    """Nothing was done; the text says why, and what to do next."""


class NotHere(ServerError):
    """No such log, or not for this terminal: the two are answered alike, so that nobody learns which logs there are."""

    def __init__(self) -> None:
        super().__init__(
            "There is no such log here for this terminal. Ask who looks after the terminal whether it is enrolled."
        )


class Late(ServerError):
    """A signed request's date is not now."""


class Malformed(ServerError):
    """A request that is not of its form."""


class TooMuch(ServerError):
    """A request is too large, or there are too many of them."""


class Contradiction(ServerError):
    """What a terminal would refill the log with is not what this log published."""
