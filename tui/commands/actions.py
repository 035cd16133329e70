"""`andon actions`: what can be done, by whom, with which fields."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from shared import kinds  # noqa: F401 - declares every kind and action
from shared.actions.action import ACTIONS, Spec
from shared.actions.schema import explain, meaning, needs_whom, who
from shared.terminal.fields import COMMON, spec_of
from tui.commands.output import print_json, print_lines


def arguments(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("action", metavar="ACTION", nargs="?", default="", help="one action; all if left out")
    parser.add_argument("--json", action="store_true", help="print all that is declared of them, schema and rules too")


def run(found: Namespace) -> int:
    """Print them."""
    specs = [spec_of(found.action)] if found.action else list(ACTIONS.values())
    if found.json:
        told = [explain(spec) for spec in specs]
        print_json(told[0] if found.action else told)
    elif found.action:
        print_lines(_one(specs[0]))
    else:
        widest = max(len(spec.name) for spec in specs)
        print_lines(f"{spec.name:<{widest}}  {spec.doc}" for spec in specs)
    return 0


def _one(spec: Spec) -> Iterator[str]:
    yield f"{spec.name}: {spec.doc}"
    yield f"  by: {who(spec.by)}"
    if meaning(spec):
        yield f"  signature: {meaning(spec)}" + (" (if somebody signs)" if spec.by.terminal else "")
    if spec.joint:
        yield f"  needs: {needs_whom(spec)}"
    yield f"  record: {'made by it' if spec.creates else spec.kind.name if spec.kind else 'any that it fits'}"
    yield "  fields:"
    for field in sorted(spec.fields, key=lambda one: one.name in COMMON):
        about = [field.type]
        about += [" | ".join(field.choices)] if field.choices else []
        about += [f"names a {' or '.join(field.refs)}"] if field.refs else []
        about += [f"at most {field.most}"] if field.most else []
        about += [f"suggested: {field.suggest}"] if field.suggest else []
        about += ["needed"] if field.required or field.answered else []
        yield f"    {field.name}: {field.words} ({', '.join(about)})"
    if spec.rules:
        yield "  rules:"
        yield from (f"    {one.id}: {one.text}" for one in spec.rules)
