"""The code of an invitation: what a new machine or person needs to take part, as a text that fits a QR code.

It holds a one-use private key: whoever has the code first is the one who was invited, and its first act is to replace
that key with its own (design 6). Using it twice is a fork that both companies see.
"""

import base64
import binascii
from hashlib import sha256
from typing import Final, NamedTuple

from shared.log.canonical import b64, unb64
from shared.terminal.refusal import JOIN_1, refused

_VERSION: Final = 1
_KEY: Final = 32
_CHECK: Final = 4
_FIXED: Final = 1 + 3 * _KEY
_HEAD: Final = "ANDON"
_LINE: Final = 8


class Invited(NamedTuple):
    """What a code says.

    Attributes:
        subject: the terminal's code, or the person's id.
        program: the program's id.
        log_key: the public key of the log's checkpoints, by which the first pull is judged.
        host: the server's address.
        seed: the one-use private key.
    """

    subject: str
    program: str
    log_key: bytes
    host: str
    seed: bytes

    def __repr__(self) -> str:
        return f"Invited({self.subject!r}, ****)"


def write_code(invited: Invited) -> str:
    """Write an invitation as a code: capitals and digits, in groups of eight."""
    body = bytes([_VERSION]) + invited.seed + unb64(invited.program) + invited.log_key
    body += f"{invited.subject}\0{invited.host}".encode()
    text = base64.b32encode(body + sha256(body).digest()[:_CHECK]).decode().rstrip("=")
    return "-".join([_HEAD, *(text[at : at + _LINE] for at in range(0, len(text), _LINE))])


def read_code(text: str) -> Invited:
    """Read a code as it was scanned or typed: case, spaces and dashes do not matter.

    Raises:
        Refused: JOIN-1, it is none, or a character of it is wrong.
    """
    plain = "".join(text.upper().replace("-", "").split())
    if not plain.startswith(_HEAD):
        raise refused(JOIN_1)
    plain = plain.removeprefix(_HEAD)
    try:
        data = base64.b32decode(plain + "=" * (-len(plain) % 8))
    except (binascii.Error, ValueError):
        raise refused(JOIN_1) from None
    body, check = data[:-_CHECK], data[-_CHECK:]
    if len(body) <= _FIXED or body[0] != _VERSION or sha256(body).digest()[:_CHECK] != check:
        raise refused(JOIN_1)
    seed, program, log_key = (body[1 + _KEY * part : 1 + _KEY * (part + 1)] for part in range(3))
    subject, _, host = body[_FIXED:].decode("utf-8", "replace").partition("\0")
    return Invited(subject, b64(program), log_key, host, seed)
