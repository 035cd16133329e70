"""What can go wrong with a store, each with one plain sentence for people."""


class StoreError(Exception):
    """Nothing was written, or read, and the text says why and what to do next."""


class Busy(StoreError):
    """Another process is writing for longer than this one waits."""


class GaveWay(StoreError):
    """Somebody else waits to write, and who was writing had offered to begin anew; nothing was written."""


class Full(StoreError):
    """The disk, or the size that the file may have, is full; nothing is half written."""


class Damaged(StoreError):
    """The file is no store, or parts of it are unreadable."""


class Missing(StoreError):
    """There is no such file."""


class Newer(StoreError):
    """The file was written by a later version of Andon."""


class Outdated(StoreError):
    """The folded tables are of another version of the fold and must be rebuilt before anything is folded onto them."""


class Unsafe(StoreError):
    """This SQLite may damage the file, and nothing here can prevent that."""


class Gap(StoreError):
    """A line that does not continue what is stored: no parent on its chain, or not the next position."""
