"""Which passwords are refused, by which rule, and that nothing shows one."""

import copy
import pickle
import traceback

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.trust.common import KEY_ROWS, WORDS
from shared.trust.passwords import ADVISED, Profile, Refused, Secret, check_password, is_expired

CONTEXT = ("Ann Sm\u00edth", "p07", "Lynwood Biologics", "VX-12 Vexaprin", "Li Wu")
TEXT = "nine herons over the weir"
DAY = 86_400_000


def rule(text: str, profile: Profile = ADVISED, **more: frozenset[str]) -> str:
    """The id of the rule that refuses the password, or "" if none does."""
    try:
        check_password(profile, Secret(text), CONTEXT, **more)
    except Refused as refused:
        return refused.rule
    return ""


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "correct weir battery lantern",
        "kT9#vq2Lw!xz",
        "zwoelf Reiher \u00fcber dem Wehr",
        "\u65e5\u672c\u8a9e\u306e\u5408\u8a00\u8449\u306f\u9577\u3044\u307b\u3069\u3088\u3044",
        "948203761538",  # digits alone, but no pattern: no kinds of characters are demanded
        "tiger tugs orange barge uphill",  # common words among others
        "copper annual ferry",  # Ann is no part of "annual": a short name counts only by itself
        "12 herons over a weir",  # a known word of two characters is no hint
        "dragon monkey summer pizza",  # four common words
        "adgjmdagmjad",  # five different characters
        "125690qwopas",  # six runs
    ],
)
def test_good_passwords(text: str) -> None:
    assert rule(text) == ""


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("PWD-1", ""),
        ("PWD-1", "kT9#vq2Lw!x"),
        ("PWD-1", "cafe\u0301" * 2 + "xy"),  # twelve code points as typed, ten when normalised
        ("PWD-2", "kT9#vq2Lw!xz" * 11),
        ("PWD-3", TEXT + "\n"),
        ("PWD-3", TEXT + "\t"),
        ("PWD-3", TEXT + "\x1b[2J"),
        ("PWD-3", TEXT + "\ud800"),
        ("PWD-3", TEXT + "\u0378"),  # not assigned
        ("PWD-4", "pull the Andon cord, please"),
        ("PWD-4", "my 4nd0n kiosk at night"),
        ("PWD-4", "heron-smith-weir-nine"),
        ("PWD-4", "heron-SM1TH-weir-nine"),
        ("PWD-4", "ann likes nine herons"),
        ("PWD-4", "p07 likes nine herons"),
        ("PWD-4", "nine herons at lynwood"),
        ("PWD-4", "biologics9 herons weir"),
        ("PWD-4", "vexaprinvexaprin9x"),
        ("PWD-4", "nine herons liwu weir"),
        ("PWD-5", "password1234"),
        ("PWD-5", "Password1234!"),
        ("PWD-5", "P@$$w0rd1234"),
        ("PWD-5", "1234@dmin5678"),
        ("PWD-5", "Summer2026!!!"),
        ("PWD-5", "summer-winter-2026"),
        ("PWD-5", "letmein letmein"),
        ("PWD-5", "we1c0me-2026!"),
        ("PWD-5", "p\u00e4ssword12345"),
        ("PWD-5", "Qwertyuiop2026"),
        ("PWD-5", "correcthorsebatterystaple"),
        ("PWD-5", "dragon monkey summer"),
        ("PWD-6", "aaaaaaaaaaaa"),
        ("PWD-6", "adgjdagjagdj"),
        ("PWD-6", "12356790qwop"),
        ("PWD-6", "123456789012"),
        ("PWD-6", "abcdefghijkl"),
        ("PWD-6", "zyxwvutsrqpo"),
        ("PWD-6", "1q1q1q1q1q1q"),
        ("PWD-6", "k7#pz k7#pz k7#pz"),
        ("PWD-6", "kT9#vqkT9#vqkT9"),
        ("PWD-6", "poiuytrewq09876"),
        ("PWD-6", "aabbccddeeff"),
    ],
)
def test_refused_passwords(expected: str, text: str) -> None:
    assert rule(text) == expected


def test_a_site_has_its_own_list() -> None:
    assert rule("Tr\u00f2ub4dor and three", listed=frozenset({"troub4dor and three"})) == "PWD-5"


def test_the_length_counts_from_the_least_to_the_greatest() -> None:
    profile = Profile(min_length=14, max_length=64)
    assert rule("kT9#vq2Lw!xz7", profile) == "PWD-1"
    assert rule("kT9#vq2Lw!xz7u", profile) == ""
    long = "kT9#vq2Lw!xz7umb4" * 3 + "kT9#vq2Lw!xz7"
    assert len(long) == 64
    assert rule(long, profile) == ""
    assert rule(long + "u", profile) == "PWD-2"


def test_kinds_of_characters_count_only_if_the_profile_demands_them() -> None:
    profile = Profile(kinds=3)
    assert rule("nineheronsovertheweir", profile) == "PWD-7"
    assert rule("nine herons over the weir", profile) == "PWD-7"
    assert rule("Nine herons over the weir", profile) == ""
    assert rule("nineherons2over the weir", profile) == ""
    assert rule("Nine herons over the weir", Profile(kinds=4)) == "PWD-7"
    assert rule("Nine herons over 2 weirs", Profile(kinds=4)) == ""


def test_age_counts_only_if_the_profile_demands_it() -> None:
    assert not is_expired(ADVISED, 0, 10_000 * DAY)
    profile = Profile(max_age_days=90)
    assert not is_expired(profile, 0, 90 * DAY)
    assert is_expired(profile, 0, 90 * DAY + 1)
    assert not is_expired(profile, DAY, 91 * DAY)
    assert is_expired(Profile(max_age_days=1), DAY, 2 * DAY + 1)
    assert not is_expired(profile, DAY, 0)


@pytest.mark.parametrize(
    "settings",
    [
        {"min_length": 7},
        {"max_length": 63},
        {"max_length": 1025},
        {"min_length": 100, "max_length": 99},
        {"kinds": 5},
        {"kinds": -1},
        {"max_age_days": -1},
    ],
)
def test_profiles_have_limits(settings: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="password"):
        Profile(**settings)


def test_profiles_reach_their_limits() -> None:
    assert rule("kT9#vq2L", Profile(min_length=8, max_length=64, kinds=4)) == ""
    assert rule("kT9#vq2", Profile(min_length=8)) == "PWD-1"
    assert Profile(max_length=1024).max_length == 1024


def test_the_default_profile() -> None:
    assert Profile(min_length=12, max_length=128, kinds=0, max_age_days=0) == ADVISED


def test_the_words_are_what_the_rules_expect() -> None:
    assert len(WORDS) >= 200
    assert all(word.isalpha() and word == word.casefold() for word in WORDS)
    assert all(row.isalnum() and row == row.casefold() for row in KEY_ROWS)


def test_a_refusal_is_a_rule_and_what_to_do() -> None:
    with pytest.raises(Refused) as refused:
        check_password(ADVISED, Secret("short"), ())
    assert str(refused.value) == f"{refused.value.rule}: {refused.value.text}"
    assert refused.value.text.startswith("Choose at least 12 characters")


@given(st.text(min_size=1))
def test_a_refusal_never_repeats_the_password(text: str) -> None:
    marked = f"{text}\u2603{text}"
    try:
        check_password(ADVISED, Secret(marked), (marked,))
    except Refused as refused:
        assert marked not in str(refused)  # noqa: PT017 - most texts are refused, not all


def test_long_passwords_are_judged_in_no_time() -> None:
    assert rule("dayshift" * 127 + "kT9#vq2L", Profile(max_length=1024)) == ""


@pytest.mark.parametrize("show", [repr, str, "{}".format, lambda secret: f"{secret!r}", ascii])
def test_a_secret_is_masked(show: object) -> None:
    assert callable(show)
    assert show(Secret(TEXT)) == "Secret(****)"
    assert show(Secret("")) == "Secret(****)"


def test_a_secret_is_masked_in_a_traceback_with_locals() -> None:
    def fail(password: Secret) -> None:
        held = [password, {"password": password}]
        raise RuntimeError(len(held))

    with pytest.raises(RuntimeError) as failure:
        fail(Secret(TEXT))
    shown = "".join(traceback.TracebackException.from_exception(failure.value, capture_locals=True).format())
    assert "held = [Secret(****), {'password': Secret(****)}]" in shown
    assert "herons" not in shown


def test_a_secret_goes_nowhere_by_itself() -> None:
    secret = Secret(TEXT)
    for copier in (pickle.dumps, copy.copy, copy.deepcopy, hash, vars, msgspec.json.encode):
        with pytest.raises(TypeError) as refused:
            copier(secret)
        assert "herons" not in str(refused.value)


def test_a_secret_reveals_what_was_typed_and_compares_as_it_is_used() -> None:
    assert Secret("cafe\u0301").reveal() == "cafe\u0301"
    assert Secret("cafe\u0301").canonical() == "caf\u00e9".encode()
    assert Secret("cafe\u0301") == Secret("caf\u00e9")
    assert Secret("cafe") != Secret("caf\u00e9")
    assert Secret("cafe") != "cafe"
