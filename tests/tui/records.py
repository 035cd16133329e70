"""Records to look at, made at the invented firm, and who looks at them."""

import pytest

from tests.terminal import firm as firms
from tests.terminal.firm import Firm
from tui.session import Session

NOW = "2026-11-18T12:00:00.000+01:00"
HOSTILE = "[bold red]x[/] [@click=app.quit]y[/]"
SHEET = {"problem": "Observed 4.1 bar, limit 3.5", "procedure": "SOP-7", "justification": "Nothing was changed"}
ITEMS = [
    {"id": "FAC-01", "area": "facility", "text": "Suite released", "workstream": "facility", "clinical": "required"},
    {"id": "FAC-02", "area": "facility", "text": "Water in trend", "workstream": "facility", "clinical": "required"},
    {"id": "SOP-01", "area": "SOPs", "text": "Two SOPs effective", "workstream": "facility", "clinical": "required"},
]
STEPS = [
    {"key": "010", "words": "Thaw the cells", "place": "S1"},
    {
        "key": "020", "words": "Expand in the bioreactor", "place": "R-101", "key_step": True, "safe_hold": 240,
        "parameters": [{"name": "temperature", "unit": "degC", "low": "36.5", "high": "37.5", "critical": True}],
    },
    {"key": "030", "words": "Harvest", "place": "S2"},
]  # fmt: skip


def signed_in(person: str) -> Session:
    """Somebody of the firm's at the terminal."""
    company, roles = firms.PEOPLE[person]
    return Session(person, f"{person.title()} Example", company, frozenset(roles))


def deviation(firm: Firm, title: str = "Pressure over the limit") -> tuple[str, str]:
    """A deviation under a hold, both raised with nobody signed in: its record, and the hold's."""
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    hold = firm.do("LYN1", "hold.stop", reason="needle drips").record
    return firm.do("LYN1", "deviation.raise", title=title, hold=hold, detected=NOW).record, hold


def lead(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lead of each company."""
    for person, company in (("lena", "cdmo"), ("luis", "sponsor")):
        monkeypatch.setitem(firms.PEOPLE, person, (company, ["lead"]))
        firm._member(person)


def gate(firm: Firm) -> str:
    """An open gate of three items."""
    made = firm.do(
        "LYN1", "template.publish", "", "anna", name="Readiness", version="1", items=ITEMS, effective=NOW
    )  # fmt: skip
    firm.do("LYN1", "entry.confirm", made.record, "quin", of=made.id)
    leads = [
        {"workstream": "facility", "company": "cdmo", "lead": "lena"},
        {"workstream": "facility", "company": "sponsor", "lead": "luis"},
    ]
    asked = firm.do(
        "LYN1", "gate.open", "", "lena", name="Clinical runs", phase="clinical", template=made.record, leads=leads
    )
    for person in ("luis", "anna"):
        firm.do("LYN1", "entry.confirm", asked.record, person, of=asked.id)
    return asked.record


def go(firm: Firm, record: str) -> None:
    """Answer every item of a gate with go, and sign it."""
    for item in ITEMS:
        firm.do("LYN1", "gate.answer", record, "sven", item=item["id"], answer="go")
    for person in ("lena", "luis"):
        firm.do("LYN1", "gate.verdict", record, person, verdict="go")


def batch(firm: Firm) -> str:
    """A planned batch."""
    return firm.do(
        "LYN1", "batch.plan", "", "sven", number="C-001", product="Antibody A", phase="clinical", steps=STEPS
    ).record  # fmt: skip
