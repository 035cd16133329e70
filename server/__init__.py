"""The server that gives entries their order: it judges who and form, never content (design 1, idea 3)."""
