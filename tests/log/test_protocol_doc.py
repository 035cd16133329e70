"""Every example of docs/protocol.md, computed anew: by the formats as the page describes them, and by the program."""

import base64
import json
import re
import struct
from hashlib import sha256, sha512
from pathlib import Path

import msgspec
import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.log import canonical, chain, checkpoint, clock, entry, leaf, merkle, note, rules, wire
from shared.store.keep import digest_of
from shared.terminal.blobs import PREFIX

PAGE = (Path(__file__).parent.parent.parent / "docs" / "protocol.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```\w+ ([\w-]+)\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL))


def block(name: str) -> str:
    found: str = BLOCKS[name]
    return found


def lines(name: str) -> list[str]:
    return block(name).split("\n")


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def statement(namespace: bytes, message: bytes) -> bytes:
    return b"SSHSIG" + string(namespace) + string(b"") + string(b"sha512") + string(sha512(message).digest())


def key(owner: str) -> Ed25519PrivateKey:
    seed = next(line.split()[1] for line in lines("keys") if line.startswith(f"{owner} "))
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))


def public(owner: str) -> bytes:
    return key(owner).public_key().public_bytes_raw()


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def all_lines() -> list[bytes]:
    return [block(name).encode() for name in ("genesis-line", "line", "skip-line")]


def test_keys() -> None:
    for line in lines("keys"):
        owner, _, raw, name = line.split()
        assert public(owner).hex() == raw
        wire = string(b"ssh-ed25519") + string(public(owner))
        assert name == "SHA256:" + base64.b64encode(sha256(wire).digest()).rstrip(b"=").decode()
        assert name == chain.key_name(public(owner))


def test_time() -> None:
    text, ms = block("time").split()
    assert clock.parse_at(text) == int(ms)
    assert clock.format_at(int(ms), 60) == text


@pytest.mark.parametrize("name", ["genesis-line", "entry", "line", "skip-line", "seal-body", "seal"])
def test_what_is_json_is_canonical(name: str) -> None:
    data = block(name).encode()
    assert rfc8785.dumps(json.loads(data)) == data
    canonical.check(data)


def test_accepted_documents() -> None:
    for line in lines("accepted"):
        assert canonical.encode(canonical.check(line.encode())) == line.encode()


def test_refused_documents() -> None:
    for line in lines("refused"):
        with pytest.raises(canonical.NotCanonical):
            canonical.check(line.encode())


def test_program() -> None:
    assert block("program") == b64(sha256(block("genesis-line").encode()).digest())
    assert block("program") == entry.program_of(block("genesis-line").encode())
    assert json.loads(block("genesis-line"))["entry"]["program"] == ""


def test_signature_line_and_id() -> None:
    message = block("entry").encode()
    signed = statement(b"andon-esign", message)
    assert block("entry-to-sign") == signed.hex()
    line = {"entry": json.loads(message), "sig": b64(key("p07").sign(signed))}
    assert rfc8785.dumps(line).decode() == block("line")
    assert block("line-id") == sha256(block("line").encode()).hexdigest()
    parsed = entry.parse_line(block("line").encode(), text=True)
    assert isinstance(parsed, entry.Line)
    assert entry.signed_bytes(parsed.entry) == message
    assert entry.line_bytes(parsed.entry, parsed.sig).decode() == block("line")
    assert parsed.entry.sign is not None
    assert parsed.entry.sign.key == chain.key_name(public("p07"))


def test_skip() -> None:
    parsed = entry.parse_line(block("skip-line").encode(), text=True)
    assert isinstance(parsed, entry.Skip)
    assert entry.skip_bytes(parsed).decode() == block("skip-line")
    assert block("skip-id") == sha256(block("skip-line").encode()).hexdigest()


def test_links() -> None:
    link = bytes(32)
    links = [link.hex()]
    for line in all_lines():
        link = sha256(link + sha256(line).digest()).digest()
        links.append(link.hex())
    assert lines("links") == links
    assert chain.link(chain.FIRST, entry.line_id(all_lines()[0])).hex() == links[1]


def test_seal() -> None:
    body = json.loads(block("seal-body"))
    assert body["link"] == b64(bytes.fromhex(lines("links")[3]))
    assert body["seen"] == {"size": 1, "root": b64(bytes.fromhex(lines("roots")[1]))}
    seal = body | {"sig": b64(key("LYN3").sign(statement(b"andon-seal", block("seal-body").encode())))}
    assert rfc8785.dumps(seal).decode() == block("seal")
    parsed = chain.parse_seal(block("seal").encode())
    assert chain.sealed_bytes(parsed).decode() == block("seal-body")
    assert parsed.key == chain.key_name(public("LYN3"))


def test_leaves() -> None:
    received = [json.loads(one)["received"] for one in lines("leaves")]
    for line, ms, one in zip(all_lines(), received, lines("leaves"), strict=True):
        assert rfc8785.dumps(json.loads(line) | {"received": ms}).decode() == one
        assert leaf.leaf_bytes(line, ms).decode() == one
        assert leaf.parse_leaf(one.encode()).received == ms
    assert received == sorted(received)


def test_tree() -> None:
    hashes = [sha256(b"\x00" + one.encode()).digest() for one in lines("leaves")]
    assert lines("leaf-hashes") == [one.hex() for one in hashes]
    pair = sha256(b"\x01" + hashes[0] + hashes[1]).digest()
    roots = [sha256(b"").digest(), hashes[0], pair, sha256(b"\x01" + pair + hashes[2]).digest()]
    assert lines("roots") == [root.hex() for root in roots]
    assert [merkle.root_of(hashes[:size]) for size in range(4)] == roots
    node = merkle.nodes(hashes)
    inclusion = [bytes.fromhex(one) for one in lines("inclusion-proof")]
    assert inclusion == merkle.inclusion_proof(node, 3, 1) == [hashes[0], hashes[2]]
    assert merkle.verify_inclusion(hashes[1], 1, 3, inclusion, roots[3])
    consistency = [bytes.fromhex(one) for one in lines("consistency-proof")]
    assert consistency == merkle.consistency_proof(node, 3, 2) == [hashes[2]]
    assert merkle.verify_consistency(2, 3, roots[2], roots[3], consistency)


def test_checkpoint_and_cosignature() -> None:
    origin = f"andon/{block('program')}"
    text = block("checkpoint") + "\n"
    assert text == f"{origin}\n3\n{base64.b64encode(bytes.fromhex(lines('roots')[3])).decode()}\n"
    log_id = sha256(origin.encode() + b"\n\x01" + public("log")).digest()[:4]
    signature = base64.b64encode(log_id + key("log").sign(text.encode())).decode()
    assert block("note") + "\n" == f"{text}\n\N{EM DASH} {origin} {signature}\n"
    seconds = int(lines("cosigned-text")[1].removeprefix("time "))
    message = f"cosignature/v1\ntime {seconds}\n{text}"
    assert block("cosigned-text") + "\n" == message
    name = f"{origin}/LYN4"
    cosigner_id = sha256(name.encode() + b"\n\x04" + public("cosigner")).digest()[:4]
    blob = cosigner_id + struct.pack(">Q", seconds) + key("cosigner").sign(message.encode())
    added = f"\N{EM DASH} {name} {base64.b64encode(blob).decode()}\n"
    assert block("cosigned-note") + "\n" == block("note") + "\n" + added


def test_program_makes_the_same_checkpoint() -> None:
    origin = checkpoint.origin_of(block("program"))
    log = checkpoint.log_key(origin, public("log"))
    cosigner = checkpoint.cosigner_key(f"{origin}/LYN4", public("cosigner"))
    assert lines("verifier-keys") == [log.text(), cosigner.text()]
    head = checkpoint.Checkpoint(origin, 3, bytes.fromhex(lines("roots")[3]))
    signed = checkpoint.sign_checkpoint(head, public("log"), key("log").sign)
    assert signed.decode() == block("note") + "\n"
    opened = checkpoint.open_checkpoint((block("cosigned-note") + "\n").encode(), log, [cosigner], verify)
    assert opened.checkpoint == head
    seconds = opened.cosigned[cosigner.name]
    cosignature = checkpoint.cosign(head, cosigner, seconds, key("cosigner").sign)
    assert (
        note.note_bytes(note.with_signatures(note.parse_note(signed), [cosignature]))
        == (block("cosigned-note") + "\n").encode()
    )


def test_table_of_rules() -> None:
    rows = re.findall(r"^\| (LOG-\d+) \| (\w+) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
    table = [(one.id, "line" if one.skips else "push", one.refused, one.remedy) for one in rules.RULES.values()]
    assert rows == table


def test_limits_and_fields() -> None:
    table = PAGE.split("## 3. Entry")[1].split("`sign` has")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == sorted(entry.Entry.__struct_fields__)
    assert f"{entry.MAX_LINE:,} bytes" in PAGE
    assert f"{note.MAX_NOTE:,} bytes" in PAGE
    assert f"At most {canonical.DEPTH} containers" in PAGE
    lengths = {name: re.search(rf"^\| `{name}` \| string, (\d+) to (\d+) \|", table, re.MULTILINE) for name in ENDS}
    for name, found in lengths.items():
        assert found, name
        assert tuple(map(int, found.groups())) == ENDS[name]


def ends(name: str) -> tuple[int, int]:
    """Gives the shortest and longest length of a field."""
    schema = msgspec.json.schema(entry.Entry)["$defs"]["Entry"]["properties"][name]
    return schema["minLength"], schema["maxLength"]


ENDS = {name: ends(name) for name in ("app", "by", "record", "terminal")}


def test_no_example_is_left_unchecked() -> None:
    """Reads this file: whatever order the tests run in, each block must be asked for somewhere."""
    source = Path(__file__).read_text(encoding="utf-8")
    assert len(BLOCKS) == PAGE.count("\n```\n") == len(re.findall(r"^```\w+ ", PAGE, re.MULTILINE))
    for name in BLOCKS:
        assert re.search(rf"""["']{name}["']""", source), name


def test_blob() -> None:
    salt, text, digest = lines("blob")
    made = sha256(base64.urlsafe_b64decode(salt + "==") + text.encode()).digest()
    assert digest == f"sha256:{b64(made)}"
    assert digest == PREFIX + digest_of(canonical.unb64(salt), text.encode())


def signed_read(method: str, path: str) -> tuple[str, str]:
    message = json.dumps(
        {"date": 1795329500000, "method": method, "path": path, "terminal": "LYN3"}, separators=(",", ":")
    )
    signature = key("LYN3").sign(statement(b"andon-read", message.encode()))
    return message, f"Andon terminal=LYN3, date=1795329500000, sig={b64(signature)}"


def test_signed_read() -> None:
    path = f"/v1/logs/{block('program')}/page?start=0"
    message, header = signed_read("GET", path)
    assert (message, header) == (block("read-message"), block("authorization"))
    assert wire.read_bytes("LYN3", "GET", path, 1795329500000) == message.encode()


def test_push() -> None:
    body = "\n".join([block("seal"), block("line"), block("skip-line"), ""]).encode()
    assert body == (block("push") + "\n").encode()
    seal, pushed = wire.parse_push(body)
    assert pushed == all_lines()[1:]
    assert wire.push_body(seal, pushed) == body


def test_answers() -> None:
    placed = wire.Placed([(1, 1795329490655), (2, 1795329490655)], block("note") + "\n", 3)
    skip = json.loads(block("skip-line"))["skip"]
    denied = wire.Denied("LOG-12", skip["why"].removeprefix("LOG-12 "), 3, skip["id"])
    assert json.loads(block("refused-line")) | {"why": ""} == {
        "type": "refused", "rule": "LOG-12", "why": "", "n": 3, "id": denied.id,
    }  # fmt: skip
    for name, answer in (
        ("ordered", placed), ("wait", wire.Waits("LYN4", 17, 2)), ("recovering", wire.Recovering(2, 3)),
    ):  # fmt: skip
        assert wire.answer_body(answer).decode() == block(name)
    for name in ("ordered", "refused-line", "wait", "recovering"):
        assert wire.answer_body(wire.parse_answer(block(name).encode())).decode() == block(name)


def test_page() -> None:
    head, *rest = lines("page")
    assert rest == [*lines("leaves"), block("seal")]
    assert json.loads(head) == {"checkpoint": block("note") + "\n", "count": 3, "size": 3, "start": 0}
    page = wire.parse_page((block("page") + "\n").encode())
    assert [position for position, _ in page.seals] == [2]
    assert wire.page_body(page) == (block("page") + "\n").encode()


def test_live() -> None:
    _, header = signed_read("LIVE", f"/v1/live?program={block('program')}")
    assert json.loads(block("subscribe")) == {"program": block("program"), "authorization": header}
    assert json.loads(block("poke")) == {"program": block("program"), "size": 3}
