"""Notifies search engines and feed readers of new, changed and removed articles, by IndexNow and WebSub. Both are off
by default.

A task is enqueued in the transaction that changes the article, and runs once the article is live, so that services
learn nothing about unpublished articles. A task may run twice, and is tried again later if a service is down.

Sources: indexnow.org/documentation; WebSub (W3C Recommendation 2018), section 7, as hubs take it (`hub.mode=publish`).
"""

import json
import logging
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_tasks import task

from news.models import Article, Placement
from pekon.background import retries
from regions.models import Region

log = logging.getLogger(__name__)
_RETRY_AFTER = (30, 300, 3600, 21_600)  # seconds until the next attempt; no further attempt after the last
_TIMEOUT = 10  # seconds
_FEEDS = ("rss.xml", "atom.xml", "feed.json")


class PingRejected(Exception):
    """The service refused the request, and would refuse it again."""


def on_placed(sender: Any, article_ids: list[int], **kwargs: Any) -> None:
    if not (settings.INDEXNOW or settings.WEBSUB_HUB):
        return
    now = timezone.now()
    for pk, published_at in Article.objects.filter(pk__in=article_ids).values_list("pk", "published_at"):
        if published_at:  # the task itself checks whether the article is or was live
            announce.using(run_after=max(now, published_at)).enqueue(pk)


@task()
def announce(article_id: int, attempt: int = 0) -> None:
    """Notify the configured services of an article that is or was live."""
    article = Article.objects.live().select_related("region").filter(pk=article_id).first()
    gone = Article.objects.gone().select_related("region").filter(pk=article_id).first()
    known = article or gone
    if known is None:
        return
    try:
        if settings.INDEXNOW:
            _index_now(known)
        if settings.WEBSUB_HUB:
            _notify_hub(known)
    except PingRejected as error:
        log.warning("%s is not announced: %s", known.canonical_url, error)
    except OSError as error:  # network errors, and answers that may change
        log.warning("%s is announced later: %s", known.canonical_url, error)
        retries.again(announce, article_id, attempt=attempt, waits=_RETRY_AFTER)


def key_of(region: Region) -> str:
    """The key with which IndexNow verifies that we own the host: it must be served at `/<key>.txt`."""
    return salted_hmac("news.announcing.indexnow", region.host, algorithm="sha256").hexdigest()[:32]


def _index_now(article: Article) -> None:
    region = article.region
    submission = {
        "host": region.host_name,
        "key": key_of(region),
        "keyLocation": f"{region.origin}/{key_of(region)}.txt",
        "urlList": [article.canonical_url],
    }
    _post(settings.INDEXNOW_URL, json.dumps(submission).encode(), "application/json; charset=utf-8")


def _notify_hub(article: Article) -> None:
    """Notify the hub that feeds have changed: those of all regions that list the article, or, if it is gone, those of
    its region and the regions above."""
    listed = [row.region for row in Placement.objects.filter(article=article).select_related("region")]
    feeds = [f"{region.origin}/{feed}" for region in listed or article.region.lineage for feed in _FEEDS]
    form = urlencode([("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)])
    _post(settings.WEBSUB_HUB, form.encode(), "application/x-www-form-urlencoded")


def _post(address: str, content: bytes, content_type: str) -> None:
    """Send a request. Raises PingRejected, or OSError if a later attempt may succeed."""
    if urlsplit(address).scheme not in ("http", "https"):
        raise PingRejected(f"{address} is no web address")
    request = Request(address, content, {"Content-Type": content_type, "User-Agent": "Pekon"})  # noqa: S310  (the scheme is checked above)
    try:
        with urlopen(request, timeout=_TIMEOUT):  # noqa: S310
            pass
    except HTTPError as error:
        if error.code == 429 or error.code >= 500:
            raise
        raise PingRejected(f"{address} answered {error.code}") from None
