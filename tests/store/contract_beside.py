"""What every store must keep beside the log."""

from shared.store.keep import Heard
from tests.store.opened import Opener


class BesideContract:
    """Blobs, drafts, keys, notes, and when the server was heard."""

    def test_when_the_server_was_heard_is_kept(self, opener: Opener) -> None:
        with opener() as store:
            assert store.heard() is None
            with store.write() as tx:
                tx.set_heard(1_795_000_000_000, -120)
        with opener() as store:
            assert store.heard() == Heard(1_795_000_000_000, -120)
            with store.write() as tx:
                tx.set_heard(1_794_000_000_000, 5)  # the clock was put back
            assert store.heard() == Heard(1_794_000_000_000, 5)

    def test_blobs_are_found_by_digest_and_can_be_erased(self, opener: Opener) -> None:
        with opener() as store:
            with store.write():
                sheet = store.blobs.put(b"s" * 16, b"what was on the screen")
                number = store.blobs.put(b"t" * 16, b"+33 1 23", erasable=True)
                assert store.blobs.put(b"t" * 16, b"+33 1 23", erasable=True) == number
            found = store.blobs.get(sheet)
            assert found is not None
            assert (found.content, found.erasable, found.intact()) == (b"what was on the screen", False, True)
            with store.write():
                assert store.blobs.erase(number)
                assert not store.blobs.erase(sheet)
                assert not store.blobs.erase("nothing")
                store.blobs.put(b"t" * 16, b"+33 1 23", erasable=True)
            gone = store.blobs.get(number)
            assert gone is not None
            assert (gone.content, gone.salt, gone.intact()) == (None, None, True)
            assert store.blobs.lacking([sheet, "nothing", number]) == ["nothing"]

    def test_drafts_and_keys_are_kept_until_dropped(self, opener: Opener) -> None:
        with opener() as store:
            with store.write():
                store.drafts.save("anna", "deviation.rate", '{"reason":"b"}')
                store.drafts.save("anna", "deviation.rate", '{"reason":"be"}')
                store.drafts.save("quin", "deviation.rate", "{}")
                store.keys.put("anna", b"one")
                store.keys.put("anna", b"two")
            assert store.drafts.of("anna") == {"deviation.rate": '{"reason":"be"}'}
            assert store.keys.get("anna") == b"two"
            assert store.keys.people() == ["anna"]
            with store.write():
                store.drafts.drop("anna", "deviation.rate")
                store.keys.drop("anna")
            assert store.drafts.get("anna", "deviation.rate") is None
            assert store.drafts.get("quin", "deviation.rate") == "{}"
            assert store.keys.get("anna") is None

    def test_what_is_noted_can_be_forgotten(self, opener: Opener) -> None:
        with opener() as store:
            for value in (5, "text", b"bytes"):
                with store.write() as tx:
                    tx.set_meta("noted", value)
                assert store.meta("noted") == value
            with store.write() as tx:
                tx.set_meta("noted", None)
            assert store.meta("noted") is None
