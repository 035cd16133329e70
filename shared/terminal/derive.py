"""Turns a password into a key in a child process: 256 MiB for a second, and gone when it is done.

    with derive.start(password, inner.salt, inner.kdf, ad) as derivation:
        ...                          # read the sheet meanwhile, draw, check signatures
        key = derivation.result()

The password goes through a pipe: not as an argument or in the environment, where other processes could read it. The
child runs isolated (`-I`), so that neither the folder it starts in nor PYTHON* variables choose its code; Andon must
therefore be installed for this interpreter, editable or not. Any number can run at once, as far as the memory goes.
"""

import subprocess
import sys
from types import TracebackType
from typing import Self

from shared.terminal import derive_child
from shared.trust.passwords import Secret
from shared.trust.stretch import DERIVED_BYTES
from shared.trust.wrapping import Kdf, check_salt

TIMEOUT_S = 60.0
"""Sixty times what it takes: a terminal that swaps is slow, not broken."""


class DerivationFailed(Exception):
    """The child gave no key; the text says why, and nothing of the password."""


class DerivationTimedOut(DerivationFailed):
    """The child was not done in time and was ended."""


class Derivation:
    """A derivation under way, made by `start`. Leaving it as a context ends the child, done or not."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._key: bytes | None = None

    def result(self, timeout: float = TIMEOUT_S) -> bytes:
        """Waits for the key; again and at once if it was asked for before.

        Args:
            timeout: seconds from now.

        Returns:
            The 32 bytes of `shared.trust.wrapping.derive`.

        Raises:
            DerivationTimedOut: if it took longer; the child is ended.
            DerivationFailed: if it found too little memory, or ended in another way.
        """
        if self._key is None:
            self._key = self._wait(timeout)
        return self._key

    def cancel(self) -> None:
        """Ends the child, if it is still there."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()

    def _wait(self, timeout: float) -> bytes:
        try:
            answer, _ = self._process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.cancel()
            raise DerivationTimedOut(f"the password was not worked through within {timeout:g} s; try again") from None
        except ValueError:
            answer = b""  # its pipes are closed: it was cancelled
        state, key = answer[:1], answer[1:]
        if state == derive_child.NO_MEMORY:
            raise DerivationFailed("this machine has too little free memory to work the password through")
        if state != derive_child.DONE or len(key) != DERIVED_BYTES:
            raise DerivationFailed("the process that works the password through ended without a result")
        return key


def start(password: Secret, salt: bytes, params: Kdf, ad: bytes) -> Derivation:
    """Starts a derivation and returns while it runs.

    Args:
        password: as typed.
        salt: the 16 bytes stored with the wrapping, or new ones.
        params: the cost.
        ad: of `shared.trust.wrapping.associated`.

    Raises:
        ValueError: for a salt of another length.
        DerivationFailed: if the process cannot be started.
    """
    check_salt(salt)
    fields = b"".join(len(field).to_bytes(4, "big") + field for field in (password.canonical(), salt, ad))
    cost = b"".join(value.to_bytes(4, "big") for value in (params.memory_kib, params.passes, params.lanes))
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, nothing from outside
            [sys.executable, "-I", "-m", derive_child.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise DerivationFailed(f"the process that works the password through did not start: {error.strerror}") from None
    if process.stdin is None:  # cannot be: it was asked for
        raise DerivationFailed("the process that works the password through takes no input")
    try:
        with process.stdin:
            process.stdin.write(fields + cost)
    except OSError:
        pass  # it has ended already; `result` says so
    process.stdin = None  # else `communicate` flushes what is closed
    return Derivation(process)


def derive_in_child(password: Secret, salt: bytes, params: Kdf, ad: bytes, timeout: float = TIMEOUT_S) -> bytes:
    """Derives a key and waits for it: `shared.trust.wrapping.derive`, in a child.

    Args:
        password: as typed.
        salt: 16 bytes.
        params: the cost.
        ad: of `shared.trust.wrapping.associated`.
        timeout: seconds.

    Returns:
        The 32 bytes of the inner key.

    Raises:
        ValueError: for a salt of another length.
        DerivationTimedOut: if it took longer.
        DerivationFailed: if it gave no key.
    """
    with start(password, salt, params, ad) as derivation:
        return derivation.result(timeout)
