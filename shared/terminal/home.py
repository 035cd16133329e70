"""A home: the folder of one terminal. Who it is, its key, and one log file for each program that it takes part in.

home.json      code and zone
terminal.key   the terminal's private key and its secret, readable by the owner only
logs/ID.andon  the log of the program with this id
about.txt      what its screens say of it, if somebody has written that (`tui.about`)
signing.lock   held while a password is tried, so that no two processes try at once
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from shared.store.errors import StoreError
from shared.store.keep import Heard
from shared.store.store import Store
from shared.terminal.refusal import HOME_1, HOME_2, HOME_3, HOME_4, HOME_5, Refused, refused

if TYPE_CHECKING:
    from collections.abc import Callable

ENDING = ".andon"
"""What the names of log files end in."""
_KEY_BYTES = 32
_OTHERS = 0o077


class TerminalKey(NamedTuple):
    """The terminal's private key (its seed), and the secret under which people's keys are wrapped here."""

    seed: bytes
    secret: bytes

    def __repr__(self) -> str:
        return "TerminalKey(****)"


class Home:
    """One terminal's folder.

    Attributes:
        path: the folder.
        code: the terminal's code.
        zone: its zone by IANA name; the machine's own if empty.
        anew: what is done with a log whose folded tables are of another version, or of other kinds: they are rebuilt,
            which takes a while. Whoever has somebody to tell that puts its own here.
        heard: when each program's server was last heard by this process (`shared.terminal.heard`).
    """

    def __init__(self, path: Path, code: str, zone: str) -> None:
        """Take the parts; see `open` and `create`."""
        self.anew: Callable[[Store], None] = rebuilt
        self.heard: dict[str, Heard] = {}
        self.path = path
        self.code = code
        self.zone = zone

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a home.

        Raises:
            Refused: HOME-1, there is none.
        """
        try:
            named = _read(path / "home.json")
            return cls(path, str(named["terminal"]), str(named.get("zone", "")))
        except (OSError, ValueError, KeyError):
            raise refused(HOME_1, str(path)) from None

    @classmethod
    def create(cls, path: Path, code: str, key: TerminalKey, *, zone: str = "") -> Self:
        """Make a home; its last file makes it one, so that a home half made is none.

        Args:
            path: the folder; it may be there, without a home in it.
            code: the terminal's code.
            key: its own new key, drawn by the caller.
            zone: the terminal's zone by its IANA name.

        Raises:
            Refused: HOME-5, there is one already.
        """
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (path / "home.json").exists():
            raise refused(HOME_5, str(path))
        (path / "logs").mkdir(mode=0o700, exist_ok=True)
        _write(path / "terminal.key", {"secret": key.secret.hex(), "seed": key.seed.hex()})
        _write(path / "home.json", {"terminal": code, "zone": zone})
        return cls(path, code, zone)

    def key(self) -> TerminalKey:
        """Read the terminal's key; only sealing and opening people's keys need it.

        Raises:
            Refused: HOME-2, it is missing, damaged, or others may read it.
        """
        place = self.path / "terminal.key"
        try:
            if os.name == "posix" and place.stat().st_mode & _OTHERS:
                raise refused(HOME_2, str(place))
            kept = _read(place)
            key = TerminalKey(bytes.fromhex(kept["seed"]), bytes.fromhex(kept["secret"]))
        except (OSError, ValueError, KeyError, TypeError):
            raise refused(HOME_2, str(place)) from None
        if len(key.seed) != _KEY_BYTES or len(key.secret) != _KEY_BYTES:
            raise refused(HOME_2, str(place))
        return key

    def programs(self) -> list[str]:
        """Give the ids of the programs that this terminal has logs of."""
        try:
            names = sorted(one.name for one in (self.path / "logs").iterdir())
        except OSError:
            return []
        return [name.removesuffix(ENDING) for name in names if name.endswith(ENDING) and not name.startswith(".")]

    def choose(self, program: str = "") -> str:
        """Give the id of the program that is meant: by its id or the beginning of it, or the only one there is.

        Raises:
            Refused: HOME-3 or HOME-4.
        """
        known = self.programs()
        fitting = [one for one in known if one.startswith(program)]
        if len(fitting) == 1:
            return fitting[0]
        listed = ", ".join(one[:12] for one in known)
        if program and program in fitting:
            return program
        if not fitting:
            raise Refused(HOME_4.id, HOME_4.text, f"There is: {listed}." if known else "Join a program first.")
        raise Refused(HOME_3.id, HOME_3.text, f"Choose with --program: {listed}.")

    def log_path(self, program: str) -> Path:
        """Where the log of a program is."""
        return self.path / "logs" / f"{program}{ENDING}"

    def open_log(self, program: str = "") -> Store:
        """Open a program's log; if its folded tables are of another version, or of other kinds, see `anew`.

        Raises:
            Refused: no such program, or several and none chosen.
            StoreError: the file cannot be used.
        """
        store = Store.open(self.log_path(self.choose(program)))
        if store.outdated:
            try:
                self.anew(store)
            except BaseException:
                store.close()
                raise
        elif not store.stamped:
            with suppress(StoreError):  # somebody else writes, or nobody may: then the next one notes it
                store.stamp()
        return store

    def new_log(self, program: str, fill: "Callable[[Store], None]") -> Store:
        """Make a program's log and put its beginning in; it is there whole, or not at all.

        Args:
            program: its id.
            fill: writes the beginning into the empty store.

        Raises:
            Refused: HOME-5, there is one already.
        """
        place = self.log_path(program)
        if place.exists():
            raise refused(HOME_5, program[:12])
        draft = place.with_name(f".{place.name}.{os.getpid()}")
        store = Store.open(draft, create=True)
        try:
            fill(store)
        except BaseException:
            store.close()
            _remove(draft)
            raise
        store.close()  # moves what was written from the companions into the file
        draft.rename(place)
        _sync_folder(place.parent)
        _remove(draft)
        return Store.open(place)


def rebuilt(store: Store) -> None:
    """Make a log's folded tables anew, without a word."""
    from shared.store.rebuild import rebuild  # noqa: PLC0415 - after an update only

    rebuild(store)


def _read(path: Path) -> dict[str, Any]:
    """Read a small file; ValueError if it is not of its form."""
    value = json.loads(path.read_bytes())
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one error for every form that it may not have
    return value


def _write(path: Path, value: dict[str, str]) -> None:
    write_small(path, json.dumps(value).encode())


def write_small(path: Path, data: bytes) -> None:
    """Write a small file that only its owner reads, whole or not at all, durably."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    file = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(file, data)
        os.fsync(file)
    finally:
        os.close(file)
    draft.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a new name durable, where the system knows such a thing."""
    if os.name == "posix":
        file = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def _remove(draft: Path) -> None:
    for ending in ("", "-wal", "-shm", ".lock", ".turn.lock"):
        draft.with_name(draft.name + ending).unlink(missing_ok=True)
