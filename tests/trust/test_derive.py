"""The child process that derives: the same key, and no trace of the password."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shared.terminal import derive, derive_child
from shared.terminal.derive import DerivationFailed, DerivationTimedOut, derive_in_child, start
from shared.trust import wrapping
from shared.trust.passwords import Secret
from shared.trust.wrapping import Kdf

SMALL = Kdf(memory_kib=8, passes=1)
ENDLESS = Kdf(memory_kib=2 * 1024**2, passes=16)  # 2 GiB: half a minute at least
SALT = b"s" * 16
AD = b'{"person":"p07"}'
PASSWORD = Secret("nine herons over the weir")


def child_of(derivation: derive.Derivation) -> subprocess.Popen[bytes]:
    return derivation._process


@pytest.mark.parametrize("params", [SMALL, Kdf(memory_kib=1024, passes=2, lanes=2)])
@pytest.mark.parametrize("text", ["nine herons over the weir", "", "caf\u00e9", "cafe\u0301", "\ud800", "x" * 200_000])
def test_it_derives_the_same_as_this_process(text: str, params: Kdf) -> None:
    assert derive_in_child(Secret(text), SALT, params, AD) == wrapping.derive(Secret(text), SALT, params, AD)


def test_several_run_at_once() -> None:
    passwords = [Secret(f"number {number}") for number in range(4)]
    derivations = [start(password, SALT, SMALL, AD) for password in passwords]
    assert len({child_of(derivation).pid for derivation in derivations}) == 4
    for password, derivation in reversed(list(zip(passwords, derivations, strict=True))):
        with derivation:
            assert derivation.result() == wrapping.derive(password, SALT, SMALL, AD)


def test_the_result_can_be_had_twice_and_the_child_is_gone() -> None:
    with start(PASSWORD, SALT, SMALL, AD) as derivation:
        key = derivation.result()
        assert derivation.result() == key
        assert child_of(derivation).returncode == 0
    assert derivation.result() == key


def test_too_slow_is_a_clear_error_and_the_child_is_ended() -> None:
    derivation = start(PASSWORD, SALT, ENDLESS, AD)
    with pytest.raises(DerivationTimedOut, match=r"within 0\.01 s"):
        derivation.result(timeout=0.01)
    assert child_of(derivation).returncode == -signal.SIGKILL
    with pytest.raises(DerivationFailed):
        derivation.result()


def test_leaving_early_ends_the_child() -> None:
    with start(PASSWORD, SALT, ENDLESS, AD) as derivation:
        assert child_of(derivation).poll() is None
    assert child_of(derivation).returncode == -signal.SIGKILL
    with pytest.raises(DerivationFailed, match="without a result"):
        derivation.result()


def test_a_child_that_dies_is_a_clear_error() -> None:
    derivation = start(PASSWORD, SALT, ENDLESS, AD)
    child_of(derivation).terminate()
    with pytest.raises(DerivationFailed, match="without a result"):
        derivation.result()


def test_a_program_that_is_no_python_is_a_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with pytest.raises(DerivationFailed, match="did not start"):
        derive_in_child(PASSWORD, SALT, SMALL, AD)


def test_a_child_that_never_reads_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(DerivationFailed, match="without a result"):
        derive_in_child(Secret("x" * 1_000_000), SALT, SMALL, AD)


def test_a_salt_of_another_length_starts_nothing() -> None:
    with pytest.raises(ValueError, match="salt"):
        start(PASSWORD, b"short", SMALL, AD)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc here")
def test_other_processes_see_nothing_secret() -> None:
    with start(PASSWORD, SALT, ENDLESS, AD) as derivation:
        folder = Path("/proc") / str(child_of(derivation).pid)
        seen = b""
        while b"shared.terminal.derive_child" not in seen and child_of(derivation).poll() is None:  # just being started
            seen = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
    assert b"shared.terminal.derive_child" in seen
    for part in (b"herons", PASSWORD.canonical(), SALT, AD):
        assert part not in seen


def test_neither_the_folder_nor_the_environment_choose_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "shared"
    trap.mkdir()
    (trap / "__init__.py").write_text("raise SystemExit('trapped')", encoding="ascii")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert derive_in_child(PASSWORD, SALT, SMALL, AD) == wrapping.derive(PASSWORD, SALT, SMALL, AD)


def test_the_child_imports_little() -> None:
    program = "import sys, shared.terminal.derive_child; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=True, text=True).stdout
    unwanted = {"msgspec", "json", "subprocess", "asyncio", "socket", "shared.trust.wrapping", "shared.trust.passwords"}
    assert not unwanted & set(loaded.split())


def request(*fields: bytes, cost: tuple[int, int, int] = (8, 1, 1)) -> bytes:
    framed = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    return framed + b"".join(value.to_bytes(4, "big") for value in cost)


def test_the_child_answers_a_request() -> None:
    answer = derive_child.answer(io.BytesIO(request(PASSWORD.canonical(), SALT, AD)))
    assert answer == derive_child.DONE + wrapping.derive(PASSWORD, SALT, SMALL, AD)


@pytest.mark.parametrize("size", range(len(request(b"pw", SALT, AD))))
def test_a_request_that_is_cut_short_is_refused(size: int) -> None:
    assert derive_child.answer(io.BytesIO(request(b"pw", SALT, AD)[:size])) == derive_child.REFUSED


@pytest.mark.parametrize("cost", [(0, 1, 1), (8, 0, 1), (8, 1, 0), (8, 1, 2)])
def test_a_cost_that_argon2_does_not_know_is_refused(cost: tuple[int, int, int]) -> None:
    assert derive_child.answer(io.BytesIO(request(b"pw", SALT, AD, cost=cost))) == derive_child.REFUSED


def test_too_little_memory_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(derive_child, "stretch", exhausted)
    assert derive_child.answer(io.BytesIO(request(b"pw", SALT, AD))) == derive_child.NO_MEMORY

    script = f"import os; os.read(0, 999); os.write(1, {derive_child.NO_MEMORY!r})"
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with pytest.raises(DerivationFailed, match="too little free memory"):
        derive.Derivation(process).result()


@pytest.mark.skipif(os.name != "posix", reason="no core files here")
def test_the_child_leaves_no_core_file() -> None:
    program = (
        "import resource; from shared.terminal.derive_child import no_core; no_core();"
        "print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    shown = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=True, text=True).stdout
    assert shown == "(0, 0)\n"
