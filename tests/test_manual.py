"""The manual is complete, fresh, and its links lead somewhere."""

import re
import shutil
from pathlib import Path

import pytest

from scripts.manual import MANUAL, ROOT, main, marked, pages
from shared.actions.action import ACTIONS, RULES
from shared.actions.kind import KINDS
from shared.terminal import refusal

OWN = {one.id for one in vars(refusal).values() if isinstance(one, refusal.Rule)}
PAGES = sorted((ROOT / MANUAL).glob("*.md"))
EACH = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)


def text(name: str) -> str:
    return (ROOT / MANUAL / name).read_text(encoding="utf-8")


def anchors(page: str) -> set[str]:
    """What a link may lead to: headings as they are made into anchors, and anchors that are written out."""
    heads = re.findall(r"(?m)^#+ (.+)$", page)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads} | set(
        re.findall(r'<a id="([^"]+)"', page)
    )


def test_no_page_is_stale(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_a_stale_page_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for part in ("docs/manual", "tests"):
        shutil.copytree(ROOT / part, tmp_path / part)
    assert main(["--root", str(tmp_path)]) == 0
    assert main(["--root", str(tmp_path), "--check"]) == 0
    page = tmp_path / MANUAL / "rules.md"
    page.write_text(page.read_text(encoding="utf-8").replace("HOLD-1", "HOLD-I"), encoding="utf-8")
    (tmp_path / MANUAL / "kinds.md").unlink()
    capsys.readouterr()
    assert main(["--root", str(tmp_path), "--check"]) == 1
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "docs/manual/kinds.md",
        "docs/manual/rules.md",
    ]
    assert "HOLD-I" in page.read_text(encoding="utf-8"), "a check writes nothing"


def test_everything_declared_is_on_its_page() -> None:
    heads = {name: set(re.findall(r"(?m)^## (.+)$", text(name))) for name in ("actions.md", "kinds.md")}
    assert heads["actions.md"] == set(ACTIONS)
    assert heads["kinds.md"] == set(KINDS)
    assert set(re.findall(r'<a id="[^"]+"></a>(\S+)', text("rules.md"))) == set(RULES) | OWN
    assert (
        set(re.findall(r"(?m)^\| (?:<a[^|]*</a>)?([A-Z]+-\d+) ", text("rules.md").partition("## The terminal")[2]))
        == OWN
    )


def test_every_requirement_is_on_its_page() -> None:
    rows = (ROOT / "tests/data/requirements.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert re.findall(r"(?m)^\| ([A-Z][\w]*-\d+) ", text("requirements.md")) == [row.split(",")[0] for row in rows]


def test_marks_are_read_from_functions_classes_and_modules(tmp_path: Path) -> None:
    source = """
pytestmark = [pytest.mark.slow, pytest.mark.requirement("A-1")]
@pytest.mark.requirement("A-2", "A-3")
class TestOne:
    @pytest.mark.requirement("A-4")
    def test_two(self): ...
@pytest.mark.slow
@pytest.mark.requirement("A-2")
def test_three(): ...
def test_four(): "pytest.mark.requirement('A-9')"
"""
    (tmp_path / "tests/deep").mkdir(parents=True)
    (tmp_path / "tests/deep/test_it.py").write_text(source, encoding="utf-8")
    place = "tests/deep/test_it.py"
    assert marked(tmp_path / "tests") == {
        "A-1": [place],
        "A-2": [f"{place}::TestOne", f"{place}::test_three"],
        "A-3": [f"{place}::TestOne"],
        "A-4": [f"{place}::TestOne::test_two"],
    }


def test_a_mark_for_no_requirement_is_an_error(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/data", tmp_path / "tests/data")
    (tmp_path / "tests/test_it.py").write_text(
        '@pytest.mark.requirement("P11-99")\ndef test_it(): ...\n', encoding="utf-8"
    )
    with pytest.raises(SystemExit, match="P11-99"):
        pages(tmp_path)


@EACH
def test_no_page_names_a_machine(path: Path) -> None:
    found = re.findall(
        r"(?<![\w.$])/(?:home|root|tmp|work|var|opt|usr|Users|mnt|private)/\S*|[A-Z]:\\\S*",
        path.read_text(encoding="utf-8"),
    )
    assert not found


@EACH
def test_links_lead_somewhere(path: Path) -> None:
    page = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", page):
        name, _, anchor = target.partition("#")
        assert "://" not in target, "the manual stands alone"
        other = (path.parent / name).resolve() if name else path
        assert other.is_file(), target
        if anchor:
            assert anchor in anchors(other.read_text(encoding="utf-8")), target


def test_the_index_links_every_page() -> None:
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", text("index.md")))
    assert linked == {path.name for path in PAGES} - {"index.md"}
