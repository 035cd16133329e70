"""The readiness list that Andon ships: items for the gates before engineering, clinical, PPQ and commercial runs.

Own wording, over the fourteen areas of domain.md 7; data only. `needs` has one sign for each of engineering, clinical,
PPQ and commercial: `x` required, `o` optional, `-` not needed. A program publishes it as its template, or changes it.
"""

from typing import NamedTuple


class Line(NamedTuple):
    """One item: its id, area, the requirement in one line, the workstream that owns it, evidence asked, and `needs`."""

    id: str
    area: str
    text: str
    workstream: str
    evidence: str
    needs: str


def _area(code: str, area: str, workstream: str, *rows: tuple[str, str, str]) -> tuple[Line, ...]:
    return tuple(
        Line(f"{code}-{number:02}", area, text, workstream, evidence, needs)
        for number, (needs, text, evidence) in enumerate(rows, 1)
    )


READINESS = (
    *_area(
        "FAC",
        "facility and suitability",
        "facility",
        ("xxxx", "Suite released for this product to the end of the run", "suite release record"),
        ("xxxx", "Water, gases, steam and air qualified and in trend", "qualification and trend"),
        ("-xxx", "Room class shown at rest and in operation", "monitoring report"),
        ("xxxx", "Segregation of people, material and waste in place", "segregation plan, walk-down"),
        ("-xxx", "Cleaning after the last product verified", "cleaning record, swab results"),
        ("x---", "Temporary connections and trial set-ups listed and tagged", "list with tag numbers"),
        ("---x", "Suite time booked for the yearly plan, with reserve", "capacity plan"),
    ),
    *_area(
        "BRR",
        "batch record readiness",
        "manufacturing",
        ("x---", "Engineering record drafted, with room for settings tried", "draft record"),
        ("-x--", "Record follows the process described in the trial filing", "comparison signed by both"),
        ("-xxx", "Master batch record approved by both companies", "approved record, version"),
        ("oxxx", "Record walked through on the floor with its operators", "walk-through notes"),
        ("-xxx", "Parameters, limits and hold times equal to the specification", "line-by-line comparison"),
        ("-xxx", "Formulas for yield and doses checked by a second person", "signed calculation"),
        ("oxxx", "Scan labels and printed parts issued and counted", "issue log"),
    ),
    *_area(
        "SOP",
        "SOPs",
        "manufacturing",
        ("xxxx", "An SOP in force for every step and every equipment item", "list by step with dates"),
        ("oxxx", "SOPs for cleaning and changeover in force", "SOP numbers and dates"),
        ("oxxx", "SOPs for sampling and sample transport in force", "SOP numbers and dates"),
        ("oxxx", "SOPs readable in the language of the floor, at the post", "check at each post"),
        ("x---", "Trial instructions approved for steps without an SOP", "approved instructions"),
        ("---x", "No periodic review of an SOP falls due within the campaign", "review calendar"),
    ),
    *_area(
        "REV",
        "batch record review",
        "quality",
        ("-xxx", "Reviewers and their deputies named at both companies", "list of names"),
        ("-xxx", "Review times agreed and entered in the agreement", "agreement version"),
        ("-oxx", "Review of audit trails tried on a real record", "signed trial review"),
        ("o---", "Somebody named to collect what the engineering run teaches", "name"),
        ("-x--", "File list for the trial's release person agreed", "agreed list"),
        ("---x", "Review keeps pace with the batches planned each month", "load calculation"),
    ),
    *_area(
        "NCC",
        "nonconformance and CAPA support",
        "quality",
        ("xxxx", "Call tree complete for every expertise and posted on the floor", "printed list, digest"),
        ("-xxx", "Call tree drilled by day and by night", "drill records"),
        ("xxxx", "Experts of both companies cover every hour of the run", "rota"),
        ("oxxx", "Open CAPAs that touch the run listed and accepted", "signed list"),
        ("-xxx", "Investigators named and trained at both companies", "training records"),
        ("---x", "Field alert and recall contacts tested", "test record"),
    ),
    *_area(
        "CHG",
        "change management",
        "quality",
        ("xxxx", "Every open change assessed for this run", "assessed list"),
        ("-xxx", "Freeze date set, and kept since", "change log"),
        ("-xxx", "Changes since the last phase are in record, SOPs and training", "trace list"),
        ("x---", "Settings to be tried in the run listed with their ranges", "trial plan"),
        ("-x--", "Amendments to the trial filing submitted, or none needed", "regulatory statement"),
        ("---x", "Route for changes after approval agreed", "regulatory plan"),
    ),
    *_area(
        "PRD",
        "product-related deviations",
        "quality",
        ("-xxx", "Deviations of the phase before closed, or accepted by signature", "list with signatures"),
        ("--xx", "Results outside specification in earlier batches resolved", "investigation reports"),
        ("-oxx", "Repeated causes of earlier runs have a working CAPA", "CAPA list, checks"),
        ("o---", "Open points of the technical transfer reviewed", "list of points"),
        ("-x--", "Findings of toxicology lots assessed for patients", "assessment"),
        ("---x", "Effect of PPQ deviations on routine limits assessed", "assessment"),
    ),
    *_area(
        "REL",
        "system reliability",
        "facility",
        ("xxxx", "Equipment qualified, calibration valid past the run's end", "equipment list with dates"),
        ("oxxx", "Time between stops reviewed, weak points have a plan", "reliability review"),
        ("oxxx", "Critical spare parts on site", "stock list"),
        ("xxxx", "Alarms tested, those sent outside the site too", "alarm test"),
        ("xxxx", "Stop and sync tested on each Andon terminal of the suite", "test entries"),
        ("-xxx", "Restore of the control system's backup tried", "restore record"),
        ("x---", "Water run done through all equipment in sequence", "water run report"),
        ("---x", "Maintenance fits between batches without a gap", "maintenance plan"),
    ),
    *_area(
        "TRN",
        "training verification",
        "manufacturing",
        ("oxxx", "Each step has trained people on every shift", "person by step matrix"),
        ("-xxx", "No training lapses within the run", "list of due dates"),
        ("-xxx", "Gowning and aseptic qualification valid for who enters", "qualification list"),
        ("-oxx", "A second trained person for every key step", "person by step matrix"),
        ("x---", "Observers of the engineering run named and briefed", "briefing record"),
        ("---x", "New operators can be trained without stopping supply", "training plan"),
    ),
    *_area(
        "TRB",
        "troubleshooting",
        "manufacturing",
        ("xxxx", "Fault guide for each step at its post", "guides by step"),
        ("xxxx", "Service contacts of equipment vendors tested, nights too", "call record"),
        ("-xxx", "Safe hold time of each step supported by data", "hold time report"),
        ("oxxx", "Containment card for each equipment item at its post", "cards by equipment"),
        ("x---", "Faults to be provoked in the run planned and safe", "trial plan"),
        ("---x", "What continues supply when the suite fails is agreed", "continuity plan"),
    ),
    *_area(
        "MAT",
        "materials",
        "supply",
        ("xxxx", "Materials and consumables on site, with reserve", "stock list"),
        ("-xxx", "Lots released, expiry past the run's end", "lot list with dates"),
        ("-xxx", "Cell bank or starting material released, storage checked", "certificate, storage log"),
        ("-xxx", "Suppliers approved by both companies", "approved supplier list"),
        ("oxxx", "Single-use assemblies tried for fit on this equipment", "fit test"),
        ("x---", "Surrogate materials marked as not for human use", "labels, log"),
        ("-x--", "Placebo, comparator and trial labels released", "release records"),
        ("--ox", "Second source of each critical material approved", "supplier approvals"),
    ),
    *_area(
        "MET",
        "methods and stability",
        "analytical",
        ("x---", "Methods fit for the samples of the run", "method status list"),
        ("-x--", "Methods qualified for the trial phase", "qualification reports"),
        ("--xx", "Methods validated, and transferred to the testing site", "validation reports"),
        ("oxxx", "Sampling plan issued: volumes, labels, retained samples", "sampling plan"),
        ("-xxx", "Reference standards on site and in date", "standard list"),
        ("-xxx", "Stability protocol approved, chambers booked", "protocol, booking"),
        ("---x", "Yearly stability programme begun", "programme"),
    ),
    *_area(
        "VAL",
        "validation",
        "technology",
        ("--x-", "PPQ protocol with acceptance criteria approved by both", "approved protocol"),
        ("--x-", "Number of PPQ runs justified", "justification"),
        ("-ox-", "Parameter ranges supported by characterisation", "characterisation report"),
        ("--x-", "Extra PPQ samples and statistics agreed with the laboratory", "PPQ sampling plan"),
        ("x---", "Questions that the engineering run must answer are stated", "run plan"),
        ("---x", "Plan for continued verification of the process approved", "approved plan"),
    ),
    *_area(
        "LIC",
        "licence and quality agreement",
        "quality",
        ("oxxx", "Quality agreement signed by both companies", "agreement version"),
        ("-xxx", "Notice times and ceilings entered and in force", "agreement in Andon"),
        ("-xxx", "Release persons named at both companies", "names, delegation"),
        ("-xxx", "The site's licence covers this product and step", "licence"),
        ("-x--", "Trial approval active in each country supplied", "approval letters"),
        ("---x", "Marketing authorisation names this site", "authorisation"),
    ),
)
"""The list, in the order in which a meeting goes through it."""
