"""What the readers of each region see, told apart by region, to be compared before and after an act.

It reads the rows themselves and not what is registered in `regions.generations`, so that it finds what is missing
there.
"""

from collections import defaultdict
from typing import Any

from news.adverts.models import AdsTxt, Advert
from news.models import (
    BodyReference,
    Byline,
    FrontArrangement,
    FrontSlot,
    GalleryPhoto,
    Page,
    Placement,
    Section,
    TaggedArticle,
)
from regions import tree
from regions.generations import EVERYWHERE
from regions.models import Masthead, Region, SubdomainAlias

Facts = dict[int, set[Any]]
_ARTICLE = ("article__version", "article__status", "article__expires_at", "article__slug", "article__lead_photo")
_PHOTO = ("caption", "credit", "alt", "is_decorative", "rendition_key")
_AUTHOR = ("author__name", "author__slug", "author__bio")


def facts() -> Facts:
    """By region's key, or EVERYWHERE: what its lists, articles, slots, adverts and pages are made from."""
    seen: Facts = defaultdict(set)
    regions = dict(Region.objects.values_list("pk", "path"))
    listing: dict[int, set[int]] = defaultdict(set)  # article → regions
    photos = [f"article__lead_photo__{name}" for name in _PHOTO]
    for region, article, *values in Placement.objects.values_list(
        "region", "article", "published_at", *_ARTICLE, *photos
    ):
        listing[article].add(region)
        seen[region].add((article, *values))
    parts = (
        (Byline, "article", ("role", "position", *_AUTHOR)),
        (TaggedArticle, "content_object", ("tag__name", "tag__slug")),
        (GalleryPhoto, "article", ("position", *(f"photo__{name}" for name in _PHOTO))),
        (BodyReference, "article", ("story__title", "story__status", *(f"photo__{name}" for name in _PHOTO))),
    )
    for model, article_field, names in parts:
        for article, *values in model._base_manager.values_list(article_field, *names):
            for region in listing[article]:
                seen[region].add((model.__name__, article, *values))
    current = set(FrontArrangement.objects.current().values_list("pk", flat=True))
    followers = list(FrontArrangement.objects.filter(pk__in=current, follows_lead=True))
    arrangements = FrontArrangement.objects.filter(is_retired=False, begins_at__isnull=False)
    for row in arrangements.values():
        seen[row["region_id"]].add(("FrontArrangement", *row.values()))
    for row in FrontSlot.objects.filter(arrangement__in=arrangements).values():
        seen[row["region_id"]].add(("FrontSlot", *row.values()))
        for follower in followers:
            is_above = regions[follower.region_id].startswith(regions[row["region_id"]])
            if is_above and row["slot"] == "lead" and row["arrangement_id"] in current:
                seen[follower.region_id].add(("FrontSlot", *row.values()))
    for model in (Masthead, Page, Advert, AdsTxt):
        for row in model._base_manager.values():
            for region, path in regions.items():
                if path.startswith(regions[row["region_id"]]):
                    seen[region].add((model.__name__, *row.values()))
    for model in (Section, Region, SubdomainAlias):
        seen[EVERYWHERE] |= {(model.__name__, *row.values()) for row in model._base_manager.values()}
    return seen


def not_bumped(before: Facts, after: Facts, bumped: set[int]) -> set[int]:
    """The regions whose readers see something else now, and whose generation was not bumped."""
    changed = {region for region in before.keys() | after.keys() if before.get(region) != after.get(region)}
    if EVERYWHERE in bumped:
        return set()
    paths = dict(Region.objects.values_list("pk", "path"))
    moved = {path for region in bumped for path in tree.lineage(paths.get(region, ""))}
    return {region for region in changed if paths.get(region) not in moved}
