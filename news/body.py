"""A body between the editor and the page: tidied on the way in, dressed on the way out.

Dateline and sign-off are fields. What a writer typed of them into the text is taken out when the text is stored,
so that a page never shows one twice.
"""

import re

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

from .richtext import clean

_DASH = r"\s*(?:-|–|—|&ndash;|&mdash;)+\s*"  # noqa: RUF001


def tidy(html: str, *, dateline: str, sign_off: str) -> str:
    """`html` cleaned, without a dateline at its beginning or a sign-off at its end that repeat the fields."""
    html = clean(html)
    if dateline:
        opening = rf"(<p>(?:<(?:strong|em)>)*)\s*{re.escape(dateline)}((?:</(?:strong|em)>)*){_DASH}((?:</(?:strong|em)>)*)"
        html = re.sub(rf"\A{opening}", _balanced, html, count=1, flags=re.IGNORECASE)
    mark = sign_off.strip().rstrip(".")
    if mark:
        html = re.sub(rf"\s*{re.escape(escape(mark))}\s*\.?\s*(</p>)\Z", r"\1", html)
        html = re.sub(r"\s*<p></p>\Z", "", html)
    return clean(html)


def _balanced(match: re.Match[str]) -> str:
    """The opening tags of the first paragraph without those that only wrapped the dateline."""
    opened, closed = match[1], match[2] + match[3]
    return "<p>" if closed else opened


def render(html: str, *, dateline: str, sign_off: str) -> SafeString:
    """The body as readers get it: cleaned once more, opening with the dateline, closed by the sign-off."""
    html = clean(html)
    if dateline:
        place = f'<span class="dateline">{escape(dateline)}</span> - '
        html = f"<p>{place}{html[3:]}" if html.startswith("<p>") else f"<p>{place.rstrip(' -')}</p>{html}"
    if sign_off:
        mark = f'<span class="sign-off">{escape(sign_off)}</span>'
        html = f"{html[:-4]} {mark}</p>" if html.endswith("</p>") else f"{html}<p>{mark}</p>"
    return mark_safe(html)  # noqa: S308  (cleaned above, and the rest escaped)


def words(html: str) -> int:
    """How many words readers get."""
    return len(strip_tags(html.replace("<", " <")).split())
