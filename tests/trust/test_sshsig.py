"""SSHSIG: what is accepted and what is not. That OpenSSH agrees is in test_ssh_keygen.py."""

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from hashlib import sha512
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from shared.trust import plain
from shared.trust.keys import check_public, public_of, weakness
from shared.trust.sshsig import (
    ESIGN,
    KEY,
    READ,
    SEAL,
    Armored,
    BadArmor,
    allowed_signers_line,
    armor,
    sign,
    unarmor,
    verify,
)

VECTORS = Path(__file__).parent.parent / "data" / "vectors" / "trust" / "wycheproof"
ORDER = 2**252 + 27742317777372353535851937790883648493
IDENTITY = (1).to_bytes(32, "little")

SEED = bytes(range(32))
PUBLIC = public_of(SEED)
SCALAR = int.from_bytes(sha512(SEED).digest()[:32], "little") & ~7 & ~(1 << 255) | 1 << 254
"""The secret scalar of SEED (RFC 8032 5.1.5): PUBLIC is this many times the base point."""
MESSAGE = b'{"do":"hold.lift"}'
SIGNATURE = sign(SEED, ESIGN, MESSAGE)
ARMOR = armor(PUBLIC, ESIGN, SIGNATURE)
BEGIN, *BODY, END = ARMOR.splitlines()

seeds = st.binary(min_size=32, max_size=32)


def statement(message: bytes, namespace: str = ESIGN) -> bytes:
    """The bytes under the signature, written out as PROTOCOL.sshsig does."""
    digest = sha512(message).digest()
    parts = (namespace.encode(), b"", b"sha512", digest)
    return b"SSHSIG" + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def openssl_accepts(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def test_the_namespaces_are_those_of_the_protocol() -> None:
    assert (ESIGN, SEAL, KEY, READ) == ("andon-esign", "andon-seal", "andon-key", "andon-read")


@given(seed=seeds, message=st.binary(max_size=300), namespace=st.sampled_from([ESIGN, SEAL, KEY, READ]))
def test_what_is_signed_verifies_and_nothing_beside_it(seed: bytes, message: bytes, namespace: str) -> None:
    public, signature = public_of(seed), sign(seed, namespace, message)
    assert verify(public, namespace, message, signature)
    assert not verify(public, namespace, message + b"!", signature)
    assert not any(verify(public, other, message, signature) for other in {ESIGN, SEAL, KEY, READ} - {namespace})
    assert unarmor(armor(public, namespace, signature)) == Armored(public, namespace, signature)


@given(st.integers(0, 64 * 8 - 1))
def test_any_changed_bit_of_the_signature_is_noticed(bit: int) -> None:
    changed = (int.from_bytes(SIGNATURE, "big") ^ 1 << bit).to_bytes(64, "big")
    assert not verify(PUBLIC, ESIGN, MESSAGE, changed)


@given(st.integers(0, 32 * 8 - 1))
def test_any_changed_bit_of_the_key_is_noticed(bit: int) -> None:
    changed = (int.from_bytes(PUBLIC, "big") ^ 1 << bit).to_bytes(32, "big")
    assert not verify(changed, ESIGN, MESSAGE, SIGNATURE)


@given(public=st.binary(max_size=40), namespace=st.text(), message=st.binary(), signature=st.binary(max_size=80))
def test_verify_never_raises(public: bytes, namespace: str, message: bytes, signature: bytes) -> None:
    assert not verify(public, namespace, message, signature)


@given(
    public=st.binary(min_size=32, max_size=32) | st.just(PUBLIC),
    message=st.binary(),
    signature=st.binary(min_size=64, max_size=64) | st.binary(min_size=32, max_size=32).map(lambda s: s + bytes(32)),
)
def test_verify_never_raises_for_bytes_of_the_right_length(public: bytes, message: bytes, signature: bytes) -> None:
    assert not verify(public, ESIGN, message, signature)


def test_a_low_order_key_whose_one_signature_fits_every_text_is_refused() -> None:
    signature = IDENTITY + bytes(32)  # R + h A = 0 B, whatever h is, when both R and A are the neutral point
    assert weakness(IDENTITY)
    assert not verify(IDENTITY, ESIGN, b"approved", signature)
    assert not verify(IDENTITY, ESIGN, b"rejected", signature)


def test_a_low_order_key_is_refused_with_any_r() -> None:
    signature = PUBLIC + (SCALAR % ORDER).to_bytes(32, "little")  # R = S B, and h A adds nothing
    assert openssl_accepts(IDENTITY, statement(MESSAGE), signature)
    assert not verify(IDENTITY, ESIGN, MESSAGE, signature)


def test_a_low_order_r_is_refused_though_the_equation_holds() -> None:
    challenge = int.from_bytes(sha512(IDENTITY + PUBLIC + statement(MESSAGE)).digest(), "little")
    signature = IDENTITY + (challenge * SCALAR % ORDER).to_bytes(32, "little")
    assert openssl_accepts(PUBLIC, statement(MESSAGE), signature)
    assert not verify(PUBLIC, ESIGN, MESSAGE, signature)


def test_the_twin_of_a_signature_is_refused() -> None:
    twin = SIGNATURE[:32] + (int.from_bytes(SIGNATURE[32:], "little") + ORDER).to_bytes(32, "little")
    assert not verify(PUBLIC, ESIGN, MESSAGE, twin)


def test_the_rules_do_not_lean_on_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lenient:
        """A library that takes everything."""

        @staticmethod
        def from_public_bytes(_: bytes) -> "Lenient":
            return Lenient()

        def verify(self, _: bytes, __: bytes) -> None:
            pass

    monkeypatch.setattr(plain, "Ed25519PublicKey", Lenient)
    r, s = SIGNATURE[:32], SIGNATURE[32:]
    biggest, order = ((ORDER + offset).to_bytes(32, "little") for offset in (-1, 0))
    assert verify(PUBLIC, ESIGN, b"anything", SIGNATURE)
    assert verify(PUBLIC, ESIGN, MESSAGE, r + biggest)
    assert not verify(PUBLIC, ESIGN, MESSAGE, r + order)
    assert not verify(PUBLIC, ESIGN, MESSAGE, r + b"\xff" * 32)
    assert not verify(PUBLIC, ESIGN, MESSAGE, SIGNATURE + b"\0")
    assert not verify(PUBLIC, ESIGN, MESSAGE, SIGNATURE[:-1])
    assert not verify(PUBLIC, ESIGN, MESSAGE, IDENTITY + s)
    assert not verify(PUBLIC, ESIGN, MESSAGE, b"\xff" * 32 + s)
    assert not verify(IDENTITY, ESIGN, MESSAGE, SIGNATURE)
    assert not verify(PUBLIC + b"\0", ESIGN, MESSAGE, SIGNATURE)
    assert not verify(PUBLIC, "no namespace", MESSAGE, SIGNATURE)


def wycheproof() -> list[tuple[int, bytes, bytes, bytes, bool]]:
    groups = json.loads((VECTORS / "ed25519_test.json").read_text(encoding="utf-8"))["testGroups"]
    return [
        (
            test["tcId"],
            bytes.fromhex(group["publicKey"]["pk"]),
            bytes.fromhex(test["msg"]),
            bytes.fromhex(test["sig"]),
            test["result"] == "valid",
        )
        for group in groups
        for test in group["tests"]
    ]


def strict(public: bytes, message: bytes, signature: bytes) -> bool:
    """Our rules over a bare message: SSHSIG always signs its own statement, which the vectors know nothing of."""
    sound = len(signature) == 64 and not weakness(public) and not weakness(signature[:32])
    return sound and int.from_bytes(signature[32:], "little") < ORDER and openssl_accepts(public, message, signature)


STRICTER_THAN_WYCHEPROOF: set[int] = set()
"""Tests that are valid and that our rules refuse: none. Every low-order or non-canonical R in the vectors (10 to 19, 25
to 29, 60, 61, 151) stands in one that is invalid anyway, and all their public keys are sound."""


def test_wycheproof() -> None:
    cases = wycheproof()
    assert len(cases) == 151
    refused = set()
    for number, public, message, signature, valid in cases:
        assert check_public(public) == public
        assert openssl_accepts(public, message, signature) == valid, number
        accepted = strict(public, message, signature)
        assert valid or not accepted, number
        if valid and not accepted:
            refused.add(number)
    assert refused == STRICTER_THAN_WYCHEPROOF


def test_invalid_signatures_of_wycheproof_are_refused_in_sshsig_too() -> None:
    for number, public, message, signature, _ in wycheproof():
        assert not verify(public, ESIGN, message, signature), number


def wrap(body: str, columns: int = 70) -> str:
    lines = [body[at : at + columns] for at in range(0, len(body), columns)]
    return "\n".join([BEGIN, *lines, END, ""])


BLOB = b64decode("".join(BODY))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(ARMOR + "\n", id="a line too many"),
        pytest.param(ARMOR.removesuffix("\n"), id="no newline"),
        pytest.param(ARMOR + "junk", id="trailing junk"),
        pytest.param(ARMOR + ARMOR, id="twice"),
        pytest.param(" " + ARMOR, id="leading space"),
        pytest.param("note\n" + ARMOR, id="leading line"),
        pytest.param(ARMOR.replace("\n", "\r\n"), id="Windows"),
        pytest.param(wrap("".join(BODY), 76), id="76 columns"),
        pytest.param(wrap("".join(BODY), 1000), id="one line"),
        pytest.param(ARMOR.replace("\n" + END, "\n\n" + END), id="blank line"),
        pytest.param(ARMOR.replace(BODY[0], BODY[0] + " "), id="space in the base64"),
        pytest.param(ARMOR.replace(BODY[0], "*" + BODY[0]), id="other characters"),
        pytest.param(ARMOR.replace("SSH SIGNATURE", "PGP SIGNATURE"), id="another kind"),
        pytest.param(ARMOR.replace("BEGIN", "begin"), id="small letters"),
        pytest.param(wrap(b64encode(BLOB + b"\0").decode()), id="a byte too many"),
        pytest.param(wrap(b64encode(BLOB[:-1]).decode()), id="a byte too few"),
        pytest.param(wrap(b64encode(BLOB.replace(b"sha512", b"sha256")).decode()), id="another hash"),
        pytest.param(wrap(b64encode(BLOB.replace(b"ssh-ed25519", b"ssh-ed25518")).decode()), id="another algorithm"),
        pytest.param(wrap(b64encode(BLOB.replace(b"\0\0\0\1", b"\0\0\0\2", 1)).decode()), id="another version"),
        pytest.param(wrap(b64encode(BLOB.replace(b"\x0bandon-esign", b"\0")).decode()), id="no namespace"),
        pytest.param(wrap(b64encode(BLOB.replace(b"andon-esign", b"andon esign")).decode()), id="a space in the name"),
        pytest.param(wrap(b64encode(BLOB.replace(b"andon-esign", b"andon-esig\xff")).decode()), id="no ASCII"),
        pytest.param(wrap("A" * 10_000_000), id="ten million characters"),
        pytest.param(ARMOR.replace("A", "\u0410", 1), id="a Cyrillic A"),
        pytest.param(ARMOR.replace("A", "\ud800", 1), id="a lone surrogate"),
    ],
)
def test_armor_in_any_other_form_is_refused(text: str) -> None:
    assert text != ARMOR
    with pytest.raises(BadArmor):
        unarmor(text)


def test_stray_bits_at_the_end_of_the_base64_are_refused() -> None:
    body = "".join(BODY)
    last = body.rstrip("=")[-1]
    stray = wrap(body.replace(last + "=", chr(ord(last) + 1) + "="))
    assert stray != ARMOR
    assert b64decode("".join(stray.splitlines()[1:-1])) == BLOB
    with pytest.raises(BadArmor):
        unarmor(stray)


@given(st.text() | st.binary().map(lambda junk: wrap(b64encode(BLOB[:40] + junk).decode())))
def test_unarmor_raises_nothing_else(text: str) -> None:
    with pytest.raises(BadArmor):
        unarmor(text)


@given(at=st.integers(0, len(ARMOR) - 1), character=st.characters(max_codepoint=0x7F))
def test_unarmor_reads_back_what_is_written(at: int, character: str) -> None:
    text = ARMOR[:at] + character + ARMOR[at + 1 :]
    try:
        found = unarmor(text)
    except BadArmor:
        return
    assert armor(*found) == text


@pytest.mark.parametrize("namespace", ["", "a b", "a,b", 'a"b', "a\nb", "*", "andon-?", "!a", "#a", "é", "a" * 65])
def test_namespaces_that_ssh_keygen_would_read_otherwise_are_refused(namespace: str) -> None:
    with pytest.raises(ValueError, match="namespace or principal"):
        sign(SEED, namespace, MESSAGE)
    with pytest.raises(ValueError, match="namespace or principal"):
        armor(PUBLIC, namespace, SIGNATURE)
    with pytest.raises(ValueError, match="namespace or principal"):
        allowed_signers_line("p07", PUBLIC, (ESIGN, namespace))
    with pytest.raises(ValueError, match="namespace or principal"):
        allowed_signers_line(namespace, PUBLIC, (ESIGN,))


@pytest.mark.parametrize("namespace", ["a", "a" * 64])
def test_the_shortest_and_the_longest_namespace_go_there_and_back(namespace: str) -> None:
    found = unarmor(armor(PUBLIC, namespace, sign(SEED, namespace, MESSAGE)))
    assert verify(PUBLIC, found.namespace, MESSAGE, found.signature)


def test_what_has_another_length_is_not_armored_or_listed() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        armor(PUBLIC, ESIGN, SIGNATURE[:-1])
    with pytest.raises(ValueError, match="32 bytes"):
        armor(PUBLIC[:-1], ESIGN, SIGNATURE)
    with pytest.raises(ValueError, match="seed of 32 bytes"):
        sign(SEED[:-1], ESIGN, MESSAGE)
    with pytest.raises(ValueError, match="namespaces"):
        allowed_signers_line("p07", PUBLIC, ())


def test_importing_it_imports_nothing_that_wraps_keys() -> None:
    program = "import sys, shared.trust.sshsig; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=True, text=True).stdout
    unwanted = ("argon2", "aead", "msgspec", "shared.trust.wrapping", "subprocess", "asyncio")
    assert not [name for name in loaded.split() if any(part in name for part in unwanted)]
