"""A person's saved searches of the story list: which there are, and the address that keeps and forgets them."""

from typing import cast
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from news.models import SavedSearch
from pekon.plain_text import whole_number
from regions.permissions import access, form_keys
from regions.permissions.access import Permission

NAMES = (
    *("q", "mine", "region", "state", "kind__exact", "section__id__exact"),
    *("waiting", "of", "period", "from", "to", "o"),
)
"""The parameters that a saved search may have."""


def of(user: User | AnonymousUser) -> list[SavedSearch]:
    """The person's own, by name."""
    return list(SavedSearch.objects.filter(user=user.pk))


def tidy(query: str) -> str:
    """The query string with the list's own parameters alone, in one order, without empty ones."""
    asked = {name: value for name, value in parse_qsl(query[:4000]) if name in NAMES and "\0" not in value}
    return urlencode({name: asked[name] for name in NAMES if name in asked})


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Keep the posted search under its name, or forget one of the person's own. Redirects to the list."""
    if not access.branches_for(request.user, Permission.WRITE):
        raise PermissionDenied
    with transaction.atomic():
        return form_keys.once(request, lambda: _change(request, cast("User", request.user)))


def _change(request: HttpRequest, user: User) -> HttpResponse:
    query = tidy(request.POST.get("query", ""))
    if key := whole_number(request.POST.get("forget", ""), 18):
        SavedSearch.objects.filter(user=user, pk=key).delete()
    else:
        try:
            _keep(user, request.POST.get("name", ""), query)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
    return HttpResponseRedirect(f"{reverse('admin:news_article_changelist')}?{query}")


def _keep(user: User, name: str, query: str) -> None:
    """Store a search. Raises ValidationError."""
    User.objects.select_for_update().get(pk=user.pk)  # so that two forms at once keep no more than MOST
    if not query:
        raise ValidationError(_("Search or filter first; then save that."))
    if SavedSearch.objects.filter(user=user).count() >= SavedSearch.MOST:
        raise ValidationError(_("You have %(number)s saved searches. Delete one first.") % {"number": SavedSearch.MOST})
    saved = SavedSearch(user=user, name=" ".join(name.split()), query=query)
    saved.full_clean()
    saved.save()
