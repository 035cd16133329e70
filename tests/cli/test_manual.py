"""The manual's page on the command line shows what the commands print: same keys, same types."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from shared.terminal import refusal
from shared.terminal.refusal import Rule
from tests.cli.command import Andon
from tests.terminal.firm import Firm
from tui import failure
from tui.cli import COMMANDS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "manual" / "command-line.md").read_text(encoding="utf-8")
EXAMPLES = {name: json.loads(text) for name, text in re.findall(r"<!-- (\w+) -->\n```json\n(.*?)```", PAGE, re.DOTALL)}
OPEN = ("facts", "schema", "entry")
"""What depends on the kind of record: only its type is compared."""


def shape(value: Any) -> Any:
    """Keys and types of a JSON value; of a list those of its first item."""
    if isinstance(value, dict):
        return {key: type(one) if key in OPEN else shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value)


def same(shown: Any, printed: Any) -> bool:
    """Whether two shapes are the same; what is empty or null on one side says nothing of the other."""
    if isinstance(shown, dict) and isinstance(printed, dict):
        return set(shown) == set(printed) and all(same(shown[key], printed[key]) for key in shown)
    if isinstance(shown, list) and isinstance(printed, list):
        return not shown or not printed or same(shown[0], printed[0])
    return shown == printed or shown is type(None) or printed is type(None)


@pytest.fixture
def hold(firm: Firm) -> str:
    contact = firm.do(
        "LYN1", "contact.set", "", "anna", name="Anna", company="cdmo", numbers="+33 1", expertise=["filling"]
    )
    firm.do("LYN1", "cover.set", "", "anna", contact=contact.record, company="cdmo", tier=1)
    record = firm.do("LYN1", "hold.stop", on="Suite 3", reason="pressure").record
    firm.do("LYN1", "hold.lift", record, "anna", reason="mistaken pull")
    return record


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("refused", ["show", "HLD-LYN1-999", "--json"]),
        ("do", ["do", "hold.stop", "--json", '{"on": "a"}']),
        ("actions", ["actions", "hold.stop", "--json"]),
        ("list", ["list", "hold", "--json"]),
        ("show", ["show", "HOLD", "--json"]),
        ("why", ["why", "HOLD", "--json"]),
        ("call", ["call", "HOLD", "--json"]),
        ("verify", ["verify", "--json"]),
    ],
)
def test_example_has_the_keys_and_types_that_are_printed(
    firm: Firm, andon: Andon, hold: str, name: str, arguments: list[str]
) -> None:
    if name == "verify":
        with firm.desks["LYN1"].store.write() as tx:
            tx.connection.execute("UPDATE entry SET received = 1 WHERE position = 3")
    printed = andon(*(hold if one == "HOLD" else one for one in arguments)).json()
    assert same(shape(EXAMPLES[name]), shape(printed)), (shape(EXAMPLES[name]), shape(printed))


def test_step_of_a_trail_is_as_shown(andon: Andon, hold: str) -> None:
    entries = andon("show", hold, "--trail", "--json").json()["entries"]
    assert all(same(shape(EXAMPLES["trail"]), shape(one)) for one in entries)


def test_every_example_is_tested() -> None:
    shown = {"refused", "do", "actions", "list", "show", "trail", "why", "call", "verify"}
    assert set(EXAMPLES) == shown | {"sync", "refusals", "invite"}


def test_every_command_and_every_rule_of_the_terminal_is_on_the_page() -> None:
    assert re.findall(r"^## andon (\w+)$", PAGE, re.MULTILINE) == list(COMMANDS)
    rules = {one.id for one in vars(refusal).values() if isinstance(one, Rule)} | set(failure.STORE_RULES.values())
    table = PAGE.partition("## The terminal's own rules")[2]
    assert rules <= set(re.findall(r"[A-Z]+-\d+", table))
