"""The network between one machine and the server: what is sent is bytes, and anything may become of them.

lose        the request does not arrive
unanswered  it arrives, its answer does not
twice       it arrives twice
later       it does not arrive now, but in a later step
group       the pushes that have not arrived yet are ordered together with this one
cut, flip   the request is cut off, or one byte of it is another
cutback, flipback   the same of the answer
stale       an older answer comes in the place of this one
mangle      the page was made by somebody else (`mangled`)
ok          all is well; with `meanwhile`, another step comes before it
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from shared.log.canonical import NotCanonical
from shared.log.entry import BadLine
from shared.log.wire import Answer, Page, Recovering, parse_answer, parse_page
from shared.terminal.remote import NotUnderstood, Unreachable
from tests.simulation.disk import Crash
from tests.simulation.machine import Machine
from tests.simulation.mangled import mangled
from tests.simulation.steps import Net

if TYPE_CHECKING:
    from tests.simulation.world import World

_OK: Final = Net()
_SIGNED: Final = frozenset({"page", "put_blob", "get_blob"})
"""Requests whose path is signed, so that another one is refused; what is sent with it is judged by its digest."""


class Wire:
    """One log on its server, as one machine reaches it; it answers `shared.terminal.remote.Remote`."""

    offset = 0

    def __init__(self, world: "World", machine: Machine, plan: Sequence[Net] = ()) -> None:
        """Let become of the requests what `plan` says, of each in its turn."""
        self._world = world
        self._machine = machine
        self._plan = list(plan)

    def push(self, body: bytes) -> Answer:
        """See `Remote`."""
        return self._answer(self._exchange("push", body))

    def page(self, start: int) -> Page:
        """See `Remote`."""
        body = self._exchange("page", str(start).encode())
        try:
            return parse_page(body)
        except (BadLine, NotCanonical) as error:
            raise NotUnderstood(f"The server's page is damaged: {error}") from error

    def refill(self, body: bytes) -> Recovering:
        """See `Remote`."""
        found = self._answer(self._exchange("refill", body))
        if not isinstance(found, Recovering):
            raise NotUnderstood("The server answers something else than how far it is.")
        return found

    def put_blob(self, digest: str, body: bytes) -> None:
        """See `Remote`."""
        self._exchange("put_blob", digest.encode() + b" " + body)

    def get_blob(self, digest: str) -> bytes | None:
        """See `Remote`."""
        return self._exchange("get_blob", digest.encode()) or None

    @staticmethod
    def _answer(body: bytes) -> Answer:
        try:
            return parse_answer(body)
        except BadLine as error:
            raise NotUnderstood(str(error)) from error

    def _exchange(self, kind: str, body: bytes) -> bytes:
        net = self._plan.pop(0) if self._plan else _OK
        if net.meanwhile is not None:
            desk = self._machine.desk
            self._world.meanwhile(net.meanwhile, self._machine)
            if self._machine.desk is not desk:
                raise Crash
        self._world.told(f"    {self._machine.name} {kind} {net.how}")
        if net.how == "lose" or (kind in _SIGNED and net.how in {"cut", "flip", "later"}):
            raise Unreachable("lost")
        if net.how == "later":
            self._world.late.append((kind, body))
            raise Unreachable("on its way")
        if net.how == "cut":
            body = body[: net.x % len(body)]
        if net.how == "flip":
            body = flipped(body, net.x)
        if net.how in {"twice", "unanswered"}:
            self._serve(kind, body)
        if net.how == "unanswered":
            raise Unreachable("not answered")
        if net.how == "group" and kind == "push":
            waiting = self._world.late_pushes()
            answer = self._world.served.push(*waiting, body)
        else:
            answer = self._serve(kind, body)
        return self._returned(kind, answer, net)

    def _serve(self, kind: str, body: bytes) -> bytes:
        served = self._world.served
        code, seed = self._machine.code, self._machine.desk.home.key().seed
        serve: dict[str, Callable[[], bytes]] = {
            "push": lambda: served.push(body),
            "refill": lambda: served.refill(body),
            "page": lambda: served.page(code, seed, int(body)),
            "put_blob": lambda: served.put_blob(code, seed, *body.split(b" ", 1)),
            "get_blob": lambda: served.get_blob(code, seed, body),
        }
        return serve[kind]()

    def _returned(self, kind: str, answer: bytes, net: Net) -> bytes:
        before = self._world.answers.setdefault((self._machine.name, kind), [])
        before.append(answer)
        if net.how == "stale":
            return before[net.x % len(before)]
        if net.how == "cutback":
            return answer[: net.x % max(1, len(answer))]
        if net.how == "flipback" and answer:
            return flipped(answer, net.x)
        if net.how == "mangle" and kind == "page":
            return mangled(answer, before, net.x)
        return answer


def flipped(body: bytes, x: int) -> bytes:
    """A body with one byte changed."""
    at = x * 40503 % len(body)
    return body[:at] + bytes([body[at] ^ (1 + x % 255)]) + body[at + 1 :]
