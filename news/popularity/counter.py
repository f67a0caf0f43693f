"""Counts reads: a request puts its beacon into a queue in memory, and a thread writes the queue to the database.

A reader counts once per article and hour, and an IP address for a few readers. A reader is identified by a digest of
address, browser, article and hour, made with a salt that is deleted with its day; the digest is deleted with its hour.
Digests are in the database, so a repeat is recognised by every process. If the queue overflows, under load or while the
database is down, beacons are lost; no request ever waits.
"""

import hashlib
import ipaddress
import logging
import secrets
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from news.models import Article
from pekon import maintenance

from . import rankings
from .models import CountedDigest, HourlyReads, Salt
from .robots import MAX_NAME_LENGTH, is_robot

log = logging.getLogger(__name__)
MAX_WAITING = 20_000
"""Beacons that a process keeps until they are written. If there are more, the oldest are dropped."""
BATCH = 500
KEEP_HOURS = 2
READERS_OF_AN_ADDRESS = 5
"""How many readers of one article an address can count for in an hour.

Operators let some 60 to 250 customers share an IPv4 address (blocks of 256 to 1,000 ports, RFC 7422). If one in fifty
of them reads the same article within an hour, these are up to five. So somebody who sends many made-up browser names
from one address counts as five readers an hour, not as hundreds.
"""
_IPV6_PREFIX = 56
"""IPv6 addresses that share these first bits count as one address: the network of a household, or 256 phones."""


@dataclass(frozen=True, slots=True)
class Read:
    article: int
    address: str
    browser: str
    at: datetime


_waiting: deque[Read] = deque(maxlen=MAX_WAITING)
_writer: threading.Thread | None = None
_starting = threading.Lock()


def record_read(request: HttpRequest, article: int) -> bool:
    """Queue the request to be counted as a read. Returns False if it does not look like a person's."""
    browser = request.headers.get("User-Agent", "")[:MAX_NAME_LENGTH]
    purpose = f"{request.headers.get('Sec-Purpose', '')}{request.headers.get('Purpose', '')}"
    if is_robot(browser) or "prefetch" in purpose or "prerender" in purpose:
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    try:
        address = get_adapter().get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):  # no address, or fewer proxies than TRUSTED_PROXY_COUNT
        return False
    _waiting.append(Read(article, address, browser, timezone.now()))
    _start_writer()
    return True


def _start_writer() -> None:
    """Start this process's writer thread with its first beacon, because threads do not survive a server's fork."""
    global _writer
    if settings.READS_EVERY and (_writer is None or not _writer.is_alive()):
        with _starting:
            if _writer is None or not _writer.is_alive():
                _writer = threading.Thread(target=_write_regularly, name="reads", daemon=True)
                _writer.start()


def _write_regularly() -> None:
    while True:
        time.sleep(settings.READS_EVERY)
        try:
            if maintenance.current().is_read_only:
                continue
            while write_batch():
                pass
            if rankings.update_if_due():
                forget(timezone.now())
        except DatabaseError as error:
            log.warning("reads wait: %s", error)
        finally:
            close_old_connections()


def write_batch() -> int:
    """Write up to `BATCH` waiting reads; returns how many were taken from the queue.

    Raises DatabaseError. The reads are then put back into the queue, as far as there is room.
    """
    taken = [_waiting.popleft() for _turn in range(min(BATCH, len(_waiting)))]
    if not taken:
        return 0
    try:
        _write(taken)
    except DatabaseError:
        _waiting.extendleft(reversed(taken[: MAX_WAITING - len(_waiting)]))
        raise
    return len(taken)


def _write(reads: list[Read]) -> None:
    """Count these reads in one transaction. Rows are always written in the same order, so writers cannot deadlock."""
    live = set(Article.objects.live().filter(pk__in={read.article for read in reads}).values_list("pk", flat=True))
    by_reader = {_digest("reader", read.address, read.browser, read.article, at=_hour(read.at)): read for read in reads}
    with transaction.atomic():
        new = _first_seen({digest: _hour(read.at) for digest, read in by_reader.items() if read.article in live})
        counted = _within_limit([by_reader[digest] for digest in new])
        newcomers = _new_addresses([by_reader[digest] for digest in new])
        HourlyReads.objects.bulk_create(
            [HourlyReads(article_id=article, hour=hour, reads=0) for article, hour in sorted(counted)],
            ignore_conflicts=True,
        )
        for (article, hour), count in sorted(counted.items()):
            HourlyReads.objects.filter(article=article, hour=hour).update(
                reads=F("reads") + count, addresses=F("addresses") + newcomers[article, hour]
            )


def _within_limit(new: list[Read]) -> Counter[tuple[int, datetime]]:
    """How many of these new readers count, by article and hour: at most `READERS_OF_AN_ADDRESS` per address."""
    readers: Counter[str] = Counter()
    place: dict[str, tuple[int, datetime]] = {}
    for read in new:
        digest = _digest("address in hour", _network(read.address), read.article, at=_hour(read.at))
        readers[digest] += 1
        place[digest] = (read.article, _hour(read.at))
    counted: Counter[tuple[int, datetime]] = Counter()
    for digest, total in _add_readers({digest: (place[digest][1], readers[digest]) for digest in readers}).items():
        before = total - readers[digest]
        counted[place[digest]] += min(total, READERS_OF_AN_ADDRESS) - min(before, READERS_OF_AN_ADDRESS)
    return counted


def _new_addresses(new: list[Read]) -> Counter[tuple[int, datetime]]:
    """The number of addresses that read the article for the first time that day, by article and hour."""
    first: dict[str, Read] = {}
    for read in new:
        first.setdefault(_digest("address in day", _network(read.address), read.article, at=read.at.date()), read)
    ends = {digest: _hour(read.at).replace(hour=23) for digest, read in first.items()}
    return Counter((first[digest].article, _hour(first[digest].at)) for digest in _first_seen(ends))


def _first_seen(hours: dict[str, datetime]) -> list[str]:
    """Store these digests until the given hours are over; returns those that were not stored before."""
    return list(_insert({digest: (hour, 1) for digest, hour in hours.items()}, "ON CONFLICT DO NOTHING"))


def _add_readers(rows: dict[str, tuple[datetime, int]]) -> dict[str, int]:
    """Add to the number of readers of each digest; returns the sums by digest."""
    table = CountedDigest._meta.db_table
    return _insert(rows, f"ON CONFLICT (digest) DO UPDATE SET readers = {table}.readers + excluded.readers")


def _insert(rows: dict[str, tuple[datetime, int]], on_conflict: str) -> dict[str, int]:
    """Insert rows given as digest → (hour, readers); returns digest → readers for the rows written."""
    if not rows:
        return {}
    places = ", ".join(["(%s, %s, %s)"] * len(rows))
    values = [
        value
        for digest, (hour, readers) in sorted(rows.items())
        for value in (digest, connection.ops.adapt_datetimefield_value(hour), readers)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {CountedDigest._meta.db_table} (digest, hour, readers) VALUES {places} "  # noqa: S608  (our own names)
            f"{on_conflict} RETURNING digest, readers",
            values,
        )
        return dict(cursor.fetchall())


def _network(address: str) -> str:
    """The address as it is counted: an IPv4 address, or the IPv6 network, because users choose the rest themselves."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, _IPV6_PREFIX), strict=False))


def _digest(*parts: str | int, at: date) -> str:
    """A digest of the parts and of the hour or day `at`, made with the day's salt."""
    day = at.date() if isinstance(at, datetime) else at
    text = "\n".join(map(str, (*parts, at)))
    return hashlib.blake2b(text.encode(), key=bytes.fromhex(_salt(day)), digest_size=16).hexdigest()


@lru_cache(maxsize=2)
def _salt(day: date) -> str:
    salt, _made = Salt.objects.get_or_create(day=day, defaults={"value": secrets.token_hex(32)})
    return salt.value


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def forget(now: datetime) -> None:
    """Delete the digests of past hours and days, and the salts of past days."""
    CountedDigest.objects.filter(hour__lt=_hour(now) - timedelta(hours=KEEP_HOURS)).delete()
    Salt.objects.filter(day__lt=(now - timedelta(hours=KEEP_HOURS)).date()).delete()
    _salt.cache_clear()
