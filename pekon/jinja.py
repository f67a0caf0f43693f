"""The environment of the readers' templates, which are Jinja2's (templates/readers).

All other templates are Django's: the newsroom's, allauth's, mails, and the error pages that need no region.
docs/decisions/0055 tells why there are two languages.
"""

from typing import Any

from django.template import defaultfilters
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import BaseLoader, Environment, StrictUndefined

from news.markup import adverts, cards, discovery, formats, pictures
from news.readers.templates import translated

FUNCTIONS = (
    adverts.advert,
    cards.card,
    cards.cards,
    cards.rail,
    discovery.edition_picture,
    discovery.feed_links,
    discovery.machine_summary,
    discovery.machine_time,
    discovery.machine_update,
    discovery.page_card,
    discovery.share_picture,
    discovery.structured_data,
    formats.byline,
    formats.credits,
    formats.critical_css,
    formats.full_moment,
    formats.listed_moment,
    formats.masthead,
    formats.moment,
    formats.page_links,
    formats.reader_url,
    formats.share_links,
    formats.static,
    formats.today,
    pictures.picture,
)
"""What templates can call, by its own name."""
FILTERS = {
    "capfirst": defaultfilters.capfirst,
    "date": defaultfilters.date,
    "linebreaks": defaultfilters.linebreaks_filter,  # what is called linebreaks there does not escape
    "urlencode": defaultfilters.urlencode,
}
"""Those of Django that Jinja2 lacks, or has with other rules."""


def environment(*, loader: BaseLoader, auto_reload: bool, **_options: Any) -> Environment:
    """For Django's Jinja2 backend. Values are escaped, and a name that does not exist is an error."""
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=loader,
        auto_reload=auto_reload,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True  # {% trans %}
    made.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    made.globals["_"] = translated
    made.globals.update({function.__name__: function for function in FUNCTIONS})
    made.filters.update(FILTERS)
    return made
