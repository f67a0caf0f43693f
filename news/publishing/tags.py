"""Renames and merges tags. Only the network's editors may do so, because a tag is used in every region.

Old addresses redirect, and old names still find the tag (`news.models.tags.TagAlias`). Search documents are updated in
the background (news.newsroom.sections).
"""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from news.content.slugs import tag_key
from news.models import Article, Event, Tag, TagAlias, TaggedArticle
from news.models.tags import free_slug, tidy_name
from regions import generations, tree
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

from . import journal, placements

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


def may_change(actor: "User | AnonymousUser") -> bool:
    """Whether the actor may publish in the whole network: its editors, chief editors and administrators."""
    return tree.ROOT in access.branches_for(actor, Permission.PUBLISH)


@generations.bumping()
def rename(tag: Tag, name: str, *, actor: "User") -> Tag:
    """Give a tag another name, and a new address derived from it.

    Raises PermissionDenied, and ValidationError for an empty name or one that another tag has or had.
    """
    _require_permission(actor)
    stored: Tag = Tag.objects.select_for_update().get(pk=tag.pk)
    wanted, before = tidy_name(name), stored.name
    key = tag_key(wanted)
    if not key:
        raise ValidationError(_("Write a name with letters, digits or symbols."))
    if Tag.by_key([key]).get(key, stored) != stored:
        raise ValidationError(_("Another tag has this name."))
    if key != stored.key:
        TagAlias.objects.filter(key=key).delete()  # the tag returns to one of its former names
        TagAlias.objects.create(tag=stored, name=before, key=stored.key, slug=stored.slug)
        stored.key, stored.slug = key, free_slug(wanted, of=stored)
    stored.name = wanted
    stored.save()
    if wanted != before:
        _record(Event.Verb.TAG_RENAMED, actor, before, wanted)
    return stored


@generations.bumping()
def merge(tag: Tag, into: Tag, *, actor: "User") -> Tag:
    """Move the articles of `tag` to `into`, and make the name and address of `tag` lead there.

    Raises PermissionDenied, and ValidationError if both are the same tag.
    """
    _require_permission(actor)
    if tag.pk == into.pk:
        raise ValidationError(_("Another tag has this name."))
    placements.lock_homes(Article.objects.filter(tagged_articles__tag=tag))
    both = {each.pk: each for each in Tag.objects.select_for_update().filter(pk__in=[tag.pk, into.pk]).order_by("pk")}
    old: Tag = both[tag.pk]
    kept: Tag = both[into.pk]
    generations.bump_for(old)
    rows = TaggedArticle.objects.filter(tag=old)
    moved = list(rows.values_list("content_object", flat=True))
    rows.filter(content_object__in=TaggedArticle.objects.filter(tag=kept).values("content_object")).delete()
    rows.update(tag=kept)
    placements.rebuild_tagged(moved)
    TagAlias.objects.filter(tag=old).update(tag=kept)
    TagAlias.objects.create(tag=kept, name=old.name, key=old.key, slug=old.slug)
    generations.bump_for(kept)
    _record(Event.Verb.TAG_MERGED, actor, old.name, kept.name)
    old.delete()
    return kept


def _require_permission(actor: "User") -> None:
    if not may_change(actor):
        raise PermissionDenied


def _record(verb: Event.Verb, actor: "User", before: str, after: str) -> None:
    root = Region.objects.get(kind=Region.Kind.NETWORK)
    journal.record(verb, actor=actor, region=root, note=f"{before} → {after}")
