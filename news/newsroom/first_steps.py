"""The checklist on the desk of somebody who has just begun to manage a region."""

from datetime import timedelta
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from news.models import Article, Page
from regions import tree
from regions.models import Assignment, Masthead, Region
from regions.permissions import access
from regions.permissions.access import Permission

DAYS = timedelta(days=14)
"""The checklist is shown for this long after the account was made, or until all is done."""


class Step(NamedTuple):
    name: str | Promise
    url: str
    is_done: bool


def first_steps(user: User) -> list[Step]:
    """What makes an edition ready, and whether it is done in the region that this person manages. One query for new
    chiefs, none for anybody else."""
    branches = access.branches_for(user, Permission.MANAGE)
    if not branches or tree.ROOT in branches or user.date_joined < timezone.now() - DAYS:
        return []
    here = OuterRef("pk")
    done = (
        Region.objects.filter(path=min(branches, key=len))
        .values_list(
            Exists(Masthead.objects.filter(region=here)),
            Exists(Page.objects.filter(region=here)),
            Exists(Assignment.objects.filter(region=here).exclude(user=user.pk)),
            Exists(Article.objects.approved().filter(region=here)),
        )
        .first()
    ) or ()
    steps = [
        (_("Say who is responsible: the masthead"), "admin:regions_masthead_add"),
        (_("Write the pages about the paper, or keep the network's"), "admin:news_page_add"),
        (_("Invite your colleagues"), "admin:regions_invitation_add"),
        (_("Publish the first story"), "admin:news_article_add"),
    ]
    shown = [Step(name, reverse(url), is_done) for (name, url), is_done in zip(steps, done, strict=False)]
    return [] if all(step.is_done for step in shown) else shown
