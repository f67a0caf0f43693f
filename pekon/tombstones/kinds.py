"""The kinds of tombstones: what each does to a restored database."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .models import Tombstone


@dataclass(frozen=True)
class Kind:
    """A kind of thing that readers must not get again."""

    name: str
    is_valid: Callable[[Tombstone], bool]
    """Whether the tombstone is one that this kind can apply. Files outside can hold anything."""
    apply: Callable[[Tombstone], bool]
    """Take the subject from readers once more. Returns whether there was anything to do; doing it twice does no
    harm."""
    statements: Callable[[Iterable[Tombstone]], list[str]]
    """SQL that hides the subjects from readers at once, in the transaction that loads a backup. It meets the tables of
    the backup's release, so it names nothing but what all releases have; `apply` does the rest later."""


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    KINDS[kind.name] = kind
