"""What is typed into an entry but kept outside the log: personal details, erasable; a digest stands for it."""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from shared.actions.action import Spec, decode
from shared.log.canonical import is_b64
from shared.log.entry import Line, Skip
from shared.store.keep import Blobs, digest_of
from shared.terminal.fields import Fields, clean

SALT_BYTES: Final = 16
PREFIX: Final = "sha256:"
"""What the digest of a blob starts with in a field, before SHA-256(salt | text) in base64url."""

ABSENT: Final = "(not on this terminal)"
"""What people read in the place of a text that is not here, or was erased."""
_MARK: Final = b'"sha256:'


class Blob(NamedTuple):
    """A text to be kept beside the log, with the salt that its digest is made with."""

    salt: bytes
    content: bytes


def outside(spec: Spec, fields: Fields, random: Callable[[int], bytes]) -> tuple[list[Blob], Fields]:
    """Take the texts of blob fields out.

    Returns:
        The blobs, and the fields with their digests in the texts' place.
    """
    marked = {field.name for field in spec.fields if field.blob}
    found: list[Blob] = []
    kept = dict(fields)
    for name in marked & set(fields):
        value = clean(spec, {name: fields[name]})[name]
        if isinstance(value, str) and value and not _is_digest(value):
            blob = Blob(random(SALT_BYTES), value.encode())
            found.append(blob)
            kept[name] = PREFIX + digest_of(*blob)
    return found, kept


def inside(blobs: Blobs, digest: str) -> str | None:
    """The text of a blob field, None where it is not on this terminal, or was erased."""
    blob = blobs.get(digest.removeprefix(PREFIX))
    return blob.content.decode("utf-8", "replace") if blob and blob.content is not None else None


def parts_of(texts: Iterable[str]) -> list[str]:
    """The parts of texts as people typed them, with commas between: telephone numbers, one by one."""
    return [part.strip() for text in texts for part in text.replace(";", ",").split(",") if part.strip()]


def parts_inside(blobs: Blobs, digests: Iterable[str]) -> list[str]:
    """The parts of the texts of several blob fields, each once; `ABSENT` for what is not on this terminal."""
    return list(dict.fromkeys(parts_of(inside(blobs, one) or ABSENT for one in digests)))


def named_by(line: Line | Skip, leaf: bytes) -> list[str]:
    """Give the digests of the blobs that an entry's fields name, sheets not counted.

    Args:
        line: the entry.
        leaf: its bytes, or the line's; an entry that names none is not decoded.
    """
    if not isinstance(line, Line) or _MARK not in leaf:
        return []
    spec, action, _ = decode(bytes(line.entry.action))
    if spec is None or action is None:
        return []
    values = [getattr(action, field.name, "") for field in spec.fields if field.blob]
    return [value.removeprefix(PREFIX) for value in values if isinstance(value, str) and _is_digest(value)]


def _is_digest(text: str) -> bool:
    return text.startswith(PREFIX) and is_b64(text.removeprefix(PREFIX), 32)
