"""What is left undeclared, or contradicts itself, is an error at import: no half-declared action or kind can ship."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

import pytest

import shared.kinds  # noqa: F401  # importing them is what fills the registry
from shared.actions import action as actions
from shared.actions import kind as kinds
from shared.actions.action import (
    ACTIONS,
    RULES,
    Action,
    Decision,
    Happened,
    World,
    Writer,
    action,
    anyone,
    declare_rule,
    only_terminal,
    roles,
    rule,
)
from shared.actions.derive import derives
from shared.actions.field import Text, ask
from shared.actions.kind import CODES, KINDS, Column, Kind, kind
from shared.actions.merge import cautious, constant, text
from shared.actions.schema import explain

STATE = {"state": cautious("over", "on"), "title": text()}
COLUMNS = {"title": Column("what", lambda r: r.title), "state": Column("state", lambda r: r.state)}
DUE = Column("due", lambda r: r.due, time=True, until="DUE")
PLACED = {**COLUMNS, "place": Column("where", lambda r: r.place)}


@pytest.fixture(autouse=True)
def scratch() -> Iterator[None]:
    """Declarations of a test are forgotten after it."""
    tables: list[dict[str, Any]] = [ACTIONS, RULES, KINDS, CODES]
    kept = [dict(one) for one in tables]
    yield
    for table, before in zip(tables, kept, strict=True):
        table.clear()
        table.update(before)
    actions._DECODER.clear()


def visit(**changed: Any) -> Kind:
    declared = {"name": "tour", "code": "TOU", "doc": "A tour.", "facts": STATE, "columns": COLUMNS, **changed}
    return kind(**declared)


def begin(of: Kind | None, base: type[Action] = Happened, **changed: Any) -> type[Action]:
    """Declare one good action, but for what is changed: `tag`, `doc`, `fields`, or an argument of `@action`."""
    body: dict[str, Any] = {
        "__doc__": changed.pop("doc", "Begins a tour."),
        "__module__": __name__,
        "__annotations__": changed.pop("fields", {"title": Annotated[Text, ask("what")]}),
        "apply": changed.pop("apply", lambda self, r: r.put("title", self.title)),
    }
    if body["apply"] is None:
        del body["apply"]
    tag = changed.pop("tag", "tour.begin")
    make: Callable[..., type[Action]] = type(base)
    cls = make("Begin", (base,), body, frozen=True, kw_only=True, tag=tag)
    return action(of, **{"by": anyone, "says": "began {title}", "writes": ("title",), **changed})(cls)


def test_the_good_one_passes() -> None:
    begin(visit())
    assert ACTIONS["tour.begin"].doc == "Begins a tour."
    assert explain(ACTIONS["tour.begin"])["writes"] == [{"fact": "title", "kinds": ["tour"], "merge": "text"}]


def _number(value: object) -> str:
    """A test's name that is the same in every process: what is declared wrongly may hold functions."""
    return value if isinstance(value, str) else "case"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"doc": ""}, "has no docstring"),
        ({"says": ""}, "has no sentence"),
        ({"says": "began {titel}"}, "its sentence names titel, which it does not have"),
        ({"writes": ("title", "colour")}, "writes colour, which no kind declares"),
        ({"apply": None}, "has no apply"),
        ({"tag": "begin"}, "needs tag"),
        ({"tag": "Tour.begin"}, "needs tag"),
        ({"tag": "tour.be.gin"}, "needs tag"),
        ({"tag": "hold.stop"}, "declared twice"),
        ({"base": Decision}, "name the meaning of the signature"),
        ({"base": Decision, "by": roles("qa")}, "name the meaning of the signature"),
        ({"base": Action, "signed": "begun"}, "must be a Happened"),
        ({"fields": {"title": str}}, "title has no words"),
        ({"fields": {"title": Annotated[str, "what"]}}, "title has no words"),
    ],
    ids=_number,
)
def test_an_action_that_lacks_something_is_no_action(changed: dict[str, Any], message: str) -> None:
    tour = visit()
    before = dict(ACTIONS)
    with pytest.raises(TypeError, match=message):
        begin(tour, **changed)
    assert before == ACTIONS


def test_a_terminals_decision_needs_no_signature() -> None:
    begin(visit(), base=Decision, by=only_terminal)
    assert explain(ACTIONS["tour.begin"])["signed"] == ""


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "hold"}, "needs a name of its own"),
        ({"name": "two words"}, "needs a name of its own"),
        ({"code": "HLD"}, "three capitals that no other kind has"),
        ({"code": "tou"}, "three capitals"),
        ({"code": "TOUR"}, "three capitals"),
        ({"code": "ÄÖÜ"}, "three capitals"),
        ({"doc": " "}, "says in one sentence"),
        ({"facts": {**STATE, "place": None}}, "'place' names no merge"),
        ({"facts": {**STATE, "place": constant}}, "'place' names no merge"),
        ({"facts": {**STATE, "place": "text"}}, "'place' names no merge"),
        ({"columns": {"state": COLUMNS["state"]}}, "must include state and title"),
        ({"columns": {"title": COLUMNS["title"]}}, "must include state and title"),
        ({"columns": {**COLUMNS, "place": Column("", lambda r: r.place)}}, "'place' has no words"),
        ({"columns": {**COLUMNS, "place": PLACED["place"]._replace(until="DUE")}}, "'place' runs out, but is no time"),
        ({"columns": {**COLUMNS, "due": DUE, "spoils": DUE}}, "'spoils' runs out, .* another one runs out too"),
        ({"tones": {"over": "green"}}, "state 'over' has the tone 'green'; choose one of bad, warn, good, faint"),
        ({"first": ("place",)}, "first names 'place'"),
        ({"first": ("title",)}, "first names 'title'"),
        ({"columns": PLACED, "first": ("place", "place")}, "first names 'place'"),
        ({"called": "place"}, "called by 'place'"),
        ({"columns": PLACED, "called": "place", "code": ""}, "called by 'place'"),
        ({"columns": PLACED, "called": "place", "gs1": ("10",)}, "must be an indexed fact"),
        ({"gs1": ("10",)}, "must be an indexed fact"),
    ],
    ids=_number,
)
def test_a_kind_that_lacks_something_is_no_kind(changed: dict[str, Any], message: str) -> None:
    before = dict(KINDS), dict(CODES)
    with pytest.raises(TypeError, match=message):
        visit(**changed)
    assert before == (KINDS, CODES)


def test_a_kind_is_declared_once() -> None:
    visit()
    with pytest.raises(TypeError, match="name of its own"):
        visit(code="TOV")
    with pytest.raises(TypeError, match="no other kind has"):
        visit(name="tower")


def test_a_cautious_order_needs_two_values() -> None:
    for order in ((), ("on",), ("on", "on")):
        with pytest.raises(TypeError, match="two different values"):
            cautious(*order)


def test_a_field_needs_words() -> None:
    with pytest.raises(TypeError, match="words that a form can show"):
        ask("  ")


@pytest.mark.parametrize(
    ("id_", "source", "doc"), [("", "GMP", "No."), ("TOUR-1", " ", "No."), ("TOUR-1", "GMP", None)], ids=_number
)
def test_a_rule_needs_id_source_and_text(id_: str, source: str, doc: str | None) -> None:
    def check(_self: object, _w: World) -> bool:
        return True

    check.__doc__ = doc
    with pytest.raises(TypeError, match="needs an id, a source and a text"):
        rule(id_, source=source)(check)


def test_one_rule_id_has_one_text() -> None:
    always: Callable[[Any, World], bool] = lambda _action, _world: True  # noqa: E731 - a rule that is not declared by its decorator
    declare_rule("TOUR-1", "GMP", "Ask   the\n guide.", always)
    assert declare_rule("TOUR-1", "GMP", "Ask the guide.", always).text == "Ask the guide."
    with pytest.raises(TypeError, match="TOUR-1 has two texts"):
        declare_rule("TOUR-1", "GMP", "Ask the driver.", always)
    with pytest.raises(TypeError, match="TOUR-1 has two texts"):
        declare_rule("TOUR-1", "ICH", "Ask the guide.", always)


def test_a_fact_that_is_not_declared_cannot_be_written() -> None:
    writer = Writer("TOU-LYN1-1", "id", "anna", "cdmo", 0, frozenset({"title"}))
    writer.put("title", "x")
    with pytest.raises(TypeError, match="writes 'state', which it does not declare"):
        writer.put("state", "on")


def test_broken_rules_open_one_kind_of_record() -> None:
    with pytest.raises(TypeError, match="already open another kind"):
        derives("TOU", ("title",))(lambda _r, _rule, _sentence, _about: None)


def test_kinds_know_their_records() -> None:
    tour = visit()
    assert kinds.kind_of("TOU-LYN1-1") is tour
    assert kinds.kind_of("XXX-LYN1-1") is None
    assert kinds.kind_of("PROGRAM") is KINDS["program"]
    assert kinds.kind_of("LYN1") is KINDS["terminal"]
    assert kinds.kind_of("anna") is KINDS["member"]
    assert kinds.kind_of("") is None


def test_lists_have_room_for_all_columns_unless_some_come_first() -> None:
    columns = {**PLACED, "who": Column("who", lambda r: r.who)}
    assert visit(columns=columns).first == ("place", "who")
    assert visit(name="trip", code="TRI", columns=columns, first=("who",)).first == ("who",)


def test_a_record_is_found_by_what_people_call_it_where_that_is_an_indexed_fact() -> None:
    facts = {**STATE, "place": constant(index=True)}
    assert visit(facts=facts, columns=PLACED, called="place", gs1=("414",)).found_by == "place"
    assert visit(name="trip", code="TRI", columns=PLACED, called="title").found_by == ""
    assert visit(name="ride", code="RID", columns=PLACED).found_by == ""
