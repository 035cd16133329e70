"""Signatures in OpenSSH's SSHSIG format, for Ed25519 with SHA-512 inside: what `ssh-keygen -Y verify` checks.

Source: PROTOCOL.sshsig of OpenSSH; the namespaces are in design 3. The public key stands beside the signed bytes, not
in them, so a signature does not name its signer: what is signed has to (design 6, the entry's `sign.key`).

Stored are the raw 64 bytes; the armor around them is rebuilt for export. Armor is read strictly, for the same signature
in other armor (wrapped differently, junk behind it) passes in ssh-keygen too: compare what `unarmor` gives, not texts.
"""

from binascii import a2b_base64, b2a_base64
from hashlib import sha512
from typing import NamedTuple

from shared.trust.keys import ALGORITHM, openssh_line, private_key, string, wire
from shared.trust.plain import SIGNATURE_BYTES
from shared.trust.plain import verify as verify_plain

ESIGN = "andon-esign"
"""A person's signature over an entry."""
SEAL = "andon-seal"
"""A terminal's over its chain."""
KEY = "andon-key"
"""A new key's over its own enrolment (proof of possession)."""
READ = "andon-read"
"""A terminal's over the request that reads from a server."""

_MAGIC = b"SSHSIG"
_VERSION = (1).to_bytes(4, "big")
_HASH = string(b"") + string(b"sha512")  # the reserved field, which is empty, and the name of the hash
_BEGIN = "-----BEGIN SSH SIGNATURE-----\n"
_END = "-----END SSH SIGNATURE-----\n"
_COLUMNS = 70  # where ssh-keygen breaks the base64

_LONGEST_NAME = 64
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@+:/=")
"""What a namespace or principal is made of: nothing that allowed_signers reads as a pattern, list, quote or comment."""

# Where the fields of an SSHSIG for Ed25519 lie; all but the namespace have a fixed length.
_PUBLIC_AT = len(_MAGIC) + len(_VERSION) + 4 + len(string(ALGORITHM)) + 4
_SPACE_AT = _PUBLIC_AT + 32 + 4
_LONGEST_ARMOR = 1024


class BadArmor(ValueError):
    """A text that is not an armored Ed25519 SSHSIG in the one form that `armor` writes."""


class Armored(NamedTuple):
    """What an armored signature holds. Nothing is said of whether it is valid: ask `verify`."""

    public: bytes
    """The 32 bytes of the key that it claims."""
    namespace: str
    signature: bytes
    """The 64 bytes: R and S."""


def sign(seed: bytes, namespace: str, message: bytes) -> bytes:
    """Signs as `ssh-keygen -Y sign -n NAMESPACE` does, to the byte (Ed25519 draws no randomness).

    Args:
        seed: the private key, 32 bytes.
        namespace: what kind of statement this is; a signature of one kind is never valid as another.
        message: the bytes signed, of any length.

    Returns:
        The raw 64 bytes of the signature.

    Raises:
        ValueError: for a seed of another length, or a namespace that is not 1 to 64 plain characters.
    """
    return private_key(seed).sign(_statement(_name(namespace), message))


def verify(public: bytes, namespace: str, message: bytes, signature: bytes) -> bool:
    """Tells whether a signature is valid. Never raises, whatever the bytes.

    Refused beside what does not fit: a public key or an R that is of low order or not canonical, an S at or above the
    group's order (RFC 8032 5.1.7), another length. ssh-keygen accepts some of these; nothing is accepted here that it
    refuses.

    Args:
        public: the raw key that the roster names, not one that came along with the signature.
        namespace: the kind of statement that is expected here.
        message: the bytes that are said to be signed.
        signature: the raw 64 bytes.
    """
    try:
        statement = _statement(_name(namespace), message)
    except ValueError:
        return False
    return verify_plain(public, statement, signature)


def armor(public: bytes, namespace: str, signature: bytes) -> str:
    """Writes the signature file that `ssh-keygen -Y verify -s` reads, to the byte as `ssh-keygen -Y sign` writes it.

    Args:
        public: the signer's raw 32 bytes.
        namespace: the one that was signed under.
        signature: the raw 64 bytes.

    Raises:
        ValueError: for a key or signature of another length, or a namespace that is not 1 to 64 plain characters.
    """
    if len(signature) != SIGNATURE_BYTES:
        raise ValueError(f"an Ed25519 signature has {SIGNATURE_BYTES} bytes")
    inner = string(ALGORITHM) + string(signature)
    blob = _MAGIC + _VERSION + string(wire(public)) + string(_name(namespace)) + _HASH + string(inner)
    text = b2a_base64(blob, newline=False).decode()
    return _BEGIN + "".join(text[at : at + _COLUMNS] + "\n" for at in range(0, len(text), _COLUMNS)) + _END


def unarmor(text: str) -> Armored:
    """Reads an armored signature, in no other form than `armor` writes.

    Args:
        text: the whole file. Its author is unknown.

    Raises:
        BadArmor: for anything else: other lengths of line, line ends of Windows, text before or behind, another
            algorithm, hash or version, base64 with stray bits.
    """
    try:
        blob = a2b_base64(text[len(_BEGIN) : -len(_END)]) if len(text) <= _LONGEST_ARMOR else b""
        length = int.from_bytes(blob[_SPACE_AT - 4 : _SPACE_AT], "big")
        space = blob[_SPACE_AT : _SPACE_AT + length].decode("ascii")
        found = Armored(blob[_PUBLIC_AT : _PUBLIC_AT + 32], space, blob[-SIGNATURE_BYTES:])
        # The parts were cut out unchecked. Writing them again checks every other byte of the text at once.
        canonical = armor(*found) == text
    except ValueError:
        canonical = False
        found = Armored(b"", "", b"")
    if not canonical:
        raise BadArmor("this is not an Ed25519 signature as ssh-keygen writes it")
    return found


def allowed_signers_line(principal: str, public: bytes, namespaces: tuple[str, ...]) -> str:
    """Writes a line of the allowed_signers file of `ssh-keygen -Y verify -f`, without a newline.

    Args:
        principal: the id given to `-I`; a person or a terminal.
        public: that signer's raw key.
        namespaces: what the key may sign; at least one, for a line without them allows everything.

    Raises:
        ValueError: for a key of another length, no namespace, or a name with anything in it that this file reads as a
            pattern, list, quote or comment.
    """
    if not namespaces:
        raise ValueError("name the namespaces that the key may sign in")
    spaces = ",".join(_name(space).decode() for space in namespaces)
    return f'{_name(principal).decode()} namespaces="{spaces}" {openssh_line(public)}'


def _statement(namespace: bytes, message: bytes) -> bytes:
    """Builds the bytes under the Ed25519 signature (PROTOCOL.sshsig, "Signed Data, of which the signature goes...")."""
    return _MAGIC + string(namespace) + _HASH + string(sha512(message).digest())


def _name(name: str) -> bytes:
    """Checks a namespace or principal; ssh-keygen would take more, and reads some of that with a meaning of its own."""
    if not 0 < len(name) <= _LONGEST_NAME or not _NAME.issuperset(name):
        raise ValueError("a namespace or principal is 1 to 64 letters, digits and .-_@+:/=")
    return name.encode("ascii")
