"""Running the server: its folder locked, its address judged, its sockets closed within two seconds at the end."""

import asyncio
import ipaddress
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, Final

import structlog
import uvicorn

from server.app import Requests, app
from server.blobs import blobs
from server.connection import Connection, LiveConnection
from server.errors import ServerError
from server.listening import live
from server.live import Hub
from server.logs import Logs
from shared.store.errors import StoreError

PORT: Final = 8450
STOP_S: Final = 1
"""How long requests that are being answered may take when the server stops; then their sockets are closed."""
_KEEP_ALIVE_S: Final = 75
_MOST_WORD: Final = 4_096
_FILES: Final = 1_000
"""Files that are not connections: each open log has several."""
_log = structlog.get_logger("server")


class Refused(Exception):
    """The server does not start; the message is one plain sentence for people."""


class FolderLock:
    """The right to serve a folder: two servers on one folder would give one position twice."""

    def __init__(self, data: Path) -> None:
        """Take it.

        Raises:
            Refused: another server has it.
        """
        self._file = os.open(data / "server.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            import fcntl  # noqa: PLC0415 - not on every system

            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass
        except BlockingIOError:
            os.close(self._file)
            raise Refused(f"Another server is running on {data}. Stop it first, or name another folder.") from None

    def release(self) -> None:
        """Give it back."""
        os.close(self._file)


class Stopping(uvicorn.Server):
    """uvicorn's server, which lets listeners go before it waits for them (research/server.md, trap 5)."""

    def __init__(self, config: uvicorn.Config, hub: Hub, ready: Callable[[int], None]) -> None:
        """Serve; `ready` is told the port once it is open."""
        super().__init__(config)
        self._hub = hub
        self._ready = ready

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Open the port, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready(self.servers[0].sockets[0].getsockname()[1])

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - what uvicorn calls
        """Stop; a second interrupt stops at once. The process then ends with 0: it did what it was asked."""
        self._hub.close()
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True


def _most_connections() -> int:
    """Let this process open as many files as it may, and tell how many of them may be connections."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return Connection.most
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = Connection.most + _FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return Connection.most if soft == resource.RLIM_INFINITY else min(Connection.most, max(soft - _FILES, soft // 2))


def now_ms() -> int:
    """Tell the time, ms since 1970 UTC."""
    return time.time_ns() // 1_000_000


def run(data: Path, tails: Path, host: str, port: int, ready: Callable[[int], None]) -> None:
    """Serve until a signal says to stop.

    Args:
        data: the server's folder, with `logs` and `keys`.
        tails: where what was published last is kept, outside `data`.
        host: the address to listen at; of this machine only.
        port: the port; 0 for any that is free.
        ready: told the port once it is open.

    Raises:
        Refused: the folder or the address cannot be used.
    """
    _judge_address(host)
    if not data.is_dir():
        raise Refused(f"{data} is no folder. Name the server's folder with --data, or make it.")
    if tails.resolve().is_relative_to(data.resolve()):
        raise Refused(f"{tails} lies in {data}. Tails are kept outside what is backed up: name another folder.")
    lock = FolderLock(data)
    try:
        _serve(data, tails, host, port, ready)
    finally:
        lock.release()


def _serve(data: Path, tails: Path, host: str, port: int, ready: Callable[[int], None]) -> None:
    hub = Hub()
    seen: dict[str, int] = {}

    def told(program: str, size: int) -> None:
        hub.poke(program, size)
        if hub.listening(program):
            task = asyncio.get_running_loop().create_task(_let_go(logs, hub, program, seen))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    Connection.most = _most_connections()
    tasks: set[asyncio.Task[None]] = set()
    logs = Logs(data, tails, now_ms, told)
    requests = Requests(logs, now_ms)
    config = uvicorn.Config(
        app(requests, [live(requests, hub), *blobs(requests)]),
        host=host, port=port, access_log=False, log_config=None, lifespan="on",
        timeout_keep_alive=_KEEP_ALIVE_S, timeout_graceful_shutdown=STOP_S, server_header=False, proxy_headers=False,
        http=Connection, ws=LiveConnection, ws_max_size=_MOST_WORD, ws_per_message_deflate=False,
    )  # fmt: skip
    server = Stopping(config, hub, ready)
    with suppress(SystemExit):  # with which uvicorn ends where it cannot start
        server.run()
    if not server.started:
        raise Refused(f"{host} port {port} cannot be opened. Is another server using it?")
    _log.info("stopped")


async def _let_go(logs: Logs, hub: Hub, program: str, seen: dict[str, int]) -> None:
    """Poke those no more who may not read any more, once the roster has changed (21 CFR 11.300(c))."""
    try:
        async with logs.lent(program) as writer:
            changed = await logs.in_thread(writer.log.roster_changed)
            if seen.get(program) == changed:
                return
            seen[program] = changed
            for terminal, listeners in hub.listening(program).items():
                if not await logs.in_thread(writer.log.enrolled, terminal):
                    for one in listeners:
                        hub.drop(one, program)
    except (ServerError, StoreError) as error:  # whoever listens still cannot pull
        _log.error("roster", kind=type(error).__name__)


def _judge_address(host: str) -> None:
    """Refuse to serve other machines: that needs TLS, which comes with a later release."""
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = host == "localhost"
    if not inside:
        raise Refused(f"{host} is not this machine's own address, and there is no TLS yet. Use 127.0.0.1.")
