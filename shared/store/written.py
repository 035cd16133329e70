"""Whether anybody has written a log's file, seen from outside: nothing is opened, and any thread may ask."""

from pathlib import Path


def written(path: Path) -> tuple[int, ...]:
    """Give what is another one when a log's file has been written, by whatever process.

    What is written goes to the file beside it first, whose name is SQLite's (sqlite.org/wal.html, section 2). It can be
    read some ms after that, when it has been synced; ask once more then. Two writes within one step of the kernel's
    clock, some ms, may look like one.

    Args:
        path: the file; it need not be there.
    """
    found: list[int] = []
    for file in (path.with_name(f"{path.name}-wal"), path):
        try:
            one = file.stat()
        except OSError:
            found.append(0)
        else:
            found += one.st_ino, one.st_size, one.st_mtime_ns
    return tuple(found)
