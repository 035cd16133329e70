"""The server: the product's own log of a server, on a disk that fails, with backups that do not hold its head."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from server.errors import Contradiction, ServerError
from server.log import Push, ServedLog
from server.tail import Tail
from shared.log.canonical import NotCanonical
from shared.log.entry import BadLine
from shared.log.wire import answer_body, parse_page, parse_push, read_bytes
from shared.store.errors import StoreError
from shared.terminal.remote import Contradicted, Later, NotEnrolled, NotUnderstood, Unreachable
from shared.trust.sshsig import READ, sign
from tests.simulation.disk import Crash, Disk
from tests.simulation.violation import Violation
from tests.terminal.firm import LOG_SEED

_FILES: Final = ("", "-wal")


class Served:
    """The server's process and its files.

    Attributes:
        ahead: by how much its clock is ahead, ms.
        backups: older copies of the log's file, by ending.
        pages: to which terminal a page went, and how large the log was then.
    """

    def __init__(self, path: Path, program: str, now: Callable[[], int]) -> None:
        """Start it over the file at `path`."""
        self.path = path
        self.disk = Disk(path)
        self.ahead = 0
        self.backups: list[dict[str, bytes]] = []
        self.pages: list[tuple[str, int]] = []
        self._program = program
        self._now = now
        self.log = self._started()

    def _started(self) -> ServedLog:
        while True:
            try:
                return self._opened()
            except Crash:  # while it takes back what it lacked
                self.disk.bury()
            except StoreError:  # somebody makes room, and starts it again
                if self.disk.trouble is None:
                    raise
                self.disk.arm(None)

    def _opened(self) -> ServedLog:
        tail = Tail(self.path.with_suffix(".tail"))
        return ServedLog(
            self.path, self._program, LOG_SEED, tail, lambda: self._now() + self.ahead, factory=self.disk.factory
        )

    def restart(self) -> None:
        """Start again what has crashed, or crashes now."""
        if not self.disk.dead:
            self.disk.kill()
        self.log.close()
        self.disk.bury()
        self.log = self._started()

    def back_up(self) -> None:
        """Copy the log's file as it is at this moment."""
        places = {ending: self.path.with_name(self.path.name + ending) for ending in _FILES}
        self.backups.append({ending: place.read_bytes() for ending, place in places.items() if place.exists()})

    def back_up_of(self, path: Path) -> None:
        """Take a log's file of before for a backup."""
        self.backups.append({"": path.read_bytes()})

    def restore(self, files: dict[str, bytes]) -> None:
        """Put an older copy in the place of the log's file; the head stays."""
        self.log.close()
        for ending in (*_FILES, "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        for ending, data in files.items():
            self.path.with_name(self.path.name + ending).write_bytes(data)
        self.log = self._started()

    def push(self, *bodies: bytes) -> bytes:
        """Order pushes together; give the answer to the last of them."""
        pushes = []
        for body in bodies:
            try:
                seal, lines = parse_push(body)
            except (BadLine, NotCanonical) as error:
                if body is bodies[-1]:
                    raise NotUnderstood(str(error)) from error
                continue
            pushes.append(Push(lines, seal))
        return self._run(lambda: self._order(pushes))

    def _order(self, pushes: Sequence[Push]) -> bytes:
        return answer_body(self.log.order(pushes)[-1])

    def page(self, code: str, seed: bytes, start: int) -> bytes:
        """Give a page to who signs for it as a terminal."""

        def read() -> bytes:
            self._let_read(code, seed, f"page?start={start}")
            body = self.log.page(start)
            self.pages.append((code, self.log.size))
            return body

        return self._run(read)

    def put_blob(self, code: str, seed: bytes, digest: bytes, body: bytes) -> bytes:
        """Keep a blob of a terminal's."""

        def keep() -> bytes:
            self._let_read(code, seed, f"blobs/{digest.decode()}")
            self.log.put_blob(digest.decode(), body)
            return b""

        return self._run(keep)

    def get_blob(self, code: str, seed: bytes, digest: bytes) -> bytes:
        """Give a blob to a terminal; b"" for none."""

        def give() -> bytes:
            self._let_read(code, seed, f"blobs/{digest.decode()}")
            return self.log.get_blob(digest.decode()) or b""

        return self._run(give)

    def _let_read(self, code: str, seed: bytes, path: str) -> None:
        message = read_bytes(code, "GET", f"/v1/logs/{self._program}/{path}", self._now())
        if not self.log.may_read(code, message, sign(seed, READ, message)):
            raise NotEnrolled("There is no such log here for this terminal.")

    def refill(self, body: bytes) -> bytes:
        """Take leaves back."""
        try:
            page = parse_page(body)
        except (BadLine, NotCanonical) as error:
            raise NotUnderstood(str(error)) from error
        return self._run(lambda: answer_body(self.log.refill(page)))

    def _run(self, asked: Callable[[], bytes]) -> bytes:
        """Answer as the server's routes do; after a crash, which answers nothing, the process starts again."""
        try:
            return asked()
        except Crash:
            self.restart()
            raise Unreachable("The server is gone.") from None
        except Contradiction as error:
            raise Contradicted(str(error)) from error
        except ServerError as error:
            raise NotUnderstood(str(error)) from error
        except StoreError as error:
            raise Later(str(error)) from error
        except (NotEnrolled, Violation):
            raise
        except Exception as error:
            raise Violation("I8", f"the server fails at a request: {error!r}") from error

    def close(self) -> None:
        """Stop it."""
        self.log.close()


def stranger_reads(served: Served) -> bool:
    """Whether a terminal that was never enrolled may read."""
    message = read_bytes("XXX9", "GET", "/", 0)
    return served.log.enrolled("XXX9") or served.log.may_read("XXX9", message, bytes(64))
