"""Answers a form's tag field while somebody types: which tags there are, and which of the typed ones would be new.

Only tags of live articles, and of those that the person may see, are known to them: a tag that stands in another
region's draft alone is not suggested, and is said to be new.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from news.content.slugs import tag_key
from news.models import Article, Tag, TaggedArticle
from news.models.tags import tidy_name
from regions.permissions import access
from regions.permissions.access import Permission

MOST = 8
"""Suggestions at once."""
_LONGEST = 500
"""Characters of the field."""


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """`q` is the word that is being typed, `tags` the whole field. Answers `suggestions` and `new`, both names."""
    if not access.branches_for(request.user, Permission.WRITE):
        raise PermissionDenied
    known = _known(request)
    word = tag_key(request.GET.get("q", "")[:_LONGEST])
    found = known.filter(key__contains=word).order_by("name")[: MOST * 4] if word else []
    suggestions = sorted((tag.name for tag in found), key=lambda name: (not tag_key(name).startswith(word), name))
    typed = [tidy_name(name) for name in request.GET.get("tags", "")[:_LONGEST].split(",")]
    keys = {tag_key(name): name for name in typed if tag_key(name)}
    ids = {key: tag.pk for key, tag in Tag.by_key(keys).items()}
    there = set(known.filter(pk__in=ids.values()).values_list("pk", flat=True))
    new = [name for key, name in keys.items() if ids.get(key) not in there]
    return JsonResponse({"suggestions": suggestions[:MOST], "new": new})


def _known(request: HttpRequest) -> QuerySet[Tag]:
    seen = Q(region__in=access.regions_for(request.user, Permission.EDIT)) | Q(
        pk__in=Article.objects.by(request.user).values("pk")
    )
    uses = TaggedArticle.objects.filter(tag=OuterRef("pk"))
    return Tag.objects.filter(
        Exists(uses.filter(content_object__in=Article.objects.live()))
        | Exists(uses.filter(content_object__in=Article.objects.filter(seen)))
    )
