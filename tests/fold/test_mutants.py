"""Does a test notice? Each mutant of the fold breaks one idea; the stories or the order property must fail on it.

The tests run in a copy of the tree in a process of their own, so a mutant never touches the checkout.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]


class Mutant(NamedTuple):
    """One change to one file, what it breaks, and the test file that must fail."""

    breaks: str
    file: str
    before: str
    after: str
    noticed_by: str = "test_stories.py"


MUTANTS = [
    Mutant(
        "views: an author sees what came later",
        "view.py",
        "        if cut is None:\n            return state.standing",
        "        if True:\n            return state.standing",
    ),
    Mutant("views: an old draft sees all of its chain", "past.py", "min(entry.seen[1], entry.n - 1)", "entry.n - 1"),
    Mutant(
        "standing: a later value replaces one it had not seen",
        "effect.py",
        "    if same and other.plain and other.position < instance.cut.size:",
        "    if same:",
    ),
    Mutant(
        "standing: settling by name does nothing",
        "view.py",
        "if not same and earlier.id not in later.names",
        "if not same",
    ),
    Mutant(
        "standing: settling by name does nothing at once", "effect.py", "if not same and not act.names", "if not same"
    ),
    Mutant(
        "standing: a future agreement hides today's",
        "merge.py",
        'return (key, value["from"]) if merge.name == "effective" else key',
        "return key",
    ),
    Mutant(
        "overtaken: an overtaken lift still lifts",
        "view.py",
        'if merge.name == "cautious" and overtaken(act, cut)',
        "if False",
    ),
    Mutant(
        "overtaken: a decision does not meet news already there",
        "pairs.py",
        "        for position in unit.touches(record, since):",
        "        for position in ():",
    ),
    Mutant(
        "overtaken: news is not told to decisions already there",
        "pairs.py",
        "        for _, position in unit.readers(record, since):",
        "        for _, position in ():",
    ),
    Mutant(
        "overtaken: pairs are judged without the news itself",
        "pairs.py",
        "Cut(both.size, both.above, (news.branch, news.n))",
        "both",
    ),
    Mutant(
        "overtaken: reads depend on what arrived since",
        "view.py",
        "                del self.reads[record]",
        "                pass",
        "test_order.py",
    ),
    Mutant(
        "overtaken: a confirmation is news about what it confirms",
        "pairs.py",
        "    if news.do in VERBS and decision.id in news.names:",
        "    if False:",
    ),
    Mutant(
        "void: a refused decision takes effect",
        "fold.py",
        "    if refusal and not spec.fact:\n        return _void(unit, act, refusal)\n",
        "",
    ),
    Mutant(
        "facts: a fact that breaks a rule is void", "fold.py", "    if refusal and not spec.fact:", "    if refusal:"
    ),
    Mutant(
        "facts: no deviation is derived",
        "fold.py",
        "        values += _derived(act, entry, view.at, refusal)",
        "        pass",
    ),
    Mutant(
        "closing: a fact it had not seen does not reopen",
        "pairs.py",
        "if spec.closes and news.fact",
        "if False and news.fact",
    ),
    Mutant("joint: one person is enough", "fold.py", "    if spec.joint and missing(", "    if False and missing("),
    Mutant(
        "joint: a decline that it had not seen does not block", "act.py", 'return "blocked" not in kinds and', "return"
    ),
    Mutant(
        "joint: a later decline is not told",
        "fold.py",
        'mark(unit, target.position, index, Mark("blocked"',
        'str((unit, target.position, index, "blocked"',
    ),
    Mutant(
        "roster: an act beside a revocation counts",
        "act.py",
        '("uncounted" not in kinds or "accepted" in kinds)',
        "True",
    ),
    Mutant(
        "roster: an accepted act still does not count",
        "act.py",
        '("uncounted" not in kinds or "accepted" in kinds)',
        '"uncounted" not in kinds',
    ),
    Mutant("roster: any key may sign", "judge.py", "    if sign.key not in keys:", "    if False:", "test_hostile.py"),
    Mutant("roster: any role may act", "judge.py", "        if not held:", "        if False:"),
    Mutant(
        "roster: a signature of another meaning is taken",
        "judge.py",
        '    if sign.meaning != (spec.signed or "recorded"):',
        "    if False:",
        "test_hostile.py",
    ),
    Mutant(
        "roster: a revoked terminal decides",
        "judge.py",
        'return None if state == ("invited" if spec.by.invited else "active") else',
        "return None if state else",
        "test_hostile.py",
    ),
    Mutant(
        "time: any age of the roster will do",
        "judge.py",
        "if age > hours * HOUR else None",
        "if False else None",
        "test_hostile.py",
    ),
    Mutant(
        "form: any record id may be created",
        "fold.py",
        'entry.record != f"{kind.code}-{entry.terminal}-{entry.n}"',
        "False",
        "test_hostile.py",
    ),
    Mutant("signature: an unsound one counts", "fold.py", "    if not sound:", "    if False:", "test_hostile.py"),
]


def copy(to: Path) -> None:
    """Copy what the fold's tests need."""
    shutil.copytree(ROOT / "shared", to / "shared", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests" / "fold", to / "tests" / "fold", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "tests" / "conftest.py", to / "tests" / "conftest.py")
    shutil.copy(ROOT / "pyproject.toml", to / "pyproject.toml")


def passes(tree: Path, file: str) -> bool:
    """Whether a test file passes in that tree; an order property is tried on a few fixed histories only."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        f"tests/fold/{file}",
    ]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done.returncode == 0


@pytest.mark.parametrize("file", sorted({mutant.noticed_by for mutant in MUTANTS}))
def test_the_unchanged_copy_passes(tmp_path: Path, file: str) -> None:
    copy(tmp_path)
    assert passes(tmp_path, file)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.breaks)
def test_a_mutant_is_noticed(tmp_path: Path, mutant: Mutant) -> None:
    copy(tmp_path)
    path = tmp_path / "shared" / ("actions" if mutant.file == "merge.py" else "fold") / mutant.file
    source = path.read_text()
    assert source.count(mutant.before) == 1, "the mutant no longer fits the code: write it anew"
    path.write_text(source.replace(mutant.before, mutant.after))
    assert not passes(tmp_path, mutant.noticed_by)
