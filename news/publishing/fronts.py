"""Places articles on front pages."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils.translation import gettext as _

from news.models import Article, FrontSlot
from regions import generations
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

from .readiness import TransitionError

if TYPE_CHECKING:
    from .rules import Actor


@generations.bumping()
def insert(article: Article, *, actor: "Actor", region: Region, slot: str, position: int) -> FrontSlot:
    """Place the article at this position of the region's slot (a `FrontSlot.Slot`), from now on. What stands there
    moves one back.

    Raises PermissionDenied, TransitionError if it stands there already, and ValidationError if the region does not list
    the article.
    """
    if not access.allowed(actor, Permission.PUBLISH, region):
        raise PermissionDenied
    Region.objects.select_for_update(of=("self",)).get(pk=region.pk)  # one at a time, or two get one position
    there = FrontSlot.objects.running().in_region(region).filter(slot=slot)
    if there.filter(article=article).exists():
        raise TransitionError(_("The story stands there already."))
    placed = FrontSlot(region=region, slot=slot, article=article, position=position)
    placed.full_clean()
    there.filter(position__gte=position).update(position=F("position") + 1)
    placed.save()
    generations.bump_for(placed)
    return placed
