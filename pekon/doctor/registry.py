"""The checks, in the order in which they were registered, and what they find."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from django.db import DatabaseError, InterfaceError, connection

Check = Callable[["Options"], Iterable["Finding"]]


class Status(IntEnum):
    """How bad a finding is. A larger number is worse."""

    SKIP = -1
    OK = 0
    WARN = 1
    FAIL = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """`text` says what is so, `advice` what to do about it."""

    status: Status
    text: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """`mail_to`: an address to which a trial mail is sent; empty for none."""

    mail_to: str = ""


@dataclass(frozen=True, slots=True)
class _Registered:
    name: str
    function: Check
    needs_database: bool


_checks: list[_Registered] = []


def check(name: str, *, needs_database: bool = False) -> Callable[[Check], Check]:
    """Register a check under a name that `--only` and `--skip` take. One that needs the database is skipped while the
    database does not answer."""

    def register(function: Check) -> Check:
        _checks.append(_Registered(name, function, needs_database))
        return function

    return register


def names() -> list[str]:
    return [registered.name for registered in _checks]


def run(options: Options, chosen: Iterable[str]) -> Iterator[tuple[str, Finding]]:
    """What the chosen checks find, each with the check's name. An exception in a check is a finding too."""
    wanted = set(chosen)
    database = _is_database_up()
    for registered in _checks:
        if registered.name not in wanted:
            continue
        if registered.needs_database and not database:
            yield registered.name, skip("the database does not answer")
            continue
        try:
            for finding in registered.function(options):
                yield registered.name, finding
        except Exception as error:
            yield (
                registered.name,
                fail(
                    f"could not be examined: {type(error).__name__}: {error}",
                    "Put right what the message names; if it names nothing of yours, report it as a fault of Pekon.",
                ),
            )


def ok(text: str) -> Finding:
    return Finding(Status.OK, text)


def skip(text: str) -> Finding:
    return Finding(Status.SKIP, text)


def warn(text: str, advice: str) -> Finding:
    return Finding(Status.WARN, text, advice)


def fail(text: str, advice: str) -> Finding:
    return Finding(Status.FAIL, text, advice)


def _is_database_up() -> bool:
    try:
        connection.ensure_connection()
    except (DatabaseError, InterfaceError, OSError):
        return False
    return True
