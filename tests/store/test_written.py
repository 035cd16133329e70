"""Seeing from outside whether a log's file was written."""

from pathlib import Path

from shared.store.store import Store
from shared.store.written import written


def test_a_write_of_anybody_is_seen_and_reading_is_not(tmp_path: Path) -> None:
    place = tmp_path / "one.andon"
    assert written(place) == written(place)
    with Store.open(place, create=True) as store, Store.open(place) as other:
        seen = written(place)
        assert other.meta("word") is None
        assert other.lists.log() == store.lists.log()
        assert written(place) == seen
        for at in range(3):
            with other.write() as tx:
                tx.set_heard(at, 0)
            assert written(place) != seen
            seen = written(place)
    assert store.path == place


def test_a_file_that_is_put_in_its_place_is_another(tmp_path: Path) -> None:
    place, other = tmp_path / "one.andon", tmp_path / "other.andon"
    for one in (place, other):
        Store.open(one, create=True).close()
    seen = written(place)
    other.replace(place)
    assert written(place) != seen


def test_a_file_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    missing = written(tmp_path / "none.andon")
    Store.open(tmp_path / "none.andon", create=True).close()
    assert written(tmp_path / "none.andon") != missing
