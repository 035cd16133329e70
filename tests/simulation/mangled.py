"""Pages as somebody between server and terminal, who does not have the log's key, might make them."""

from collections.abc import Sequence

import msgspec

from shared.log.canonical import b64
from shared.log.leaf import leaf_bytes, line_of, parse_leaf
from shared.log.wire import Head, Page, page_body, parse_page


def mangled(body: bytes, before: Sequence[bytes], x: int) -> bytes:  # noqa: C901, PLR0911, PLR0912 - a page of tricks
    """Change a page; `before` are pages that came earlier.

    Args:
        body: the page.
        before: pages that came earlier; one of them at least.
        x: which way.
    """
    page = parse_page(body)
    head, leaves, seals = page
    at = x // 16 % max(1, len(leaves))
    other = parse_page(before[x % len(before)])
    match x % 16:
        case 0 if leaves:
            return _made(page, [*leaves[:at], *leaves[at + 1 :]])
        case 1 if len(leaves) > 1:
            return _made(page, [*leaves[1:], leaves[0]])
        case 2:
            return page_body(Page(head, leaves, []))
        case 3 if leaves:
            return _made(page, [*leaves, leaves[at]])
        case 4 if leaves:
            leaf = parse_leaf(leaves[at])
            return _made(page, [*leaves[:at], leaf_bytes(line_of(leaves[at]), leaf.received + 1), *leaves[at + 1 :]])
        case 5:
            return page_body(Page(_headed(page, checkpoint=other.head.checkpoint), leaves, seals))
        case 6:
            junk = {position: b64(bytes(32)) for position in range(head.start, head.start + len(leaves))}
            return page_body(Page(_headed(page, links=junk), leaves, seals))
        case 7:
            return page_body(Page(_headed(page, size=1 << 62), leaves, seals))
        case 8:
            return page_body(Page(_headed(page, start=head.start + 1), leaves, seals))
        case 9:
            return page_body(Page(_headed(page, count=0, size=head.size + 5), [], []))
        case 10:
            return page_body(Page(_headed(page, proof=[b64(bytes(32))], size=head.size + 1), leaves, seals))
        case 11:
            return _made(page, [*leaves, *other.leaves])
        case 12:
            return page_body(Page(_headed(page, size=0), leaves, seals))
        case 13 if leaves:
            return _made(page, [*leaves[:at], leaves[at].replace(b"reason", b"reasoN", 1), *leaves[at + 1 :]])
        case 14:
            strange = [(position, other.seals[0][1]) for position, _ in seals] if other.seals else []
            return page_body(Page(head, leaves, strange))
        case _:
            return page_body(Page(_headed(page, checkpoint="", size=max(0, head.start - 1), count=0), [], []))


def _made(page: Page, leaves: list[bytes]) -> bytes:
    seals = [(position, seal) for position, seal in page.seals if position < page.head.start + len(leaves)]
    return page_body(Page(_headed(page, count=len(leaves)), leaves, seals))


def _headed(page: Page, **changes: object) -> Head:
    return msgspec.structs.replace(page.head, **changes)
