"""The slow step from a password to a key: Argon2id, and nothing else.

It has a module of its own because a child process runs it, which should import as little as it can before it works.
"""

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

DERIVED_BYTES = 32
"""Length of the key that comes out: that of a ChaCha20-Poly1305 key."""


def stretch(password: bytes, salt: bytes, ad: bytes, cost: tuple[int, int, int]) -> bytes:
    """Derives a key with Argon2id (RFC 9106), holding the memory for the time it takes.

    Args:
        password: normalised text in UTF-8.
        salt: random bytes, the library's least is 8.
        ad: associated data, RFC 9106's X: what the key is for.
        cost: KiB of memory, passes, lanes.

    Returns:
        32 bytes.

    Raises:
        ValueError: for a cost or a salt outside RFC 9106 3.1.
        MemoryError: if this machine has not the memory.
    """
    memory_kib, passes, lanes = cost
    kdf = Argon2id(
        salt=salt, length=DERIVED_BYTES, iterations=passes, lanes=lanes, memory_cost=memory_kib, ad=ad, secret=None
    )
    return kdf.derive(password)
