"""What to try on a prepared demo, as commands that can be copied."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.demo_cast import OPERATOR, S_QA
from scripts.demo_run import command


def tour(answer: Mapping[str, Any], waiting: tuple[str, str]) -> str:
    """Write the tour.

    Args:
        answer: what `--prepare` prints.
        waiting: the deviation whose closing waits for the sponsor's quality unit, and the entry that proposes it.
    """
    andon, server = shlex.quote(command("andon")), shlex.quote(command("andon-server"))
    floor, sponsor = (f"{andon} --home {shlex.quote(answer['homes'][name])}" for name in ("floor", "sponsor"))
    record, entry = waiting
    password = next(one["password"] for one in answer["people"] if one["id"] == S_QA)
    of = shlex.quote(json.dumps({"of": entry}))
    return f"""\
In a terminal `scripts/demo` opens the screens; this is for the command line, on all three homes.

1. Stop the line, and see whom to call: no network, nobody signed in.

   {floor} do hold.stop --as {OPERATOR} --json '{{"reason": "needle 2 drips"}}'
   {floor} call
   {floor} list hold

2. See what bars the running batch, and who can clear it; then one deviation with everything that was done about it.

   {floor} why {answer["batch"]}
   {floor} show {record} --trail

3. Sign at the sponsor: quality of both companies close a major deviation, the CDMO's has signed already.

   printf %s {shlex.quote(password)} |
     {sponsor} do entry.confirm {record} --as {S_QA} --password-stdin --json {of}
   {sponsor} list deviation --where state=closed
   {sponsor} verify

4. Let the companies see each other's work: the server in this window, the sponsor live in a second one, the floor in a
   third.

   {server} run --data {shlex.quote(answer["homes"]["server"])} --port {answer["url"].rpartition(":")[2]}
   {sponsor} sync --watch
   {floor} sync

The batch is {answer["batch"]}. People and passwords, the same in all homes:

{people(answer)}

All of it is in {Path(answer["homes"]["floor"]).parent}; delete that folder when you are done."""


def people(answer: Mapping[str, Any]) -> str:
    """Write who is there, a line each: id, company, roles, password."""
    return "\n".join(
        f"  {one['id']:<14} {one['company']:<8} {', '.join(one['roles']):<22} {one['password']}"
        for one in answer["people"]
    )
