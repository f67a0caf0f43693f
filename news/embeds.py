"""Links to other sites' videos and posts: nothing of theirs is loaded until the reader asks for it.

A paragraph that holds one such link and nothing else becomes a box. With script, the click loads the player in its
place (only hosts of the readers' `frame-src`); without, it is a link like any other.
"""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

PLAYER = "https://www.youtube-nocookie.com"
"""The one host whose frames readers' pages may load: it sets no cookie before the video is played."""
SITES = {
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "instagram.com": "Instagram",
    "tiktok.com": "TikTok",
    "facebook.com": "Facebook",
    "x.com": "X",
    "twitter.com": "X",
    "threads.net": "Threads",
    "threads.com": "Threads",
}
_VIDEO = re.compile(r"[\w-]{11}", re.ASCII)
_ALONE = re.compile(r'<p>\s*<a href="(https://[^"]+)"[^>]*>(?:(?!</?p>|</?a\b).)*</a>\s*</p>')


def dress(body: str) -> str:
    """`body`, cleaned, with its lonely links to known sites as boxes."""
    return _ALONE.sub(lambda match: _box(unescape(match[1])) or match[0], body)


def video(address: str) -> str:
    """The key of a YouTube video; empty for every other address."""
    parts = urlsplit(address)
    if _site(address) != "YouTube":
        return ""
    candidate = parse_qs(parts.query).get("v", [""])[0] or parts.path.rstrip("/").rpartition("/")[2]
    return candidate if _VIDEO.fullmatch(candidate) else ""


def _site(address: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return SITES.get(host.removeprefix("www.").removeprefix("m."), "")


def _box(address: str) -> SafeString | None:
    site = _site(address)
    if not site:
        return None
    key = video(address)
    frame = format_html(' data-frame="{}/embed/{}"', PLAYER, key) if key else ""
    words = _("Play the video from %(site)s") if key else _("Open on %(site)s")
    return format_html(
        '<p class="embed"><a href="{}" rel="noopener nofollow"{}>{}</a></p>', address, frame, words % {"site": site}
    )
