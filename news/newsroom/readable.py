"""Which stories a person may read in the newsroom, for lists and searches."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from news.models import Article
from news.search.backends import AnyOf
from regions import tree
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


@dataclass(frozen=True)
class Readable:
    """`condition` says which articles. `tokens` are what all of their search documents have (newsroom_documents): they
    save work, and leave no article out."""

    condition: Q
    tokens: tuple[AnyOf, ...] = ()


def readable(user: "User | AnonymousUser", written_in: Iterable[Region] | None = None) -> Readable:
    """All articles of the regions that the person edits, and their own where they write: `rules.may_read` as a query.

    `written_in` are the regions in which the person writes, if they were read already; otherwise that is one query.
    With the regions' keys written out, the database knows how many articles they have.
    """
    edited, written = access.branches_for(user, Permission.EDIT), access.branches_for(user, Permission.WRITE)
    if tree.ROOT in edited:
        return Readable(Q())
    if not written:
        return Readable(Q(pk__in=()))
    if written_in is None:
        written_in = access.regions_for(user, Permission.WRITE).only("path")
    regions = {region.path: region.pk for region in written_in}
    in_edited = [key for path, key in regions.items() if any(tree.contains(branch, path) for branch in edited)]
    ways = [[f"r_{regions[branch]}"] for branch in edited if branch in regions]
    condition = Q(region__in=in_edited)
    if len(in_edited) < len(regions):
        own = Q(pk__in=Article.objects.keys_by(user), region__in=list(regions.values()))
        condition = condition | own if in_edited else own
        ways.append([f"u_{user.pk}"])
    return Readable(condition, (ways,))
