"""Keys, signatures, passwords and keys at rest: pure, and importing only what each module needs.

Nothing is re-exported here, so that checking a signature never pays for the import of what wraps a key.
"""
