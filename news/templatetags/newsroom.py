"""How states, times and comments are shown in the newsroom, and the hidden field of its forms."""

import re
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlencode

from django import template
from django.contrib.auth.models import AbstractUser
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from news.markup import formats
from news.models import Article, Comment
from news.models.querysets import State
from news.publishing import notice_reading
from news.publishing.comments import name_of
from regions.models import Assignment, Region
from regions.people import display_name
from regions.permissions import form_keys

register = template.Library()


@register.simple_tag
def masthead() -> str:
    """The network's host name in capitals."""
    return formats.masthead()


@register.simple_tag(takes_context=True)
def unread_notices(context: Context) -> int:
    """How many notices this person has not read; one query."""
    return notice_reading.unread(context["request"].user)


@register.simple_tag
def icon(name: str) -> SafeString:
    """The drawing with this name (templates/admin/icons), hidden from screen readers: it stands beside a word."""
    return mark_safe(_icon(name))  # a file of ours


@cache
def _icon(name: str) -> str:
    return render_to_string(f"admin/icons/{name}.svg").strip()


@register.simple_tag
def in_region(moment: datetime | None, region: Region) -> str:
    """A time in the region's zone, with the zone's name: `23 Nov 2024 20:25 WIB`."""
    return region.clock(moment)


@register.simple_tag
def in_schedule(article: Article) -> str:
    """The address of the day in the schedule on which the article goes out."""
    region = article.region
    day = region.local(article.publication_time).date().isoformat()
    query = urlencode({"wilayah": region.subdomain or "-", "tampilan": "hari", "hari": day})
    return f"{reverse('admin:schedule')}?{query}#story-{article.pk}"


@register.simple_tag
def countdown(moment: datetime) -> str:
    """How long it is until then, in words."""
    return _("in %(time)s") % {"time": timeuntil(moment, depth=1)} if moment > timezone.now() else _("now")


@register.simple_tag
def waiting_since(moment: datetime) -> str:
    """How long something has been waiting, in words."""
    if timezone.now() - moment < timedelta(minutes=1):
        return _("just now")
    return _("waits %(time)s") % {"time": timesince(moment, depth=1)}


@register.simple_tag
def saved_at(article: Article) -> str:
    """When the story was stored, in words: the time today, or the day and time."""
    here, now = article.region.local(article.updated_at), article.region.local(timezone.now())
    is_today = here.date() == now.date()
    return _("Saved %(time)s") % {"time": format_date(here, "H.i") if is_today else article.region.clock(here)}


@register.simple_tag
def form_key() -> SafeString:
    """The hidden field that every form of the newsroom has, so that pressing its button twice stores it only once."""
    return format_html('<input type="hidden" name="{}" value="{}">', form_keys.FIELD, form_keys.new())


@register.filter
def person_name(user: AbstractUser | None) -> str:
    """A person's name as colleagues know it. Their log-in name is shown only if they have no other."""
    return display_name(user) if user else "Pekon"


ROLE_WORDS = {
    Assignment.Role.CONTRIBUTOR: _lazy("writes stories and submits them"),
    Assignment.Role.REPORTER: _lazy("writes stories and submits them"),
    Assignment.Role.EDITOR: _lazy("edits and publishes the region's stories, and arranges its front page"),
    Assignment.Role.CHIEF_EDITOR: _lazy("does all that an editor does, withdraws, and manages people and pages"),
}


@register.filter
def role_words(role: str) -> str:
    """What somebody with this role does."""
    return str(ROLE_WORDS[Assignment.Role(role)])


@register.filter
def comment_text(comment: Comment) -> SafeString:
    """What a comment says, with the names of those whom it mentions set apart."""
    names = sorted({name_of(person) for person in comment.mentions.all()} - {""}, key=len, reverse=True)
    text = str(escape(comment.text))
    if names:
        mentioned = re.compile("@(?:" + "|".join(re.escape(escape(name)) for name in names) + ")", re.IGNORECASE)
        text = mentioned.sub(lambda name: f'<b class="mention">{name[0]}</b>', text)
    return mark_safe(linebreaks(text, autoescape=False))  # escaped above


@register.simple_tag
def state_label(article: Article) -> str:
    """The label of the state of an article that was loaded `with_state()`."""
    return str(State(article.state).label)


@register.filter
def zone_name(region: Region) -> str:
    """The name of the region's time zone: WIB, WITA or WIT."""
    return str(Region.Zone(region.timezone).label)


@register.filter
def age_in_words(age: timedelta) -> str:
    """A time span in whole minutes, hours or days."""
    minutes = int(age.total_seconds()) // 60
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    if minutes < 48 * 60:
        return ngettext("%(count)s hour", "%(count)s hours", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)s day", "%(count)s days", minutes // 1440) % {"count": minutes // 1440}
