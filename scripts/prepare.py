"""Prepares the demo: two companies, three terminals, one program with three months behind it.

    python -m scripts.prepare [--prepare DIR | --tour] [--port P]

With `--prepare` it prints one JSON object: the program, where the homes are, and everybody's password. Without, it
takes a fresh folder, starts the server and a live sponsor, and opens the floor's screens; where there is no terminal it
prints what to try instead. With `--tour` it plays the main job on the command line. Progress goes to stderr.
"""

import shutil
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import msgspec

from scripts import demo_homes, demo_program
from scripts.demo_batches import RUNNING
from scripts.demo_cast import OFFICERS, PEOPLE, TERMINALS
from scripts.demo_live import live
from scripts.demo_play import play
from scripts.demo_run import free_port
from scripts.demo_stories import PROPOSED, WAITING
from scripts.demo_tour import tour
from scripts.demo_world import World
from shared.terminal.home import Home
from shared.trust.passwords import Secret

REFUSED: Final = 2
_PORTS: Final = range(1, 65536)
_PORT: Final = 8450


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare it.

    Returns:
        0, or 2 if the folder or the port cannot be used.
    """
    parser = ArgumentParser(prog="scripts/demo", description="Prepare the demo.", allow_abbrev=False)
    parser.add_argument(
        "--prepare", metavar="DIR", type=Path, help="an empty folder, or none yet; a fresh one if left out"
    )
    parser.add_argument("--tour", action="store_true", help="play the main job on the command line")
    parser.add_argument("--port", metavar="P", type=int, default=None, help=f"the server's port here ({_PORT})")
    found = parser.parse_args(arguments)
    if found.prepare and found.tour:
        parser.error("--tour prepares into a folder of its own; leave --prepare out")
    try:
        port = found.port if found.port is not None else _PORT if found.prepare else free_port()
        folder = _usable(found.prepare, port)
    except (OSError, ValueError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return REFUSED
    begun = time.monotonic()
    try:
        answer, waiting = prepare(folder, port)
    except BaseException:
        _clear(folder)
        raise
    _tell(f"prepared in {time.monotonic() - begun:.0f} s")
    if found.prepare:
        print(msgspec.json.encode(answer).decode())
        return 0
    if found.tour:
        return play(answer)
    if sys.stdin.isatty() and sys.stdout.isatty():
        return live(answer)
    print(tour(answer, waiting))
    return 0


def prepare(folder: Path, port: int) -> tuple[dict[str, Any], tuple[str, str]]:
    """Make homes and log in an empty folder.

    Returns:
        What is printed; and the record and entry of the proposal that waits.
    """
    url = f"http://127.0.0.1:{port}"
    passwords = {one.id: demo_homes.draw_password(one) for one in (*OFFICERS, *PEOPLE)}
    homes = demo_homes.create(folder)
    world, calendar = demo_program.start(homes, url, _now())
    wrapping = demo_homes.Wrapping(world, passwords)
    try:
        demo_program.live(world, calendar, homes, _now, _tell)
        _tell("passwords and homes ...")
        held = wrapping.held()
    except BaseException:
        wrapping.cancel()
        raise
    demo_homes.spread(folder, world, homes, held)
    return _answer(folder, world, homes, url, passwords), (world.ids[WAITING], world.ids[PROPOSED])


def _answer(
    folder: Path, world: World, homes: dict[str, Home], url: str, passwords: dict[str, Secret]
) -> dict[str, Any]:
    places = {one.folder: str(homes[one.code].path) for one in TERMINALS}
    return {
        "program": world.program,
        "url": url,
        "homes": {"server": str(folder / demo_homes.SERVER), **places},
        "batch": world.ids[RUNNING],
        "people": [
            {
                "id": one.id,
                "name": one.name,
                "company": one.company,
                "roles": list(one.roles),
                "password": passwords[one.id].reveal(),
            }
            for one in (*PEOPLE, *OFFICERS)
        ],
    }


def _usable(asked: Path | None, port: int) -> Path:
    """Give the folder, made; refuse a port that is none, and a folder with something in it."""
    if port not in _PORTS:
        raise ValueError(f"--port {port} is no port; give one from 1 to 65535")
    if asked is None:
        return Path(mkdtemp(prefix="andon-demo-"))
    folder = asked.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{folder} is not empty; name an empty folder, or one that is not there yet")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _clear(folder: Path) -> None:
    """Take out what was made, so that the folder can be used again."""
    for one in folder.iterdir():
        shutil.rmtree(one, ignore_errors=True)


def _now() -> int:
    return time.time_ns() // 1_000_000


def _tell(text: str) -> None:
    print(f"demo: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
