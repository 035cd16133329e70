"""`andon verify`: check this terminal's logs."""

from argparse import ArgumentParser, Namespace


def arguments(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(found: Namespace) -> int:
    """Check them."""
    raise NotImplementedError(found)
