"""The terminal UI and the `andon` command."""
