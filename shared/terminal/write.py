"""Writing an entry down: its line, what is kept beside it, and its effect, in the transaction that is open."""

from shared.log.canonical import b64, unb64
from shared.log.entry import ESIGN, MAX_LINE, Entry, line_bytes, line_id, signed_bytes
from shared.store.transaction import Tx
from shared.terminal.asked import Done, DraftName
from shared.terminal.desk import Desk
from shared.terminal.own_chain import keep_end, own_end
from shared.terminal.plan import Plan, renumbered
from shared.terminal.refusal import FORM_6, from_fold, refused


def write(desk: Desk, tx: Tx, planned: Plan, seed: bytes | None = None, draft: DraftName | None = None) -> Done:
    """Write a planned entry down, signed if a private key is given; the draft that it was typed as is forgotten.

    Raises:
        Refused: it is too large, or void after all; the transaction must not be kept.
    """
    entry = renumbered(desk, planned)
    signature = None
    if seed is not None:
        signature = _signature(entry, seed)
        desk.store.carried.send(desk.store.blobs.put(unb64(entry.salt), planned.sheet.encode()))
    for blob in planned.blobs:
        desk.store.carried.send(desk.store.blobs.put(blob.salt, blob.content, erasable=True))
    line = line_bytes(entry, signature)
    if len(line) > MAX_LINE:
        raise refused(FORM_6, f"{len(line)} bytes, and an entry has at most {MAX_LINE}")
    act = desk.store.tables.act(tx.add_pending(line, parent=own_end(desk.store, desk.code).link))
    keep_end(tx, desk.code)
    if act is None or act.verdict == "void":
        raise from_fold(act.refused if act else "FORM-3", act.text if act else "The entry was not kept.", entry.record)
    if draft is not None:
        desk.store.drafts.drop(*draft)
    derived = planned._replace(entry=entry).derived
    return Done(b64(line_id(line)), entry.record, "local", planned.waiting, derived, planned.filled)


def _signature(entry: Entry, seed: bytes) -> str:
    from shared.trust.sshsig import sign  # noqa: PLC0415 - loads the cryptography, for signing only

    return b64(sign(seed, ESIGN, signed_bytes(entry)))
