"""A body between the editor and the page: tidied on the way in, dressed on the way out.

Dateline and sign-off are fields. What a writer typed of them into the text is taken out when the text is stored,
so that a page never shows one twice.
"""

import html
import re

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

from .richtext import clean

_DASH = r"\s*(?:-|–|—|&ndash;|&mdash;)+\s*"
_CLOSING = r"(?:</(?:strong|em)>)*"


def tidy(text: str, *, dateline: str, sign_off: str) -> str:
    """`text` cleaned, without a dateline at its beginning or a sign-off at its end that repeat the fields."""
    tidied = clean(text)
    if dateline:
        opening = rf"\A(<p>(?:<(?:strong|em)>)*)\s*{_as_stored(dateline)}({_CLOSING}){_DASH}({_CLOSING})"
        tidied = re.sub(opening, _balanced, tidied, count=1, flags=re.IGNORECASE)
    mark = sign_off.strip().rstrip(".")
    if mark:
        tidied = re.sub(rf"\s*{_as_stored(mark)}\s*\.?\s*</p>\Z", "</p>", tidied).removesuffix("<p></p>")
    return clean(tidied)


def _as_stored(text: str) -> str:
    """A pattern for `text` as it stands in cleaned HTML."""
    return re.escape(html.escape(text, quote=False))


def _balanced(match: re.Match[str]) -> str:
    """The opening tags of the first paragraph without those that only wrapped the dateline."""
    opened, closed = match[1], match[2] + match[3]
    return "<p>" if closed else opened


def render(text: str, *, dateline: str, sign_off: str) -> SafeString:
    """The body as readers get it: cleaned once more, opening with the dateline, closed by the sign-off."""
    page = clean(text)
    if dateline:
        place = f'<span class="dateline">{escape(dateline)}</span>'
        page = f"<p>{place} - {page[3:]}" if page.startswith("<p>") else f"<p>{place}</p>{page}"
    if sign_off:
        mark = f'<span class="sign-off">{escape(sign_off)}</span>'
        page = f"{page[:-4]} {mark}</p>" if page.endswith("</p>") else f"{page}<p>{mark}</p>"
    return mark_safe(page)


def words(text: str) -> int:
    """How many words readers get."""
    return len(strip_tags(text.replace("<", " <")).split())
