"""The digest of the tables' shape: it tells whether they must be made anew, and nothing else."""

from shared.actions.kind import KINDS
from shared.kinds import load
from shared.store.schema import shape


def test_the_shape_does_not_depend_on_which_kind_was_imported_first() -> None:
    load()
    assert shape(KINDS.values()) == shape(reversed(KINDS.values()))
    assert shape(KINDS.values()) != shape([*KINDS.values()][1:])
