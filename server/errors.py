"""What a server cannot do, each with one plain sentence for people."""


class ServerError(Exception):
    """Nothing was done; the text says why, and what to do next."""


class NotHere(ServerError):
    """No such log, or not for this terminal: the two are answered alike, so that nobody learns which logs there are."""

    def __init__(self) -> None:
        super().__init__(
            "There is no such log here for this terminal. Ask who looks after the terminal whether it is enrolled."
        )


class Unserved(ServerError):
    """A log cannot be served now; said only to who shows a checkpoint of it, all others are answered `NotHere`."""

    def __init__(self) -> None:
        super().__init__(
            "The server cannot serve this log now. Nothing is lost: the terminal asks again. Tell its admin."
        )


class Late(ServerError):
    """A signed request's date is not now."""


class Malformed(ServerError):
    """A request that is not of its form."""


class TooLarge(ServerError):
    """A request is too large, and will be when it comes again."""


class TooMuch(ServerError):
    """There are too many requests; later there is room again."""


class Contradiction(ServerError):
    """What a terminal would refill the log with is not what this log published."""
