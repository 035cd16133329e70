"""Who and what the demo is about: two companies that do not exist, their people, places, posts and call tree."""

from typing import Final, NamedTuple

CDMO: Final = "cdmo"
SPONSOR: Final = "sponsor"
COMPANIES: Final = (
    {"code": CDMO, "name": "Lumera Biologics", "part": "cdmo"},
    {"code": SPONSOR, "name": "Northwind Therapeutics", "part": "sponsor"},
)
PRODUCT: Final = "NWT-204, monoclonal antibody, 150 mg/mL in vials"
PATIENTS: Final = "Adults with severe atopic eczema who cannot sleep for the itching; some 9,000 wait for it."
PARIS: Final = "Europe/Paris"
BOSTON: Final = "America/New_York"
FLOOR, DESK, REVIEW = "LYN1", "LYN2", "BOS1"
"""The codes of the three terminals: kiosk, quality's laptop, the sponsor's laptop."""


class Terminal(NamedTuple):
    """A terminal: its folder's name, code, company, site and zone."""

    folder: str
    code: str
    company: str
    site: str
    zone: str


TERMINALS: Final = (
    Terminal("floor", FLOOR, CDMO, "Lyon", PARIS),
    Terminal("qa", DESK, CDMO, "Lyon", PARIS),
    Terminal("sponsor", REVIEW, SPONSOR, "Boston", BOSTON),
)


class Person(NamedTuple):
    """A person: id, name, company, roles, and fields of expertise."""

    id: str
    name: str
    company: str
    roles: tuple[str, ...]
    expertise: tuple[str, ...] = ()


OFFICERS: Final = (
    Person("lucie.arnaud", "Lucie Arnaud", CDMO, ("identity",)),
    Person("marc.petit", "Marc Petit", CDMO, ("identity",)),
    Person("olivia.stone", "Olivia Stone", SPONSOR, ("identity",)),
    Person("victor.hale", "Victor Hale", SPONSOR, ("identity",)),
)
OPERATOR, SUPERVISOR = "noor.haddad", "emil.roux"
QA, QA2, LEAD, RELEASE = "clara.brandt", "tomas.vidal", "ines.moreau", "paul.lambert"
S_QA, S_QA2, S_SME, S_LEAD = "grace.okafor", "henry.walsh", "mei.tanaka", "daniel.reyes"
PEOPLE: Final = (
    Person(OPERATOR, "Noor Haddad", CDMO, ("operator",)),
    Person(SUPERVISOR, "Emil Roux", CDMO, ("supervisor",), ("aseptic filling",)),
    Person(QA, "Clara Brandt", CDMO, ("qa", "lead"), ("quality",)),
    Person(QA2, "Tomas Vidal", CDMO, ("qa", "deputy"), ("quality",)),
    Person(LEAD, "Ines Moreau", CDMO, ("lead", "coordinator"), ("formulation",)),
    Person(RELEASE, "Paul Lambert", CDMO, ("release",), ("release",)),
    Person(S_QA, "Grace Okafor", SPONSOR, ("qa", "lead"), ("quality",)),
    Person(S_QA2, "Henry Walsh", SPONSOR, ("qa", "release", "deputy"), ("quality", "release")),
    Person(S_SME, "Mei Tanaka", SPONSOR, ("sme",), ("aseptic filling", "formulation")),
    Person(S_LEAD, "Daniel Reyes", SPONSOR, ("lead", "coordinator"), ("formulation",)),
)
COMPANY: Final = {one.id: one.company for one in (*OFFICERS, *PEOPLE)}


class Place(NamedTuple):
    """A suite or equipment item: its code, sort, name, suite, expertise, the procedure in force there, and its card."""

    code: str
    sort: str
    name: str
    suite: str
    expertise: str
    procedure: str
    card: tuple[str, ...]


PLACES: Final = (
    Place("SUITE-2", "suite", "Formulation suite", "", "formulation", "SOP-FRM-011 Work in the formulation suite", (
        "Stop transfers, close all valves of the vessel", "Keep the agitator and the cooling jacket on",
        "Take and label one sample of 20 mL", "Write the time on the door card",
    )),
    Place("SUITE-3", "suite", "Aseptic filling suite, grade A in B", "", "aseptic filling",
          "SOP-FIL-003 Work in the aseptic filling suite", (
        "Stay where you are, hands above the waist", "Leave the pressure cascade and the particle counter on",
        "Cover open vials", "Note who is in the room",
    )),
    Place("VES-201", "equipment", "Formulation vessel 200 L", "SUITE-2", "formulation",
          "SOP-FRM-024 Compounding in VES-201", (
        "Agitator to 40 rpm", "Jacket to 5 degrees", "Close the sampling valve, put the cap on",
    )),
    Place("FLT-210", "equipment", "Sterile filtration skid", "SUITE-2", "formulation",
          "SOP-FRM-031 Sterile filtration on FLT-210", (
        "Stop the pump, leave the filter wetted", "Close inlet and outlet", "Note both pressures and the time",
        "Tag the filter, do not take it out",
    )),
    Place("FIL-301", "equipment", "Vial filling line, 8 needles", "SUITE-3", "aseptic filling",
          "SOP-FIL-012 Filling on FIL-301", (
        "Stop the infeed", "Let filled vials run to the stopper station", "Lift the needles, pumps to hold",
        "Count and tag the vials in the line", "Note the time of the stop",
    )),
    Place("ISO-302", "equipment", "Isolator of the filling line", "SUITE-3", "aseptic filling",
          "SOP-FIL-018 Isolator ISO-302", (
        "Leave the overpressure on", "Keep all glove ports as they are", "Read the particle counter, note the value",
    )),
    Place("CAP-303", "equipment", "Capping machine", "SUITE-3", "aseptic filling", "SOP-FIL-021 Capping on CAP-303", (
        "Stop the machine after the present vial", "Move uncapped vials under grade A air", "Count and tag them",
    )),
    Place("INS-310", "equipment", "Automatic inspection machine", "SUITE-3", "visual inspection",
          "SOP-INS-007 Inspection on INS-310", (
        "Stop the infeed", "Put trays back to cold storage, doors closed", "Lock the reject bin, note its count",
    )),
)  # fmt: skip
PROCEDURE: Final = {one.code: one.procedure for one in PLACES}


class Contact(NamedTuple):
    """Somebody to call: a name for stories, printed name, company, member, expertise, numbers, zone, languages."""

    key: str
    name: str
    company: str
    person: str
    expertise: tuple[str, ...]
    numbers: str
    zone: str
    languages: tuple[str, ...]


# Numbers of the ranges that are kept free for fiction: ARCEP's for France, 555-01xx for North America.
CONTACTS: Final = (
    Contact("emil", "Emil Roux", CDMO, SUPERVISOR, ("aseptic filling",), "+33 6 39 98 41 02, +33 4 65 71 20 14", PARIS,
            ("French", "English")),
    Contact("mei", "Mei Tanaka", SPONSOR, S_SME, ("aseptic filling", "formulation"), "+1 617 555 0142", BOSTON,
            ("English", "Japanese")),
    Contact("daniel", "Daniel Reyes", SPONSOR, S_LEAD, ("formulation",), "+1 617 555 0118, +1 617 555 0119", BOSTON,
            ("English", "Spanish")),
    Contact("ines", "Ines Moreau", CDMO, LEAD, ("formulation",), "+33 6 39 98 17 55", PARIS, ("French", "English")),
    Contact("clara", "Clara Brandt", CDMO, QA, ("quality",), "+33 6 39 98 03 21", PARIS,
            ("German", "French", "English")),
    Contact("tomas", "Tomas Vidal", CDMO, QA2, ("quality",), "+33 6 39 98 60 77", PARIS, ("French", "Spanish")),
    Contact("grace", "Grace Okafor", SPONSOR, S_QA, ("quality",), "+1 617 555 0163", BOSTON, ("English",)),
    Contact("henry", "Henry Walsh", SPONSOR, S_QA2, ("quality", "release"), "+1 617 555 0171", BOSTON, ("English",)),
    Contact("night", "Night engineering desk", CDMO, "", ("aseptic filling", "formulation", "visual inspection"),
            "+33 4 65 71 20 99", PARIS, ("French",)),
    Contact("vendor", "Service desk of the inspection machine's maker", "machine maker", "", ("visual inspection",),
            "+33 1 99 00 52 80", PARIS, ("English", "French")),
)  # fmt: skip


class Turn(NamedTuple):
    """A rota for an expertise and tier: the contacts that take weekly turns, the hours and days if not always."""

    expertise: str
    tier: int
    contacts: tuple[str, ...]
    between: str = ""
    days: tuple[str, ...] = ()


ROTA: Final = (
    Turn("aseptic filling", 1, ("emil", "mei")),
    Turn("aseptic filling", 2, ("mei", "emil")),
    Turn("formulation", 1, ("ines", "mei")),
    Turn("formulation", 2, ("mei", "daniel")),
    Turn("quality", 1, ("clara", "tomas")),
    Turn("quality", 2, ("grace", "henry")),
)
"""Weekly turns, entered four weeks at a time."""
STANDING: Final = (
    Turn("visual inspection", 1, ("vendor",), "06:00-22:00"),
    Turn("visual inspection", 1, ("night",), "22:00-06:00"),
    Turn("visual inspection", 2, ("emil",)),
    Turn("", 2, ("night",), "19:00-07:00"),
    Turn("", 3, ("ines",)),
    Turn("", 3, ("daniel",)),
)
"""Turns without an end."""
