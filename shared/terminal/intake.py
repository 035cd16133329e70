"""Taking in a page of leaves: whatever came over a network is proven before anything of it is kept.

A page is believed if every leaf continues its terminal's chain, a seal of each terminal covers its last one, and the
Merkle root over everything before and in it is the one that the log signed. Terminals pull pages; a server that was
restored from a backup is refilled with them.
"""

from collections.abc import Sequence

from shared.fold.roster import RosterNow
from shared.log import chain
from shared.log.canonical import NotCanonical, b64, unb64
from shared.log.chain import SEAL, Seal, sealed_bytes
from shared.log.checkpoint import Checkpoint, log_key, open_checkpoint, origin_of
from shared.log.entry import BadLine, Line, line_id
from shared.log.leaf import line_of, parse_leaf
from shared.log.merkle import Edge, verify_consistency
from shared.log.note import BadNote
from shared.log.push import OrderedLeaf
from shared.log.wire import Page
from shared.store.branches import Branches
from shared.store.store import Store
from shared.store.transaction import UNIT, Tx
from shared.trust.plain import verify as plain
from shared.trust.sshsig import verify


class BadPage(Exception):
    """What came is not what the log holds; nothing of it was kept. The message is one plain sentence for people."""


class TwoHistories(BadPage):
    """The log has signed a tree that does not continue the one that is held here; `note` is the proof of it."""

    def __init__(self, text: str, note: str) -> None:
        super().__init__(text)
        self.note = note


def read_leaves(store: Store, program: str, page: Page) -> list[OrderedLeaf]:
    """Read a page's leaves and find where each continues its chain; nothing is written.

    Args:
        store: the log, which holds all before the page.
        program: the program's id.
        page: what came.

    Raises:
        BadPage: a leaf is not of its form, of another program, out of order, or continues nothing that is known.
    """
    branches = Branches(store.connection)
    received = store.last_received()
    leaves: list[OrderedLeaf] = []
    try:
        for position, data in enumerate(page.leaves, page.head.start):
            if not len(leaves) % UNIT:
                store.give_way()
            leaf = parse_leaf(data)
            said = leaf.line.entry if isinstance(leaf.line, Line) else leaf.line
            id_ = line_id(line_of(data))
            if said.program != (program if position else "") or (not position and b64(id_) != program):
                raise BadPage(f"Entry {position} is of another program.")
            if leaf.received < received:
                raise BadPage(f"Entry {position} was received before the one before it.")
            received = leaf.received
            link = chain.link(_parent(branches, page, position, said.terminal, said.n), id_)
            branches.place(said.terminal, said.n, id_, link)
            leaves.append(OrderedLeaf(position, received, data, id_, said.terminal, said.n, link, leaf.line))
    except (NotCanonical, BadLine) as error:
        raise BadPage(f"Entry {page.head.start + len(leaves)} is damaged: {error}") from error
    return leaves


def _parent(branches: Branches, page: Page, position: int, terminal: str, n: int) -> bytes:
    """The link before a leaf: the one that its chain has there, or of several the one that the page names."""
    known = branches.before(terminal, n)
    named = page.head.links.get(position)
    if named is not None:
        known = [one for one in known if b64(one) == named]
    if len(known) != 1:
        raise BadPage(f"Entry {position} ({terminal} {n}) continues no line that is known here.")
    return known[0]


def judge_seals(store: Store, program: str, leaves: Sequence[OrderedLeaf], seals: Sequence[tuple[int, Seal]]) -> None:
    """Judge whether the seals are by their terminals and cover every leaf; after the leaves were folded.

    Raises:
        BadPage: they are not, or do not.
    """
    roster = RosterNow(store.tables, program)
    by_position = {leaf.position: leaf for leaf in leaves}
    covered = set()
    for position, seal in seals:
        leaf = by_position.get(position)
        if leaf is None or (seal.terminal, seal.n, seal.link) != (leaf.terminal, leaf.n, b64(leaf.link)):
            raise BadPage(f"The seal at entry {position} does not cover the chain that came.")
        key = roster.holds_key(seal.terminal, seal.key)
        if seal.program != program or key is None or not verify(key, SEAL, sealed_bytes(seal), unb64(seal.sig)):
            raise BadPage(f"The seal at entry {position} is not signed by {seal.terminal}.")
        covered.add(leaf.link)
    last: dict[str, dict[bytes, int]] = {}
    for leaf in leaves:
        ends = last.setdefault(leaf.terminal, {})
        for before in [one for one in ends if chain.link(one, leaf.id) == leaf.link]:
            del ends[before]
        ends[leaf.link] = leaf.position
    for terminal, ends in last.items():
        if open_ := [position for link, position in ends.items() if link not in covered]:
            raise BadPage(f"No seal of {terminal} covers entry {open_[0]}.")


def judge_checkpoint(program: str, public: bytes, page: Page, edge: Edge, epoch: int = 0) -> Checkpoint:
    """Judge whether the log has signed what is held with the page.

    Args:
        program: the program's id.
        public: the log's public key.
        page: what came.
        edge: the tree's right edge after the page.
        epoch: the log's epoch.

    Returns:
        The checkpoint, which covers what is held, and perhaps more (who refills a server has more).

    Raises:
        BadPage: it is not signed by the log, or is over another tree.
    """
    try:
        found = open_checkpoint(page.head.checkpoint.encode(), log_key(origin_of(program, epoch), public), (), plain)
        proof = [unb64(one) for one in page.head.proof]
    except (BadNote, NotCanonical) as error:
        raise BadPage(f"The checkpoint is not the log's: {error}") from error
    point = found.checkpoint
    if point.size == edge.size and point.root == edge.root():
        return point
    if edge.size and verify_consistency(edge.size, point.size, edge.root(), point.root, proof):
        return point
    raise TwoHistories(
        f"The checkpoint of {point.size} entries is not over the {edge.size} that are here: two histories are shown.",
        page.head.checkpoint,
    )


def take(  # noqa: PLR0913, PLR0917 - a page, what it was read as, and what it is judged by
    tx: Tx, program: str, public: bytes, page: Page, leaves: Sequence[OrderedLeaf], sound: Sequence[bool | None]
) -> Checkpoint:
    """Take a page into log and folded tables, and judge it; the transaction must not be kept if this raises.

    Args:
        tx: the transaction.
        program: the program's id.
        public: the log's public key.
        page: what came.
        leaves: of it, read (`read_leaves`).
        sound: of each leaf, whether its person's signature fits; None while that is not checked.

    Returns:
        The checkpoint.

    Raises:
        BadPage: it is not what the log holds.
    """
    store = tx.store
    edge = tx.arrive(leaves, page.seals, sound) if leaves else store.log.tree.edge()
    judge_seals(store, program, leaves, page.seals)
    return judge_checkpoint(program, public, page, edge, store.epoch())
