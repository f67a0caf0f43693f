"""Links to other sites' videos and posts: nothing of theirs is loaded until the reader asks for it.

A paragraph that holds one such link and nothing else becomes a box. With JavaScript, a click replaces the box by the
player (only from hosts in the readers' `frame-src`); without, the box is an ordinary link.
"""

import re
from html import unescape
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

PLAYER = "https://www.youtube-nocookie.com"
"""The only host whose frames readers' pages may load. It sets no cookie before the video is played."""
_PREFIXES = ("www.", "m.", "web.", "mobile.", "music.", "mbasic.", "touch.")
_NAME = r"[\w.-]+"
_SITES: dict[str, tuple[str, re.Pattern[str]]] = {
    host: (site, re.compile(path, re.ASCII))
    for hosts, site, path in (
        ("youtube.com youtube-nocookie.com", "YouTube", r"/watch|/(?:embed|v|shorts|live)/[\w-]{11}"),
        ("youtu.be", "YouTube", r"/[\w-]{11}"),
        ("instagram.com", "Instagram", rf"(?:/{_NAME})?/(?:p|reel|reels|tv)/[\w-]+(?:/embed(?:/captioned)?)?"),
        (
            "tiktok.com",
            "TikTok",
            rf"/@{_NAME}/(?:video|photo)/\d+|/(?:embed(?:/v2)?|v|player/v1)/\d+(?:\.html)?|/t/\w+",
        ),
        ("vt.tiktok.com vm.tiktok.com", "TikTok", r"/\w+"),
        (
            "facebook.com fb.com",
            "Facebook",
            rf"/(?:watch/?|watch/live/?|story\.php|permalink\.php|photo\.php|photo/?|video\.php)|/(?:reel|share)/\w+(?:/\w+)?"
            rf"|/groups/{_NAME}/(?:posts|permalink)/\w+|/{_NAME}/(?:posts|videos|photos)/[\w.:/-]+|/plugins/(?:post|video)\.php",
        ),
        ("fb.watch", "Facebook", r"/[\w-]+"),
        ("x.com twitter.com", "X", r"/(?:\w+|i/web)/status(?:es)?/\d+(?:/(?:photo|video)/\d)?"),
        ("threads.net threads.com", "Threads", rf"/@{_NAME}/post/[\w-]+(?:/embed)?|/t/[\w-]+"),
    )
    for host in hosts.split()
}
"""Host → the site's name, and the paths of single posts and videos. Channels, people and hashtags have no such path."""
_REQUIRED_PARAMETERS = {  # paths that name a post or video only together with this parameter
    "/watch": "v",
    "/story.php": "story_fbid",
    "/permalink.php": "story_fbid",
    "/photo.php": "fbid",
    "/photo": "fbid",
    "/video.php": "v",
    "/watch/live": "v",
    "/plugins/post.php": "href",
    "/plugins/video.php": "href",
}
_VIDEO = re.compile(r"[\w-]{11}", re.ASCII)
_TIME = re.compile(r"(?:(?P<h>\d{1,2})h)?(?:(?P<m>\d{1,4})m)?(?:(?P<s>\d{1,6})s?)?", re.ASCII)
_NOTHING = r"(?:\s|&nbsp;|<br>|</?(?:strong|em)>)*+"
_ALONE = re.compile(
    rf'<p>{_NOTHING}<a href="(https?://[^"]+)"[^>]*>(?:(?!</?p>|</?a\b).)*</a>{_NOTHING}</p>', re.DOTALL
)


def with_boxes(body: str) -> str:
    """`body` (cleaned HTML) with each link to a known site that has a paragraph of its own turned into a box."""
    return _ALONE.sub(lambda match: _box(unescape(match[1])) or match[0], body)


def video(address: str) -> str:
    """The id of a YouTube video; empty for all other addresses, including channels and playlists."""
    parts = _parts(address)
    if parts is None or site(address) != "YouTube":
        return ""
    path = parts.path.rstrip("/")
    candidate = parse_qs(parts.query).get("v", [""])[0] if path == "/watch" else path.rpartition("/")[2]
    return candidate if _VIDEO.fullmatch(candidate) else ""


def start(address: str) -> int:
    """The second at which a YouTube link begins: `t=90`, `t=1m30s`, `start=90`, `#t=90`; 0 for none."""
    parts = _parts(address)
    if parts is None:
        return 0
    asked = parse_qs(parts.query) | parse_qs(parts.fragment)
    written = next((asked[name][0] for name in ("t", "start", "time_continue") if name in asked), "")
    match = _TIME.fullmatch(written)
    if not match:
        return 0
    hours, minutes, seconds = (int(match[unit] or 0) for unit in "hms")
    return hours * 3600 + minutes * 60 + seconds


def site(address: str) -> str:
    """The site that a link to a single video or post belongs to; empty for every other address."""
    parts = _parts(address)
    if parts is None:
        return ""
    host = (parts.hostname or "").rstrip(".")
    known = _SITES.get(host) or _SITES.get(_without_prefix(host))
    path = parts.path.rstrip("/")
    if not known or not known[1].fullmatch(path):
        return ""
    needed = _REQUIRED_PARAMETERS.get(path)
    return known[0] if needed is None or parse_qs(parts.query).get(needed) else ""


def link_of(address: str) -> str:
    """The public address of a video or post, from an address in its embed code (a frame's source or a permanent link).

    Empty if the address is not that of a single video or post on a known site.
    """
    if address.startswith("//"):
        address = f"https:{address}"
    name, parts = site(address), _parts(address)
    if not name or parts is None:
        return ""
    if key := video(address):
        second = start(address)
        return f"https://www.youtube.com/watch?v={key}" + (f"&t={second}" if second else "")
    path = parts.path.rstrip("/")
    if path.startswith("/plugins/"):
        return link_of(parse_qs(parts.query)["href"][0])
    if name == "TikTok" and (number := re.fullmatch(r"/(?:embed(?:/v2)?|v|player/v1)/(\d+)(?:\.html)?", path)):
        return f"https://www.tiktok.com/@/video/{number[1]}"
    if name in ("Instagram", "Threads", "TikTok", "X"):  # the query only tracks where the post is embedded
        return f"https://{parts.hostname}{re.sub('/embed(?:/captioned)?$', '', path)}" + (
            "/" if name == "Instagram" else ""
        )
    return address


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        parts.hostname  # noqa: B018  (reading a malformed host name raises ValueError)
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") else None


def _without_prefix(host: str) -> str:
    for prefix in _PREFIXES:
        if host.startswith(prefix):
            return host.removeprefix(prefix)
    return host


def _box(address: str) -> SafeString | None:
    name = site(address)
    if not name:
        return None
    key = video(address)
    if address.startswith("http://"):  # all of these sites answer over HTTPS
        address = f"https://{address.removeprefix('http://')}"
    second = start(address) if key else 0
    player = f"{PLAYER}/embed/{key}" + (f"?start={second}" if second else "")
    frame = format_html(' data-frame="{}"', player) if key else ""
    words = _("Play the video from %(site)s") if key else _("Open on %(site)s")
    return format_html(
        '<p class="embed"><a href="{}" rel="noopener nofollow"{}>{}</a></p>', address, frame, words % {"site": name}
    )
