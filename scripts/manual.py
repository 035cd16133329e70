"""Write the reference pages of the manual from what is declared: actions, kinds, rules, and which test proves what.

    python -m scripts.manual            writes the pages into docs/manual
    python -m scripts.manual --check    writes nothing; ends with 1 and the names of pages that are stale

The pages are kept beside the code: a reader needs nothing installed, and a review sees what a change does to them.
"""

import argparse
import ast
import csv
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import shared.fold.fold
import shared.kinds  # noqa: F401  # importing the two is what fills the registries
from shared.actions.action import ACTIONS, RULES, Spec
from shared.actions.kind import KINDS, Column, Kind
from shared.actions.schema import Document, explain, merge_words
from shared.terminal import refusal

ROOT = Path(__file__).resolve().parent.parent
MANUAL = Path("docs/manual")
_MADE = "<!-- Written by `python -m scripts.manual` from the code; do not edit. -->"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or compare them; the answer is the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.manual", description="Write the manual's reference pages.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is stale")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (default: this one)")
    chosen = parser.parse_args(arguments)
    stale = []
    for name, page in pages(chosen.root).items():
        path = chosen.root / MANUAL / name
        if path.is_file() and path.read_text(encoding="utf-8") == page:
            continue
        stale.append(name)
        if not chosen.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page, encoding="utf-8")
    for name in stale:
        print(f"{MANUAL / name} {'is stale; run: python -m scripts.manual' if chosen.check else 'written'}")
    return 1 if stale and chosen.check else 0


def pages(root: Path = ROOT) -> dict[str, str]:
    """All generated pages by name."""
    made: dict[str, Callable[[], Iterable[str]]] = {
        "actions.md": actions_page,
        "kinds.md": kinds_page,
        "rules.md": rules_page,
        "requirements.md": lambda: requirements_page(root),
    }
    return {name: "\n".join([_MADE, "", *write(), ""]) for name, write in made.items()}


def actions_page() -> Iterator[str]:
    """All actions in a table, then each with its fields."""
    yield from ("# Actions", "")
    yield from _text(
        "Everything that people and terminals can do. A *fact* has happened and is never void; a *decision* is judged"
        " in what its author had been shown ([merging](merging.md)). `andon actions ACTION --json` prints the same for"
        " programs, with its JSON schema. Times have milliseconds and offset: `2026-11-22T07:38:09.120+01:00`."
    )
    yield from _table(
        ("action", "what it does", "fact or decision", "by", "signed", "others needed", "rules"),
        ([*_cells(spec)] for spec in ACTIONS.values()),
    )
    for spec in ACTIONS.values():
        yield from _action(explain(spec))


def _cells(spec: Spec) -> Iterator[str]:
    told = explain(spec)
    yield f"[{spec.name}](#{_anchor(spec.name)})"
    yield spec.doc
    yield told["sort"]
    yield told["by"]
    yield told["signed"]
    yield "yes" if spec.joint else ""
    yield " ".join(_rule_link(rule.id) for rule in spec.rules)


def _action(told: Document) -> Iterator[str]:
    yield from (f"## {told['do']}", "")
    yield from _text(told["about"])
    about = f"[{told['kind']}](kinds.md#{told['kind']})" if told["kind"] else "any record"
    yield f"- A {told['sort']} about {about}, by {told['by']}."
    if told["signed"]:
        yield f"- A person signs it as *{told['signed']}*."
    if told["creates"]:
        yield "- Makes a new record."
    if told["quiet"]:
        yield "- Does not reopen a record that was closed without knowing of it."
    if told["closes"]:
        yield "- A fact that it had not seen undoes it."
    if told["needs"]:
        yield f"- Needs others to confirm: {told['needs_whom']}"
    yield f"- In the trail: `{told['says']}`"
    yield ""
    if told["writes"]:
        yield from _table(
            ("fact written", "of", "merge"),
            ([f"`{one['fact']}`", ", ".join(one["kinds"]), one["merge"]] for one in told["writes"]),
        )
    if told["rules"]:
        yield from _table(
            ("rule", "refuses with", "source"),
            ([_rule_link(one["id"]), one["text"], one["source"]] for one in told["rules"]),
        )
    if told["fields"]:
        yield from _table(("field", "asks", "holds", "when left out"), (_field(one) for one in told["fields"]))


def _field(field: Document) -> list[str]:
    return [
        f"`{field['name']}`",
        field["label"],
        "; ".join(_holds(field)),
        "required" if field["required"] else _default(field),
    ]


def _holds(field: Document) -> Iterator[str]:
    yield _shape(field)
    if field["limit"]:
        yield f"at most {field['limit']} characters"
    if field["refs"]:
        yield f"names a {' or '.join(field['refs'])}"
    if field["unit"]:
        yield f"in {field['unit']}"
    if field["blob"]:
        yield "kept outside the log, erasable"


def _shape(shape: Document) -> str:
    match shape:
        case {"type": "choice"}:
            return ", ".join(f"`{one}`" for one in shape["choices"])
        case {"type": "list"}:
            return f"list of {_shape(shape['items'])}"
        case {"type": "table"}:
            return f"table of {_shape(shape['values'])}"
        case {"type": "group", "fields": fields}:
            return f"group of {', '.join('`' + one['name'] + '`' for one in fields)}"
        case _:
            return str(shape["type"])


def _default(field: Document) -> str:
    suggested = f"suggested: {field['suggest']}" if field["suggest"] else ""
    value = field["default"]
    shown = "" if value in (None, "", [], {}) else "no" if value is False else "yes" if value is True else f"`{value}`"
    return "; ".join(filter(None, (shown, suggested))) or "empty"


def kinds_page() -> Iterator[str]:
    """Each kind with its facts and columns."""
    yield from ("# Kinds of record", "")
    yield from _text(
        "What records there are, the facts each is made of, and how two values of a fact that were written without"
        " knowledge of each other are shown together ([merging](merging.md)). A new kind is one file"
        " ([your first kind of record](first-kind.md))."
    )
    yield from _table(
        ("kind", "ids", "what it is"),
        ([f"[{one.name}](#{one.name})", _ids(one), one.doc] for one in KINDS.values()),
    )
    for kind in KINDS.values():
        yield from (f"## {kind.name}", "")
        yield from _text(kind.doc)
        yield from _table(
            ("fact", "merge", "written by"),
            ([f"`{fact}`", merge_words(merge), _writers(kind, fact)] for fact, merge in kind.facts.items()),
        )
        yield from _table(
            ("column of `andon list`", "heading"),
            ([f"`{name}`", f"{column.words}{_holding(column)}"] for name, column in kind.columns.items()),
        )


def _holding(column: Column) -> str:
    """What a column's value is for programs, where the words do not say it."""
    return " (ms)" if column.time else " (digests of texts outside the log)" if column.blobs else ""


def _ids(kind: Kind) -> str:
    return f"`{kind.code}-TERMINAL-NUMBER`" if kind.code else "natural"


def _writers(kind: Kind, fact: str) -> str:
    writers = [
        one for one in ACTIONS.values() if fact in one.writes and (one.kind in (None, kind) or fact not in _facts(one))
    ]
    return " ".join(f"[{one.name}](actions.md#{_anchor(one.name)})" for one in writers)


def _facts(spec: Spec) -> Iterable[str]:
    return spec.kind.facts if spec.kind else ()


def rules_page() -> Iterator[str]:
    """Every rule with its source and the actions that it judges."""
    yield from ("# Rules", "")
    yield from _text(
        "Every refusal names one of these: on the screen, on the command line, and in the trail of what was void or"
        " overtaken. `andon why RECORD` says which of them is in the way, and who can clear it."
    )
    users: dict[str, list[str]] = {}
    for spec in ACTIONS.values():
        for rule in spec.rules:
            users.setdefault(rule.id, []).append(f"[{spec.name}](actions.md#{_anchor(spec.name)})")
    yield from _table(
        ("rule", "text", "source", "judges"),
        (
            [
                f'<a id="{_anchor(one.id)}"></a>{one.id}',
                one.text,
                one.source,
                " ".join(users.get(one.id, ["the fold, whatever the action"])),
            ]
            for one in sorted(RULES.values(), key=lambda one: _natural(one.id))
        ),
    )
    yield from ("", "## The terminal's own rules", "")
    yield from _text(
        "These a terminal refuses by itself, before an action is judged; the fold never sees them. What a log's file"
        " and the network refuse is in [the command line](command-line.md#the-terminals-own-rules)."
    )
    own = sorted(
        (one for one in vars(refusal).values() if isinstance(one, refusal.Rule)), key=lambda one: _natural(one.id)
    )
    yield from _table(
        ("rule", "text", "source", "what to do"),
        ([_own_anchor(one.id) + one.id, one.text, one.source, one.next] for one in own),
    )


def _own_anchor(id_: str) -> str:
    """The anchor of a terminal's rule; where the fold judges the same one, that stands above and has it."""
    return "" if id_ in RULES else f'<a id="{_anchor(id_)}"></a>'


def _natural(id_: str) -> tuple[str, int]:
    family, _, number = id_.rpartition("-")
    return (family, int(number)) if number.isdigit() else (id_, 0)


def requirements_page(root: Path) -> Iterator[str]:
    """Every requirement with the tests that are marked to prove it."""
    with (root / "tests/data/requirements.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    proofs = marked(root / "tests")
    unknown = sorted(set(proofs) - {row["id"] for row in rows})
    if unknown:
        msg = f"tests are marked with requirements that requirements.csv does not have: {', '.join(unknown)}"
        raise SystemExit(msg)
    unproven = [row["id"] for row in rows if row["id"] not in proofs]
    yield from ("# Requirements and their proofs", "")
    yield from _text(
        "What the rules of the trade ask (`tests/data/requirements.csv`), and the tests that are marked to prove it:"
        ' `@pytest.mark.requirement("...")`. A mark says that a test shows the requirement, or a part of it, in running'
        " code; it does not replace the validation of an installation."
    )
    yield from _text(f"{len(rows) - len(unproven)} of {len(rows)} have a test.")
    yield from _text(f"No test is marked yet for: {', '.join(unproven)}." if unproven else "None is without a test.")
    yield from _table(
        ("id", "clause", "requirement", "tests"),
        (
            [
                row["id"],
                row["clause"],
                row["requirement"],
                " ".join(f"`{test}`" for test in proofs.get(row["id"], ())) or "none yet",
            ]
            for row in rows
        ),
    )


def marked(tests: Path) -> dict[str, list[str]]:
    """Requirement ids to the tests that are marked with them, read from the source: nothing is imported or run."""
    found: dict[str, list[str]] = {}
    for path in sorted(tests.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        place = path.relative_to(tests.parent).as_posix()
        for name, marks in _marks(tree):
            for id_ in marks:
                found.setdefault(id_, []).append(f"{place}::{name}" if name else place)
    return found


def _marks(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, list[str]]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{inside}::{node.name}" if inside else node.name
            yield name, [id_ for mark in node.decorator_list for id_ in _ids_of(mark)]
            if isinstance(node, ast.ClassDef):
                yield from _marks(node, name)
        elif isinstance(node, ast.Assign) and any(
            isinstance(one, ast.Name) and one.id == "pytestmark" for one in node.targets
        ):
            yield inside, [id_ for mark in ast.walk(node.value) for id_ in _ids_of(mark)]


def _ids_of(mark: ast.AST) -> list[str]:
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.requirement":
        return [one.value for one in mark.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return []


def _anchor(heading: str) -> str:
    """The anchor that a heading gets: lower case, without points."""
    return heading.lower().replace(".", "")


def _rule_link(id_: str) -> str:
    return f"[{id_}](rules.md#{_anchor(id_)})"


def _text(words: str) -> Iterator[str]:
    yield textwrap.fill(words, 120, break_long_words=False, break_on_hyphens=False)
    yield ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |".replace("  ", " ")
    yield ""


if __name__ == "__main__":
    sys.exit(main())
