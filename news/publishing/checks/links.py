"""Links and stories to read also that readers could not open, inside the network. Other sites are not asked.

Whatever readers cannot open looks the same here: a story that is hidden, and one that was never written.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _

from news.content import body
from news.content.slugs import tag_key
from news.models import Article, Author, Placement, Section, Tag, TaggedPlacement
from pekon.plain_text import whole_number
from regions import hosts, tree

from .findings import Finding
from .manuscript import Link, Manuscript, Place, excerpt

MOST_LINKS = 60
_LISTS = ("section", "tag", "author")


class _Inside(NamedTuple):
    """A link into the network. `place` is the region that its host names; None if there is none that is open."""

    link: Link
    host: hosts.Host
    place: Place | None
    match: ResolverMatch | None

    @property
    def story(self) -> int | None:
        return (
            whole_number(str(self.match.kwargs.get("pk", "")), 18)
            if self.match and self._is("article", "short")
            else None
        )

    @property
    def list_of(self) -> str:
        """`section`, `tag` or `author`, if the link leads to such a list or to its feed."""
        return next((name for name in _LISTS if self._is(name)), "")

    def _is(self, *names: str) -> bool:
        name = self.match.url_name or "" if self.match else ""
        return any(name == each or name.startswith(f"{each}-") or name == f"amp-{each}" for each in names)


def broken_links(manuscript: Manuscript) -> Iterator[Finding]:
    """One query, however many links there are."""
    inside = [link for link in (_read(each, manuscript) for each in manuscript.links[:MOST_LINKS]) if link]
    references = body.references(manuscript.body).stories[:MOST_LINKS]
    stories = {story for story in (link.story for link in inside) if story} | {*references}
    live, filled = _open(stories, inside)
    for number, link in enumerate(inside):
        if message := _problem(link, live, number in filled):
            yield Finding(
                "link",
                message % {"address": excerpt(re.sub(r"^https?://", "", link.link.address))},
                _("Correct the link, or take it off."),
                words=link.link.words,
            )
    for story in references:
        if story not in live:
            yield Finding(
                "read_also",
                _("Readers cannot open a story to “read also”, so they will not see it."),
                _("Choose another one, or publish that one first."),
            )
            return


def _read(link: Link, manuscript: Manuscript) -> _Inside | None:
    """The link, if it leads into the network."""
    try:
        address = urlsplit(link.address)
    except ValueError:
        return None
    if address.scheme not in ("", "http", "https") or (not address.netloc and not address.path):
        return None
    place: Place | None
    if address.netloc:
        host = hosts.parse(address.netloc, settings.DOMAIN, settings.NEWSROOM_LABEL)
        place = _place(host, manuscript.places)
    else:
        host = hosts.Host(hosts.Kind.LABEL, manuscript.region.subdomain)
        place = next((each for each in manuscript.places if each.pk == manuscript.region.pk), None)
    if host.kind is hosts.Kind.FOREIGN:
        return None
    return _Inside(link, host, place, _resolved(unquote(address.path) or "/"))


def _place(host: hosts.Host, places: list[Place]) -> Place | None:
    if host.kind in (hosts.Kind.NETWORK, hosts.Kind.WWW):
        return next((place for place in places if place.path == tree.ROOT), None)
    return next(
        (place for place in places if place.subdomain == host.label and place.subdomain and place.is_open), None
    )


def _resolved(path: str) -> ResolverMatch | None:
    """What answers this path to readers, with or without a slash at its end."""
    for written in (path, f"{path}/"):
        try:
            return resolve(written, urlconf=settings.ROOT_URLCONF)
        except Resolver404:
            continue
    return None


def _open(stories: set[int], inside: list[_Inside]) -> tuple[set[int], set[int]]:
    """Which of the stories are live, and the numbers of the links that lead to a list with something in it: readers get
    no empty list of a tag or an author."""
    parts = [rows for number, link in enumerate(inside) if (rows := _list_of(link, number)) is not None]
    if stories:
        live = Article.objects.live().filter(pk__in=stories).order_by()
        parts.append(live.annotate(number=-F("pk")).values_list("number", flat=True))  # negative: they are no links
    if not parts:
        return set(), set()
    first, *others = parts
    found = set(first.union(*others)) if others else set(first)
    return {-number for number in found if number < 0}, {number for number in found if number >= 0}


def _list_of(link: _Inside, number: int) -> "QuerySet[Any, int] | None":
    if link.match is None or link.place is None or not link.list_of:
        return None
    slug = str(link.match.kwargs["slug"])
    rows: QuerySet[Section] | QuerySet[Tag] | QuerySet[Author]
    match link.list_of:
        case "section":
            rows = Section.objects.filter(slug__iexact=slug)
        case "tag":
            key = tag_key(slug)
            named = Q(slug=slug.lower()) | Q(key=key) | Q(aliases__slug=slug.lower()) | Q(aliases__key=key)
            tagged = TaggedPlacement.objects.live().in_region(link.place.pk)
            rows = Tag.objects.filter(named, Exists(tagged.filter(tag=OuterRef("pk"))))
        case _author:
            listed = Placement.objects.live().in_region(link.place.pk)
            rows = Author.objects.filter(
                Exists(listed.filter(article__bylines__author=OuterRef("pk"))), slug__iexact=slug
            )
    return rows.order_by().annotate(number=Value(number)).values_list("number", flat=True)


def _problem(link: _Inside, live: set[int], is_filled: bool) -> str:
    """What is wrong with the link, for readers; empty if nothing is."""
    if link.host.kind is hosts.Kind.NEWSROOM or (link.match and link.match.url_name == "preview"):
        return _("“%(address)s” is open to the newsroom alone.")
    if link.place is None:
        return _("“%(address)s” names no region of the network that readers can open.")
    if link.match is None:
        return _("“%(address)s” is no address of the network.")
    if link.story is not None and link.story not in live:
        return _("There is no story that readers can open at “%(address)s”.")
    if link.list_of and not is_filled:
        return _("There is no such page at “%(address)s”.")
    return ""
