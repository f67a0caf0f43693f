"""Saves regions. No other module changes a label or moves a branch.

Both change all paths below the region, in one transaction. A former label becomes an alias, so that old addresses keep
working. The signal `branch_moved` lets other applications update what they derive from the tree.
"""

from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.dispatch import Signal

from . import generations
from .models import Region, SubdomainAlias

branch_moved = Signal()
"""Sent in the transaction after a region was given another parent; `region` is the root of the moved branch."""


@generations.bumping()
def save(region: Region) -> None:
    """Validate and store a new or changed region. Raises ValidationError; then nothing has changed."""
    rows = Region.objects.select_for_update().filter(pk__in=[region.pk, region.parent_id])
    locked = {row.pk: row for row in rows.order_by("pk")}
    before = locked.get(region.pk)
    region.parent = locked.get(region.parent_id or 0)  # read again, because its label may have changed meanwhile
    region.full_clean()
    region.save()
    SubdomainAlias.objects.filter(region=region, label=region.subdomain).delete()
    if before is None or before.path == region.path:
        return
    Region.objects.filter(path__startswith=before.path).exclude(pk=region.pk).update(
        path=Concat(Value(region.path), Substr(F("path"), len(before.path) + 1))
    )
    if before.subdomain != region.subdomain:
        SubdomainAlias.objects.create(label=before.subdomain, region=region)
    if before.parent_id != region.parent_id:
        branch_moved.send(sender=Region, region=region)
