"""Near-doubles: stories of the last days that tell the same. It is better to share one than to write it twice.

Live stories of the whole network count, and what the person may see in the newsroom. Of all others nothing is told, not
even that they exist.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from news.content import body
from news.models import Article, Placement
from regions import tree

from .findings import Finding, KnownStory
from .manuscript import Manuscript

DAYS = 3
MOST_LIVE, MOST_IN_NEWSROOM = 4_000, 400
"""Titles that are compared, the newest first."""
_CANDIDATES = 12
_SHOWN = 3
_BEGINNING = 1_500  # characters of a text that have its first paragraph
_SIMILAR = 60  # of 100: titles that are worth a look at the texts
_SAME_TITLE, _SAME_TEXT = 88, 72
_LITTLE = frozenset(
    "yang dan di ke dari pada untuk dengan ini itu dalam oleh para juga akan telah sudah saat usai jadi soal".split()
)
_MIN_WORDS = 4


@dataclass(frozen=True)
class _Beginning:
    """A title and a first paragraph as lists of words that are compared."""

    title: str
    paragraph: str
    numbers: frozenset[str]


def near_doubles(manuscript: Manuscript) -> Iterator[Finding]:
    """At most three queries, and a bounded number of rows."""
    mine = _beginning(manuscript.title, next((line for line in manuscript.lines if len(line.split()) > 5), ""))
    if len(mine.title.split()) < _MIN_WORDS:
        return
    titles = _titles(manuscript)
    words = {key: _words(title) for key, title in titles.items()}
    similar = process.extract(mine.title, words, scorer=fuzz.token_set_ratio, score_cutoff=_SIMILAR, limit=_CANDIDATES)
    if not similar:
        return
    keys = [key for _title, _score, key in similar]
    itself = {"pk": OuterRef("pk")}
    stored = Article.objects.filter(pk__in=keys).select_related("region").defer("body")
    rows: Iterable[Any] = stored.annotate(
        beginning=Substr("body", 1, _BEGINNING),
        is_live=Exists(Article.objects.live().filter(**itself)),
        is_in_newsroom=Exists(manuscript.reader.articles.filter(**itself)),
    )
    scores = [(_score(mine, row), row) for row in rows if row.is_live or row.is_in_newsroom]
    for score, row in sorted(scores, key=lambda each: (-each[0], each[1].pk))[:_SHOWN]:
        if score:
            yield _finding(manuscript, row)


def _titles(manuscript: Manuscript) -> dict[int, str]:
    """Key → title of what readers can see anywhere, and of what this person may see in the newsroom."""
    since = timezone.now() - timedelta(days=DAYS)
    network = next((place.pk for place in manuscript.places if place.path == tree.ROOT), 0)
    public = Placement.objects.live().in_region(network).filter(published_at__gte=since).newest_first()
    seen = manuscript.reader.articles.unpublished().filter(updated_at__gte=since).order_by("-updated_at", "-pk")
    titles = dict(public.values_list("article_id", "article__title")[:MOST_LIVE])
    titles |= dict(seen.values_list("pk", "title")[:MOST_IN_NEWSROOM])
    titles.pop(manuscript.article or 0, None)
    return titles


def _words(text: str) -> str:
    return " ".join(word for word in re.findall(r"[^\W_]+", text.casefold()) if word not in _LITTLE)


def _beginning(title: str, paragraph: str) -> _Beginning:
    words = _words(title)
    return _Beginning(words, _words(paragraph), frozenset(re.findall(r"\d+", words)))


def _score(mine: _Beginning, article: Any) -> float:
    """How surely the two tell the same; 0 if they do not seem to."""
    lines = body.lines(re.sub(r"<[^<>]*$", "", article.beginning))
    other = _beginning(article.title, next((line for line in lines if len(line.split()) > 5), ""))
    if mine.numbers and other.numbers and not mine.numbers & other.numbers:
        return 0  # prayer times, exchange rates and the like: another day's
    titles = fuzz.token_sort_ratio(mine.title, other.title)
    texts = fuzz.token_sort_ratio(mine.paragraph, other.paragraph)
    if not mine.paragraph or not other.paragraph:
        return titles if titles >= _SAME_TITLE else 0
    if texts >= _SAME_TEXT or (titles >= _SAME_TITLE and texts >= _SAME_TEXT / 2):
        return titles + texts
    return 0


def _finding(manuscript: Manuscript, article: Any) -> Finding:
    """`article` is annotated as in `near_doubles`."""
    is_live = article.is_live
    is_here = tree.contains(manuscript.region.path, article.region.path)
    may_share = is_live and not is_here and manuscript.reader.publishes(article.region.path)
    values = {"title": article.title, "region": article.region.short_name, "mine": manuscript.region.short_name}
    if is_live:
        message = _("%(region)s has this already: “%(title)s”.")
        if is_here:
            advice = _("It stands in your lists already. Add to it, or say what is new in yours.")
        elif may_share:
            advice = _("Share it with %(mine)s instead of writing it twice.")
        else:
            advice = _("Ask its editors to share it with %(mine)s instead of writing it twice.")
    else:
        message = _("Somebody is writing this already: “%(title)s” (%(region)s).")
        advice = _("Talk to each other before there are two.")
    return Finding(
        "double",
        message % values,
        advice % values,
        field="title",
        story=KnownStory(
            pk=article.pk,
            title=article.title,
            region=article.region.short_name,
            address=article.canonical_url if is_live else "",
            is_in_newsroom=article.is_in_newsroom,
            may_share=may_share,
        ),
    )
