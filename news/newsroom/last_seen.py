"""What is new for a person in a story: what was changed since the version that they knew.

A person knows a version that they have stored or acted on (its revision says whose it is), and one that they had open
for review (`LastSeen`).
"""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.utils import timezone

from news.models import Article, ArticleVersion, Event, LastSeen
from news.models.versions import ArticleVersionQuerySet
from news.publishing.versions import content_of, of_article
from pekon import maintenance

from . import contents
from .contents import Difference

_TOLD_OTHERWISE = "status"
"""The page says it beside the title."""


@dataclass(frozen=True)
class News:
    """The differences between a known version and the stored story.

    `is_since_return`: the person knows no version, so this is what was changed since the story was last returned.
    `is_seen`: they have had the stored story on their screen before.
    """

    version: ArticleVersion
    differences: list[Difference]
    is_since_return: bool = False
    is_seen: bool = False


def news(article: Article, person: User | AnonymousUser) -> News | None:
    """What is new for this person; None if there is nothing to compare with."""
    known = _known(article, person)
    earlier = [number for number in known if number < article.version]
    if earlier:
        version = _versions(article).filter(number__lte=max(earlier)).order_by("-number", "-pk").first()
    else:
        version = _versions(article).filter(event__verb=Event.Verb.RETURNED).first()
    if version is None or version.number >= article.version:
        return None
    return News(version, since(version, article), not earlier, article.version in known)


def since(version: ArticleVersion, article: Article) -> list[Difference]:
    """The differences between a version and the stored story. `version` was loaded `with_content()`."""
    before = {name: value for name, value in content_of(version).items() if name != _TOLD_OTHERWISE}
    return contents.compare_whole(before, of_article(article), article.region)


@transaction.atomic
def note(article: Article, person: User | AnonymousUser) -> None:
    """Remember that the person has this version of the story on their screen, unless the newsroom is read-only."""
    if maintenance.current().is_read_only:
        return
    row, is_new = LastSeen.objects.select_for_update().get_or_create(
        person_id=person.pk, article=article, defaults={"version": article.version}
    )
    if is_new:
        return
    if article.version > row.version:
        row.before, row.version = row.version, article.version
    row.seen_at = timezone.now()
    row.save(update_fields=["before", "version", "seen_at"])


def _known(article: Article, person: User | AnonymousUser) -> set[int]:
    """The numbers of versions that the person knows: the newest ones, which is all that is asked for."""
    own = article.versions.stored().filter(revision__user=person.pk).order_by("-number")
    known = set(own.values_list("number", flat=True)[:2])
    for pair in LastSeen.objects.filter(article=article, person=person.pk).values_list("version", "before"):
        known.update(number for number in pair if number)
    return known


def _versions(article: Article) -> ArticleVersionQuerySet:
    return article.versions.stored().with_content().select_related("revision__user")
