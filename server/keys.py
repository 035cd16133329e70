"""The logs' private keys, and the heads that were published: what a server keeps beside the logs.

DIR/keys/PUBLIC.key    the private key that signs the checkpoints of the log whose genesis names PUBLIC
DIR/keys/PUBLIC.log    the id of that log, once it has begun: whoever may read a log knows its key's name, and must not
                       be able to begin others under it
DIR.heads/ID.head      the last checkpoint published of the log with this id

The heads stand outside DIR, so that a backup of DIR does not hold them: whoever restores yesterday's DIR meets today's
heads, and the server knows that it must be refilled before it orders anything.
"""

import json
import os
import re
from pathlib import Path
from typing import Final

from shared.log.canonical import b64, unb64
from shared.trust.keys import public_of

ENDING: Final = ".key"
_SEED_BYTES: Final = 32
_PLACE: Final = 1_024
"""Bytes of a place for a note; a checkpoint with one signature has some 250."""
_OTHERS: Final = 0o077
_PUBLIC: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class Unusable(Exception):
    """A key's file cannot be used; the message is one plain sentence for people."""


class Keys:
    """The private keys of one server's logs, by their public halves."""

    def __init__(self, folder: Path) -> None:
        """Keep them in a folder, made when the first is."""
        self._folder = folder

    def make(self, seed: bytes) -> str:
        """Keep a new key, drawn by the caller, for a log that will name it in its first entry.

        Returns:
            The public half, base64url, as `program.found` wants it.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        public = b64(public_of(seed))
        file = os.open(self._path(public), os.O_CREAT | os.O_WRONLY | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.write(file, json.dumps({"seed": b64(seed)}).encode())
            os.fsync(file)
        finally:
            os.close(file)
        return public

    def seed(self, public: str) -> bytes | None:
        """Give the private half of a log's key; None if this server does not have it.

        Raises:
            Unusable: its file is damaged, or others may read it.
        """
        if not _PUBLIC.fullmatch(public):
            return None
        place = self._path(public)
        try:
            if os.name == "posix" and place.stat().st_mode & _OTHERS:
                raise Unusable(f"Others may read {place.name}. Take their right away: chmod 600.")
            seed = unb64(json.loads(place.read_bytes())["seed"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unusable(f"{place.name} cannot be read ({error}). Put back the copy that was kept of it.") from error
        if len(seed) != _SEED_BYTES or b64(public_of(seed)) != public:
            raise Unusable(f"{place.name} is not the key that its name says. Put back the copy that was kept of it.")
        return seed

    def program(self, public: str) -> str | None:
        """Give the log that has begun under a key; None if none has yet.

        Raises:
            Unusable: that cannot be read.
        """
        try:
            return self._bound(public).read_text(encoding="ascii")
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise Unusable(f"{self._bound(public).name} cannot be read ({error}).") from error

    def bind(self, public: str, program: str) -> None:
        """Note the log that has begun under a key.

        Raises:
            Unusable: that cannot be written.
        """
        place = self._bound(public)
        if not place.exists():
            draft = place.with_suffix(".new")
            try:
                draft.write_text(program, encoding="ascii")
                draft.replace(place)
            except OSError as error:
                raise Unusable(f"{place.name} cannot be written ({error}).") from error

    def _path(self, public: str) -> Path:
        return self._folder / f"{public}{ENDING}"

    def _bound(self, public: str) -> Path:
        return self._folder / f"{public}.log"


class HeadFile:
    """The last published checkpoint of one log, in one of two places that are written in turn.

    A place is written whole or, if the machine dies just then, is no signed note any more; then the other one counts.
    """

    def __init__(self, path: Path) -> None:
        """Keep it at `path`, whose folder is made when it is needed."""
        self._path = path
        self._file: int | None = None
        self._turn = 0

    def read(self) -> list[bytes]:
        """Give what was published last, and before; whoever reads must verify it. Nothing if the file is gone."""
        try:
            kept = self._path.read_bytes()
        except OSError:
            return []
        parts = (kept[at : at + _PLACE].rstrip(b"\0") for at in range(0, len(kept), _PLACE))
        return [part for part in parts if part]

    def write(self, note: bytes) -> None:
        """Keep a note.

        It is not waited for the disk: the log itself holds what it says, durably, and the note matters only once the
        log is no longer the one that was written.
        """
        if self._file is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        os.lseek(self._file, self._turn * _PLACE, os.SEEK_SET)
        os.write(self._file, note.ljust(_PLACE, b"\0"))
        self._turn = 1 - self._turn

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
