"""Signed notes and checkpoints, with real keys."""

import base64

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import example, given
from hypothesis import strategies as st

from shared.log.canonical import b64
from shared.log.checkpoint import (
    Checkpoint,
    checkpoint_text,
    cosign,
    cosigner_key,
    log_key,
    open_checkpoint,
    origin_of,
    parse_origin,
    parse_text,
    sign_checkpoint,
)
from shared.log.merkle import EMPTY_ROOT
from shared.log.note import (
    COSIGNATURE,
    ED25519,
    MAX_NOTE,
    BadNote,
    Key,
    Note,
    Signature,
    from_base64,
    note_bytes,
    parse_note,
    sign,
    verified,
    with_signatures,
)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


LOG = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(bytes([2]) * 32)
PUBLIC = LOG.public_key().public_bytes_raw()
PROGRAM = b64(bytes(range(32)))
ORIGIN = origin_of(PROGRAM)
CHECKPOINT = Checkpoint(ORIGIN, 1200, bytes(range(32)))
LOG_KEY = log_key(ORIGIN, PUBLIC)
WITNESS_KEY = cosigner_key(f"{ORIGIN}/terminal/LYN3", WITNESS.public_key().public_bytes_raw())

# The example in the documentation of Go's golang.org/x/mod/sumdb/note, signed by somebody else's code.
FOREIGN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
FOREIGN = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\N{EM DASH} PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The example in C2SP tlog-cosignature.
C2SP = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\N{EM DASH} example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "\N{EM DASH} witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)


def key_of(text: str) -> Key:
    name, _, material = text.split("+", 2)
    raw = base64.b64decode(material)
    return Key(name, raw[0], raw[1:])


@pytest.mark.parametrize(
    "text",
    [
        FOREIGN_KEY,
        # from the tests of transparency-dev/formats, the second a cosigner's
        "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    ],
)
def test_key_ids_are_those_of_c2sp(text: str) -> None:
    assert key_of(text).text() == text
    assert key_of(text).kind in {ED25519, COSIGNATURE}


def test_note_signed_by_other_code_verifies() -> None:
    note = parse_note(FOREIGN.encode())
    assert verified(note, [key_of(FOREIGN_KEY)], verify) == {key_of(FOREIGN_KEY): None}
    assert note_bytes(note) == FOREIGN.encode()


def test_checkpoint_of_other_code_reads_back() -> None:
    note = parse_note(C2SP.encode())
    assert note_bytes(note) == C2SP.encode()
    assert [one.name for one in note.signatures] == ["example.com/behind-the-sofa", "witness.example.com/w1"]
    assert int.from_bytes(note.signatures[1].blob[:8], "big") == 1679315147
    checkpoint = parse_text(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint_text(checkpoint) == note.text
    with pytest.raises(BadNote):
        parse_origin(checkpoint.origin)


def test_signed_and_cosigned_checkpoint_opens() -> None:
    data = sign_checkpoint(CHECKPOINT, PUBLIC, LOG.sign)
    note = with_signatures(parse_note(data), [cosign(CHECKPOINT, WITNESS_KEY, 1795329489, WITNESS.sign)])
    opened = open_checkpoint(note_bytes(note), LOG_KEY, [WITNESS_KEY], verify)
    assert opened.checkpoint == CHECKPOINT
    assert opened.cosigned == {WITNESS_KEY.name: 1795329489}
    # a later cosignature of the same key takes the place of the earlier
    later = with_signatures(note, [cosign(CHECKPOINT, WITNESS_KEY, 1795329500, WITNESS.sign)])
    assert len(later.signatures) == 2
    assert open_checkpoint(note_bytes(later), LOG_KEY, [WITNESS_KEY], verify).cosigned == {WITNESS_KEY.name: 1795329500}
    # who does not know the cosigner ignores it
    assert open_checkpoint(note_bytes(note), LOG_KEY, [], verify).cosigned == {}


def test_cosignature_alone_does_not_open_a_checkpoint() -> None:
    note = Note(checkpoint_text(CHECKPOINT), (cosign(CHECKPOINT, WITNESS_KEY, 1, WITNESS.sign),))
    with pytest.raises(BadNote, match="not signed by its log"):
        open_checkpoint(note_bytes(note), LOG_KEY, [WITNESS_KEY], verify)


def test_same_key_has_another_id_and_message_as_cosigner() -> None:
    text = checkpoint_text(CHECKPOINT)
    plain, timed = Key("a", ED25519, PUBLIC), Key("a", COSIGNATURE, PUBLIC)
    assert plain.id != timed.id
    # a plain signature under the cosigner's id, and the other way round, are refused
    blob = sign(text, plain, LOG.sign).blob
    swapped = Note(text, (Signature("a", timed.id, bytes(8) + blob),))
    with pytest.raises(BadNote, match="does not verify"):
        verified(swapped, [timed], verify)
    swapped = Note(text, (Signature("a", plain.id, sign(text, timed, LOG.sign, 0).blob[8:]),))
    with pytest.raises(BadNote, match="does not verify"):
        verified(swapped, [plain], verify)


def test_another_origin_is_refused() -> None:
    other = Checkpoint(origin_of(PROGRAM, 1), 1200, bytes(32))
    note = Note(checkpoint_text(other), (sign(checkpoint_text(other), LOG_KEY, LOG.sign),))
    with pytest.raises(BadNote, match="another log"):
        open_checkpoint(note_bytes(note), LOG_KEY, [], verify)


def test_any_changed_byte_is_refused_or_leaves_the_checkpoint_unsigned() -> None:
    data = sign_checkpoint(CHECKPOINT, PUBLIC, LOG.sign)
    for at in range(len(data)):
        for bit in range(8):
            changed = data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
            with pytest.raises(BadNote):
                open_checkpoint(changed, LOG_KEY, [], verify)


def test_unknown_signatures_are_ignored_and_repeated_ones_count_once() -> None:
    text = checkpoint_text(CHECKPOINT)
    good = sign(text, LOG_KEY, LOG.sign)
    unknown = Signature(LOG_KEY.name, b"\x00" * 4, b"what ever"), Signature("other", LOG_KEY.id, b"x")
    assert verified(Note(text, (*unknown, good, good)), [LOG_KEY], verify) == {LOG_KEY: None}
    assert verified(Note(text, unknown), [LOG_KEY], verify) == {}
    for blob in (good.blob[:-1], good.blob + b"\x00", b"\x00" * 64):
        with pytest.raises(BadNote, match="does not verify"):
            verified(Note(text, (Signature(LOG_KEY.name, LOG_KEY.id, blob),)), [LOG_KEY], verify)


def test_cosignature_from_after_the_end_of_time_is_refused() -> None:
    text = checkpoint_text(CHECKPOINT)
    blob = (2**63).to_bytes(8, "big") + WITNESS.sign(f"cosignature/v1\ntime {2**63}\n{text}".encode())
    with pytest.raises(BadNote, match="does not verify"):
        verified(Note(text, (Signature(WITNESS_KEY.name, WITNESS_KEY.id, blob),)), [WITNESS_KEY], verify)
    for key, seconds in ((WITNESS_KEY, None), (LOG_KEY, 1), (WITNESS_KEY, -1), (WITNESS_KEY, 2**63)):
        with pytest.raises(ValueError, match="cosignature"):
            sign(text, key, LOG.sign, seconds)


def test_cosignature_at_the_end_of_time_passes_and_the_first_of_a_key_counts() -> None:
    text = checkpoint_text(CHECKPOINT)
    last, early = (sign(text, WITNESS_KEY, WITNESS.sign, seconds) for seconds in (2**63 - 1, 5))
    assert verified(Note(text, (last, early)), [WITNESS_KEY], verify) == {WITNESS_KEY: 2**63 - 1}
    assert verified(Note(text, (early, last)), [WITNESS_KEY], verify) == {WITNESS_KEY: 5}


def test_keys_of_unknown_types_and_names_that_break_a_line_sign_nothing() -> None:
    text = checkpoint_text(CHECKPOINT)
    unknown = Key("name", 7, WITNESS_KEY.public)
    blob = sign(text, WITNESS_KEY, WITNESS.sign, 5).blob
    with pytest.raises(BadNote, match="does not verify"):
        verified(Note(text, (Signature("name", unknown.id, blob),)), [unknown], verify)
    for name in ("", "a b", "a+b", "a\nb", "a\x01b", "a\u3000b"):
        with pytest.raises(BadNote, match="name of a key"):
            sign(text, Key(name, ED25519, PUBLIC), LOG.sign)


def test_largest_size_and_largest_note_pass() -> None:
    checkpoint = Checkpoint(ORIGIN, 2**53 - 1, bytes(32))
    assert parse_text(checkpoint_text(checkpoint)) == checkpoint
    tail = f"\n\n{LINE}".encode()
    parse_note(b"x" * (MAX_NOTE - len(tail)) + tail)
    with pytest.raises(BadNote, match="at most"):
        parse_note(b"x" * (MAX_NOTE - len(tail) + 1) + tail)


LINE = "\N{EM DASH} name AAAAAAA=\n"


@pytest.mark.parametrize(
    "data",
    [
        "",
        "\n",
        "text",
        "text\n",
        "text\n\n",
        f"text\n{LINE}",
        f"text\n\n{LINE}"[:-1],
        f"text\n\n{LINE}\n",
        f"text\n\n{LINE}\n{LINE}x",
        f"text\n\n-- name AAAAAAA=\n{LINE}",
        f"text\r\n\r\n{LINE}",
        f"te\x07xt\n\n{LINE}",
        f"te\txt\n\n{LINE}",
        "text\n\n\N{EM DASH} name\n",
        "text\n\n\N{EM DASH}name AAAAAAA=\n",
        "text\n\n\N{EM DASH}  AAAAAAA=\n",
        "text\n\n\N{EM DASH} na+me AAAAAAA=\n",
        "text\n\n\N{EM DASH} na\u00a0me AAAAAAA=\n",
        "text\n\n\N{EM DASH} name AAAAAAA\n",
        "text\n\n\N{EM DASH} name AAAAAAB=\n",
        "text\n\n\N{EM DASH} name AAAAAA==\n",
        "text\n\n\N{EM DASH} name AAAA AAA=\n",
        "text\n\n\N{EM DASH} name AAAAAAA= \n",
        "text\n\n\N{EM DASH} name \n",
        "text\n\n\N{EM DASH} name _-__AAA=\n",
        f"{'x' * MAX_NOTE}\n\n{LINE}",
    ],
)
def test_malformed_notes_are_refused(data: str) -> None:
    with pytest.raises(BadNote):
        parse_note(data.encode())


def test_smallest_note_and_text_with_empty_lines_pass() -> None:
    assert parse_note(f"\n\n{LINE}".encode()).text == "\n"
    assert parse_note(f"one\n\ntwo\n\n{LINE}".encode()).text == "one\n\ntwo\n"


@given(st.binary(max_size=200) | st.text(st.sampled_from("ab \n+\N{EM DASH}AAA=1")).map(str.encode))
@example(b"\xff\n\n" + LINE.encode())
def test_hostile_notes_raise_nothing_else(data: bytes) -> None:
    try:
        note = parse_note(data)
    except BadNote:
        return
    assert note_bytes(note) == data


@pytest.mark.parametrize(
    "note",
    [
        Note("text\n", ()),
        Note("text", (Signature("name", b"1234", b"x"),)),
        Note("te\x1bxt\n", (Signature("name", b"1234", b"x"),)),
        Note("te\ud800xt\n", (Signature("name", b"1234", b"x"),)),
        Note("text\n", (Signature("na me", b"1234", b"x"),)),
        Note("text\n", (Signature("name", b"1234", b""),)),
        Note("text\n", (Signature("name", b"123", b"xy"),)),
    ],
)
def test_notes_that_would_not_read_back_are_not_written(note: Note) -> None:
    with pytest.raises(BadNote):
        note_bytes(note)


ROOT = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        f"origin\n1\n{ROOT}",
        "origin\n1\n",
        f"\n1\n{ROOT}\n",
        f"origin\n01\n{ROOT}\n",
        f"origin\n-1\n{ROOT}\n",
        f"origin\n+1\n{ROOT}\n",
        f"origin\n1 \n{ROOT}\n",
        f"origin\n\u0661\n{ROOT}\n",
        f"origin\n1e3\n{ROOT}\n",
        f"origin\n9007199254740992\n{ROOT}\n",
        f"origin\n{'9' * 10_000}\n{ROOT}\n",
        f"origin\n1\n{ROOT[:-1]}\n",
        f"origin\n1\n{ROOT} \n",
        f"origin\n1\n{b64(bytes(range(32)))}\n",
        f"origin\n1\n{base64.b64encode(bytes(31)).decode()}\n",
        f"origin\n0\n{ROOT}\n",
        f"origin\n1\n{ROOT}\n\n",
        f"origin\n1\n{ROOT}\n\nmore\n",
    ],
)
def test_malformed_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(BadNote):
        parse_text(text)


def test_extensions_are_kept_and_signed() -> None:
    checkpoint = Checkpoint(ORIGIN, 0, EMPTY_ROOT, ("one", "two 2"))
    data = sign_checkpoint(checkpoint, PUBLIC, LOG.sign)
    assert open_checkpoint(data, LOG_KEY, [], verify).checkpoint == checkpoint
    with pytest.raises(BadNote):
        open_checkpoint(data.replace(b"two 2", b"two 3"), LOG_KEY, [], verify)


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("", 1, bytes(32)),
        Checkpoint("a\nb", 1, bytes(32)),
        Checkpoint("a", -1, bytes(32)),
        Checkpoint("a", 1, bytes(31)),
        Checkpoint("a", 0, bytes(32)),
        Checkpoint("a", 1, bytes(32), ("",)),
        Checkpoint("a", 1, bytes(32), ("x\n",)),
    ],
)
def test_checkpoints_that_would_not_read_back_are_not_written(checkpoint: Checkpoint) -> None:
    with pytest.raises(BadNote):
        checkpoint_text(checkpoint)


@given(st.integers(0, 10_000))
def test_origin_reads_back(epoch: int) -> None:
    assert parse_origin(origin_of(PROGRAM, epoch)) == (PROGRAM, epoch)


def test_origin_has_no_epoch_at_first() -> None:
    assert origin_of(PROGRAM) == f"andon/{PROGRAM}"
    assert origin_of(PROGRAM, 2) == f"andon/{PROGRAM}/2"


@pytest.mark.parametrize("tail", ["/0", "/", "/01", "/-1", "/1/2", "x", "/x", "/1 "])
def test_other_origins_are_refused(tail: str) -> None:
    for origin in (f"andon/{PROGRAM}{tail}", "andon/", PROGRAM, f"Andon/{PROGRAM}"):
        with pytest.raises(BadNote):
            parse_origin(origin)


@given(st.text(max_size=12))
def test_base64_has_one_spelling(text: str) -> None:
    try:
        data = from_base64(text)
    except BadNote:
        return
    assert base64.b64encode(data).decode() == text
