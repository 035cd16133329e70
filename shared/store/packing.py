"""Leaves at rest: compressed with a dictionary that was trained on this log's own first leaves.

Entries of one program repeat each other (keys, codes, ids of people and keys), so a leaf becomes about half as long.
The dictionary stands in the file twice, each with its digest, for without it no leaf could be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from shared.store.errors import Damaged
from shared.store.sqlite import Connection

if TYPE_CHECKING:
    from zstandard import ZstdCompressionDict

TRAIN = 512
"""Leaves that there must be before a dictionary is trained; those before it stay as they are."""
DICTIONARY = 8_192
"""Bytes of the dictionary."""
LEVEL = 3
_LARGEST = 1 << 17
_DIGEST_BYTES = 32
_PLACES = ("dictionary", "dictionary_copy")
_BY = "packed_by"
"""The note of which zstd has packed the leaves; `_SEVERAL` once another one packs too."""
_SEVERAL = "several"


class _Compress(Protocol):
    def compress(self, data: bytes) -> bytes: ...


class _Decompress(Protocol):
    def decompress(self, data: bytes, max_output_size: int) -> bytes: ...


class Packing:
    """Packs and unpacks the leaves of one store."""

    def __init__(self, connection: Connection) -> None:
        """Read the dictionary, when it is needed, through a connection."""
        self._execute = connection.execute
        self._by: str | None = None
        self._compressor: _Compress | None = None
        self._decompressor: _Decompress | None = None

    def forget(self) -> None:
        """Forget the dictionary, for a transaction failed that may have made it."""
        self._compressor = self._decompressor = self._by = None

    def pack(self, leaves: Sequence[bytes], size: int) -> list[bytes]:
        """Pack new leaves; within a transaction, for the first that are many enough make the dictionary.

        Args:
            leaves: their exact bytes.
            size: leaves that the log holds before these.
        """
        if self._compressor is None:
            dictionary = self._stored() or self._trained(leaves, size)
            if dictionary is None:
                return list(leaves)
            self._load(dictionary)
        if self._packed_by() not in {"", _SEVERAL, _version()}:
            self._by = _SEVERAL
            self._execute("UPDATE meta SET value = ? WHERE key = ?", (_SEVERAL, _BY))
        compress = self._compressor.compress if self._compressor else bytes
        return [packed if len(packed := compress(leaf)) < len(leaf) else leaf for leaf in leaves]

    def unpack(self, data: bytes) -> bytes:
        """Give a leaf's exact bytes.

        Raises:
            Damaged: what is stored cannot be unpacked.
        """
        if data[:1] == b"{":
            return data
        from zstandard import ZstdError  # noqa: PLC0415  only where a leaf is read

        if self._decompressor is None:
            self._load(self._stored())
        try:
            return self._decompressor.decompress(data, _LARGEST) if self._decompressor else data
        except ZstdError as error:
            raise Damaged(f"A leaf cannot be unpacked ({error}). Restore the file, or pull the log anew.") from error

    def exact(self, data: bytes, leaf: bytes) -> bool:
        """Tell whether stored bytes are those that packing gives for a leaf.

        A few bits of packed bytes mean nothing, so that the leaf is whole without them. What another version of zstd
        has packed cannot be told, and passes.
        """
        if data[:1] == b"{" or self._packed_by() != _version() or self._compressor is None:
            return True
        return self._compressor.compress(leaf) == data

    def kept_twice(self) -> bool:
        """Tell whether both copies of the dictionary are sound; without any, nothing is packed."""
        kept = [self._sound(place) for place in _PLACES]
        row = self._execute("SELECT 1 FROM meta WHERE key IN (?, ?)", _PLACES).fetchone()
        return row is None or None not in kept

    def _packed_by(self) -> str | None:
        if self._by is None:
            row = self._execute("SELECT value FROM meta WHERE key = ?", (_BY,)).fetchone()
            self._by = str(row[0]) if row else ""
        return self._by

    def _load(self, dictionary: bytes | None) -> None:
        from zstandard import ZstdCompressionDict, ZstdCompressor, ZstdDecompressor  # noqa: PLC0415  as above

        if dictionary is None:
            raise Damaged("The dictionary of the leaves is damaged. Restore the file, or pull the log anew.")
        ready: ZstdCompressionDict = ZstdCompressionDict(dictionary)
        self._compressor = ZstdCompressor(level=LEVEL, dict_data=ready, write_content_size=False, write_dict_id=False)
        self._decompressor = ZstdDecompressor(dict_data=ready)

    def _stored(self) -> bytes | None:
        return next((found for place in _PLACES if (found := self._sound(place)) is not None), None)

    def _sound(self, place: str) -> bytes | None:
        row = self._execute("SELECT value FROM meta WHERE key = ?", (place,)).fetchone()
        kept = row[0] if row and isinstance(row[0], bytes) else b""
        return kept[_DIGEST_BYTES:] if _digest(kept[_DIGEST_BYTES:]) == kept[:_DIGEST_BYTES] else None

    def _trained(self, leaves: Sequence[bytes], size: int) -> bytes | None:
        if size + len(leaves) < TRAIN or self._execute("SELECT 1 FROM meta WHERE key = 'dictionary'").fetchone():
            return None
        from zstandard import ZstdError, train_dictionary  # noqa: PLC0415  once in a log's life

        rows = self._execute("SELECT leaf FROM entry ORDER BY position DESC LIMIT ?", (TRAIN,))
        try:
            dictionary = train_dictionary(
                DICTIONARY, [*(row[0] for row in rows), *leaves[:TRAIN]], dict_id=1
            ).as_bytes()
        except ZstdError:
            return None  # too little to learn from; the next leaves may do
        for place in _PLACES:
            kept = _digest(dictionary) + dictionary
            self._execute("INSERT INTO meta (key, value) VALUES (?, ?)", (place, kept))
        self._by = _version()
        self._execute("INSERT INTO meta (key, value) VALUES (?, ?)", (_BY, self._by))
        return dictionary


def _digest(dictionary: bytes) -> bytes:
    from hashlib import sha256  # noqa: PLC0415 - loads OpenSSL, for which no first screen has to wait

    return sha256(dictionary).digest()


def _version() -> str:
    """What the packed bytes depend on beside leaf and dictionary."""
    from zstandard import ZSTD_VERSION  # noqa: PLC0415  as above

    return f"zstd {'.'.join(map(str, ZSTD_VERSION))}, level {LEVEL}"
