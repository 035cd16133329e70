"""Rules of an action of which little is typed yet: what they answer whatever comes.

As soon as a rule looks at a field that is not typed, it is left to the form; whatever it answers without looking holds
for everything that could be typed.
"""

from collections.abc import Collection, Mapping
from inspect import getattr_static
from types import MethodType
from typing import Any, Final

import msgspec

from shared.actions.action import Rule, Spec
from shared.actions.world import World

_NOTHING: Final[Mapping[str, Any]] = {}


def verdict(rule: Rule, spec: Spec, world: World, given: Mapping[str, Any] = _NOTHING) -> bool | str | None:
    """What a rule answers whatever is typed beside `given`; None where that depends on what is typed.

    A rule that breaks otherwise is a fault of ours and passes through: what it guards must not look possible.
    """
    try:
        return rule.check(_Untyped(spec, given), world)
    except _AskedField:
        return None


def left_out(spec: Spec, without: Collection[str] = ()) -> dict[str, Any]:
    """What an action holds in the fields that may be left out, where they are; not lists, nor `without`."""
    found = {one.name: one.default for one in msgspec.structs.fields(spec.cls) if one.default is not msgspec.NODEFAULT}
    return {name: value for name, value in found.items() if name not in without}


class _AskedField(Exception):
    """A rule looked at what is not typed yet."""


class _Untyped:
    """An action of which only `given` is typed: its methods work, its other fields end whatever looks at them."""

    def __init__(self, spec: Spec, given: Mapping[str, Any]) -> None:
        self.__dict__.update(given)
        self.__dict__["_cls"] = spec.cls

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever an action has
        cls = self.__dict__["_cls"]
        if name in cls.__struct_fields__:
            raise _AskedField(name)
        found = getattr(cls, name)
        bound = callable(found) and not isinstance(getattr_static(cls, name), staticmethod | classmethod)
        return MethodType(found, self) if bound else found
