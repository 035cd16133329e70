"""The commands as real processes: exit codes, JSON, one line for a refusal, nothing that a terminal would obey."""

import json
import subprocess
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from shared.log.canonical import b64
from shared.log.entry import Entry, line_bytes, parse_line
from shared.terminal.own_chain import own_end
from shared.terminal.version import VERSION
from tests.cli.command import ANDON, Andon, Result
from tests.terminal.firm import Firm
from tui.cli import _joined

ROOT = Path(__file__).resolve().parents[2]
STOP = ("do", "hold.stop", "--json", '{"on": "Suite 3", "reason": "pressure"}')


def refused(result: Result, rule: str) -> dict[str, str]:
    """A refusal: exit code 2, one line that names the rule, and the same as JSON."""
    assert result.code == 2, result
    assert result.err.count("\n") == 1
    assert result.err.startswith(f"andon: {rule}: ")
    told: dict[str, str] = result.json()
    assert set(told) == {"refused", "text", "next"}
    assert told["refused"] == rule
    return told


def test_version_is_that_of_the_project(andon: Andon) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION
    assert andon("--version") == Result(0, f"andon {VERSION}\n", "")


def test_without_a_command_it_says_what_there_is(andon: Andon) -> None:
    result = andon()
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1
    for part in ("USE-1", "screens", "do, actions, list, show, why, call, sync, refused, invite, join, verify"):
        assert part in result.err


@pytest.mark.parametrize("arguments", [("fly",), ("list",), ("list", "hold", "--x"), ("--x",), ("show",), ("do",)])
def test_bad_usage_is_one_line(andon: Andon, arguments: tuple[str, ...]) -> None:
    result = andon(*arguments)
    assert result.code == 2
    assert result.err.count("\n") == 1
    assert result.err.startswith("andon: USE-1: ")


def test_help_fits_the_screen(andon: Andon) -> None:
    for arguments in (("--help",), ("do", "--help"), ("call", "--help")):
        result = andon(*arguments)
        assert result.code == 0
        assert max(map(len, result.out.splitlines())) <= 80


def test_do_prints_id_and_record(andon: Andon) -> None:
    result = andon(*STOP)
    assert (result.code, result.err) == (0, "")
    told = result.json()
    assert set(told) == {"id", "record", "sync"}
    assert told["sync"] == "local"
    assert len(told["id"]) == 43
    assert told["record"].startswith("HLD-LYN1-")


def test_do_tells_who_is_waited_for_and_what_was_derived(andon: Andon) -> None:
    hold = andon(*STOP).json()["record"]
    lift = andon.signed("anna", "do", "hold.lift", hold, "--json", '{"reason": "mistaken pull"}')
    assert lift.json()["waiting"] == ["qa or supervisor"]
    why = andon("why", hold, "--json").json()
    assert why["waiting"] == [
        {"entry": lift.json()["id"], "do": "hold.lift", "by": "anna", "needs": ["qa or supervisor"]}
    ]
    assert [one["rule"] for one in why["blockers"]] == ["HOLD-1"]
    call = '{"contact": "CON-LYN1-1", "outcome": "no answer", "happened": "number from the wall"}'
    assert andon("do", "call.log", hold, "--json", call).json()["derived"].startswith("DEV-LYN1-")


def test_fields_can_come_on_standard_input(andon: Andon) -> None:
    assert andon("do", "hold.stop", "--json", "-", typed='{"on": "Suite 3"}').json()["record"]


def test_refusals_are_one_line_and_json(andon: Andon) -> None:
    assert refused(andon("do", "hold.stop"), "FORM-3")["next"] == (
        "Give a text of at most 80 characters, or say what this terminal stands beside (terminal.post)."
    )
    assert "hold.stop" in refused(andon("do", "hold.stopp"), "FORM-4")["next"]
    refused(andon.signed("anna", "do", "hold.lift", "HLD-LYN1-999", "--json", '{"reason": "x"}'), "FORM-2")
    refused(andon("do", "hold.lift", "HLD-LYN1-999"), "WHO-1")
    refused(andon("do", "signing.passed", "--json", '{"person": "anna"}'), "TERM-9")
    refused(andon("do", "hold.stop", "--json", '{"on": "a", "on": "b"}'), "FORM-6")
    refused(andon("do", "hold.stop", "--json", '{"on": "a\\u001b[31m"}'), "FORM-3")
    refused(andon("show", "HLD-LYN1-999", "--json"), "FORM-2")
    refused(andon("list", "nothing", "--json"), "LIST-1")
    refused(andon("list", "hold", "--where", "x", "--json"), "USE-1")
    refused(andon("--program", "nothing", "list", "hold", "--json"), "HOME-4")


@pytest.mark.requirement("P11-19", "P11-26")
def test_signing_takes_the_password_from_the_first_line(andon: Andon) -> None:
    record = andon("do", "deviation.raise", "--json", '{"title": "x"}').json()["record"]
    rate = ("do", "deviation.rate", record, "--json", '{"criticality": "major", "reason": "y"}')
    told = refused(andon(*rate, "--as", "anna", "--password-stdin", typed="not it\n"), "KEY-1")
    assert "4 more" in told["next"]
    told = refused(andon(*rate, "--as", "anna", "--password-stdin", typed="nor this\n"), "KEY-1")
    assert "3 more" in told["next"]
    begun = time.monotonic()
    assert andon.signed("anna", *rate).json()["record"] == record  # right, after the wait that two wrong ones cost
    assert time.monotonic() - begun >= 1
    refused(andon(*rate, "--as", "anna"), "WHO-1")
    refused(andon(*rate), "WHO-1")
    refused(andon.signed("omar", *rate), "WHO-3")
    refused(andon(*rate, "--password-stdin"), "WHO-1")
    assert andon.signed("quin", *rate).json()["record"] == record
    found = andon("list", "attempt", "--where", "person=anna", "--json").json()
    assert sorted(one["state"] for one in found) == ["failed", "failed", "passed"]


def test_dry_run_needs_no_password_and_writes_nothing(andon: Andon) -> None:
    assert andon(*STOP, "--dry-run").json()["dry_run"] is True
    assert andon("list", "hold", "--json").json() == []


def test_show_tells_people_what_the_call_sheet_says(andon: Andon) -> None:
    record = andon("do", "deviation.raise", "--json", '{"title": "x"}').json()["record"]
    for action, fields in (
        ("option", {"option": "seven needles", "con": "slower " * 20, "verdict": "chosen"}),
        ("urgency", {"spoils": "the bulk"}),
        ("audience", {"audience": ["qa", "steering"]}),
    ):
        andon("do", f"deviation.{action}", record, "--json", json.dumps(fields))
    lines = andon("show", record).out.splitlines()
    assert "urgency               spoils the bulk" in lines
    assert "audience              qa, steering" in lines
    at = next(at for at, line in enumerate(lines) if line.startswith("options               option seven needles"))
    assert lines[at + 1].startswith(" " * 24 + "slower")
    assert max(map(len, lines)) <= 80


@pytest.mark.requirement("DI-07")
def test_list_gives_the_kinds_columns(andon: Andon) -> None:
    record = andon(*STOP).json()["record"]
    (row,) = andon("list", "hold", "--where", "state=held", "--where", "on=Suite 3", "--json").json()
    assert row["record"] == record
    assert (row["state"], row["title"], row["by"], row["sync"]) == ("held", "Suite 3: pressure", "@LYN1", "local")
    assert row["flags"] == []
    assert andon("list", "hold", "--where", "state=lifted", "--json").json() == []
    text = andon("list", "hold")
    assert text.out == f"{record}  held  Suite 3: pressure  (local)\n"
    andon(*STOP)
    assert "(1 of 2; --limit shows more)" in andon("list", "hold", "--limit", "1").out
    assert len(andon("list", "hold", "--limit", "1", "--json").json()) == 1


@pytest.mark.requirement("P11-05", "P11-13", "P11-14", "A11D-09", "A11D-11", "A11D-13")
def test_show_and_trail(firm: Firm, andon: Andon) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])  # a floor sees how it is rated
    record = andon("do", "deviation.raise", "--json", '{"title": "pressure"}').json()["record"]
    andon.signed("anna", "do", "deviation.rate", record, "--json", '{"criticality": "major", "reason": "y"}')
    shown = andon("show", record, "--json").json()
    assert {"record", "kind", "state", "title", "flags", "sync", "facts", "contested"} <= set(shown)
    assert (shown["facts"]["rating"], shown["criticality"], shown["sync"]) == ({"anna": "major"}, "major", "local")
    whole = andon("show", record, "--trail", "--json").json()
    raised, rated = whole["entries"]
    assert raised["signature"] is None
    assert (rated["do"], rated["by"], rated["verdict"], rated["position"], rated["received"]) == (
        "deviation.rate", "anna", "stands", None, None,
    )  # fmt: skip
    assert rated["sentence"] == "rated major: y"
    sign = rated["signature"]
    assert (sign["name"], sign["role"], sign["meaning"], sign["valid"]) == ("Anna Example", "qa", "rated", True)
    entry = msgspec.json.decode(rated["entry"])
    assert entry["record"] == record
    parse_line(b'{"entry":' + rated["entry"].encode() + b"}")
    text = andon("show", record, "--trail").out
    assert "signed by Anna Example (anna, qa): rated, 20" in text
    assert " UTC+0" in text
    assert max(map(len, text.splitlines())) <= 80


def test_people_are_shown_names_and_times_and_programs_ids(firm: Firm, andon: Andon) -> None:
    place = firm.do("LYN1", "place.add", "", "anna", code="FIL-01", name="Filler", sort="equipment", site="Lyon").record
    step = {"key": "050", "words": "fill"}
    plan = {"number": "NWT-C2611-02", "product": "Antibody A", "phase": "engineering", "steps": [step]}
    batch = firm.do("LYN1", "batch.plan", "", "anna", **plan).record
    on_place = firm.do("LYN1", "hold.stop", on="FIL-01", reason="drips").record
    on_step = firm.do("LYN1", "hold.stop", on=f"{batch}/050", batch=batch, reason="fogged").record
    text = andon("list", "hold").out
    assert f"{on_place}  held  FIL-01: drips  (local)" in text
    assert f"{on_step}  held  NWT-C2611-02/050: fogged  (local)" in text
    shown = andon("show", on_place, "--trail").out
    assert "\non                    FIL-01 Filler\n" in shown
    assert "stopped FIL-01: drips" in shown
    told = andon("show", on_place, "--json").json()
    when = firm.desks["LYN1"].clock.at(told["since"])
    assert f"\nsince                 {when[:10]} {when[11:19]} UTC{when[-6:]}\n" in shown
    assert (told["on"], told["title"]) == (place, f"{place}: drips")
    assert place not in shown
    assert batch not in "".join(andon(*words).out for words in (("show", on_step), ("why", batch), ("call", batch)))


def test_show_says_what_was_asked_and_what_each_answered(firm: Firm, andon: Andon) -> None:
    record = firm.do("LYN1", "deviation.raise", title="pressure").record
    no = dict.fromkeys(("parameter", "equipment", "other_batches", "distributed"), False)
    firm.do("LYN1", "deviation.assess", record, patient="possible", attribute=True, claimed="omar", **no)
    text = andon("show", record).out
    assert "\nquestions             answered by omar: major proposed\n" in text
    for line in (
        "harm to a patient, also if caught in time: possible", "a quality attribute touched: yes",
        "distributed product concerned: no",
    ):  # fmt: skip
        assert f"\n{'':22}{line}\n" in text
    assert andon("show", record, "--json").json()["facts"]["assessment"]["omar"]["patient"] == "possible"


def test_show_says_a_contacts_numbers_to_people_and_digests_to_programs(firm: Firm, andon: Andon) -> None:
    card = {"name": "Mei Tanaka", "company": "cdmo", "numbers": "+33 4 72 00 00 00; +33 6 12 34 56 78"}
    record = firm.do("LYN1", "contact.set", "", "anna", **card).record
    text = andon("show", record).out
    assert f"\nnumbers               +33 4 72 00 00 00\n{'':22}+33 6 12 34 56 78\n" in text
    (digest,) = andon("show", record, "--json").json()["numbers"]
    assert digest.startswith("sha256:")
    assert digest not in text


@pytest.mark.requirement("P11-03")
def test_as_of_shows_the_log_as_it_was(firm: Firm, andon: Andon) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    firm.sync()
    then = firm.desks["LYN1"].clock.at(firm.desks["LYN1"].store.last_received())
    firm.hand.wait(1000)
    firm.do("LYN1", "deviation.fix", record, fix="later")
    firm.sync()
    firm.do("LYN1", "deviation.note", record, text="waits")
    assert andon("show", record, "--json").json()["fix"] == "later"
    old = andon("show", record, "--as-of", then, "--trail", "--json").json()
    assert (old["fix"], len(old["entries"]), old["sync"]) == (None, 1, "in log")
    assert old["size"] == firm.server.log.size - 1
    refused(andon("show", record, "--as-of", "2020-01-01", "--json"), "FORM-2")
    refused(andon("show", record, "--as-of", "yesterday", "--json"), "USE-1")


def test_why_says_what_is_in_the_way(andon: Andon) -> None:
    record = andon("do", "deviation.raise", "--json", '{"title": "x"}').json()["record"]
    told = andon("why", record, "--json").json()
    assert {one["rule"] for one in told["blockers"]} >= {"CLOSE-2", "CLOSE-3", "CLOSE-6"}
    assert all(set(one) == {"record", "what", "rule", "who", "do", "part"} for one in told["blockers"])
    assert "CLOSE-3" in andon("why", record).out
    assert andon("why", "anna").out == "anna (active): nothing is in the way.\n"


def test_actions_are_explained(andon: Andon) -> None:
    every = andon("actions", "--json").json()
    assert {"hold.stop", "deviation.rate", "entry.confirm", "signing.unlock"} <= {one["do"] for one in every}
    one = andon("actions", "deviation.rate", "--json").json()
    assert (one["sort"], one["signed"], one["roles"]) == ("decision", "rated", ["qa", "sme", "supervisor"])
    assert [field["name"] for field in one["fields"]] == ["criticality", "reason", "settles"]
    text = andon("actions", "deviation.rate").out
    assert "criticality: criticality (choice, minor | major | critical, needed)" in text
    assert "RATE-1" in text
    assert max(map(len, andon("actions").out.splitlines())) <= 80


@pytest.mark.requirement("A11-12", "EU-03")
def test_call_lists_whom_to_call_and_logs_what_became_of_it(firm: Firm, andon: Andon) -> None:
    for person, expertise, tier in (("anna", "filling", 1), ("quin", "filling", 2)):
        company = "cdmo" if person == "anna" else "sponsor"
        contact = firm.do(
            "LYN1", "contact.set", "", person, name=person.title(), person=person, company=company,
            numbers=f"+33 {tier}", expertise=[expertise],
        )  # fmt: skip
        firm.do(
            "LYN1", "cover.set", "", person, contact=contact.record, expertise=expertise, company=company, tier=tier
        )
    hold = andon(*STOP).json()["record"]
    told = andon("call", hold, "--json").json()
    assert [one["name"] for one in told["calls"]] == ["Anna", "Quin"]
    assert (told["calls"][0]["numbers"], told["calls"][0]["numbers_missing"]) == (["+33 1"], False)
    assert {"record", "expertise", "version", "age_ms", "digest", "expires"} <= set(told)
    first = told["calls"][0]["contact"]
    again = andon("call", hold, first, "--outcome", "no answer", "--json").json()
    assert [one["name"] for one in again["calls"]] == ["Quin", "Anna"]
    assert (again["calls"][1]["status"], again["calls"][1]["tries"]) == ("no answer", 1)
    assert again["digest"] == told["digest"]
    text = andon("call", hold).out
    assert "NOW  Quin" in text
    assert "+33 2" in text
    assert told["digest"] in text
    assert andon("call").code == 0
    refused(andon("call", hold, first, "--json"), "USE-1")
    refused(andon("call", "--outcome", "busy", "--json"), "USE-1")


@pytest.mark.requirement("P11-01")
def test_verify_finds_a_changed_byte(firm: Firm, andon: Andon) -> None:
    andon(*STOP)
    good = andon("verify", "--json")
    assert good.code == 0
    (one,) = good.json()["programs"]
    assert (good.json()["ok"], one["pending"], one["faults"]) == (True, 1, [])
    assert "all is well" in andon("verify").out
    with firm.desks["LYN1"].store.write() as tx:
        tx.connection.execute("UPDATE entry SET leaf = CAST(leaf || x'20' AS BLOB) WHERE position = 3")
    bad = andon("verify", "--json")
    assert bad.code == 1
    assert any("entry 3" in fault["where"] for fault in bad.json()["programs"][0]["faults"])
    assert andon("verify").code == 1


def test_hostile_text_is_shown_as_symbols(firm: Firm, andon: Andon) -> None:
    desk = firm.desks["LYN1"]
    n = own_end(desk.store, "LYN1").n + 1
    nasty = "\x1b[31mred\x07\u202eevil\n[bold]x"
    entry = Entry(
        action=msgspec.Raw(msgspec.json.encode({"detected": "x", "do": "deviation.raise", "title": nasty})), app="9",
        at=desk.clock.at(firm.hand.read()), by="@LYN1", n=n, program=firm.program, record=f"DEV-LYN1-{n}",
        salt=b64(bytes(16)), seen=(1, 0), terminal="LYN1",
    )  # fmt: skip
    with desk.store.write() as tx:
        tx.add_pending(line_bytes(entry, None))
    for arguments in (("list", "deviation"), ("show", entry.record, "--trail"), ("why", entry.record)):
        out = andon(*arguments).out
        assert out.isprintable() or not {"\x1b", "\x07", "\u202e"} & set(out)
    assert "\u241b[31mred" in andon("list", "deviation").out
    assert andon("list", "deviation", "--json").json()[0]["title"] == nasty


def test_home_comes_from_the_environment_too(andon: Andon, python: Callable[[str], Result]) -> None:
    andon.environment["ANDON_HOME"] = str(andon.home)
    listed = python("from tui.cli import main; raise SystemExit(main(['list', 'member', '--json']))")
    assert len(listed.json()) == 7
    andon.environment["ANDON_HOME"] = str(andon.home / "nowhere")
    assert "HOME-1" in python("from tui.cli import main; raise SystemExit(main(['list', 'member']))").err


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        ("['--version']", ["textual", "msgspec", "pysqlite3", "shared.store"]),
        (
            "['list', 'hold']",
            ["textual", "sqlite_utils", "cryptography", "msgspec", "shared.kinds", "importlib.metadata"],
        ),
        (
            "['do', 'hold.stop', '--json', '{\"on\": \"a\"}']",
            ["textual", "sqlite_utils", "litestar", "subprocess", "importlib.metadata"],
        ),
    ],
)
def test_commands_load_only_what_they_need(
    andon: Andon, python: Callable[[str], Result], arguments: str, absent: list[str]
) -> None:
    andon.environment["ANDON_HOME"] = str(andon.home)
    code = f"import sys; from tui.cli import main; assert main({arguments}) == 0; print(*sys.modules, file=sys.stderr)"
    result = python(code)
    assert result.code == 0, result.err
    assert not set(absent) & set(result.err.split())


def test_fault_of_ours_is_one_line_without_what_was_typed(andon: Andon, python: Callable[[str], Result]) -> None:
    andon.environment["ANDON_HOME"] = str(andon.home)
    result = python(
        "import tui.commands.do as do\ndef run(found): raise ValueError(found.json)\ndo.run = run\n"
        "from tui.cli import main\nraise SystemExit(main(['do', 'hold.stop', '--json', '{\"on\": \"secret\"}']))"
    )
    assert result.code == 2
    assert result.err.startswith("andon: BUG-1: ValueError at ")
    assert "secret" not in result.err + result.out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_an_answer_that_cannot_be_written_says_what_was_recorded(andon: Andon) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [ANDON, "--home", andon.home, *STOP],
            stdout=full, stderr=subprocess.PIPE, text=True, env=andon.environment, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("andon: OUT-1: HLD-")
    assert done.stderr.count("\n") == 1
    assert len(andon("list", "hold", "--json").json()) == 1


def test_a_program_whose_id_begins_with_a_dash_can_be_named() -> None:
    assert _joined(["--program", "-abc", "list", "hold"]) == ["--program=-abc", "list", "hold"]
    assert _joined(["list", "hold", "--home", "-x"]) == ["list", "hold", "--home=-x"]
    assert _joined(["--program"]) == ["--program"]
