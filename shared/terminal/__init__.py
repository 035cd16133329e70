"""Acting and syncing on a terminal: the part of `shared` that may touch the machine."""
