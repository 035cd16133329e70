"""What is kept beside the log: blobs by digest, drafts, people's wrapped keys, and when the server was heard.

Writing is done within `Store.write`, each of these with the transaction that is open there.
"""

from __future__ import annotations

import binascii
from typing import NamedTuple

from shared.store.sqlite import Connection


class Heard(NamedTuple):
    """When a log's server was heard, and by how much its clock was ahead then; both in ms, None for what is not known.

    Attributes:
        at: ms since 1970 UTC, by this machine's clock.
        offset: by how much the server's clock was ahead of this machine's.
    """

    at: int
    offset: int | None


class Blob(NamedTuple):
    """A stored blob; `content` and `salt` are None once it is erased."""

    digest: str
    salt: bytes | None
    content: bytes | None
    erasable: bool

    def intact(self) -> bool:
        """Tell whether the digest is that of salt and content, or those are erased."""
        return self.salt is None or self.content is None or digest_of(self.salt, self.content) == self.digest


class Blobs:
    """Sheets, attachments and personal details: what entries name by digest only."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through a connection."""
        self._execute = connection.execute

    def put(self, salt: bytes, content: bytes, *, erasable: bool = False) -> str:
        """Keep a blob; within a transaction. The same one twice is one, and one that was erased stays erased.

        Args:
            salt: random bytes, so that nobody guesses the content from the digest.
            content: the bytes.
            erasable: whether it may be erased after retention (personal details).

        Returns:
            Its digest: SHA-256 of salt and content, base64url.
        """
        digest = digest_of(salt, content)
        self._execute(
            "INSERT OR IGNORE INTO blob (digest, salt, content, erasable) VALUES (?, ?, ?, ?)",
            (digest, salt, content, erasable),
        )
        return digest

    def get(self, digest: str) -> Blob | None:
        """Give a blob by its digest, None for one that is not here."""
        row = self._execute("SELECT digest, salt, content, erasable FROM blob WHERE digest = ?", (digest,)).fetchone()
        return Blob(row[0], row[1], row[2], bool(row[3])) if row else None

    def erase(self, digest: str) -> bool:
        """Erase a blob's salt and content, within a transaction; its digest stays.

        The pages that held it are overwritten. Until the file is closed, or SQLite has moved the transaction into it,
        they still stand in the companion file (-wal); backups are for those who keep them to erase.

        Returns:
            False for one that is not here, or not erasable.
        """
        self._execute("PRAGMA secure_delete=ON")
        try:
            query = "UPDATE blob SET salt = NULL, content = NULL WHERE digest = ? AND erasable"
            return bool(self._execute(query, (digest,)).rowcount > 0)
        finally:
            self._execute("PRAGMA secure_delete=OFF")

    def lacking(self, digests: list[str]) -> list[str]:
        """Give those digests that are not here, in their order; an erased blob is here."""
        return [
            one for one in digests if self._execute("SELECT 1 FROM blob WHERE digest = ?", (one,)).fetchone() is None
        ]


class Carried:
    """Which blobs must go to the server, and which are wanted from it."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through a connection."""
        self._execute = connection.execute

    def send(self, digest: str) -> None:
        """Note that a blob must go to the server; within a transaction."""
        self._execute("INSERT OR REPLACE INTO carried (digest, out, tried) VALUES (?, 1, 0)", (digest,))

    def want(self, digest: str) -> None:
        """Note that a blob is wanted from the server; within a transaction. One that is here is not."""
        query = (
            "INSERT OR IGNORE INTO carried (digest, out, tried) SELECT ?1, 0, 0"
            " WHERE NOT EXISTS (SELECT 1 FROM blob WHERE digest = ?1)"
        )
        self._execute(query, (digest,))

    def outgoing(self, limit: int) -> list[str]:
        """Give blobs that must go to the server."""
        rows = self._execute("SELECT digest FROM carried WHERE out ORDER BY digest LIMIT ?", (limit,))
        return [row[0] for row in rows]

    def wanted(self, before: int, limit: int) -> list[str]:
        """Give blobs that are wanted and were not asked for since a time (ms), the longest not asked for first."""
        query = "SELECT digest FROM carried WHERE NOT out AND tried <= ? ORDER BY tried, digest LIMIT ?"
        return [row[0] for row in self._execute(query, (before, limit))]

    def tried(self, digest: str, now: int) -> None:
        """Note that a blob was asked for in vain; within a transaction."""
        self._execute("UPDATE carried SET tried = ? WHERE digest = ?", (now, digest))

    def done(self, digest: str) -> None:
        """Forget a blob that has arrived; within a transaction."""
        self._execute("DELETE FROM carried WHERE digest = ?", (digest,))


class Drafts:
    """What somebody typed into a form and has not performed yet, as JSON."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through a connection."""
        self._execute = connection.execute

    def save(self, owner: str, form: str, body: str) -> None:
        """Keep a draft in the place of the one before; within a transaction."""
        self._execute(
            "INSERT INTO draft (owner, form, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
            (owner, form, body),
        )

    def get(self, owner: str, form: str) -> str | None:
        """Give a draft, None if there is none."""
        row = self._execute("SELECT body FROM draft WHERE owner = ? AND form = ?", (owner, form)).fetchone()
        return str(row[0]) if row else None

    def of(self, owner: str) -> dict[str, str]:
        """Give all drafts of an owner by form."""
        return dict(self._execute("SELECT form, body FROM draft WHERE owner = ? ORDER BY form", (owner,)).fetchall())

    def drop(self, owner: str, form: str) -> None:
        """Forget a draft; within a transaction, best the one that performs it."""
        self._execute("DELETE FROM draft WHERE owner = ? AND form = ?", (owner, form))


class WrappedKeys:
    """People's private keys, wrapped for this terminal and by their passwords; opaque here."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through a connection."""
        self._execute = connection.execute

    def put(self, person: str, body: bytes) -> None:
        """Keep a person's wrapped key in the place of the one before; within a transaction."""
        self._execute(
            "INSERT INTO wrapped_key (person, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
            (person, body),
        )

    def get(self, person: str) -> bytes | None:
        """Give a person's wrapped key, None if there is none."""
        row = self._execute("SELECT body FROM wrapped_key WHERE person = ?", (person,)).fetchone()
        return bytes(row[0]) if row else None

    def people(self) -> list[str]:
        """Give the people who have a key here."""
        return [row[0] for row in self._execute("SELECT person FROM wrapped_key ORDER BY person")]

    def drop(self, person: str) -> None:
        """Forget a person's key; within a transaction."""
        self._execute("DELETE FROM wrapped_key WHERE person = ?", (person,))


def digest_of(salt: bytes, content: bytes) -> str:
    """Give a blob's digest: SHA-256 of salt and content, base64url without padding (canonical.py, `b64`)."""
    from hashlib import sha256  # noqa: PLC0415 - loads OpenSSL, for which no first screen has to wait

    return binascii.b2a_base64(sha256(salt + content).digest(), newline=False).translate(_URL).rstrip(b"=").decode()


_URL = bytes.maketrans(b"+/", b"-_")
