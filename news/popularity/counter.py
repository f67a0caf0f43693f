"""Counting reads: a beacon costs a reader nothing and its process an entry in a queue; a thread writes the queue down.

A reader counts once for a story and hour. Who that is, is a digest of address, browser, story and hour with a salt of
the day that is forgotten with the day; the digest itself is forgotten with its hour. All processes share the digests,
so it does not matter which one a repeat reaches. Under more load than the queue holds, or while the database is away,
beacons are lost: nobody waits for them.
"""

import hashlib
import logging
import re
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

from . import charts
from .models import HourlyReads, Salt, Seen

log = logging.getLogger(__name__)
MOST_WAITING = 20_000
"""Beacons that a process keeps until they are written; of more, the oldest are lost."""
BATCH = 500
KEEP_HOURS = 2
_ROBOT = re.compile(
    r"bot|crawl|spider|slurp|preview|scan|monitor|fetch|check|headless|lighthouse|pagespeed|prerender|facebookexternal"
    r"|whatsapp|telegram|skype|curl|wget|python|java/|go-http|okhttp|axios|node|ruby|perl|libwww|httpclient|phantom",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Read:
    article: int
    address: str
    browser: str
    at: datetime


_waiting: deque[Read] = deque(maxlen=MOST_WAITING)
_writer: threading.Thread | None = None
_starting = threading.Lock()


def note(request: HttpRequest, article: int) -> bool:
    """Count the request as a read, soon. Whether it looks like a person's."""
    browser = request.headers.get("User-Agent", "")
    purpose = f"{request.headers.get('Sec-Purpose', '')}{request.headers.get('Purpose', '')}"
    if not browser or _ROBOT.search(browser) or "prefetch" in purpose or "prerender" in purpose:
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    try:
        address = get_adapter().get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):  # no address, or fewer proxies than TRUSTED_PROXY_COUNT
        return False
    _waiting.append(Read(article, address, browser[:300], timezone.now()))
    _start_writer()
    return True


def _start_writer() -> None:
    """One thread a process, begun with the first beacon: a server's processes are forked before that."""
    global _writer
    if settings.READS_EVERY and (_writer is None or not _writer.is_alive()):
        with _starting:
            if _writer is None or not _writer.is_alive():
                _writer = threading.Thread(target=_write_now_and_then, name="reads", daemon=True)
                _writer.start()


def _write_now_and_then() -> None:
    while True:
        time.sleep(settings.READS_EVERY)
        try:
            while flush():
                pass
            if charts.work_out_if_due():
                forget(timezone.now())
        except DatabaseError as error:
            log.warning("reads wait: %s", error)
        finally:
            close_old_connections()


def flush() -> int:
    """Write what waits, at most `BATCH` of it: how many reads were looked at.

    Raises DatabaseError; nothing is lost then, unless more comes than the queue holds.
    """
    taken = [_waiting.popleft() for _turn in range(min(BATCH, len(_waiting)))]
    if not taken:
        return 0
    try:
        _write(taken)
    except DatabaseError:
        _waiting.extendleft(reversed(taken[: MOST_WAITING - len(_waiting)]))
        raise
    return len(taken)


def _write(reads: list[Read]) -> None:
    hours = {_digest(read): (read.article, _hour(read.at)) for read in reads}
    with transaction.atomic():
        new = _first_seen({digest: hour for digest, (_article, hour) in hours.items()})
        live = set(Article.objects.live().filter(pk__in={read.article for read in reads}).values_list("pk", flat=True))
        counted = Counter(hours[digest] for digest in new if hours[digest][0] in live)
        HourlyReads.objects.bulk_create(
            [HourlyReads(article_id=article, hour=hour, reads=0) for article, hour in sorted(counted)],
            ignore_conflicts=True,
        )
        for (article, hour), count in sorted(counted.items()):  # in one order, so that two writers never wait in a ring
            HourlyReads.objects.filter(article=article, hour=hour).update(reads=F("reads") + count)


def _first_seen(hours: dict[str, datetime]) -> list[str]:
    """Those digests that no process has stored yet; now they are."""
    digests = sorted(hours)
    places = ", ".join(["(%s, %s)"] * len(digests))
    values = [
        value for digest in digests for value in (digest, connection.ops.adapt_datetimefield_value(hours[digest]))
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Seen._meta.db_table} (digest, hour) VALUES {places} "  # noqa: S608  (our own names)
            "ON CONFLICT DO NOTHING RETURNING digest",
            values,
        )
        return [row[0] for row in cursor.fetchall()]


def _digest(read: Read) -> str:
    said = f"{read.address}\n{read.browser}\n{read.article}\n{_hour(read.at).isoformat()}"
    return hashlib.blake2b(said.encode(), key=bytes.fromhex(_salt(read.at.date())), digest_size=16).hexdigest()


@lru_cache(maxsize=2)
def _salt(day: date) -> str:
    salt, _made = Salt.objects.get_or_create(day=day, defaults={"value": secrets.token_hex(32)})
    return salt.value


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def forget(now: datetime) -> None:
    """Delete digests of hours that are over, and salts of days that are."""
    Seen.objects.filter(hour__lt=_hour(now) - timedelta(hours=KEEP_HOURS)).delete()
    Salt.objects.filter(day__lt=(now - timedelta(hours=KEEP_HOURS)).date()).delete()
    _salt.cache_clear()
