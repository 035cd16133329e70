"""A command asks for nobody in particular: where a second rater may sit, it hides how the first one rated."""

from tests.cli.command import Andon
from tests.terminal.firm import Firm


def test_commands_hide_a_rating_until_both_are_in(firm: Firm, andon: Andon) -> None:
    hold = firm.do("LYN1", "hold.stop", on="FIL-01", reason="drips").record
    record = firm.do("LYN1", "deviation.raise", title="pressure", hold=hold).record
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="critical", reason="glass")
    firm.sync()
    for words in (
        ("show", record), ("show", record, "--json"), ("show", record, "--trail"),
        ("show", record, "--trail", "--json"), ("show", record, "--as-of", "2100-01-01", "--trail"),
        ("why", record), ("why", hold), ("list", "deviation", "--json"),
    ):  # fmt: skip
        told = andon(*words)
        assert told.code == 0, told.err
        assert "glass" not in told.out, words
        assert '"critical"' not in told.out, words
        assert "rated critical" not in told.out, words
    assert "criticality           hidden" in andon("show", record).out
    assert andon("show", record, "--json").json()["facts"]["rating"] == "hidden"
    assert "hidden until you have rated" in andon("why", hold).out
    assert andon("list", "deviation", "--where", "criticality=critical", "--json").json() == []
    assert [one["criticality"] for one in andon("list", "deviation", "--json").json()] == ["hidden"]
    firm.do("LYN1", "terminal.post", places=["FILL-2"])  # a floor must see how bad it is
    assert "criticality           critical" in andon("show", record).out
    assert andon("list", "deviation", "--where", "criticality=critical", "--json").json()[0]["record"] == record
    firm.do("LYN1", "terminal.post")
    assert andon("show", record, "--json").json()["criticality"] == "hidden"
    firm.do("LYN1", "deviation.rate", record, "quin", criticality="critical", reason="as I see it")
    assert andon("show", record, "--json").json()["criticality"] == "critical"
