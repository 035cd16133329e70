"""OpenSSH reads what we write, and we write what OpenSSH does: with the real ssh-keygen, in both directions."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_ssh_private_key

from shared.trust.keys import fingerprint, openssh_line, public_of
from shared.trust.sshsig import (
    ESIGN,
    KEY,
    READ,
    SEAL,
    Armored,
    allowed_signers_line,
    armor,
    sign,
    unarmor,
    verify,
)

SEED = bytes(range(32))
PUBLIC = public_of(SEED)
MESSAGES = [b"", b"approved\n", b'{"do":"hold.lift"}', bytes(range(256)) * 300]


def keygen(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["ssh-keygen", *map(str, arguments)], input=stdin, capture_output=True, check=False)


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """The private key of SEED as OpenSSH keeps it."""
    path = tmp_path / "id"
    path.touch(0o600)
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    return path


class Verifier:
    """`ssh-keygen -Y verify` with one allowed signer."""

    def __init__(self, folder: Path, line: str) -> None:
        self.signers = folder / "allowed_signers"
        self.signature = folder / "message.sig"
        self.signers.write_text(line + "\n", encoding="ascii")

    def accepts(self, principal: str, namespace: str, message: bytes, text: str) -> bool:
        self.signature.write_text(text, encoding="ascii")
        where = ("-f", self.signers, "-I", principal, "-n", namespace, "-s", self.signature)
        return keygen("-Y", "verify", *where, stdin=message).returncode == 0


@pytest.mark.parametrize("namespace", [ESIGN, SEAL, KEY, READ])
@pytest.mark.parametrize("message", MESSAGES, ids=len)
def test_our_signature_is_that_of_ssh_keygen_to_the_byte(private: Path, message: bytes, namespace: str) -> None:
    theirs = keygen("-Y", "sign", "-f", private, "-n", namespace, stdin=message)
    assert theirs.stdout.decode() == armor(PUBLIC, namespace, sign(SEED, namespace, message))


@pytest.mark.parametrize("principal", ["p07", "@LYN3", "p07@cdmo.example"])
@pytest.mark.parametrize("message", MESSAGES, ids=len)
def test_ssh_keygen_accepts_ours(tmp_path: Path, principal: str, message: bytes) -> None:
    verifier = Verifier(tmp_path, allowed_signers_line(principal, PUBLIC, (ESIGN, KEY)))
    assert verifier.accepts(principal, ESIGN, message, armor(PUBLIC, ESIGN, sign(SEED, ESIGN, message)))
    assert verifier.accepts(principal, KEY, message, armor(PUBLIC, KEY, sign(SEED, KEY, message)))


def test_ssh_keygen_refuses_what_is_not_ours(tmp_path: Path) -> None:
    verifier = Verifier(tmp_path, allowed_signers_line("p07", PUBLIC, (ESIGN,)))
    message = b"approved, batch 4711"
    signature = sign(SEED, ESIGN, message)
    text = armor(PUBLIC, ESIGN, signature)
    assert verifier.accepts("p07", ESIGN, message, text)
    assert not verifier.accepts("p07", ESIGN, b"approved, batch 4712", text), "a letter was changed"
    assert not verifier.accepts("p07", SEAL, message, text), "another namespace was expected"
    assert not verifier.accepts("p07", SEAL, message, armor(PUBLIC, SEAL, signature)), "the namespace was exchanged"
    assert not verifier.accepts("p07", SEAL, message, armor(PUBLIC, SEAL, sign(SEED, SEAL, message))), "not allowed"
    assert not verifier.accepts("p08", ESIGN, message, text), "another signer was expected"
    other = bytes(32)
    assert not verifier.accepts("p07", ESIGN, message, armor(public_of(other), ESIGN, sign(other, ESIGN, message)))


def test_we_accept_a_key_and_a_signature_that_ssh_keygen_made(tmp_path: Path) -> None:
    path = tmp_path / "theirs"
    assert keygen("-q", "-t", "ed25519", "-N", "", "-C", "Ann Smith", "-f", path).returncode == 0
    key = load_ssh_private_key(path.read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    public = public_of(key.private_bytes_raw())
    text = keygen("-Y", "sign", "-f", path, "-n", ESIGN, stdin=b"approved").stdout.decode()
    found = unarmor(text)
    assert found == Armored(public, ESIGN, sign(key.private_bytes_raw(), ESIGN, b"approved"))
    assert verify(public, ESIGN, b"approved", found.signature)
    assert not verify(public, ESIGN, b"approve!", found.signature)
    assert not verify(public, SEAL, b"approved", found.signature)
    assert openssh_line(public, "Ann Smith") + "\n" == path.with_suffix(".pub").read_text(encoding="ascii")


def test_the_fingerprint_is_that_of_ssh_keygen(tmp_path: Path) -> None:
    path = tmp_path / "id.pub"
    path.write_text(openssh_line(PUBLIC, "p07") + "\n", encoding="ascii")
    assert keygen("-l", "-f", path).stdout.decode() == f"256 {fingerprint(PUBLIC)} p07 (ED25519)\n"


def test_the_public_key_of_a_seed_is_that_of_ssh_keygen(private: Path) -> None:
    assert keygen("-y", "-f", private).stdout.decode() == openssh_line(PUBLIC) + "\n"


def test_ssh_keygen_takes_what_we_refuse_so_that_armor_is_no_identity(tmp_path: Path) -> None:
    """Why `unarmor` is strict. Should OpenSSH become strict too, this test can go."""
    verifier = Verifier(tmp_path, allowed_signers_line("p07", PUBLIC, (ESIGN,)))
    text = armor(PUBLIC, ESIGN, sign(SEED, ESIGN, b"approved"))
    assert verifier.accepts("p07", ESIGN, b"approved", text + "junk\n")
