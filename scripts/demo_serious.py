"""The demo's major and critical deviations, with what was talked through about each of them."""

from typing import Final, NamedTuple

from scripts.demo_texts import Case


class Serious(NamedTuple):
    """A deviation that stopped something.

    Attributes:
        case: as for minor ones.
        chosen: the option that was chosen, and what speaks for and against it.
        other: the one that was not, and why not.
        spoils: what spoils, and within how many hours; 0 for nothing.
        reason: why it was rated so.
        note: what was found meanwhile.
    """

    case: Case
    chosen: tuple[str, str, str]
    other: tuple[str, str]
    spoils: tuple[str, int]
    reason: str
    note: str


def _rows(
    *rows: tuple[tuple[str, str, str, str, str], tuple[str, str, str], tuple[str, str], tuple[str, int], str, str],
) -> tuple[Serious, ...]:
    return tuple(Serious(Case(*row[0]), *row[1:]) for row in rows)


MAJOR: Final = _rows(
    (("FIL-301", "Fill weight of needle 5 below the lower limit in two checks",
      "2.17 and 2.18 mL at 09:30 and 09:45, limits 2.20 to 2.40 mL; the check at 09:15 was 2.24 mL.",
      "Line stopped, pump 5 replaced, vials filled by needle 5 since 09:15 set apart: 262.",
      "Worn pump seal. 262 vials rejected, seal now changed by hours run."),
     ("Reject all vials of needle 5 since the last good check", "bounded and countable", "262 vials lost"),
     ("Weigh all 262 one by one", "opens closed vials' handling again and takes a shift"),
     ("product in the surge bag", 6), "Dose is a quality attribute; 262 vials outside or not known.",
     "Seal of pump 5 shows a groove; the others are sound."),
    (("FLT-210", "Filter integrity test after filtration failed at the first attempt",
      "2,870 mbar, limit 3,100 mbar; wetting with 6 L instead of 10 L because of an air lock.",
      "Filtration outlet closed, filter wetted again with 12 L by the written second attempt: 3,290 mbar.",
      "First result explained by the air lock; second test valid by procedure. Vent added to the skid."),
     ("Wet again and test as the procedure's second attempt", "written down, quick", "one more hour in the bag"),
     ("Filter again through a new filter", "only if the second test fails"),
     ("bulk at room temperature", 4), "Sterile filtration is a critical step; the first test failed.",
     "Video of the wetting shows the air lock at the housing."),
    (("ISO-302", "Glove of port 4 found with a pinhole at the end of the session",
      "Leak test after the session: 310 Pa after 60 s, limit 400 Pa. Session of 5 h with two interventions by port 4.",
      "Isolator left under overpressure, plates of the port read first, vials of both interventions set apart.",
      "No growth on any plate; vials of the interventions rejected. Glove life cut to 25 sessions."),
     ("Set apart the vials of both interventions", "covers all use of the glove", "148 vials wait"),
     ("Stop and decontaminate at once", "the session had ended; nothing is gained"),
     ("", 0), "Grade A barrier is critical equipment.", "Pinhole of 0.3 mm at the thumb, from inside."),
    (("VES-201", "Bulk stood at 12 degrees for 50 minutes",
      "Jacket valve stuck at 02:10; product 12.1 degrees at most, limit 2 to 8 degrees.",
      "Jacket switched to hand, 5 degrees at 03:05, sample for aggregates taken.",
      "Aggregates 0.6 %, limit 2.0 %; hold study covers 25 degrees for 12 h. Valve replaced."),
     ("Go on, with a sample for aggregates", "hold study covers it", "rests on one study"),
     ("Reject the bulk", "data speak against it"),
     ("bulk above 8 degrees", 11), "A critical parameter was outside its limit.", "Valve's seat was worn."),
    (("INS-310", "Cracked vials found behind the inspection machine",
      "Three vials with a crack at the heel among 1,600 accepted ones; acceptance limit for cracks is none.",
      "Inspection stopped, accepted vials of the day inspected by eye: two more.",
      "Wrong heel setting after a format change. All vials inspected again; format list signed by two."),
     ("Inspect all accepted vials of the day again", "finds what passed", "two shifts of work"),
     ("Accept under a lower sampling plan", "cracks are a defect of sterility"),
     ("", 0), "Container closure is a quality attribute.", "Heel camera was at the height of the 6 mL vial."),
    (("CAP-303", "Capping force too low on 340 vials",
      "38 to 43 N, limits 45 to 70 N, after a change of the crimp head's spring.",
      "Machine stopped, vials tagged under grade A air, spring set, 20 vials tested: 55 to 60 N.",
      "340 vials rejected; seal test of neighbours passed. Test after each change of the spring."),
     ("Reject the 340 vials", "clear limit in time", "340 vials lost"),
     ("Cap them again", "not validated"),
     ("uncapped vials under air", 2), "Closure is a quality attribute.", "The spring was of another rate."),
    (("SUITE-3", "Two colonies on a settle plate in grade B, action limit five",
      "Plate B2-07: 2 cfu, alert limit 1; trend of the week: 0, 0, 1, 2.",
      "Room disinfected with sporicide, entries cut to six people, sampling doubled for three days.",
      "Skin germs; one gown of a damaged lot. Lot blocked, trend back to none."),
     ("Go on with doubled sampling", "action limit not reached", "needs a quick laboratory"),
     ("Stop filling for three days", "not called for under the action limit"),
     ("", 0), "Environment of critical equipment, with a trend.", "Both colonies are the same species."),
    (("VES-201", "Wrong lot of sucrose weighed in, released but for another product",
      "Lot S-881 is released for the other product of the site; same grade, other supplier.",
      "Compounding held before the addition, weighed material set apart, right lot weighed by two people.",
      "Nothing was added. Warehouse positions of the two products parted, scan before weighing."),
     ("Discard what was weighed, begin anew", "nothing was added yet", "40 min lost"),
     ("Use it, the grade is the same", "the filing names the supplier"),
     ("thawed drug substance", 16), "Material is a quality attribute; found before use.", "No scan was made."),
    (("FIL-301", "Line stood for 47 minutes with product in the needles",
      "Servo fault at 13:02; hold time of product in the needles is 30 min.",
      "Needles flushed with 40 mL, the first 80 vials after the start discarded.",
      "Servo cable chafed; replaced. Discard covers three volumes of the tubing."),
     ("Flush and discard 80 vials", "three volumes of the tubing", "80 vials"),
     ("Change the tubing set", "a second aseptic connection is the greater risk"),
     ("product in the needles", 1), "Hold time is a critical parameter.", "Cable had rubbed on the guard."),
    (("FLT-210", "Pressure difference over the filter above the limit for four minutes",
      "2.3 bar, limit 2.0 bar, when the pump ramped after a pause.",
      "Pump slowed, 1.2 bar; filter tested after use: 3,260 mbar, limit 3,100 mbar.",
      "Test passed, filter within its maker's 4 bar. Ramp limited in the recipe."),
     ("Go on, filter test decides", "test after use shows the filter's state", "if it fails all is filtered again"),
     ("Change the filter now", "needs a new sterile connection"),
     ("bulk in the bag", 8), "Filtration pressure is a critical parameter.", "Ramp was 2 instead of 10 s."),
    (("INS-310", "White particles in four vials of the early shift",
      "Four of 2,200 vials, seen again under the lamp; limit for visible particles by the sampling plan is one.",
      "Vials sent to the laboratory, lot set apart on the machine.",
      "Product related, within the known profile; silicone ruled out. Limit agreed anew with the sponsor."),
     ("Identify before anything moves", "tells product from foreign matter", "two days"),
     ("Sort and go on", "the cause would stay unknown"),
     ("", 0), "Visible particles are a quality attribute.", "First vial: protein by infrared."),
    (("FIL-301", "Fill weight drifts down on needle 4",
      "2.26, 2.23, 2.21 and 2.19 mL in four checks of an hour; limits 2.20 to 2.40 mL. The other needles are steady.",
      "Filling stopped after the last check, vials of needle 4 since the check before set apart: 171.",
      ""),
     ("Replace pump 4, go on with seven needles meanwhile", "seven needles are validated", "slower, 90 vials a minute"),
     ("Wait for the maker's engineer", "product has 8 h in the bag"),
     ("product in the surge bag", 8), "Dose is a quality attribute; one value is under the limit.",
     "Maker's hotline suspects the seal lot; pump 5 had it in autumn."),
)  # fmt: skip
"""The last of them is the open one on the running batch."""
CRITICAL: Final = _rows(
    (("SUITE-3", "Media fill vial of the half-year run shows growth",
      "One of 8,400 vials turbid on day 9; the limit is none.",
      "No aseptic filling in the suite, vials of the batches since the last media fill counted and blocked.",
      "Traced to an intervention at port 2 with a torn sleeve. Three media fills passed. Nothing had left the site."),
     ("Stop the suite, three new media fills", "the only proof that it is under control", "five weeks"),
     ("Repeat one media fill", "one run does not show that the cause is gone"),
     ("", 0), "Aseptic processing is not shown to be under control; harm would be likely.",
     "Germ found on the outside of the sleeve of port 2 too."),
    (("INS-310", "Vial of another product among inspected vials",
      "One vial with a blue cap, of the site's other product, in tray 17; mix-up limit is none.",
      "All 46 trays blocked, line cleared twice, blue caps of the day before counted: one is missing.",
      "Vial had stayed under the conveyor. Conveyor has a tray now, clearance by two people with photographs."),
     ("Inspect all trays by eye for cap and label", "finds every foreign vial", "three days"),
     ("Rely on the cap camera", "it had passed this one"),
     ("", 0), "A wrong product could have reached a patient.", "Camera was set to accept both colours."),
    (("VES-201", "Polysorbate left out in compounding, found before filling",
      "Reconciliation shows the bottle unopened; the step was signed. Bulk without surfactant, 84 L.",
      "Transfer to filtration barred, bulk kept at 5 degrees and 40 rpm, sample for particles taken.",
      ""),
     ("Keep the bulk, ask development whether late addition is covered", "keeps a bulk of a month", "48 h at most"),
     ("Add it now", "order of addition is part of the filing"),
     ("bulk without surfactant at 5 degrees", 48), "Particles would form in every vial; harm is likely if filled.",
     "Development: late addition was studied to 24 h, report asked for."),
)  # fmt: skip
