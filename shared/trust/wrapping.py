"""A person's private key at rest: under the password, and around that under the terminal's own secret.

    password --NFKC, Argon2id(salt, ad)--> derived key --ChaCha20-Poly1305--> Inner
    terminal's secret --HKDF-SHA256(ad)--> outer key   --ChaCha20-Poly1305--> Wrapped = what the terminal keeps

The inner wrapping is the same on every terminal of the person and travels between them. The outer one hides all of it,
salt and parameters too: whoever copies the file without the terminal's secret has nothing to try passwords on. The
outer one vouches for every byte of the inner one, so that a failure of the inner one means the password, not damage.

`ad` ties both to the person and the key (`associated`), so that wrappings cannot be exchanged among people.

Source: RFC 9106 (Argon2id), RFC 8439 (the cipher), RFC 5869 (HKDF), design 6. Salts, nonces and secrets are arguments:
all of them random, drawn by the caller, a nonce and a salt for each wrapping anew.
"""

from typing import Self

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.log.canonical import b64, unb64
from shared.trust.keys import KEY_BYTES, fingerprint
from shared.trust.passwords import Secret
from shared.trust.stretch import stretch

VERSION = 1
"""Of both formats; it stands for the ciphers and for what goes into them."""

SALT_BYTES = 16
NONCE_BYTES = 12
SECRET_BYTES = 32
"""Length of a terminal's secret."""

_TAG_BYTES = 16
_OUTER = b"andon outer wrapping 1 "


class WrappingError(ValueError):
    """A wrapped key that cannot be opened."""


class WrongPassword(WrappingError):
    """The password is not the one that the key was wrapped with."""


class NotForThisTerminal(WrappingError):
    """The wrapping belongs to another terminal, person or key, or is damaged; nothing tells these apart."""


class BadWrapping(WrappingError):
    """The bytes are no wrapping of this version, or its parameters are out of bounds."""


class Kdf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="argon2id", tag_field="name"):
    """What the derivation costs; kept with each wrapping, so that later ones can cost more.

    The defaults are design 6's memory and passes, and one lane. Lanes only let one guess use several cores at once. The
    owner would wait two thirds of a second instead of one (two cores), but an attacker runs guesses side by side
    anyway, and would hold the 256 MiB of each for a shorter time: with memory and passes given, one lane is the dearest
    to attack. It also leaves a core for the screen, and costs the same on the smallest terminal.

    Raises:
        ValueError: above 2 GiB, 16 passes or 8 lanes, which would let a foreign wrapping stall a terminal, or below
            what RFC 9106 3.1 defines.
    """

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 1

    def __post_init__(self) -> None:
        if not (1 <= self.lanes <= 8 and 1 <= self.passes <= 16 and 8 * self.lanes <= self.memory_kib <= 2 * 1024**2):  # noqa: PLR2004 - said in the docstring
            raise ValueError("Argon2id: 1 to 8 lanes, 1 to 16 passes, 8 KiB a lane to 2 GiB")

    def below(self, floor: "Kdf") -> bool:
        """Tells whether this costs less memory or fewer passes than the floor."""
        return self.memory_kib < floor.memory_kib or self.passes < floor.passes


STANDARD = Kdf()
FLOOR = Kdf(memory_kib=64 * 1024, passes=2)
"""The least that is wrapped or opened; only tests have a reason to name another."""


class Inner(msgspec.Struct, frozen=True, kw_only=True):
    """A private key under its owner's password, as it travels from terminal to terminal."""

    kdf: Kdf
    salt: bytes
    nonce: bytes
    sealed: bytes

    def to_json(self) -> bytes:
        """Writes it as canonical JSON; binary values are base64url."""
        form = _InnerForm(
            v=VERSION,
            kdf=self.kdf,
            salt=b64(self.salt),
            nonce=b64(self.nonce),
            sealed=b64(self.sealed),
        )
        return msgspec.json.encode(form, order="sorted")

    @classmethod
    def from_json(cls, data: bytes, floor: Kdf = FLOOR) -> Self:
        """Reads what `to_json` wrote; whoever sent it is not trusted with the parameters.

        Raises:
            BadWrapping: for another form or version, other lengths, or parameters below the floor.
        """
        try:
            form = msgspec.json.decode(data, type=_InnerForm)
            salt, nonce, sealed = map(unb64, (form.salt, form.nonce, form.sealed))
        except ValueError:
            raise BadWrapping("this is no wrapped key") from None
        lengths = len(salt), len(nonce), len(sealed)
        if form.v != VERSION or lengths != (SALT_BYTES, NONCE_BYTES, KEY_BYTES + _TAG_BYTES):
            raise BadWrapping("this is no wrapped key that this version knows")
        _check_cost(form.kdf, floor)
        inner = cls(kdf=form.kdf, salt=salt, nonce=nonce, sealed=sealed)
        if inner.to_json() != data:
            raise BadWrapping("this wrapped key is not in its canonical form")
        return inner


class Wrapped(msgspec.Struct, frozen=True, kw_only=True):
    """A private key as a terminal keeps it: an `Inner` under the terminal's secret."""

    nonce: bytes
    sealed: bytes

    def to_json(self) -> bytes:
        """Writes it as canonical JSON; binary values are base64url."""
        form = _WrappedForm(v=VERSION, nonce=b64(self.nonce), sealed=b64(self.sealed))
        return msgspec.json.encode(form, order="sorted")

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Reads what `to_json` wrote.

        Raises:
            BadWrapping: for another form or version.
        """
        try:
            form = msgspec.json.decode(data, type=_WrappedForm)
            wrapped = cls(nonce=unb64(form.nonce), sealed=unb64(form.sealed))
        except ValueError:
            raise BadWrapping("this is no wrapped key") from None
        if form.v != VERSION or len(wrapped.nonce) != NONCE_BYTES:
            raise BadWrapping("this is no wrapped key that this version knows")
        if wrapped.to_json() != data:
            raise BadWrapping("this wrapped key is not in its canonical form")
        return wrapped


class _InnerForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: int
    kdf: Kdf
    salt: str
    nonce: str
    sealed: str


class _WrappedForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: int
    nonce: str
    sealed: str


def associated(person: str, public: bytes) -> bytes:
    """Builds `ad`: whose key this is and which; the same in every program and on every terminal.

    Args:
        person: the person's id.
        public: the raw public key of the seed that is wrapped.
    """
    return msgspec.json.encode({"key": fingerprint(public), "person": person}, order="sorted")


def derive(password: Secret, salt: bytes, params: Kdf, ad: bytes) -> bytes:
    """Derives the inner key from the password, in this process: about a second and 256 MiB that stay with the process.

    A terminal calls `shared.terminal.derive` instead, whose child gives the memory back.

    Args:
        password: as typed; NFKC makes its spelling the same on every keyboard.
        salt: 16 random bytes, drawn for this wrapping.
        params: the cost; the one stored with the wrapping when opening it.
        ad: of `associated`.

    Raises:
        ValueError: for a salt of another length.
    """
    check_salt(salt)
    return stretch(password.canonical(), salt, ad, (params.memory_kib, params.passes, params.lanes))


def check_salt(salt: bytes) -> None:
    """Refuses a salt that is not 16 bytes long (RFC 9106 3.1 recommends them for passwords)."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")


def seal_inner(  # noqa: PLR0913 - each is a different secret or public part
    seed: bytes, derived_key: bytes, nonce: bytes, ad: bytes, *, salt: bytes, params: Kdf = STANDARD, floor: Kdf = FLOOR
) -> Inner:
    """Wraps a private key under a key derived from the password.

    Args:
        seed: the private key, 32 bytes.
        derived_key: what `derive` gave for this salt, these params and this ad.
        nonce: 12 random bytes.
        ad: of `associated`.
        salt: the one derived with; it is stored.
        params: the cost derived with; it is stored.
        floor: the least cost that is accepted.

    Raises:
        ValueError: for a seed, key, nonce or salt of another length.
        BadWrapping: for params below the floor.
    """
    if len(seed) != KEY_BYTES:
        raise ValueError(f"a private key is a seed of {KEY_BYTES} bytes")
    check_salt(salt)
    _check_cost(params, floor)
    sealed = ChaCha20Poly1305(derived_key).encrypt(nonce, seed, ad)
    return Inner(kdf=params, salt=salt, nonce=nonce, sealed=sealed)


def open_inner(inner: Inner, derived_key: bytes, ad: bytes) -> bytes:
    """Gives the private key back.

    Raises:
        WrongPassword: if the derived key does not fit.
    """
    try:
        return ChaCha20Poly1305(derived_key).decrypt(inner.nonce, inner.sealed, ad)
    except InvalidTag:
        raise WrongPassword("the password is not right") from None


def wrap_outer(inner: Inner, terminal_secret: bytes, nonce: bytes, ad: bytes) -> Wrapped:
    """Encrypts an inner wrapping for one terminal.

    Args:
        inner: made here, or come from another terminal of the person.
        terminal_secret: this terminal's 32 random bytes.
        nonce: 12 random bytes.
        ad: of `associated`.

    Raises:
        ValueError: for a secret or nonce of another length.
    """
    return Wrapped(nonce=nonce, sealed=_outer(terminal_secret, ad).encrypt(nonce, inner.to_json(), ad))


def open_outer(wrapped: Wrapped, terminal_secret: bytes, ad: bytes, floor: Kdf = FLOOR) -> Inner:
    """Takes the terminal's wrapping off, which is quick: what is left needs the password.

    Args:
        wrapped: from this terminal's store.
        terminal_secret: this terminal's 32 random bytes.
        ad: of `associated`.
        floor: the least cost of the derivation that is accepted.

    Raises:
        NotForThisTerminal: if the secret, the person or the key is another, or any byte was changed.
        BadWrapping: if the parameters are below the floor.
        ValueError: for a secret of another length.
    """
    try:
        data = _outer(terminal_secret, ad).decrypt(wrapped.nonce, wrapped.sealed, ad)
    except InvalidTag:
        raise NotForThisTerminal("this key is not wrapped for this terminal, or it is damaged") from None
    return Inner.from_json(data, floor)


def _check_cost(params: Kdf, floor: Kdf) -> None:
    if params.below(floor):
        raise BadWrapping("the password's derivation is cheaper than allowed")


def _outer(terminal_secret: bytes, ad: bytes) -> ChaCha20Poly1305:
    """Makes the outer cipher: a key for each person's key, so that a nonce has to be new among its wrappings only."""
    if len(terminal_secret) != SECRET_BYTES:
        raise ValueError(f"a terminal's secret has {SECRET_BYTES} bytes")
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_OUTER + ad).derive(terminal_secret)
    return ChaCha20Poly1305(key)
