"""Rows that were noted before they changed come back exactly, whatever was done to them."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from shared.store import journal, sqlite
from shared.store.journal import Rows

_CHANGES = st.sampled_from(["insert", "put", "remove"])
_VALUES = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.binary())
_STEPS = st.lists(st.tuples(_CHANGES, st.integers(0, 5), _VALUES), max_size=30)


@given(before=st.dictionaries(st.integers(0, 5), st.integers(0, 3)), steps=_STEPS)
def test_undoing_puts_every_row_back(before: dict[int, int], steps: list[tuple[str, int, object]]) -> None:
    connection = sqlite.connect(Path(":memory:"))
    connection.execute("CREATE TABLE undo (no INTEGER PRIMARY KEY, tbl TEXT, key TEXT, row BLOB)")
    connection.execute("CREATE TABLE fork (branch INTEGER PRIMARY KEY, parent ANY, n INTEGER) STRICT")
    connection.executemany("INSERT INTO fork VALUES (?, ?, 1)", list(before.items()))
    everything = "SELECT * FROM fork ORDER BY branch"
    was = connection.execute(everything).fetchall()
    rows = Rows(connection, keep=True)
    for step, key, value in steps:
        if step == "insert":
            rows.insert("fork", ("branch", "parent", "n"), [(key, value, 2)])
        elif step == "put":
            rows.put("fork", ("branch",), ("parent", "n"), [(key, value, 3)])
        else:
            rows.remove("fork", ("branch",), [(key,)])
    journal.undo(connection)
    assert connection.execute(everything).fetchall() == was
    assert connection.execute("SELECT count(*) FROM undo").fetchone() == (0,)
    connection.close()
