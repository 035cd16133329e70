"""The private keys of logs.

DIR/keys/PUBLIC.key    the private key that signs the checkpoints of the log whose genesis names PUBLIC
DIR/keys/PUBLIC.log    the id of that log, once it has begun: whoever may read a log knows its key's name, and must not
                       be able to begin others under it
"""

import json
import os
import re
from pathlib import Path
from typing import Final

from shared.log.canonical import b64, is_b64, unb64
from shared.trust.keys import public_of

ENDING: Final = ".key"
_SEED_BYTES: Final = 32
_KEY_BYTES: Final = 32
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

    def publics(self) -> list[bytes]:
        """Give the public halves of all keys that are or were here, whether they can be used or not."""
        try:
            names = {place.stem for place in self._folder.iterdir() if _PUBLIC.fullmatch(place.stem)}
        except OSError:
            return []
        return [unb64(name) for name in names if is_b64(name, _KEY_BYTES)]

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
