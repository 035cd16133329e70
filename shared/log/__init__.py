"""The log's formats, pure: canonical JSON, entry, line, leaf, link, seal, Merkle tree, checkpoint, ordering.

Nothing here reads a file, a clock or a socket, and nothing here signs: time, randomness and the functions that
verify a signature are arguments. The bytes are described one by one in ``docs/protocol.md``.
"""
