"""Reading a whole log again, and naming whatever is not as it was: each leaf, chain, seal, tree and checkpoint.

Nothing that is stored is believed: ids, links, tree and roots are computed from the leaves. What a log cannot prove by
itself (that it is not a consistent forgery by somebody who holds its keys) is for cosigned checkpoints to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared.log import chain
from shared.log.canonical import NotCanonical, b64, unb64
from shared.log.chain import parse_seal, sealed_bytes
from shared.log.checkpoint import cosigner_key, log_key, origin_of, parse_origin, parse_text
from shared.log.entry import ESIGN, BadLine, Line, line_id, parse_line, signed_bytes
from shared.log.leaf import Leaf, leaf_hash, line_of, parse_leaf
from shared.log.note import BadNote, Key, Note, Signature, parse_note, verified
from shared.store.errors import Damaged
from shared.store.faults import UNREADABLE, Fault, Keys
from shared.store.log_tables import Kept
from shared.store.recomputed import Chains, Leaves
from shared.store.store import Store

_NO_KEYS = Keys()
_MOST = 8
"""Lines of SQLite's own check: of one damaged page it could tell a hundred."""


def verify(store: Store, keys: Keys = _NO_KEYS, *, sealed: bool = True) -> Iterator[Fault]:
    """Verify a store's log; give what is wrong with it, nothing if all is well.

    Args:
        store: the store.
        keys: what signatures are verified with.
        sealed: whether every chain must end in a seal, as it does but where a seal is on its way.

    Yields:
        Faults of the file itself, then those of leaves in the log's order, then those of chains, seals, tree and
        checkpoints, then those of what is kept beside the log.
    """
    with store.snapshot():
        reading = _Reading(store, keys)
        for part in (
            reading.file(),
            reading.leaves(),
            reading.seals(sealed=sealed),
            reading.checkpoints(),
            reading.kept(),
        ):
            try:
                yield from part
            except UNREADABLE as error:
                what = str(error) or type(error).__name__
                yield Fault("the file", f"it cannot be read on from here ({what}); restore it, or pull the log anew")
                if not reading.whole:
                    return  # of leaves that were not read nothing can be said, and all else rests on them


class _Reading:
    """One pass over a store."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._execute = store.connection.execute
        self._keys = keys
        self._chains = Chains(store.connection)
        self._leaves = Leaves(store.connection)
        self._program = ""
        self._received = 0
        self.whole = True
        """False while the leaves are being read, and for good if they could not be."""

    def leaves(self) -> Iterator[Fault]:
        self.whole = False
        rows = self._execute(
            "SELECT position, terminal, n, coalesce(branch, terminal), received, sound, record, id, link, leaf"
            " FROM entry ORDER BY position"
        )
        for at, (position, terminal, n, branch, received, sound, record, id_, link, packed) in enumerate(rows):
            where = f"entry {position} ({terminal} {n}, {record or 'skip'})"
            if position != at:
                yield Fault(where, f"position {at} is missing")
            line, leaf, wrong = self._read(packed)
            if wrong:
                yield Fault(where, wrong)
            self._program = self._program or b64(id_)
            what = [*self._leaves.add(leaf_hash(packed if leaf is None else self._store.packing.unpack(packed)))]
            what += self._chains.add(terminal, branch, n, id_, link)
            if line_id(line) != id_:
                what.append("its id is not that of its line; its bytes were changed")
            if leaf is not None:
                what += self._said(leaf, (terminal, n, record, received))
                what += self._signed(leaf, sound)
            for one in what:
                yield Fault(where, one)
        self.whole = True

    def _read(self, packed: bytes) -> tuple[bytes, Leaf | None, str]:
        try:
            data = self._store.packing.unpack(packed)
            odd = "" if self._store.packing.exact(packed, data) else "its packed bytes were changed, not what they say"
            return line_of(data), parse_leaf(data), odd
        except (Damaged, NotCanonical, BadLine) as error:
            return b"", None, str(error)

    def _said(self, leaf: Leaf, columns: tuple[Any, ...]) -> Iterator[str]:
        line = leaf.line
        said, record = (line.entry, line.entry.record) if isinstance(line, Line) else (line, None)
        if (said.terminal, said.n, record, leaf.received) != columns:
            yield "its columns say something else than its leaf"
        if leaf.received < self._received:
            yield "it was received before the one before it"
        self._received = max(self._received, leaf.received)
        if said.program != (self._program if self._leaves.size > 1 else ""):
            yield "it is of another program"

    def _signed(self, leaf: Leaf, sound: int | None) -> Iterator[str]:
        line = leaf.line
        if sound not in {None, 0, 1}:
            yield "whether its signature fits is marked as it never is"
        if not isinstance(line, Line) or line.entry.sign is None:
            if sound == 0:
                yield "it is marked as badly signed, but nobody signed it"
            return
        if self._keys.verify is None:
            return
        by, sig = line.entry.by, line.sig
        fits = sig is not None and self._keys.fits(by, line.entry.sign.key, ESIGN, signed_bytes(line.entry), unb64(sig))
        if sound == 0 and fits:
            yield f"it is marked as badly signed, but the signature of {by} fits it"
        elif sound != 0 and not fits:
            yield f"the signature of {by} does not fit it"

    def seals(self, *, sealed: bool) -> Iterator[Fault]:
        covered: dict[str, int] = {}
        rows = self._execute(
            "SELECT s.position, s.terminal, s.n, s.body, e.terminal, e.n, coalesce(e.branch, e.terminal)"
            " FROM seal s LEFT JOIN entry e USING (position) ORDER BY s.position"
        )
        for position, terminal, n, body, *entry in rows:
            for what in self._seal(terminal, n, body, entry):
                yield Fault(f"seal at {position} ({terminal} {n})", what)
            covered[entry[2]] = max(n, covered.get(entry[2], 0))
        for branch, n in self._chains.ends().items() if sealed else ():
            if covered.get(branch, 0) < n:
                yield Fault(f"chain {branch}", f"no seal covers its last entries, up to {n}")
        yield from self._chains.check()

    def _seal(self, terminal: str, n: int, body: bytes, entry: list[Any]) -> Iterator[str]:
        try:
            seal = parse_seal(body)
        except (NotCanonical, BadLine) as error:
            yield str(error)
            return
        if [seal.terminal, seal.n, terminal, n] != [entry[0], entry[1], entry[0], entry[1]]:
            yield "it is not of the entry at its position"
        if seal.program != self._program:
            yield "it is of another program"
        if unb64(seal.link) != self._chains.link(entry[2], n):
            yield "it does not cover the chain that is stored: an entry was changed, left out, or put in"
        if not self._keys.fits(seal.terminal, seal.key, chain.SEAL, sealed_bytes(seal), unb64(seal.sig)):
            yield f"it is not signed by a key of {terminal}"

    def checkpoints(self) -> Iterator[Fault]:
        yield from self._leaves.check()
        for kept in sorted(self._store.log.checkpoints(), key=lambda one: (one.epoch, one.size)):
            where = f"checkpoint {kept.size}" + (f" of epoch {kept.epoch}" if kept.epoch else "")
            try:
                for what in self._checkpoint(kept):
                    yield Fault(where, what)
            except BadNote as error:
                yield Fault(where, str(error))
        yield from self._orphans()

    def _checkpoint(self, kept: Kept) -> Iterator[str]:
        note = parse_note(kept.note)
        said = parse_text(note.text)
        if (parse_origin(said.origin), said.size, said.root) != ((self._program, kept.epoch), kept.size, kept.root):
            yield "its columns say something else than its note"
        root = self._leaves.root(kept.size)
        if root is None:
            yield f"the log has only {self._leaves.size} entries"
        elif root != kept.root:
            yield "its root is not that of the entries: one before it was changed, left out, or put in"
        for one in (*note.signatures, *kept.cosignatures):
            yield from self._vouched(note, one, kept.epoch)
        if not any(one.name == said.origin for one in note.signatures):
            yield "it is not signed by its log"

    def _vouched(self, note: Note, signature: Signature, epoch: int) -> Iterator[str]:
        """One signature under a checkpoint; each by itself, for of several by one key a reader takes the first."""
        keys = self._keys
        if keys.log is None or keys.plain is None:
            return
        name = signature.name
        known: list[Key] = [cosigner_key(name, public) for public in keys.cosigners.get(name, ())]
        known += [log_key(origin_of(self._program, epoch), keys.log)]
        if not verified(Note(note.text, (signature,)), known, keys.plain):
            yield f"the signature of {name} is by no key that is known here"

    def _orphans(self) -> Iterator[Fault]:
        rows = self._execute(
            "SELECT c.name, c.size FROM cosignature c LEFT JOIN checkpoint k USING (epoch, size)"
            " WHERE k.root IS NULL ORDER BY c.size"
        )
        for name, size in rows.fetchall():
            yield Fault(f"checkpoint {size}", f"the cosignature of {name} is there, but not what it cosigns")

    def kept(self) -> Iterator[Fault]:
        for one in self._store.pending.lines():
            where = f"pending {one.terminal} {one.n}"
            try:
                line = parse_line(one.line)
            except (NotCanonical, BadLine) as error:
                yield Fault(where, str(error))
                continue
            said = line.entry if isinstance(line, Line) else line
            if line_id(one.line) != one.id or (said.terminal, said.n) != (one.terminal, one.n):
                yield Fault(where, "its columns say something else than its line; its bytes were changed")
        for (digest,) in self._execute("SELECT digest FROM blob WHERE content IS NOT NULL").fetchall():
            blob = self._store.blobs.get(digest)
            if blob is None or not blob.intact():
                yield Fault(f"blob {digest}", "its content is not that of its digest")

    def file(self) -> Iterator[Fault]:
        for (said,) in self._execute(f"PRAGMA integrity_check({_MOST})").fetchall():
            yield from (Fault("the file", line) for line in said.splitlines() if line != "ok")
        if not self._store.packing.kept_twice():
            yield Fault("the file", "one of the two copies of the leaves' dictionary was changed")
        for table, row, _, _ in self._execute("PRAGMA foreign_key_check").fetchall():
            yield Fault("the file", f"row {row} of {table} refers to one that is not there")
