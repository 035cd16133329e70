"""Signing: a person's private key, opened with the password for one signature.

The password is worked through in a child process (shared/terminal/derive.py) that is started before anything else, so
that the second it takes passes while the action is judged. One password at a time is tried in a home.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import msgspec

from shared.log.canonical import NotCanonical, b64, unb64
from shared.store.errors import Busy
from shared.store.lock import WriterLock
from shared.terminal import derive
from shared.terminal.desk import Costs, Desk
from shared.terminal.refusal import KEY_2, KEY_5, refused
from shared.trust.keys import fingerprint, public_of
from shared.trust.passwords import Secret
from shared.trust.wrapping import (
    FLOOR,
    STANDARD,
    Inner,
    Kdf,
    Wrapped,
    WrappingError,
    WrongPassword,
    associated,
    open_inner,
    open_outer,
    seal_inner,
    wrap_outer,
)

_PATIENCE_S = 60.0
_SALT_BYTES = 16
_NONCE_BYTES = 12


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person's key as this terminal's store keeps it."""

    public: str
    wrapped: msgspec.Raw


class HeldKey:
    """A person's key on this terminal: the public half, and what the password opens."""

    def __init__(self, person: str, public: bytes, inner: Inner) -> None:
        """Take the parts."""
        self.person = person
        self.public = public
        self.inner = inner

    @property
    def fingerprint(self) -> str:
        """The key's name, as signatures and the roster give it."""
        return fingerprint(self.public)

    @property
    def ad(self) -> bytes:
        """What ties the wrapping to person and key."""
        return associated(self.person, self.public)


def held_key(desk: Desk, person: str) -> HeldKey:
    """Find a person's key on this terminal.

    Raises:
        Refused: KEY-2, there is none, or it was not wrapped for this terminal; HOME-2.
    """
    body = desk.store.keys.get(person)
    if body is None:
        raise refused(KEY_2, person)
    try:
        kept = msgspec.json.decode(body, type=_Kept)
        public = unb64(kept.public)
        wrapped = Wrapped.from_json(bytes(kept.wrapped))
        inner = open_outer(wrapped, desk.home.key().secret, associated(person, public), least(desk.costs))
    except (WrappingError, msgspec.MsgspecError, NotCanonical) as error:
        raise refused(KEY_2, f"{person}, {error}") from None
    return HeldKey(person, public, inner)


def keep_key(desk: Desk, held: HeldKey) -> bytes:
    """Wrap a person's key for this terminal, as the store's `keys.put` takes it."""
    wrapped = wrap_outer(held.inner, desk.home.key().secret, desk.random(_NONCE_BYTES), held.ad)
    return msgspec.json.encode(_Kept(b64(held.public), msgspec.Raw(wrapped.to_json())))


def wrap(desk: Desk, person: str, seed: bytes, password: Secret) -> HeldKey:
    """Put a new private key under a password.

    Raises:
        Refused: KEY-5, the password could not be worked through.
    """
    salt, nonce, public = desk.random(_SALT_BYTES), desk.random(_NONCE_BYTES), public_of(seed)
    params = Kdf(*desk.costs.wrap) if desk.costs.wrap else STANDARD
    ad = associated(person, public)
    try:
        with (desk.costs.start or derive.start)(password, salt, params, ad) as derivation:
            key = derivation.result()
    except derive.DerivationFailed as error:
        raise refused(KEY_5, str(error)) from None
    return HeldKey(person, public, seal_inner(seed, key, nonce, ad, salt=salt, params=params, floor=least(desk.costs)))


def least(costs: Costs) -> Kdf:
    """The least that a derivation must cost to be opened here."""
    return Kdf(*costs.least) if costs.least else FLOOR


class Opening:
    """A key that is being opened; made by `opening`."""

    def __init__(self, held: HeldKey, derivation: derive.Derivation) -> None:
        """Take a derivation under way."""
        self.held = held
        self._derivation = derivation

    def seed(self) -> bytes | None:
        """Wait for the private key; None if the password is not right.

        Raises:
            Refused: KEY-5.
        """
        try:
            return open_inner(self.held.inner, self._derivation.result(), self.held.ad)
        except WrongPassword:
            return None
        except derive.DerivationFailed as error:
            raise refused(KEY_5, str(error)) from None

    @classmethod
    @contextmanager
    def begin(cls, desk: Desk, held: HeldKey, password: Secret) -> Iterator[Self]:
        """Start working a password through; the child is ended when the block is left."""
        try:
            start = desk.costs.start or derive.start
            derivation = start(password, held.inner.salt, held.inner.kdf, held.ad)
        except derive.DerivationFailed as error:
            raise refused(KEY_5, str(error)) from None
        with derivation:
            yield cls(held, derivation)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the right to try a password in a home, so that no two tries are counted as one."""
    lock = WriterLock(folder / "signing", wait=_PATIENCE_S)
    try:
        with ExitStack() as stack:
            try:
                stack.enter_context(lock.held())
            except Busy as error:
                raise refused(KEY_5, str(error)) from None
            yield
    finally:
        lock.close()
