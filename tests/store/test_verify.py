"""One changed bit, anywhere in entries, seals or checkpoints, is named."""
# ruff: noqa: S608  tables and columns are those named here

import random
import shutil
from pathlib import Path

import pytest

from shared.log.canonical import b64
from shared.log.checkpoint import Checkpoint, checkpoint_text, cosign, cosigner_key, origin_of, sign_checkpoint
from shared.log.entry import line_bytes, signed_bytes
from shared.log.leaf import leaf_hash
from shared.log.merkle import Edge
from shared.log.push import OrderedLeaf
from shared.store import packing, sqlite
from shared.store.compare import compare
from shared.store.errors import Damaged, StoreError
from shared.store.faults import Keys
from shared.store.rebuild import rebuild
from shared.store.store import Store
from shared.store.verify import verify
from shared.trust import sshsig
from shared.trust.keys import fingerprint, private_key, public_of
from tests.fold.floor import OFFICERS, PEOPLE, seed
from tests.store.logs import FOUNDED, Days, Ordering, arrive, entry_of, sealed

_NAMES = (*OFFICERS, *PEOPLE, *FOUNDED.terminals, *(f"invite {name}" for name in (*PEOPLE, *FOUNDED.terminals)))
_KEYS = {fingerprint(public_of(seed(name))): name for name in _NAMES}


def _plain(public: bytes, message: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  here only
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415  here only

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _holder(_code: str, fingerprint_: str) -> bytes | None:
    name = _KEYS.get(fingerprint_)
    return public_of(seed(name)) if name else None


KEYS = Keys(sshsig.verify, _holder, _plain, public_of(seed("log")), {"SPO1": [public_of(seed("SPO1"))]})


def _signed() -> list[OrderedLeaf]:
    """The founded program's log, with real signatures in the place of zeros."""
    ordering = Ordering()
    leaves = []
    for _, entry, received in FOUNDED.log:
        key = entry.sign and seed(_KEYS[entry.sign.key])
        sig = b64(sshsig.sign(key, sshsig.ESIGN, signed_bytes(entry))) if key else None
        leaves.append(ordering.leaf(line_bytes(entry, sig), received))
    return leaves


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of some 40 leaves, each sealed, with a checkpoint at every tenth."""
    path = tmp_path_factory.mktemp("verify") / "log.db"
    leaves = _signed()
    edge = Edge()
    with Store.open(path, create=True) as store, store.write() as tx:
        tx.arrive(leaves, [(leaf.position, sealed(leaf, FOUNDED.program)) for leaf in leaves], [True] * len(leaves))
        for leaf in leaves:
            edge.append(leaf_hash(leaf.leaf))
            if edge.size % 10 == 0:
                checkpoint = Checkpoint(origin_of(FOUNDED.program), edge.size, edge.root())
                assert checkpoint_text(checkpoint)
                note = sign_checkpoint(checkpoint, public_of(seed("log")), private_key(seed("log")).sign)
                by = cosigner_key("SPO1", public_of(seed("SPO1")))
                signature = cosign(checkpoint, by, 1_790_000_000, private_key(seed("SPO1")).sign)
                tx.add_checkpoint(0, edge.size, edge.root(), note, [signature])
    return path


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / "log.db"))


def faults(path: Path) -> list[str]:
    try:
        with Store.open(path) as store:
            return [str(fault) for fault in verify(store, KEYS)]
    except StoreError as refusal:
        return [str(refusal)]


def flipped(value: object, rng: random.Random) -> object:
    """The value with one bit changed."""
    if isinstance(value, int):
        return value ^ (1 << rng.randrange(20))
    data = bytearray(value.encode() if isinstance(value, str) else bytes(value))  # type: ignore[call-overload]
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(7 if isinstance(value, str) else 8)
    return data.decode() if isinstance(value, str) else bytes(data)


def test_an_honest_log_has_no_fault(path: Path) -> None:
    assert faults(path) == []
    with Store.open(path) as store:
        assert list(compare(store)) == []


_COLUMNS = [
    *(("entry", column) for column in ("position", "terminal", "n", "received", "record", "id", "link", "leaf")),
    *(("seal", column) for column in ("position", "terminal", "n", "body")),
    *(("checkpoint", column) for column in ("epoch", "size", "root", "note")),
    *(("cosignature", column) for column in ("name", "key_id", "blob")),
    *(("branch", column) for column in ("terminal", "branch", "n", "link")),
    *(("tree", column) for column in ("level", "place", "hash")),
]
_KEYS_OF = {
    "checkpoint": ["epoch", "size"], "cosignature": ["epoch", "size", "name"], "branch": ["terminal", "branch"],
    "tree": ["level", "place"],
}  # fmt: skip


@pytest.mark.requirement("P11-05")
@pytest.mark.parametrize(("table", "column"), _COLUMNS)
def test_a_changed_bit_is_named(original: Path, tmp_path: Path, table: str, column: str) -> None:
    rng = random.Random(f"{table}.{column}")
    key = _KEYS_OF.get(table, ["position"])
    where = " AND ".join(f"{name} = ?" for name in key)
    changed = 0
    while changed < 8:
        path = Path(shutil.copy(original, tmp_path / "log.db"))
        connection = sqlite.connect(path)
        connection.execute("PRAGMA foreign_keys=OFF")
        rows = connection.execute(
            f"SELECT {', '.join(key)}, {column} FROM {table} WHERE {column} IS NOT NULL"
        ).fetchall()
        if not rows:
            connection.execute("UPDATE entry SET link = x'00' WHERE position = 5")  # so short a chain keeps no link
            rows = [(5, b"\0")]
        row = rng.choice(rows)
        value = flipped(row[-1], rng)
        try:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value, *row[:-1]))
        except sqlite.Error:
            continue  # there is a row with that key already
        finally:
            connection.close()
        changed += 1
        assert faults(path), (row, value)


def test_a_leaf_that_is_named_is_the_one_that_was_changed(path: Path) -> None:
    with Store.open(path) as store:
        data = store.log.leaf(20)
        assert data is not None
        changed = data.replace(b'"at":"2026', b'"at":"2025')
        assert changed != data
        with store.write():
            store.connection.execute("UPDATE entry SET leaf = ? WHERE position = 20", (changed,))
        said = [str(fault) for fault in verify(store, KEYS)]
        assert said[0].startswith("entry 20 (")
        assert any("its id is not that of its line" in one for one in said)
        assert any(one.startswith("checkpoint 30: its root is not that of the entries") for one in said)
        assert not any(one.startswith("checkpoint 20") for one in said)


def test_a_forged_leaf_with_all_its_columns_is_caught_by_its_seal(path: Path) -> None:
    leaves = _signed()
    place = next(leaf.position for leaf in reversed(leaves) if entry_of(leaf).by.startswith("@"))
    with Store.open(path) as store:
        entry = entry_of(leaves[place])
        forged = Ordering()
        forged.size, forged.received = place, leaves[place].received
        old = line_bytes(entry, None)
        new = forged.leaf(old.replace(b'"app":"test"', b'"app":"toast"'), leaves[place].received)
        with store.write():
            store.connection.execute("UPDATE entry SET leaf = ?, id = ? WHERE position = ?", (new.leaf, new.id, place))
        said = [str(fault) for fault in verify(store, KEYS)]
        assert any(one.startswith(f"seal at {place}") and "does not cover the chain" in one for one in said)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM entry WHERE position = 12",
        "DELETE FROM entry WHERE position > 35",
        "DELETE FROM seal WHERE position > 30",
        "DELETE FROM branch",
        "DELETE FROM tree",
        "UPDATE meta SET value = x'00' WHERE key = 'edge'",
        "UPDATE entry SET sound = 0 WHERE position = 1",
        "UPDATE entry SET branch = 'LYN1~AAAAAAAA' WHERE position = 9",
    ],
)
def test_what_is_missing_or_put_in_is_named(path: Path, change: str) -> None:
    connection = sqlite.connect(path)
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(change)
    connection.close()
    assert faults(path), change


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM search",
        "DELETE FROM touch",
        "UPDATE act SET size = size + 1 WHERE position = 12",
        "UPDATE hold SET state = 'lost'",
        "UPDATE member SET last = last + 1 WHERE record = 'anna'",
        "UPDATE standing SET stands = 1 - stands",
    ],
)
def test_changed_folded_tables_differ_from_a_rebuild(tmp_path: Path, change: str) -> None:
    with Store.open(tmp_path / "log.db", create=True) as store:
        arrive(store, Days().log(60))
        assert list(compare(store)) == []
        with store.write():
            store.connection.execute(change)
        assert list(compare(store)), change


def test_a_leaf_that_cannot_be_read_is_a_fault_of_the_comparison_and_of_a_rebuild(path: Path) -> None:
    with Store.open(path) as store:
        with store.write():
            store.connection.execute("UPDATE entry SET leaf = CAST(replace(leaf, '\"v\":1', '\"v\":?') AS BLOB)")
        (fault,) = compare(store)
        assert fault.where == "the tables"
        with pytest.raises(Damaged, match="Entry 0 is damaged"):
            rebuild(store)


def test_bytes_that_another_zstd_packed_are_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leaves = Days().log(700)
    with Store.open(tmp_path / "log.db", create=True) as store:
        arrive(store, leaves[:600])
        packed = store.connection.execute("SELECT leaf FROM entry WHERE position = 590").fetchone()[0]
        data = store.packing.unpack(packed)
        changed = packed[:5] + bytes([packed[5] ^ 1]) + packed[6:]
        assert store.packing.unpack(changed) == data
        assert [store.packing.exact(one, data) for one in (packed, changed)] == [True, False]
        monkeypatch.setattr(packing, "_version", lambda: "zstd 99, level 3")
        arrive(store, leaves[600:])
        assert store.packing.exact(changed, data)
        assert store.meta("packed_by") == "several"


def test_changed_pending_lines_and_blobs_are_named(path: Path) -> None:
    with Store.open(path) as store:
        terminal = FOUNDED.terminals["LYN1"]
        leaf = store.log.leaf(0)
        assert leaf is not None
        with store.write():
            store.blobs.put(b"salt", b"a sheet")
            store.connection.execute("UPDATE blob SET content = x'00'")
            store.connection.execute(
                "INSERT INTO outbox (terminal, n, branch, state, id, link, line)"
                " VALUES ('LYN1', ?, 'LYN1', 'new', ?, ?, ?)",
                (terminal.n + 1, bytes(32), bytes(32), b"{}"),
            )
        said = [str(fault) for fault in verify(store, KEYS)]
        assert any(one.startswith("pending LYN1") for one in said)
        assert any(one.startswith("blob ") for one in said)
