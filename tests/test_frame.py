"""What every file of the project keeps to, whatever it is about."""

import ast
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("scripts", "server", "shared", "tui")
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
LONGEST = 400

# A pinned requirement with its marker, and its hashes: there is no room for an address or a path.
REQUIREMENT = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][0-9a-z.]*)( ; [a-z0-9_ .'=<>!()]+)? \\", re.IGNORECASE
)
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?P<more> \\)?")


def locked() -> Iterator[tuple[str, str, list[str]]]:
    """Yields name, version and hashes of each requirement in the lock, refusing every line that is not one of these."""
    lines = iter((ROOT / "requirements.lock").read_text(encoding="ascii").splitlines())
    for line in lines:
        requirement = REQUIREMENT.fullmatch(line)
        assert requirement, f"not a pinned requirement: {line}"
        hashes = []
        for hash_line in lines:
            digest = HASH.fullmatch(hash_line)
            assert digest, f"not a hash of {requirement['name']}: {hash_line}"
            hashes.append(hash_line)
            if not digest["more"]:
                break
        yield requirement["name"], requirement["version"], hashes


def test_lock_pins_everything_with_hashes_and_names_no_place() -> None:
    entries = list(locked())
    assert len(entries) == len({name for name, _, _ in entries})
    assert all(hashes for _, _, hashes in entries)


def test_lock_satisfies_what_the_project_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    declared = [
        *project["project"]["dependencies"],
        *project["build-system"]["requires"],
        *(line for group in groups.values() for line in group if isinstance(line, str)),
    ]
    versions = {canonicalize_name(name): version for name, version, _ in locked()}
    for requirement in map(Requirement, declared):
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)]), requirement


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_says_what_it_is_and_is_not_too_long(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "the module has no docstring"
    assert len(text.splitlines()) <= LONGEST, "the module should be split"


def test_environment_says_clearly_that_python_is_missing(tmp_path: Path) -> None:
    environment = {**os.environ, "ANDON_PYTHON": "false", "ANDON_VENV": str(tmp_path / "venv")}
    result = subprocess.run(
        [ROOT / "scripts" / "environment"], env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert result.stderr.startswith("environment: no Python 3.11 or later")
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "venv").exists()
