"""Overtaken and uncounted: decisions met by news that their authors did not have (design.md 4, "Overtaken").

Judged by pairs. A decision D and an entry E, neither of which had seen the other, are judged together where E changes a
record that D read: if D's rules refuse in the union of both pasts and E, then D is overtaken; if it is D's right to act
that E took away, D is uncounted. The outcome depends on the two pasts only, so it is the same whichever of them the
server placed first.
"""

from shared.actions.action import ACTIONS, decode
from shared.actions.kind import kind_of
from shared.fold.act import Act, Instance, Mark, holds
from shared.fold.cut import Cut, join
from shared.fold.effect import mark
from shared.fold.joint import VERBS, own_view
from shared.fold.judge import NEED_1, ROSTER, judge, missing, needs
from shared.fold.unit import Unit


def meet_news(unit: Unit, decision: Act, index: int, reads: dict[str, None]) -> None:
    """Judge a new instance of a decision against the entries already there that it had not seen."""
    instance = decision.instances[index]
    last = max(part[0] for part in instance.parts)
    since = instance.cut.size
    for record in reads if since < last else ():
        for position in unit.touches(record, since):
            news = unit.act(position)
            if news is not None and news.part not in instance.parts:
                _judge_pair(unit, decision, index, news)
    for record in reads:
        unit.read.setdefault(record, []).append((last, decision.position))
    unit.latest = last


def tell_readers(unit: Unit, news: Act, records: set[str]) -> None:
    """Judge the decisions already there, unseen by a new entry, that read a record it changes."""
    since = news.cut.size
    if unit.latest_read() < since:
        return  # its author had seen every decision there is: nobody is told anything new
    for record in sorted(records):  # in one order everywhere: a set of text has none
        for _, position in unit.readers(record, since):
            decision = unit.act(position)
            if decision is None or position == news.position:
                continue
            for index, instance in enumerate(decision.instances):
                if news.part not in instance.parts:
                    _judge_pair(unit, decision, index, news)


def _judge_pair(unit: Unit, decision: Act, index: int, news: Act) -> None:
    instance = decision.instances[index]
    if _no_news(news) or instance.cut.has(*news.part) or _seen(decision, news.cut):
        return
    if news.do in VERBS and decision.id in news.names:
        return  # one more confirmation is no news about what it confirms, and a decline is not judged but blocks
    rule = _refused(unit, decision, instance, news)
    if not rule or (decision.do in VERBS and rule not in ROSTER):
        return  # who confirmed did so; whether the act that was confirmed is overtaken is judged on that act
    signers = {one.by for one in (unit.act(part[0]) for part in instance.parts) if one is not None}
    lost_right = rule in ROSTER or (rule == NEED_1.id and news.record in signers)
    mark(unit, decision.position, index, Mark("uncounted" if lost_right else "overtaken", news.part, rule))


def _no_news(news: Act) -> bool:
    """Whether an entry changes nothing that decisions read.

    A fact about a record of the roster (a terminal's post, a call) changes nobody's right; so the roster folds without.
    """
    if news.verdict in {"void", "newer"}:
        return True
    kind = kind_of(news.record) if news.fact else None
    return kind is not None and kind.roster


def _seen(decision: Act, cut: Cut) -> bool:
    """Whether somebody who has seen `cut` knows that the decision was made, whatever became of it."""
    return any(holds(one, cut) for one in decision.instances)


def _refused(unit: Unit, decision: Act, instance: Instance, news: Act) -> str:
    """The rule that refuses a decision in the union of both pasts and the news, "" for none."""
    entry = unit.entry(decision.position)
    spec, action, _ = decode(bytes(entry.action)) if entry else (None, None, "")
    if entry is None or spec is None or action is None:
        return ""
    if spec.closes and news.fact and news.record == decision.record and not ACTIONS[news.do].quiet:
        return REOPENED
    both = join(instance.cut, news.cut)
    view = own_view(unit, decision, entry, action, Cut(both.size, both.above, (news.branch, news.n)))
    refusal = judge(view, spec, action, entry)
    if refusal is not None:
        return refusal.rule
    people = [unit.act(part[0]) for part in instance.parts]
    short = missing(needs(view, action), [view.person(one.by) for one in people if one is not None])
    return NEED_1.id if short else ""


REOPENED = "CLOSE-1"
"""The rule by which a fact that a closing had not seen reopens the record (declared in shared/kinds/deviation.py)."""
