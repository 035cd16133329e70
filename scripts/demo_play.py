"""The main job, played on the command line: stop, call, talk it through, two minds, and what nobody can deny later."""

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from scripts.demo_cast import OPERATOR, QA, S_QA, SUPERVISOR
from scripts.demo_run import Started, command, wait_for_enter
from scripts.demo_shown import shown_answer, shown_command, told
from shared.store import sqlite
from shared.terminal.home import Home

PAUSE_S: Final = 8.0
"""After each step; Enter skips it, and without a terminal there is none."""
SHOWN: Final = 14
"""Lines of a command's result that are shown."""
_WHOLE: Final = 40
_UNREACHABLE: Final = 3
_SIGNATURES: Final = Path(__file__).resolve().parents[1] / "docs" / "manual" / "signatures.md"


class Broken(Exception):
    """A step did not do what it says; the message is one plain line for people."""


class Play:
    """Says a step, runs its commands as anybody could, and shows what they print."""

    def __init__(self, answer: Mapping[str, Any], started: Started) -> None:
        """Play on prepared homes; nothing runs yet."""
        self._homes = answer["homes"]
        self._passwords = {one["id"]: one["password"] for one in answer["people"]}
        self._started = started
        self._step = 0
        self.folder = Path(self._homes["floor"]).parent / "tour"
        self.folder.mkdir()

    def say(self, text: str) -> None:
        """Begin a step."""
        if self._step:
            wait_for_enter(PAUSE_S)
        self._step += 1
        print(f"\n\n{told(f'{self._step}. {text}')}", flush=True)

    def run(
        self, *words: str, typed: str = "", file: str = "", code: int = 0, into: str = "", shown: int = SHOWN
    ) -> str:
        """Run a command and show it; give what it printed.

        Args:
            words: the command.
            typed: what is typed into it.
            file: a file in the tour's folder that it reads instead.
            code: what it must end with.
            into: a file in the tour's folder that takes what it prints.
            shown: lines to show.

        Raises:
            Broken: it ended otherwise.
        """
        print("", *shown_command(words, typed, file, into), sep="\n")
        typed = (self.folder / file).read_text(encoding="utf-8") if file else typed
        done = subprocess.run(words, input=typed, capture_output=True, text=True, check=False, cwd=self.folder)
        if into:
            (self.folder / into).write_text(done.stdout, encoding="utf-8")
        lines = [] if into else [*shown_answer(done.stdout + done.stderr)]
        for line in lines[:shown]:
            print(line)
        if len(lines) > shown:
            print(f"... and {len(lines) - shown} lines more")
        sys.stdout.flush()
        if done.returncode != code:
            raise Broken(f"{_plain(words)} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def andon(self, home: str, *words: str, **how: Any) -> str:  # noqa: ANN401 - as `run`
        """Run `andon` on a home."""
        return self.run(command("andon"), "--home", self._homes.get(home, home), *words, **how)

    def do(self, home: str, action: str, record: str = "", person: str = "", /, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
        """Perform an action, signed if a person is named."""
        who = ("--as", person, "--password-stdin") if person else ()
        about = (record,) if record else ()
        words = ("do", action, *about, *who, "--json", json.dumps(fields, ensure_ascii=False))
        found: dict[str, Any] = json.loads(self.andon(home, *words, typed=self._passwords[person] if person else ""))
        return found

    def ask(self, home: str, *words: str) -> Any:  # noqa: ANN401 - any JSON value
        """Run a command of which only the result is wanted."""
        words = (command("andon"), "--home", self._homes[home], *words, "--json")
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Broken(f"{_plain(words)} ended with {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def sync(self, *homes: str) -> None:
        """Sync some homes, one after the other."""
        for home in homes:
            self.andon(home, "sync")


def play(answer: Mapping[str, Any]) -> int:
    """Play all of it.

    Returns:
        0, or 1 if a step did not do what it says.
    """
    with Started(answer) as started:
        one = Play(answer, started)
        try:
            started.server()
            hold = _stop(one)
            record = _talk(one, hold)
            _two_minds(one, started, hold, record)
            _signature(one, record)
            _flipped(one, answer, record)
        except (Broken, OSError) as error:
            print(f"demo: {error}", file=sys.stderr)
            return 1
    print(f"\n\nThat is the main job. What was started has ended; all files are in\n{one.folder.parent}")
    return 0


def _stop(one: Play) -> str:
    one.say(
        "Noor sees needle 4 drip and stops the line. Nobody is signed in; no network is needed."
        " (What commands answer to programs, as JSON, is told here in words.)"
    )
    done = one.do("floor", "hold.stop", claimed=OPERATOR, reason="needle 4 drips again")
    hold = str(done["record"])
    one.andon("floor", "list", "hold", "--where", "state=held")
    one.say("Whom to call now, at this hour, for this step. Emil answers; the call is logged.")
    one.andon("floor", "call", shown=9)
    called = one.ask("floor", "call")["calls"]
    emil = next(each["contact"] for each in called if each["person"] == SUPERVISOR)
    one.do("floor", "call.log", hold, contact=emil, outcome="answered", person=SUPERVISOR, text="on my way")
    return hold


def _talk(one: Play, hold: str) -> str:
    one.say(
        "They open a deviation and fill in the call sheet, screen by screen. Each screen is an entry, saved at once."
    )
    done = one.do("floor", "deviation.raise", title="Needle 4 drips between two fills", hold=hold)
    record = str(done["record"])
    one.do("floor", "deviation.problem", record, problem="Drops of 0.1 mL at needle 4; none is allowed.")
    one.do(
        "floor", "deviation.option", record,
        option="Go on with seven needles", pro="no time lost", con="slower; lift again", verdict="chosen",
        why="the batch is at room temperature for two hours more at most",
    )  # fmt: skip
    one.do("floor", "deviation.urgency", record, spoils="the open bulk in the hopper")
    one.say(
        "The floor syncs. The sponsor in Boston has the sheet, as it was typed in Lyon: problem, option, what spoils."
    )
    one.sync("floor", "sponsor")
    one.andon("sponsor", "show", record, shown=_WHOLE)
    return record


def _two_minds(one: Play, started: Started, hold: str, record: str) -> None:
    one.say("The network cable is pulled: the server stops. Both companies go on working, neither sees the other.")
    started.end("server")
    print("\n(the server has been ended)")
    one.do("floor", "deviation.rate", record, QA, criticality="minor", reason="one needle, taken out of use")
    one.do("floor", "hold.lift", hold, QA, reason="needle 4 is closed, line cleared")
    one.do("sponsor", "deviation.rate", record, S_QA, criticality="major", reason="the third time this month")
    one.andon("floor", "sync", code=_UNREACHABLE)
    one.andon("floor", "list", "hold", "--where", f"record={hold}")
    one.say("The cable is back. Nothing is lost, nothing is merged silently: contested, and held again.")
    started.server()
    one.sync("floor", "sponsor", "floor")
    listed = [
        one.ask(home, "list", kind, "--where", f"record={each}")[0]
        for home in ("floor", "sponsor")
        for kind, each in (("deviation", record), ("hold", hold))
    ]
    for home in ("floor", "sponsor"):
        one.andon(home, "list", "deviation", "--where", f"record={record}")
        one.andon(home, "list", "hold", "--where", f"record={hold}")
    if any("contested" not in each["flags"] or each["criticality"] != "major" for each in listed[::2]):
        raise Broken(f"{record} is not contested and major on both sides")
    if any(each["state"] != "held" for each in listed[1::2]):
        raise Broken(f"{hold} is not held on both sides")
    one.andon("sponsor", "why", hold)


def _signature(one: Play, record: str) -> None:
    one.say("Clara's signature is checked by ssh-keygen, without Andon (docs/manual/signatures.md has every step).")
    if shutil.which("ssh-keygen") is None:
        print("ssh-keygen is not on this machine; it is part of OpenSSH.")
        return
    told = json.loads(one.andon("sponsor", "show", record, "--trail", "--json", into="record.json"))
    signer = next(each["by"] for each in told["entries"] if each["signature"])
    one.andon("sponsor", "show", signer, "--json", into="signer.json")
    pieces = _SIGNATURES.read_text(encoding="utf-8").partition("```python file=pieces.py\n")[2].partition("```")[0]
    (one.folder / "pieces.py").write_text(pieces, encoding="utf-8")
    one.run(sys.executable, "pieces.py")
    how = ("-f", "allowed_signers", "-I", signer, "-n", "andon-esign", "-s", "entry.sig")
    one.run("ssh-keygen", "-Y", "verify", *how, file="entry.json")
    print("\nWith one letter of the reason changed:")
    one.run("sed", "s/of use/of muse/", "entry.json", into="changed.json")
    one.run("ssh-keygen", "-Y", "verify", *how, file="changed.json", code=255)


def _flipped(one: Play, answer: Mapping[str, Any], record: str) -> None:
    one.say("Somebody with access to the disk changes one bit in a copy of the sponsor's log. It is named.")
    copy = one.folder / "copy"
    shutil.copytree(answer["homes"]["sponsor"], copy)
    one.andon(str(copy), "verify")
    home = Home.open(copy)
    with closing(sqlite.connect(home.log_path(home.choose()))) as log:
        found = log.execute("SELECT position, leaf FROM entry WHERE record = ? LIMIT 1", (record,)).fetchone()
        if found is None:
            raise Broken(f"{record} is not in the copy")
        position, leaf = found[0], bytearray(found[1])
        leaf[len(leaf) // 2] ^= 1
        log.execute("UPDATE entry SET leaf = ? WHERE position = ?", (bytes(leaf), position))
    print(f"\n(one bit of entry {position} in {copy.name} has been changed)")
    one.andon(str(copy), "verify", code=1)


def _plain(words: tuple[str, ...]) -> str:
    """A command as a person would type it: by its name, with the home's name in the place of its path."""
    return shlex.join([Path(words[0]).name, *(Path(word).name if word.startswith("/") else word for word in words[1:])])
