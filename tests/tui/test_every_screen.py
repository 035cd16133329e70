"""What every screen must stand: hostile text in all it shows."""

import re
from typing import Final

import pytest
from textual.pilot import Pilot

from shared.log import canonical
from shared.terminal import enrol
from shared.terminal import fields as fields_of
from tests.terminal.firm import Firm, password
from tests.tui import records as made
from tests.tui.conftest import Opened
from tests.tui.driving import drive, settle
from tests.tui.every_screen import OPEN, classes
from tests.tui.test_hostile import LONG, TEXT, harmless, spoilt

PLAIN: Final = {"HelpScreen", "PaletteScreen", "SettingsScreen"}
"""Screens with words of ours only, as they are opened here."""


def hostile(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hostile text in every kind of record, the names of people and a gate too."""
    records = spoilt(firm, monkeypatch)
    items = [{**one, "area": TEXT[:60], "text": TEXT[:250]} for one in made.ITEMS]
    with monkeypatch.context() as patched:
        patched.setattr(canonical, "bad_text", lambda _: None)
        patched.setattr(fields_of, "bad_text", lambda _: None)
        patched.setattr(made, "ITEMS", items)
        gate = made.gate(firm)
        firm.do("LYN1", "gate.answer", gate, "sven", item="FAC-01", answer="no-go", reason=LONG[:400])
        invitation = enrol.new_invitation(firm.rng.randbytes)
        proposed = firm.do(
            "LYN1", "member.invite", "hugo", "olga", name=TEXT[:100], company="cdmo", roles=["qa"],
            public=invitation.public, checked=TEXT[:100],
        )  # fmt: skip
        firm.do("LYN1", "entry.confirm", "hugo", "otto", of=proposed.id)
        enrol.accept_person(firm.desks["LYN1"], "hugo", invitation.seed, password("hugo"))
    return [*records, gate]


def test_every_screen_is_opened_here() -> None:
    assert set(OPEN) == set(classes()), "tests/tui/every_screen.py opens each of them"


def test_hostile_text_is_text(firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the narrowest size; `test_hostile.py` goes through the three with the screens that lists and keys open."""
    made.lead(firm, monkeypatch)
    records = hostile(firm, monkeypatch)
    app = open_app()
    seen: dict[str, str] = {}

    async def script(pilot: Pilot[None]) -> None:
        for name, opens in OPEN.items():
            await opens(app, pilot, records)
            assert type(app.screen).__name__ == name
            seen[name] = harmless(app)
            for key in ("down", "pagedown", "end"):
                await pilot.press(key)
                await pilot.pause()
                seen[name] += harmless(app)
            app.session = type(app.session)()
            while len(app.screen_stack) > 1:
                app.pop_screen()
            await settle(pilot)

    drive(app, script, (60, 20))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u200d\ufeff]", "".join(seen.values()))
    flat = {name: re.sub(r"[\s▁▂▃▄▅▆▇█]+", "", text) for name, text in seen.items()}
    assert {name for name, text in flat.items() if "[boldred]x" not in text} <= PLAIN, "it is shown as it was typed"
