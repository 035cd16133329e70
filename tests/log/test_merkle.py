"""The tree against the vectors of transparency-dev/merkle, a foreign implementation, and damaged proofs."""

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.log.leaf import leaf_hash
from shared.log.merkle import (
    EMPTY_ROOT,
    Edge,
    consistency_proof,
    inclusion_proof,
    nodes,
    root_of,
    verify_consistency,
    verify_inclusion,
)

VECTORS = Path(__file__).parent.parent / "data" / "vectors" / "log" / "merkle-rfc6962"


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text())


def decoded(proof: list[str] | None) -> list[bytes]:
    return [base64.b64decode(one) for one in proof or []]


def hashes(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(count)]


@pytest.mark.parametrize("case", vectors("inclusion"), ids=lambda case: case["path"])
def test_inclusion_vectors(case: dict[str, Any]) -> None:
    root, leaf = base64.b64decode(case["root"]), base64.b64decode(case["leafHash"] or "")
    accepted = verify_inclusion(leaf, case["leafIdx"], case["treeSize"], decoded(case["proof"]), root)
    assert accepted is not case["wantErr"]


@pytest.mark.parametrize("case", vectors("consistency"), ids=lambda case: case["path"])
def test_consistency_vectors(case: dict[str, Any]) -> None:
    first, second = base64.b64decode(case["root1"]), base64.b64decode(case["root2"])
    accepted = verify_consistency(case["size1"], case["size2"], first, second, decoded(case["proof"]))
    assert accepted is not case["wantErr"]


def test_there_are_196_vectors() -> None:
    assert len(vectors("inclusion")) + len(vectors("consistency")) == 196


def test_reference_roots() -> None:
    reference = vectors("reference-roots")
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in reference["leaf_inputs"]]
    for size, root in enumerate(reference["roots"]):
        assert root_of(leaves[:size]).hex() == root


def test_roots_and_proofs_of_a_foreign_implementation() -> None:
    theirs = pymerkle.InmemoryTree()
    edge = Edge()
    roots = [edge.root()]
    for number in range(70):
        theirs.append_entry(b"%d" % number)
        edge.append(leaf_hash(b"%d" % number))
        assert theirs.get_root() == edge.root()
        roots.append(edge.root())
    for size in range(1, 71):
        index = size * 7 % size
        # pymerkle counts from 1, and begins the path with the leaf itself
        path = [bytes.fromhex(one) for one in theirs.prove_inclusion(index + 1, size).serialize()["path"]]
        assert path[1:] == inclusion_proof(nodes(hashes(size)), size, index)
        for first in range(1, size + 1):
            pymerkle.verify_consistency(roots[first], roots[size], theirs.prove_consistency(first, size))


def naive_root(leaves: list[bytes]) -> bytes:
    """The definition in RFC 6962 section 2.1, word by word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return sha256(b"\x01" + naive_root(leaves[:cut]) + naive_root(leaves[cut:])).digest()


def naive_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1."""
    if len(leaves) < 2:
        return []
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    if index < cut:
        return [*naive_path(index, leaves[:cut]), naive_root(leaves[cut:])]
    return [*naive_path(index - cut, leaves[cut:]), naive_root(leaves[:cut])]


def naive_subproof(first: int, leaves: list[bytes], *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2."""
    if first == len(leaves):
        return [] if whole else [naive_root(leaves)]
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    if first <= cut:
        return [*naive_subproof(first, leaves[:cut], whole=whole), naive_root(leaves[cut:])]
    return [*naive_subproof(first - cut, leaves[cut:], whole=False), naive_root(leaves[:cut])]


@pytest.mark.parametrize("size", [*range(34), 63, 64, 65, 100, 127, 128, 129])
def test_all_proofs_of_small_trees(size: int) -> None:
    leaves = hashes(size)
    root = root_of(leaves)
    assert root == naive_root(leaves)
    node = nodes(leaves)
    for index in range(size):
        proof = inclusion_proof(node, size, index)
        assert proof == naive_path(index, leaves)
        assert verify_inclusion(leaves[index], index, size, proof, root)
    for first in range(1, size + 1):
        proof = consistency_proof(node, size, first)
        assert proof == naive_subproof(first, leaves, whole=True)
        assert verify_consistency(first, size, root_of(leaves[:first]), root, proof)


@given(st.integers(1, 40), st.data())
def test_damaged_inclusion_proofs_are_refused(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    root = root_of(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(nodes(leaves), size, index)
    other = data.draw(st.integers(-1, size + 1).filter(lambda at: at != index))
    assert not verify_inclusion(leaves[index], other, size, proof, root)
    assert not verify_inclusion(leaves[index], index, size, [*proof, bytes(32)], root)
    assert not verify_inclusion(bytes(32), index, size, proof, root)
    assert not verify_inclusion(leaves[index], index, size, proof, bytes(32))
    if proof:
        assert not verify_inclusion(leaves[index], index, size, proof[:-1], root)
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not verify_inclusion(leaves[index], index, size, [*proof[:at], bytes(32), *proof[at + 1 :]], root)


@given(st.integers(2, 40), st.data())
def test_damaged_consistency_proofs_are_refused(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    first = data.draw(st.integers(1, size - 1))
    old, new = root_of(leaves[:first]), root_of(leaves)
    proof = consistency_proof(nodes(leaves), size, first)
    assert not verify_consistency(first, size, bytes(32), new, proof)
    assert not verify_consistency(first, size, old, bytes(32), proof)
    assert not verify_consistency(first, size, old, new, [*proof, bytes(32)])
    assert not verify_consistency(first, size, old, new, proof[:-1])
    assert not verify_consistency(size, first, new, old, proof)
    assert not verify_consistency(0, size, EMPTY_ROOT, new, [])
    at = data.draw(st.integers(0, len(proof) - 1))
    assert not verify_consistency(first, size, old, new, [*proof[:at], bytes(32), *proof[at + 1 :]])


@given(st.integers(-2, 70), st.integers(-2, 70), st.lists(st.binary(max_size=33), max_size=8), st.binary(max_size=33))
def test_verifying_nonsense_raises_nothing(one: int, two: int, proof: list[bytes], root: bytes) -> None:
    assert not verify_inclusion(b"leaf", one, two, proof, root)
    if one != two or proof:
        assert not verify_consistency(one, two, root, root, proof)


@given(st.integers(0, 300))
def test_edge_reads_back_and_copies(size: int) -> None:
    leaves = hashes(size)
    edge = Edge()
    for leaf in leaves:
        edge.append(leaf)
    again = Edge.from_bytes(edge.to_bytes())
    assert (again.size, again.roots, again.root()) == (size, edge.roots, root_of(leaves))
    copy = edge.copy()
    copy.append(bytes(32))
    assert edge.root() == root_of(leaves)
    assert copy.root() == root_of([*leaves, bytes(32)])


@pytest.mark.parametrize(
    "data",
    [b"", bytes(7), bytes(40), bytes(7) + b"\x01", bytes(7) + b"\x01" + bytes(31), bytes(7) + b"\x03" + bytes(32)],
)
def test_bytes_that_are_no_edge_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="edge"):
        Edge.from_bytes(data)


def test_bytes_of_an_edge() -> None:
    edge = Edge(3, [b"\x01" * 32, b"\x02" * 32])
    assert edge.to_bytes() == bytes(7) + b"\x03" + b"\x01" * 32 + b"\x02" * 32


@pytest.mark.parametrize(("size", "roots"), [(-1, [bytes(32)]), (1, [bytes(31)]), (1, []), (0, [bytes(32)])])
def test_roots_that_do_not_fit_the_size_are_refused(size: int, roots: list[bytes]) -> None:
    with pytest.raises(ValueError, match="right edge"):
        Edge(size, roots)


def test_proofs_of_what_is_not_there_are_refused() -> None:
    node = nodes(hashes(5))
    for index in (-1, 5):
        with pytest.raises(ValueError, match="no leaf"):
            inclusion_proof(node, 5, index)
    for first in (0, 6):
        with pytest.raises(ValueError, match="does not continue"):
            consistency_proof(node, 5, first)
