"""The world of one history: machines, the server, the network between them, one clock, and what was printed.

Each step is run by the method of its name. What a process answered before it crashed is remembered here, since it is
what the checks hold the product to.
"""

import shutil
from pathlib import Path
from typing import Final, NamedTuple

from shared.log.canonical import b64
from shared.log.entry import line_id
from shared.log.wire import Answer, parse_answer, parse_page
from shared.store.errors import StoreError
from shared.terminal import enrol
from shared.terminal.asked import Asked
from shared.terminal.home import Home
from shared.terminal.intake import BadPage
from shared.terminal.own_chain import own_end
from shared.terminal.perform import perform
from shared.terminal.plan import seen_now
from shared.terminal.refusal import Refused
from shared.terminal.remote import Contradicted, Later, NotEnrolled, NotUnderstood, Unreachable
from shared.terminal.sync import sync
from shared.terminal.synced import Synced
from shared.trust.keys import public_of
from tests.simulation import acts, hostile
from tests.simulation.disk import Crash
from tests.simulation.founding import founded
from tests.simulation.machine import Kept, Machine
from tests.simulation.mangled import mangled
from tests.simulation.served import Served, stranger_reads
from tests.simulation.steps import Step
from tests.simulation.violation import Violation
from tests.simulation.wire import Wire
from tests.terminal.firm import LOG_SEED, TERMINALS, password

MOST_MACHINES: Final = 6
_JUMPS: Final = (-3 * 86_400_000, -3_600_000, -61_000, 61_000, 3_600_000, 9 * 86_400_000)
_REMOTE: Final = (Unreachable, Later, NotEnrolled, NotUnderstood, Contradicted)
_DECISIONS: Final = frozenset({"deviation.rate", "hold.lift", "deviation.close", "deviation.reopen"})


class Printed(NamedTuple):
    """An entry that `perform` has answered with its id: where, and what it was."""

    machine: str
    code: str
    n: int
    do: str


class World:
    """One history's world.

    Attributes:
        machines: in the order in which they came to be.
        served: the server.
        late: requests that are still on their way: what they are, and their bytes.
        answers: by machine and kind of request all that the server has answered.
        printed: by its id every entry that was answered with it.
        excused: ids that an older copy of a home took away before they were pushed.
        accepted: by epoch and size the root of every checkpoint that a terminal accepted.
        proposed, decided: entries that others may speak to, with their record and author.
    """

    def __init__(self, folder: Path, seed: int, *, talk: bool = False) -> None:
        """Copy the founded firm to `folder`, which must not be there, and start everything."""
        base = founded()
        self.folder = folder
        self.program = base.program
        self.now = base.now
        self.seed = seed
        self.talk = talk
        shutil.copytree(base.folder, folder)
        self.served = Served(folder / "server.andon", base.program, self.time)
        self.served.back_up_of(base.folder / "server.andon")
        self.machines = [self._machine(code) for code in base.codes]
        self.late: list[tuple[str, bytes]] = []
        self.answers: dict[tuple[str, str], list[bytes]] = {}
        self.printed: dict[str, Printed] = {}
        self.excused: set[str] = set()
        self.accepted: dict[tuple[int, int], bytes] = {}
        self.proposed: list[tuple[str, str, str]] = []
        self.decided: list[tuple[str, str, str]] = []
        self._copies = 0

    def time(self) -> int:
        """Tell the time; each reading is a moment later."""
        self.now += 1
        return self.now

    def told(self, text: str) -> None:
        """Tell what happens, if somebody listens."""
        if self.talk:
            print(text)

    def _machine(self, name: str) -> Machine:
        return Machine(self.folder / name, self.program, self.time, self.seed)

    def run(self, step: Step) -> None:
        """Run a step; what struck meanwhile is over when it ends.

        Raises:
            Violation: something did what it must never do.
        """
        machine = self.machines[step.at % len(self.machines)]
        self.told(f"{machine.name} {step!r}")
        machine.disk.arm(step.disk)
        self.served.disk.arm(step.server)
        try:
            getattr(self, step.do)(machine, step)
        except Crash:
            if machine.disk.dead:
                machine.restart()
        machine.disk.arm(None)
        self.served.disk.arm(None)
        self._note_accepted(machine)

    def meanwhile(self, step: Step, busy: Machine) -> None:
        """Run a step while a request of a machine is on its way; the disk of that one does not fail twice."""
        machine = self.machines[step.at % len(self.machines)]
        trouble = self.served.disk.trouble
        self.told(f"  meanwhile {machine.name} {step!r}")
        if machine is not busy:
            machine.disk.arm(step.disk)
        try:
            getattr(self, step.do)(machine, step)
        except Crash:
            if machine.disk.dead and machine is not busy:
                machine.restart()
            elif machine.disk.dead:
                raise
        if machine is not busy:
            machine.disk.arm(None)
        self.served.disk.trouble = trouble
        self._note_accepted(machine)

    def _note_accepted(self, machine: Machine) -> None:
        for one in machine.desk.store.log.checkpoints(last=1):
            root = self.accepted.setdefault((one.epoch, one.size), one.root)
            if root != one.root:
                raise Violation("I4", f"{machine.name} accepted another log of {one.size} than a terminal before it")

    def act(self, machine: Machine, step: Step) -> None:
        asked = acts.asked(self, machine, step)
        if asked is None:
            return
        before = len(self.proposed)
        self.perform(machine, asked)
        if step.b % 4 and step.word in acts.ROSTER and len(self.proposed) > before:
            entry, record, by = self.proposed[-1]
            second = next(one for officers in acts.OFFICERS.values() if by in officers for one in officers if one != by)
            self.perform(machine, Asked("entry.confirm", record, {"of": entry}, second, password(second)))

    def perform(self, machine: Machine, asked: Asked) -> None:
        """Perform, and remember what is answered."""
        trouble = machine.disk.trouble
        try:
            done = perform(machine.desk, asked)
        except Refused as error:
            self.told(f"    refused {error.rule}")
            return
        except StoreError:
            if trouble is None:
                raise
            return
        self.remember(machine, done.id, asked.do, own_end(machine.desk.store, machine.code).n)
        said = (done.id, done.record, asked.person)
        if done.waiting:
            self.proposed.append(said)
        if asked.do in _DECISIONS:
            self.decided.append(said)

    def remember(self, machine: Machine, id_: str, do: str, n: int) -> None:
        """Remember an id that a terminal has given out."""
        self.told(f"    {machine.name} {n}: {do} {id_[:8]}")
        self.printed[id_] = Printed(machine.name, machine.code, n, do)

    def sync(self, machine: Machine, step: Step) -> None:
        self.synced(machine, step)

    def synced(self, machine: Machine, step: Step) -> Synced | None:
        """Let a machine sync; None if its disk was full."""
        trouble = machine.disk.trouble
        try:
            found = sync(machine.desk, Wire(self, machine, step.net))
        except StoreError:
            if trouble is None:
                raise
            return None
        self.told(f"    {machine.name} {found.state} at {found.position} of {self.served.log.size}; {found.text}")
        return found

    def draft(self, machine: Machine, step: Step) -> None:
        """Open a form, and leave it open."""
        del step
        machine.seens.append(seen_now(machine.desk, own_end(machine.desk.store, machine.code).n))

    def wait(self, machine: Machine, step: Step) -> None:
        del machine
        self.now += (1_000, 600_000, 86_400_000)[step.a % 3]

    def clock(self, machine: Machine, step: Step) -> None:
        machine.ahead = _JUMPS[step.a % len(_JUMPS)]

    def server_clock(self, machine: Machine, step: Step) -> None:
        del machine
        self.served.ahead = _JUMPS[step.a % len(_JUMPS)]

    def restart(self, machine: Machine, step: Step) -> None:
        del step
        machine.restart()

    def server_restart(self, machine: Machine, step: Step) -> None:
        del machine, step
        self.served.restart()

    def keep(self, machine: Machine, step: Step) -> None:
        """Copy a machine, for a rollback later."""
        del step
        machine.kept.append(Kept(machine.copy(self._folder("kept")), list(machine.seens)))

    def rollback(self, machine: Machine, step: Step) -> None:
        """Put an older copy in the place of a machine; what it had written and not pushed is gone with its disk."""
        first = founded().folder / machine.name
        if not machine.kept and first.exists():
            machine.kept.append(Kept(first, []))
        if not machine.kept or self.served.log.recovering:
            return
        before = machine.waiting() | machine.refused()
        machine.roll_back(machine.kept[step.a % len(machine.kept)])
        self.excused |= before - machine.waiting() - machine.refused()

    def clone(self, machine: Machine, step: Step) -> None:
        """Copy a machine; both go on."""
        del step
        if len(self.machines) < MOST_MACHINES:
            copy = machine.copy(self.folder / f"{machine.code}-{len(self.machines)}")
            self.machines.append(self._machine(copy.name))
            self.machines[-1].seens = list(machine.seens)

    def backup(self, machine: Machine, step: Step) -> None:
        del machine, step
        self.served.back_up()

    def restore(self, machine: Machine, step: Step) -> None:
        """Restore the server from a backup, unless what a terminal had is gone from all disks: nobody can help then."""
        del machine
        log = self.served.log
        most = max((size for _, size in self.accepted), default=0)
        if not log.recovering and any(self._holds(one, most) for one in self.machines):
            self.served.restore(self.served.backups[step.a % len(self.served.backups)])

    def _holds(self, machine: Machine, size: int) -> bool:
        kept = machine.desk.store.log.checkpoints(last=1)
        return bool(kept) and kept[0].size >= size and self.served.log.enrolled(machine.code)

    def deliver(self, machine: Machine, step: Step) -> None:
        """Let a request arrive that was on its way, or one that had arrived before."""
        del machine
        if self.late:
            kind, body = self.late[step.a % len(self.late)]
            if step.b % 2:
                self.late.remove((kind, body))
            self._send(kind, body)

    def late_pushes(self) -> list[bytes]:
        """Take the pushes that are still on their way."""
        found = [body for kind, body in self.late if kind == "push"]
        self.late = [one for one in self.late if one[0] != "push"]
        return found

    def _send(self, kind: str, body: bytes) -> Answer | None:
        """Send a request whose answer nobody waits for."""
        try:
            return parse_answer(self.served.push(body) if kind == "push" else self.served.refill(body))
        except _REMOTE as error:
            self.told(f"    {error!r}")
            return None

    def forge(self, machine: Machine, step: Step) -> None:
        """Let a terminal write what its own code would not."""
        line = hostile.forged(self, machine, step.a, step.b)
        hostile.put(machine, line)
        self.remember(
            machine, b64(line_id(line)), f"forged {step.a % hostile.FORGED}",
            own_end(machine.desk.store, machine.code).n,
        )  # fmt: skip

    def attack(self, machine: Machine, step: Step) -> None:
        """Push by hand what no terminal would."""
        known = [one.id for one in self.served.log._store.log.leaves(founded().size)]
        body = hostile.attack(machine, known or [bytes(32)], step.a, step.b)
        answer = self._send("push", body)
        self.told(f"    attack {step.a % hostile.ATTACKS}: {answer!r:.150}")

    def refill(self, machine: Machine, step: Step) -> None:
        """Give the server leaves that it does not lack, or that are not its own."""
        pages = self.answers.get((machine.name, "page"), [])
        if pages:
            page = pages[step.a % len(pages)]
            self._send("refill", mangled(page, pages, step.b) if step.b % 2 else page)

    def stranger(self, machine: Machine, step: Step) -> None:
        del machine, step
        if stranger_reads(self.served):
            raise Violation("I7", "a terminal that was never enrolled may read")

    def join(self, machine: Machine, step: Step) -> None:
        """Enrol a new terminal, as far as that goes."""
        code = f"NEW{len(self.machines)}"
        company = TERMINALS.get(machine.code, "cdmo")
        if len(self.machines) >= MOST_MACHINES or (self.folder / code).exists():
            return
        invitation = enrol.new_invitation(machine.desk.random)
        first, second = acts.OFFICERS[company]
        fields = {"company": company, "site": "Site", "public": invitation.public}
        before = len(self.proposed)
        self.perform(machine, Asked("terminal.invite", code, fields, first, password(first)))
        if len(self.proposed) == before:
            return
        self.perform(machine, Asked("entry.confirm", code, {"of": self.proposed[-1][0]}, second, password(second)))
        self.synced(machine, step)
        home = Home.create(self.folder / code, code, enrol.new_terminal_key(machine.desk.random))
        try:
            self._enter(machine, home, invitation)
        except (Refused, BadPage, *_REMOTE) as error:
            self.told(f"    not joined: {error!r}")
            shutil.rmtree(self.folder / code)

    def _enter(self, machine: Machine, home: Home, invitation: enrol.Invitation) -> None:
        def pull(start: int) -> object:
            body = self.served.page(home.code, invitation.seed, start)
            return parse_page(body)

        enrol.enter_program(home, self.program, public_of(LOG_SEED), pull)  # type: ignore[arg-type]
        new = self._machine(home.code)
        try:
            done = enrol.accept_terminal(new.desk, invitation.seed)
        except Refused:
            new.close()
            raise
        for person in machine.desk.store.keys.people():
            enrol.install(new.desk, enrol.carry(machine.desk, person))
        self.machines.append(new)
        self.remember(new, done.id, "terminal.join", 1)

    def _folder(self, word: str) -> Path:
        self._copies += 1
        return self.folder / f"{word}-{self._copies}"

    def close(self) -> None:
        """Stop everything, and remove its files."""
        for machine in self.machines:
            machine.close()
        self.served.close()
        shutil.rmtree(self.folder, ignore_errors=True)
