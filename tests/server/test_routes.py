"""Every route: what is answered, in which form, and that nobody learns from an answer which logs there are."""

import json
from collections.abc import Iterator

import msgspec
import pytest

from shared.log.wire import TIME_HEADER, Denied, Placed, parse_answer, parse_page, parse_push, push_body
from shared.terminal.remote import NotEnrolled
from tests.server.served import Said, Served, now, spoiled

ELSEWHERE = "A" * 43


def error(said: Said, status: int, code: str) -> str:
    assert said.status == status, said
    assert said.headers["content-type"] == "application/json"
    assert abs(int(said.headers[TIME_HEADER.lower()]) - now()) < 60_000, "an error tells the time too"
    body = json.loads(said.body)
    assert set(body) == {"error", "text"}
    assert body["error"] == code
    assert body["text"].endswith(".")
    return str(body["text"])


def routes(served: Served) -> Iterator[tuple[str, str]]:
    yield "GET", "/v1/health"
    for program in (served.program, ELSEWHERE, "x", "%2e%2e%2f", "\N{LATIN SMALL LETTER E WITH ACUTE}".encode().hex()):
        base = f"/v1/logs/{program}"
        yield "POST", f"{base}/push"
        yield "GET", f"{base}/page?start=0"
        yield "POST", f"{base}/refill"
        yield "GET", f"{base}/blobs/sha256:abc"
        yield "PUT", f"{base}/blobs/sha256:abc"


def test_every_error_is_one_json_object(served: Served) -> None:
    for method, path in routes(served):
        for other in {"GET", "POST", "PUT", "DELETE", "PATCH"} - {method}:
            said = served.ask(other, path)
            if said.status != 400 or "blobs" not in path:
                error(said, 405 if said.status == 405 else 400, "method" if said.status == 405 else "malformed")
        if method != "GET" or "logs" in path:
            said = served.ask(method, path, b"{" if method == "POST" else None)
            error(said, 400, "malformed")
    for path in ("/", "/v1", "/v1/logs", f"{served.base}/", f"{served.base}/nothing", "/v1/health/x", "/openapi.json"):
        error(served.ask("GET", path), 404, "not-here")
    error(served.ask("GET", "/v1/live"), 405, "method")
    for start in ("", "?start=", "?start=x", "?start=1.5", f"?start={'9' * 5000}"):
        error(served.ask("GET", f"{served.base}/page{start}"), 400, "malformed")


def test_health(served: Served) -> None:
    said = served.ask("GET", "/v1/health")
    assert (said.status, json.loads(said.body)["status"]) == (200, "ok")


@pytest.mark.parametrize("start", [-1, 2**53, 2**64, 10**40])
def test_a_page_that_cannot_be_is_refused(served: Served, start: int) -> None:
    error(served.read("LYN1", f"{served.base}/page?start={start}"), 400, "malformed")


def test_a_page_past_the_end_is_empty(served: Served) -> None:
    page = parse_page(served.read("LYN1", f"{served.base}/page?start={2**53 - 1}").body)
    assert (page.leaves, page.head.size > 0) == ([], True)


def test_not_yours_and_not_there_are_answered_alike(own: Served) -> None:
    own.revoke("LYN2")
    path = f"{own.base}/page?start=0"
    good = own.http("LYN1").authorization("GET", path)
    blob = f"{own.base}/blobs/sha256:abc"
    answers = [
        own.read("LYN2", path),
        own.ask("GET", path, headers={"Authorization": good.replace("LYN1", "SPO1")}),
        own.ask("GET", path, headers={"Authorization": good.replace("LYN1", "XXX9")}),
        own.ask("GET", path, headers={"Authorization": spoiled(good)}),
        own.ask("GET", f"{path[:-1]}1", headers={"Authorization": good}),
        own.ask("GET", blob, headers={"Authorization": good}),
        own.ask("PUT", blob, b"x" * 20, headers={"Authorization": own.http("LYN1").authorization("GET", blob)}),
        *(own.read("LYN1", f"/v1/logs/{program}/page?start=0") for program in (ELSEWHERE, "x", "%2e%2e", "a" * 500)),
    ]
    error(answers[0], 404, "not-here")
    assert {str(one.but_time()) for one in answers} == {str(answers[0].but_time())}
    assert own.read("LYN1", path).status == 200
    with pytest.raises(NotEnrolled):
        own.page("LYN2")


def test_pushes_of_strangers_are_answered_alike_wherever_they_go(served: Served) -> None:
    seal, lines = parse_push(served.push("LYN1"))
    wrong = msgspec.structs.replace(seal, sig="A" * 86)
    forged = push_body(wrong, lines)
    answers = [
        served.ask("POST", f"{served.base}/push", forged),
        served.ask("POST", f"/v1/logs/{ELSEWHERE}/push", forged),
        served.ask("POST", "/v1/logs/x/push", push_body(seal, lines)),
        served.ask("POST", f"{served.base}/push", push_body(wrong, [])),
        served.ask("POST", f"/v1/logs/{ELSEWHERE}/push", push_body(seal, lines)),
    ]
    assert {str(one.but_time()) for one in answers} == {str(answers[0].but_time())}
    denied = parse_answer(answers[0].body)
    assert isinstance(denied, Denied)
    assert denied.rule == "LOG-1"


def test_reading_is_signed_over_method_path_and_date(served: Served) -> None:
    path = f"{served.base}/page?start=0"
    served.page("LYN1")
    header = served.http("LYN1").authorization("GET", path)
    for other in (f"{served.base}/page?start=1", f"{path}&x=1", f"{served.base}/blobs/sha256:{'A' * 43}"):
        error(served.ask("GET", other, headers={"Authorization": header}), 404, "not-here")
    date = header.partition("date=")[2].partition(",")[0]
    moved = header.replace(date, str(int(date) + 1))
    error(served.ask("GET", path, headers={"Authorization": moved}), 404, "not-here")
    for bad in ("", "Bearer x", header + "x", header.replace("LYN1", "LYN 1"), header.replace("LYN1", "L" * 65)):
        error(served.ask("GET", path, headers={"Authorization": bad}), 400, "malformed")
    assert served.ask("GET", path, headers={"Authorization": header}).status == 200


@pytest.mark.parametrize("ahead", [-600_000, 600_000, 40 * 365 * 86_400_000])
def test_who_has_another_time_is_told_it_and_signs_again(served: Served, ahead: int) -> None:
    path = f"{served.base}/page?start=0"
    late = served.http("LYN1", ahead=ahead)
    error(served.ask("GET", path, headers={"Authorization": late.authorization("GET", path)}), 401, "late")
    assert late.page(0).leaves
    assert abs(late.offset + ahead) < 60_000
    late.close()


def test_a_replayed_read_of_a_revoked_terminal_gets_nothing(own: Served) -> None:
    path = f"{own.base}/page?start=0"
    header = {"Authorization": own.http("LYN2").authorization("GET", path)}
    assert own.ask("GET", path, headers=header).status == 200
    own.revoke("LYN2")
    error(own.ask("GET", path, headers=header), 404, "not-here")
    body = own.push("LYN2")
    assert isinstance(parse_answer(own.ask("POST", f"{own.base}/push", body).body), Placed), "it may push, never pull"


def test_answers_are_packed_where_the_client_can(served: Served) -> None:
    path = f"{served.base}/page?start=0"
    headers = {"Authorization": served.http("LYN1").authorization("GET", path)}
    plain = served.ask("GET", path, headers=headers)
    packed = served.ask("GET", path, headers={**headers, "Accept-Encoding": "zstd"})
    assert packed.headers["content-encoding"] == "zstd"
    assert len(packed.body) < len(plain.body)
