"""A dateline that stands in the text as well as in its field, where `body.tidy` does not recognise it."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from news.content import body

from .findings import Finding
from .manuscript import Manuscript, excerpt

_KIND = r"(?:(?:Kota|Kabupaten|Kab\.|Provinsi)\s+)?"
_NAME = r"[A-Z][\w.'’-]*(?:[ ,]\s*[A-Z0-9][\w.'’/-]*){0,3}"
_DASH = r"\s*(?:\([^()]{1,40}\)\s*)?(?:\s[-–—]|[–—])\s*"
_OPENING = re.compile(rf"(?P<all>(?P<place>{_KIND}{_NAME}){_DASH})(?=[“\"‘A-Z0-9])")


def doubled_dateline(manuscript: Manuscript) -> Iterator[Finding]:
    """“PAYAKUMBUH, PEKON – Warga …” below the field “Payakumbuh”, and another place than that of the field."""
    if not manuscript.dateline.strip():
        return
    # What is taken out by itself when the story is stored is no finding.
    tidied = body.tidy(manuscript.body, dateline=manuscript.dateline, sign_off="")
    first = next(iter(body.lines(tidied)), "")
    match = _OPENING.match(first)
    if match is None:
        return
    place, words = manuscript.dateline.strip(), match["all"].strip()
    if re.match(rf"{_KIND}{re.escape(place)}\b", match["place"], re.I):
        message = _("The text opens with “%(words)s”, and the dateline “%(place)s” stands before it.")
        advice = _("Take it out of the text: the field puts it there by itself.")
    else:
        message = _("The text opens with “%(words)s”, but the dateline is “%(place)s”: readers would see both.")
        advice = _("Decide where it happened: change the field, and take the place out of the text.")
    yield Finding("dateline", message % {"words": excerpt(words), "place": place}, advice, words=words)
