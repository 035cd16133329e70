"""What people must be told before, and after: what still holds, what the questions propose, where a refusal belongs."""

import pytest
from textual.pilot import Pilot

from tests.terminal.firm import Firm, password
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tests.tui.records import batch, deviation, gate, go, lead, signed_in
from tui.attending import LATE, attention
from tui.reader import Reader
from tui.screens.form import FormScreen
from tui.screens.gate import GateScreen
from tui.screens.group import GroupScreen
from tui.screens.pick import PickScreen
from tui.screens.sign import SignScreen
from tui.widgets.field import Field
from tui.widgets.form import Form
from tui.widgets.groups import Groups
from tui.widgets.menu import Menu


def flat(app_text: str) -> str:
    """On one line."""
    return " ".join(app_text.split())


@sizes
def test_a_lifted_hold_says_that_another_one_still_holds(
    firm: Firm, open_app: Opened, size: tuple[int, int]
) -> None:  # fmt: skip
    record, hold = deviation(firm)
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="minor", reason="no contact")
    other = firm.do("LYN1", "hold.stop", on="FILL-2", reason="again").record
    firm.do("LYN1", "hold.lift", hold, "anna", reason="needle changed")
    app = open_app(record=hold)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert f"In the way: FILL-2 is still held, by {other}" in flat(text_of(app))
        assert "Nothing is in the way" not in text_of(app)
        app.open_record(record)
        await settle(pilot)
        assert f"HELD {other}" in flat(text_of(app)), "the deviation says so too"

    drive(app, script, size)


def test_who_rates_sees_what_the_questions_propose(firm: Firm, open_app: Opened) -> None:
    record, _ = deviation(firm)
    answers = dict.fromkeys(("parameter", "equipment", "other_batches", "distributed"), False)
    firm.do("LYN1", "deviation.assess", record, patient="possible", attribute=True, **answers)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("sven")
        app.act("deviation.rate", record)
        await settle(pilot)
        said = flat(text_of(app))
        assert (
            "The questions propose MAJOR: harm to a patient possible, attribute concerned (answered by @LYN1)." in said
        )

    drive(app, script)


def test_a_refusal_stands_at_the_field_that_the_rule_looks_at(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(firm, monkeypatch)
    record = gate(firm)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("sven")
        app.act("gate.answer", record, {"item": "FAC-01"})
        await settle(pilot)
        assert "FAC-01: Suite released" in text_of(app), "what the item asks"
        await keys(pilot, "3", "f10")  # no-go
        assert not isinstance(app.screen, SignScreen), "refused before a password is asked for"
        assert "(GATE-5)" in text_of(app)
        here = app.screen.query_one(Form).field_here()
        assert here is not None
        assert here.name_ == "reason"
        await type_in(pilot, "hello jkl, no release yet")
        values = app.screen.query_one(Form).values()
        assert (values["answer"], values["reason"]) == ("no-go", "hello jkl, no release yet")
        assert values["item"] == "FAC-01"
        await keys(pilot, "f10")
        assert isinstance(app.screen, SignScreen)

    drive(app, script)


def test_a_verdict_is_refused_on_the_screen_in_plain_words(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(firm, monkeypatch)
    record = gate(firm)
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("lena")
        await settle(pilot)
        await keys(pilot, "home", "enter")
        assert isinstance(app.screen, FormScreen)
        await keys(pilot, "1", "f10")
        assert "FAC-01, FAC-02, SOP-01" in flat(text_of(app))
        assert "(GATE-10)" in text_of(app)

    drive(app, script)


def test_what_follows_from_a_choice_appears(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    lead(firm, monkeypatch)
    template = Reader(firm.desks["LYN1"]).record(gate(firm))
    assert template is not None
    checklist = str(template.row.columns["template"])
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("lena")
        app.act("gate.open")
        await settle(pilot)
        fields = {field.name_: field for field in app.screen.query_one(Form).fields}
        fields["template"].widget.focus()
        await type_in(pilot, checklist)
        fields["phase"].widget.focus()
        await keys(pilot, "2", "tab")
        assert fields["version"].editor.given == "1"
        items = fields["items"].editor
        assert isinstance(items, Groups)
        assert [one["id"] for one in items.given] == ["FAC-01", "FAC-02", "SOP-01"]
        items.focus()
        await keys(pilot, "home", "enter")
        assert isinstance(app.screen, GroupScreen)

    drive(app, script)


def test_a_post_is_changed_from_what_it_is(firm: Firm, open_app: Opened) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    number = firm.desks["LYN1"].store.lists.row(batch(firm))
    assert number is not None
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("terminal.post")
        await settle(pilot)
        form = app.screen.query_one(Form)
        assert form.values()["places"] == ["FILL-2"]
        next(one for one in form.fields if one.name_ == "batch").widget.focus()
        await keys(pilot, "f7")
        assert isinstance(app.screen, PickScreen)
        await type_in(pilot, "C-0")
        await keys(pilot, "enter", "f10")

    drive(app, script)
    post = Reader(firm.desks["LYN1"]).post()
    assert (post.places, post.batch) == (("FILL-2",), "C-001")


def test_what_is_overdue_is_told_to_those_who_see_to_it(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(firm, monkeypatch)
    made = Reader(firm.desks["LYN1"]).record(gate(firm))
    assert made is not None
    items = [
        {"id": "FAC-01", "area": "facility", "text": "Suite released", "workstream": "facility", "owner": "sven",
         "due": "2026-11-17T12:00:00.000+01:00"},
        {"id": "FAC-02", "area": "facility", "text": "Water in trend", "workstream": "facility", "owner": "sven",
         "due": "2027-11-17T12:00:00.000+01:00"},
        {"id": "SOP-01", "area": "SOPs", "text": "Two SOPs effective", "workstream": "facility"},
    ]  # fmt: skip
    leads = [
        {"workstream": "facility", "company": one, "lead": who} for one, who in (("cdmo", "lena"), ("sponsor", "luis"))
    ]
    template = str(made.row.columns["template"])
    asked = firm.do(
        "LYN1", "gate.open", "", "lena", name="Again", phase="clinical", template=template, leads=leads, items=items
    )
    for person in ("luis", "anna"):
        firm.do("LYN1", "entry.confirm", asked.record, person, of=asked.id)
    app = open_app(record=asked.record)
    late = [one for one in attention(app.reader, signed_in("lena")) if one.section == LATE]
    assert [one.record for one in late] == [asked.record]
    assert "sven: Suite released" in late[0].words
    assert "17 Nov" in late[0].words
    own = attention(app.reader, signed_in("sven"))
    assert not [one for one in own if one.section == LATE]
    assert {one.part: one.words.startswith("OVERDUE ") for one in own if one.part} == {
        "FAC-01": True, "FAC-02": False,
    }  # fmt: skip

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert "1 item is OVERDUE" in text_of(app)
        assert "FAC-01  OVERDUE" in text_of(app)
        for person, item in (("lena", "FAC-01"), ("sven", "FAC-02")):
            app.sign_in(signed_in(person))
            await keys(pilot, "f5")
            at = next(
                n
                for n, one in enumerate(attention(app.reader, signed_in(person)))
                if (one.record, one.part) == (asked.record, item)
            )
            await keys(pilot, *["down"] * at, "enter")
            assert isinstance(app.screen, GateScreen)
            assert app.screen.part() == {"item": item}, "not at the first one that is theirs"

    drive(app, script)


def test_who_lifts_is_told_what_else_holds_the_same(firm: Firm, open_app: Opened) -> None:
    record, hold = deviation(firm)
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="minor", reason="no contact")
    other = firm.do("LYN1", "hold.stop", on="FILL-2", reason="again").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("anna")
        app.act("hold.lift", hold)
        await settle(pilot)
        assert f"FILL-2 stays held, by {other}." in flat(text_of(app))

    drive(app, script)


def test_who_checks_a_step_sees_the_value_beside_its_limits_and_f8_means_the_step_under_the_cursor(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(firm, monkeypatch)
    go(firm, gate(firm))
    record = batch(firm)
    firm.do("LYN1", "batch.start", record, "omar")
    warm = [{"parameter": "temperature", "value": "38.2", "unit": "degC"}]
    firm.do("LYN1", "step.done", record, "omar", step="020", values=warm, happened="the probe was late")
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("sven")
        await settle(pilot)
        await keys(pilot, "home", "down", "f8")
        menu = app.screen.query_one(Menu)
        assert "Starts a batch" not in menu._entries[0].words, "what breaks a rule does not come first"
        at = next(number for number, one in enumerate(menu._entries, 1) if "step check" in one.words)
        await keys(pilot, str(at), "enter")
        said = flat(text_of(app))
        assert "020 Expand in the bioreactor: recorded by omar" in said
        assert "38.2 degC - temperature: 36.5 to 37.5 degC (critical)" in said
        assert "against a rule, because: the probe was late" in said

    drive(app, script)


def test_a_name_that_nothing_here_has_is_told(firm: Firm, open_app: Opened) -> None:
    batch(firm)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("hold.stop")
        await settle(pilot)
        fields = {one.name_: one for one in app.screen.query_one(Form).fields}
        fields["batch"].widget.focus()
        await type_in(pilot, "C-002")
        await keys(pilot, "tab")
        assert "Not known here: C-002." in flat(text_of(app))
        fields["batch"].widget.focus()
        await keys(pilot, "backspace")
        assert "Not known" not in text_of(app)
        await type_in(pilot, "1")
        await keys(pilot, "tab")
        assert "Not known" not in text_of(app)

    drive(app, script)


def test_a_choice_that_a_rule_refuses_is_told_before_the_rest_is_typed(firm: Firm, open_app: Opened) -> None:
    record, _ = deviation(firm)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("sven")
        app.act("deviation.rate", record)
        await settle(pilot)
        fields = {one.name_: one for one in app.screen.query_one(Form).fields}
        for value, told in (("major", True), ("minor", False), ("critical", True)):
            fields["criticality"].widget.focus()
            await keys(pilot, str(["minor", "major", "critical"].index(value) + 1))
            assert fields["criticality"].editor.given == value
            assert "RATE-1" not in text_of(app), "not while somebody chooses"
            await keys(pilot, "tab")
            assert ("A supervisor rates minor only" in flat(text_of(app))) == told
        app.session = signed_in("anna")
        fields["criticality"].widget.focus()
        await keys(pilot, "2", "tab")
        assert "RATE-1" not in text_of(app)

    drive(app, script)


def test_a_choice_within_a_list_is_left_to_the_whole_of_it(firm: Firm, open_app: Opened) -> None:
    record, _ = deviation(firm)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("sven")
        app.act("deviation.rate", record)
        await settle(pilot)
        assert isinstance(app.screen, FormScreen)
        whole = next(one for one in app.screen.query_one(Form).fields if one.name_ == "criticality")
        await keys(pilot, "2")
        assert "RATE-1" in app.screen.doubt(whole)
        part = Field(whole.asked, (*whole.path, 0, "part"), "major", "", lambda _, text: text)
        assert not app.screen.doubt(part)

    drive(app, script)


def test_who_is_signed_in_signs_what_they_did(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    lead(firm, monkeypatch)
    go(firm, gate(firm))
    record = batch(firm)
    firm.do("LYN1", "batch.start", record, "omar")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("omar")
        app.act("step.done", record, {"step": "010"})
        await settle(pilot)
        await keys(pilot, "f10")
        assert isinstance(app.screen, SignScreen)
        await type_in(pilot, password("omar").reveal())
        await keys(pilot, "enter")

    drive(app, script)
    seen = Reader(firm.desks["LYN1"]).record(record)
    assert seen is not None
    assert seen.looked is not None
    done = seen.looked.facts["done"]["010"]
    assert (done["by"], done["signed"]) == ("omar", True)
