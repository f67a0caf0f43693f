"""How states, times and comments are shown in the newsroom, and the hidden field of its forms."""

import re
from datetime import datetime
from functools import cache

from django import template
from django.contrib.auth.models import AbstractUser
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

from news.markup import formats
from news.models import Article, Comment
from news.models.querysets import State
from news.publishing import notice_reading
from news.publishing.comments import name_of
from regions.models import Region
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
def countdown(moment: datetime) -> str:
    """How long it is until then, in words."""
    return _("in %(time)s") % {"time": timeuntil(moment, depth=1)} if moment > timezone.now() else _("now")


@register.simple_tag
def waiting_since(moment: datetime) -> str:
    """How long something has been waiting, in words."""
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
